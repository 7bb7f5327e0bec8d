"""Workbooks as people save them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Workbooks (format xlsx)"
HEADER = ["order_id", "line_id", "quantity", "amount"]
ROW = ["A", 1, 2, 3.5]
MAPPED = {
    "order_id": "order_id", "ordered_at": "placed", "status": "'paid'", "currency": "'EUR'",
}  # fmt: skip


def workbook(rows: Sequence[Sequence[Any]], sheet: str = "Sheet1") -> Callable[[Path], None]:
    """Writes a workbook whose second sheet, `Notes`, is of no interest."""

    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(list(row))
        book.create_sheet("Notes").append(["nothing", "to", "see"])
        book.save(path)

    return write


def landed(
    write: Callable[[Path], None], mapping: dict[str, Any] | None = None, **read: Any
) -> Callable[[Landing], None]:
    """Lands one workbook of order lines."""

    def arrange(landing: Landing) -> None:
        entities = mapping or {"order_lines": {"select": LINES}}
        options = {"format": "xlsx", **read}
        folder = landing.feed("lines", entities, read=options, files="*.xlsx")
        write(folder / "a.xlsx")

    return arrange


def cut(path: Path) -> None:
    """A workbook without its second half."""
    workbook([HEADER, ROW])(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def with_error(path: Path) -> None:
    """A workbook with an error cell; the text of the same letters stays text."""
    book = openpyxl.Workbook()
    for row in (HEADER, ROW, ["B", 1, 2, 1]):
        book.active.append(row)
    book.active["C3"].value, book.active["C3"].data_type = "#N/A", "e"
    book.save(path)


CASES = [
    Case(
        "numbers, text and empty rows",
        landed(workbook([HEADER, ROW, [], ["B", 2, 1, 1]])),
        ACCEPTED,
    ),
    Case(
        "dates",
        landed(
            workbook(
                [
                    ["order_id", "placed"],
                    ["A", date(2024, 1, 31)],
                    ["B", datetime(2024, 1, 31, 12, 30)],
                    ["C", "soon"],
                ]
            ),
            {"orders": {"select": MAPPED}},
        ),
        "row reason: ordered_at: 'soon' is not a timestamp",
    ),
    Case(
        "a title above the header",
        landed(workbook([["Report"], [], HEADER, ROW]), skip=2),
        ACCEPTED,
    ),
    Case("a named sheet", landed(workbook([HEADER, ROW], "Data"), sheet="Data"), ACCEPTED),
    Case(
        "a sheet that is not there",
        landed(workbook([HEADER, ROW]), sheet="Data"),
        "set aside: has no sheet 'Data'; there are: Sheet1, Notes",
    ),
    Case(
        "an error in a cell",
        landed(with_error),
        "row reason: unreadable: row 3: cell C3 holds the error #N/A",
    ),
    Case(
        "an error in a cell that read.nulls names",
        landed(with_error, nulls=["", "#N/A"]),
        "row reason: quantity: missing",
    ),
    Case(
        "a formula that was saved without its result",
        landed(workbook([HEADER, ["A", 1, "=1+1", 3.5]])),
        "row reason: unreadable: row 2: cell C2 holds a formula without its result",
    ),
    Case(
        "a value beside the table",
        landed(workbook([HEADER, ROW, [*ROW, "checked by Ann"]])),
        "row reason: unreadable: row 3: more values than the 4 columns",
    ),
    Case("an empty sheet", landed(workbook([])), "set aside: is empty: its sheet has no header"),
    Case(
        "a workbook cut short",
        landed(cut),
        "set aside: is no workbook that can be read (BadZipFile): it is cut short, protected by a "
        "password, or not .xlsx; save it as .xlsx and drop it again",
    ),
    Case(
        "no workbook under .xlsx",
        landed(lambda path: path.write_text("order_id\nA\n")),
        "set aside: is no workbook that can be read (BadZipFile): it is cut short, protected by a "
        "password, or not .xlsx; save it as .xlsx and drop it again",
    ),
]
