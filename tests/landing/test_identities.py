"""Whatever a file holds, every row is accounted for and clean rows come through unchanged."""

import csv
import io
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_home import LINES, Landing

CLEAN_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12
)
CLEAN_ROWS = st.lists(
    st.tuples(
        CLEAN_TEXT,
        st.integers(0, 2**63 - 1),
        st.decimals(0, 10**15, places=2, allow_nan=False, allow_infinity=False),
    ),
    max_size=6,
)
DIRTY_FIELD = st.one_of(
    st.sampled_from(["", "-1", "x", "2.5", "1e400", "nan", '"', '"open', ";", "NULL", "  "]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
)
DIRTY_LINES = st.lists(st.lists(DIRTY_FIELD, min_size=1, max_size=6).map(",".join), max_size=6)


def written(rows: list[tuple[str, int, Decimal]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for number, (order, quantity, amount) in enumerate(rows):
        writer.writerow([order, f"clean-{number}", quantity, amount])
    return buffer.getvalue()


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(clean=CLEAN_ROWS, dirty=DIRTY_LINES)
def test_every_row_is_accounted_for_and_clean_rows_are_unchanged(
    clean: list[tuple[str, int, Decimal]], dirty: list[str]
) -> None:
    """Clean rows stand before the dirty ones: an open quote swallows what follows it."""
    with tempfile.TemporaryDirectory() as root:
        landing = Landing(Path(root) / "home")
        mapping = {"order_lines": {"select": LINES, "where": "order_id is not null"}}
        folder = landing.feed("lines", mapping)
        text = "order_id,line_id,quantity,amount\n" + written(clean) + "\n".join(dirty)
        (folder / "a.csv").write_bytes(text.encode())
        report = landing.admit()
        assert report.ok, report.wrong
        assert len(report.files) + len(report.quarantined) == 1, report
        if not report.files:
            return
        file = report.files[0]
        counts = file.entities["order_lines"]
        used = counts.mapped
        assert file.rows_read == used + file.filtered + file.unreadable
        assert counts.mapped == counts.accepted + counts.rejected
        assert counts.accepted == len(landing.rows("order_lines"))
        kept = landing.rows("rejected", "entity, reasons")
        assert len(kept) == counts.rejected + file.unreadable
        assert all(reasons for _, reasons in kept)
        found = landing.rows("order_lines", "order_id, quantity, line_amount", "_row")[: len(clean)]
        assert found == [(order, quantity, amount) for order, quantity, amount in clean]
