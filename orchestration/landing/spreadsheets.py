"""Workbooks (.xlsx): one sheet becomes rows of text, as a CSV export of it would hold them.

Belongs here: opening a workbook within the limits, and what each kind of cell becomes. openpyxl
streams a sheet row by row and, unlike faster readers, tells an error cell from an empty one.
"""

import csv
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from orchestration.landing.contents import check_unpacked_size
from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.feed_file import ReadOptions
from orchestration.landing.headers import distinct
from orchestration.landing.limits import Limits

BLANK = "#blank"
"""What stands for the problem of a row without a value: it keeps its number and is no row."""

_EXACT = 2**53  # whole numbers up to here are exact in a double
_CHUNK = 2**20  # bytes
# What openpyxl and the archive raise for a broken file: their own errors, and slips over its XML.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
           InvalidFileException, ParseError, LookupError, ValueError, TypeError,
           AttributeError)  # fmt: skip


@dataclass(frozen=True)
class WorkbookRows:
    """A sheet's rows below its header in a CSV at `path`: the row's problem, then its cells."""

    path: Path
    rows: int


def workbook_columns(path: Path, options: ReadOptions) -> tuple[list[str], int]:
    """The header's names, and how many of the sheet's rows stand before the first row of data."""
    with _open(path, options) as rows:
        return _header(rows, options)


def write_rows(path: Path, target: Path, options: ReadOptions, width: int) -> WorkbookRows:
    """Write a sheet's rows below its header to `target`. Raises FileUnreadable."""
    target.parent.mkdir(parents=True, exist_ok=True)
    count = cells = 0
    with _open(path, options) as rows, target.open("w", encoding="utf-8", newline="") as file:
        _, above = _header(rows, options)
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for number, row in enumerate(rows, start=above + 1):
            count, cells = count + 1, cells + len(row)
            _check_size(len(row), cells, options.limits)
            writer.writerow(_row_of_text(row, number, width, options))
    return WorkbookRows(target, count)


def _header(rows: Iterator["_Row"], options: ReadOptions) -> tuple[list[str], int]:
    above = sum(1 for _ in islice(rows, options.skip))
    if options.columns:
        return list(options.columns), above
    for row in rows:
        above += 1
        texts = [_text(cell.value) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            return distinct(texts), above
    raise FileUnreadable("is empty: its sheet has no header")


@dataclass(frozen=True)
class _Cell:
    value: Any
    problem: str | None = None


_Row = Sequence[_Cell]


def _row_of_text(row: _Row, number: int, width: int, options: ReadOptions) -> list[str]:
    texts = [_text(cell.value) for cell in row[:width]]
    texts += [""] * (width - len(texts))
    problems = [cell.problem for cell in row if cell.problem and cell.value not in options.nulls]
    if problems:
        problem = f"row {number}: {problems[0]}"
    elif any(_text(cell.value) for cell in row[width:]):
        problem = f"row {number}: more values than the {width} columns"
    else:
        problem = "" if any(texts) else BLANK
    return [problem, *texts]


@contextmanager
def _open(path: Path, options: ReadOptions) -> Iterator[Iterator[_Row]]:
    """The rows of the feed's sheet, streamed."""
    try:
        _check_archive(path, options.limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that are not read here
            yield _rows(path, options)
    except _BROKEN as error:
        if isinstance(error, FileUnreadable):
            raise
        raise FileUnreadable(
            f"is no workbook that can be read ({type(error).__name__}): it is cut short, protected "
            "by a password, or not .xlsx; save it as .xlsx and drop it again"
        ) from error


def _check_archive(path: Path, limits: Limits) -> None:
    """A workbook is a zip archive: what it says that it unpacks to must be within the limits."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    check_unpacked_size(unpacked, path.stat().st_size, limits)
    if unpacked > limits.document_bytes:
        raise FileUnreadable(
            f"is a workbook of {unpacked:,} bytes unpacked, more than the "
            f"{limits.document_bytes:,} that are read; export it as CSV, or raise "
            "read.limits.document_bytes"
        )


def _rows(path: Path, options: ReadOptions) -> Iterator[_Row]:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    written = openpyxl.load_workbook(path, read_only=True) if _has_formulas(path) else None
    try:
        sheet = _sheet(workbook, options)
        if written is None:
            for row in sheet.iter_rows():
                yield [_cell(cell) for cell in row]
            return
        formulas = _sheet(written, options).iter_rows()
        for row, formula_row in zip_longest(sheet.iter_rows(), formulas, fillvalue=()):
            yield [_cell(*pair) for pair in zip_longest(row, formula_row)]
    finally:
        workbook.close()
        if written is not None:
            written.close()


def _sheet(workbook: Any, options: ReadOptions) -> Any:
    names = [sheet.title for sheet in workbook.worksheets]
    if not names or (options.sheet is not None and options.sheet not in names):
        wanted = repr(options.sheet) if options.sheet is not None else "with cells"
        known = ", ".join(names) or "none"
        raise FileUnreadable(f"has no sheet {wanted}; there are: {known}")
    sheet = workbook[options.sheet or names[0]]
    sheet.reset_dimensions()  # what a workbook says of its size is often wrong, and would cut it
    return sheet


def _cell(cell: Any, formula: Any = None) -> _Cell:
    """A cell's value. Formulas are only looked at for one that was saved without its result."""
    value = cell.value if cell is not None else None
    if value is None:
        if formula is not None and formula.data_type == "f":
            return _Cell(None, f"cell {formula.coordinate} holds a formula without its result")
        return _Cell(None)
    if cell.data_type == "e":
        return _Cell(str(value), f"cell {cell.coordinate} holds the error {value}")
    return _Cell(value)


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula; only then must a workbook be read twice."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and _holds(archive, name, (b"<f>", b"<f ")):
                return True
    return False


def _holds(archive: zipfile.ZipFile, name: str, wanted: tuple[bytes, ...]) -> bool:
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            if any(each in tail + chunk for each in wanted):
                return True
            tail = chunk[-2:]
    return False


def _text(value: Any) -> str:
    """A cell's value as a CSV export would write it, whatever the cell's format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else str(value)
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, seconds = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _check_size(width: int, cells: int, limits: Limits) -> None:
    if width > limits.columns:
        raise FileUnreadable(
            f"has more than {limits.columns:,} columns; if it is meant to, raise "
            "read.limits.columns"
        )
    if cells > limits.cells:
        raise FileUnreadable(
            f"has more than {limits.cells:,} cells; export it as CSV, or raise read.limits.cells"
        )
