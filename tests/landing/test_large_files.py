"""Wide, long and large files: what the limits allow works, and what they forbid does no harm."""

import os
import resource
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from landing_home import LINES, Landing

from orchestration.landing import reading
from orchestration.landing.text_files import TextFile, make_ready

HEADER = "order_id,line_id,quantity,amount"
MEMORY = 3 * 2**30  # bytes


def test_five_thousand_columns_come_in(landing: Landing) -> None:
    folder = landing.feed(
        "lines", {"order_lines": {"select": LINES | {"product_id": "extra_4999"}}}
    )
    names = [HEADER, *(f"extra_{number}" for number in range(5000))]
    row = ",".join(["{},1,2,3.00", *map(str, range(5000))])
    rows = [row.format(name) for name in "ABC"]
    (folder / "a.csv").write_text("\n".join([",".join(names), *rows, "D,1"]) + "\n")
    report = landing.admit()
    assert [(file.rows_read, file.accepted, file.unreadable) for file in report.files] == [
        (4, 3, 1)
    ]
    assert landing.rows("order_lines", "order_id, product_id") == [(n, "4999") for n in "ABC"]
    assert landing.reasons() == ["unreadable: line 5: fewer values than the 5004 columns"]


def test_long_lines_within_the_limit_come_in(landing: Landing) -> None:
    """Longer than DuckDB takes by itself, with quoted line ends in them."""
    folder = landing.feed("lines", {"order_lines": {"select": LINES | {"product_id": "note"}}})
    notes = ["x" * 3_000_000, "line\n" * 600_000 + "end"]
    rows = [f'{number},1,2,3.00,"{note}"\n' for number, note in enumerate(notes)]
    (folder / "a.csv").write_text(HEADER + ",note\n" + "".join(rows) + "2,1,2,3.00,short\n")
    report = landing.admit()
    assert [(file.rows_read, file.accepted) for file in report.files] == [(3, 3)]
    found = [row[0] for row in landing.rows("order_lines", "product_id", "order_id")]
    assert found == [*notes, "short"]


def test_rows_after_a_late_change_of_line_end_are_not_lost(landing: Landing) -> None:
    """DuckDB, reading in parallel, leaves out the rows after one without a word."""
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    row = "A,1,2,3.00\n"
    content = f"{HEADER}\n{row * 1_500_000}B,1,2,3.00\r\nC,1,2,3.00\n"
    (folder / "a.csv").write_bytes(content.encode())
    report = landing.admit()
    assert [(file.rows_read, file.accepted) for file in report.files] == [(1_500_002, 1_500_002)]


def test_a_quote_left_open_early_sets_a_large_file_aside(landing: Landing) -> None:
    """DuckDB, reading in parallel, finds its way back into the rows and loses some of them."""
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    content = f'{HEADER}\nA,1,2,3.00\n"B,1,2,3.00\n' + "C,1,2,3.00\n" * 1_500_000
    (folder / "a.csv").write_text(content)
    reason = landing.admit().quarantined[0].reason
    assert reason.startswith("line 3: is longer than 16,000,000 bytes; if a quote is left open")


def test_rows_that_the_reader_leaves_out_set_the_file_aside(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However they came to be lost: the file holds more than was read."""

    def one_more(*given: Any) -> TextFile:
        text = make_ready(*given)
        return replace(text, records=text.records + 1)

    monkeypatch.setattr(reading, "make_ready", one_more)
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    (folder / "a.csv").write_text(f"{HEADER}\nA,1,2,3.00\n")
    reasons = [aside.reason for aside in landing.admit().quarantined]
    assert [reason.split(";")[0] for reason in reasons] == [
        "holds 2 rows of which 1 can be told apart"
    ]


LONG_LINE = """
    import sys
    from datetime import datetime
    from pathlib import Path
    from orchestration.landing.admission import admit
    from orchestration.paths import Home
    report = admit(Home(Path(sys.argv[1])), datetime(2030, 1, 1))
    print(*(aside.reason for aside in report.quarantined))
"""


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["csv", "json_lines"])
def test_a_line_of_two_gigabytes_does_no_harm(landing: Landing, file_format: str) -> None:
    """A hole in a file reads as NUL bytes without taking up the disk."""
    is_json = file_format == "json_lines"
    select = dict.fromkeys(LINES, "json->>'$.a'") if is_json else LINES
    folder = landing.feed(
        "lines", {"order_lines": {"select": select}}, read={"format": file_format}
    )
    with (folder / "a.csv").open("wb") as file:
        file.write(b'{"a": 1}\n{"a": "' if is_json else f"{HEADER}\nA,1,".encode())
        file.seek(2 * 2**30, os.SEEK_CUR)
        file.write(b"\n")
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LONG_LINE), str(landing.home.root)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("line 2: is longer than 16,000,000 bytes"), ran.stdout
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert used < MEMORY, f"{used:,} bytes"
