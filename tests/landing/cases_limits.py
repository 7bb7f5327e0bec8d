"""Files larger than a machine bears, seen before they do harm; limits are lowered to show it."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cases_spreadsheets import workbook
from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Limits (`read.limits`, lowered here)"
HEADER = "order_id,line_id,quantity,amount\n"
ROW = "A,1,2,3.00\n"


def limited(
    name: str,
    content: bytes | Callable[[Path], None],
    file_format: str = "csv",
    records: str | None = None,
    **limits: Any,
) -> Callable[[Landing], None]:
    """Lands one file under lowered limits."""

    def arrange(landing: Landing) -> None:
        is_json = file_format.startswith("json")
        select = {c: f"json->>'$.{k}'" for c, k in LINES.items()} if is_json else LINES
        read = {"format": file_format, "limits": limits} | ({"records": records} if records else {})
        folder = landing.feed("lines", {"order_lines": {"select": select}}, read=read, files="a.*")
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            content(folder / name)

    return arrange


def bomb(path: Path) -> None:
    """A workbook that says to unpack to 100 MB of spaces."""
    workbook([["order_id"]])(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 100_000_000)


LONG = '{"order_id": "A", "line_id": 1, "quantity": 2, "amount": 3, "note": "' + "x" * 500 + '"}'
WIDE = [f"column_{number}" for number in range(30)]
CASES = [
    Case(
        "a line longer than allowed",
        limited("a.csv", f"{HEADER}{ROW}B,1,{'x' * 500}\n{ROW}".encode(), line_bytes=400),
        "set aside: line 3: is longer than 400 bytes; if a quote is left open there, close it; if "
        "lines are meant to be so long, raise read.limits.line_bytes",
    ),
    Case(
        "a quoted value over more lines than allowed",
        limited("a.csv", f'{HEADER}{ROW}B,1,2,"{ROW * 50}"\n'.encode(), line_bytes=400),
        "set aside: line 3: is longer than 400 bytes; if a quote is left open there, close it; if "
        "lines are meant to be so long, raise read.limits.line_bytes",
    ),
    Case(
        "a header longer than allowed",
        limited("a.csv", (",".join(WIDE) + "\n").encode(), line_bytes=100),
        "set aside: its header is longer than 100 bytes; if it is meant to be, raise "
        "read.limits.line_bytes",
    ),
    Case(
        "a JSON line longer than allowed",
        limited("a.jsonl", f"{{}}\n{LONG}\n".encode(), "json_lines", line_bytes=400),
        "set aside: line 2: is longer than 400 bytes; if a quote is left open there, close it; if "
        "lines are meant to be so long, raise read.limits.line_bytes",
    ),
    Case(
        "a JSON document larger than allowed",
        limited(
            "a.json", f'{{"rows": [{LONG}]}}'.encode(), "json_array", "rows", document_bytes=400
        ),
        "set aside: holds one JSON object of more than 400 bytes, which is read into memory whole; "
        "raise read.limits.document_bytes",
    ),
    Case(
        "more columns than allowed",
        limited("a.csv", (",".join(WIDE) + "\n").encode(), columns=20),
        "set aside: has 30 columns, more than 20; if it is meant to, raise read.limits.columns",
    ),
    Case(
        "a file larger than allowed",
        limited("a.csv", (HEADER + ROW * 100).encode(), unpacked_bytes=1000),
        "set aside: holds more than 1,000 bytes; if it is meant to, raise "
        "read.limits.unpacked_bytes",
    ),
    Case(
        "a gzip file that unpacks to more than allowed",
        limited("a.csv.gz", gzip.compress((HEADER + ROW * 5000).encode()), unpacked_bytes="50kB"),
        "set aside: holds more than 50,000 bytes; if it is meant to, raise "
        "read.limits.unpacked_bytes",
    ),
    Case(
        "a gzip file that unpacks to 1,000 times its size",
        limited("a.csv.gz", gzip.compress(HEADER.encode() + b"\n" * 80_000_000, 1)),
        "set aside: unpacks to more than 200 times its size, as files do that are made to "
        "fill a disk; if it is meant to, raise read.limits.unpacked_ratio",
    ),
    Case(
        "a limit with its unit",
        limited("a.csv", (HEADER + ROW).encode(), line_bytes="1MB"),
        ACCEPTED,
    ),
    Case(
        "a workbook that unpacks to 1,000 times its size",
        limited("a.xlsx", bomb, "xlsx"),
        "set aside: unpacks to more than 200 times its size, as files do that are made to "
        "fill a disk; if it is meant to, raise read.limits.unpacked_ratio",
    ),
    Case(
        "a workbook larger than allowed",
        limited("a.xlsx", workbook([["order_id"]]), "xlsx", document_bytes=1000),
        "set aside: is a workbook of 17,519 bytes unpacked, more than the 1,000 that are read; "
        "export it as CSV, or raise read.limits.document_bytes",
    ),
    Case(
        "a workbook with more cells than allowed",
        limited(
            "a.xlsx",
            workbook([["order_id", "line_id", "quantity", "amount"], *[["A", 1, 2, 3]] * 10]),
            "xlsx",
            cells=20,
        ),
        "set aside: has more than 20 cells; export it as CSV, or raise read.limits.cells",
    ),
]
