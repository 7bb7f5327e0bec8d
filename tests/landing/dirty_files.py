"""Dirty files for the property tests: rows, how they are written, and what befalls the bytes."""

import csv
import gzip
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cases_compression import zstd
from hypothesis import strategies as st

from orchestration.landing.conventions import BLANKS

NAMES = "order_id,line_id,quantity,amount"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1", "windows-1252")
DECLARED = ("utf-8", "utf-16", "gb18030", "latin-1", "windows-1252")

Row = tuple[str, int, Decimal]


def clean_rows(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """Rows that any door should let through; an id has no blanks around it, which would be cut."""
    return st.lists(
        st.tuples(
            st.text(alphabet, max_size=12).map(lambda text: text.strip(BLANKS)).filter(bool),
            st.integers(0, 2**63 - 1),
            st.decimals(0, 10**15, places=2, allow_nan=False, allow_infinity=False),
        ),
        max_size=6,
    )


ANY_TEXT = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
TEXT_OF = {
    "utf-8": ANY_TEXT,
    "utf-16": ANY_TEXT,
    "gb18030": st.sampled_from("abc婴儿奶粉玩具汽车 ,;\"'"),
    "latin-1": st.sampled_from("abcéèüß ,;\"'"),
    "windows-1252": st.sampled_from("abcé“”€ ,;\"'"),
}
DIRTY_FIELD = st.one_of(
    st.sampled_from(
        ["", "-1", "x", "2.5", "1e400", "nan", '"', '"open', ";", "NULL", "  ", "\0", "\n", "\r",
         "\r\n", '"a\nb"', '"a""b"', '"shut" x', "5\" pipe"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip
DIRTY_LINES = st.lists(
    st.tuples(
        st.lists(DIRTY_FIELD, min_size=1, max_size=6).map(",".join),
        st.sampled_from(["\n", "\r\n", "\r", ""]),
    ).map("".join),
    max_size=6,
)


@dataclass(frozen=True)
class Damage:
    """What befell a file's bytes on their way: one byte set anew, a tail cut off."""

    place: float
    byte: int | None
    cut: bool

    def done_to(self, content: bytes) -> bytes:
        position = int(self.place * len(content))
        if self.cut:
            return content[:position]
        if self.byte is None or not content:
            return content
        return content[:position] + bytes([self.byte]) + content[position + 1 :]


DAMAGE = st.builds(Damage, st.floats(0, 0.999), st.none() | st.integers(0, 255), st.booleans())
WRAPPED: dict[str, Any] = {"": lambda content: content, ".gz": gzip.compress, ".zst": zstd}


def written(rows: list[Row], line_end: str) -> str:
    """Rows as CSV below a header, every value quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    for number, (order, quantity, amount) in enumerate(rows):
        writer.writerow([order, f"clean-{number}", quantity, amount])
    return f"{NAMES}{line_end}{buffer.getvalue()}"
