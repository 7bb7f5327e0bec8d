"""Reading files as raw rows: the sandboxed connection, and one table of raw rows a batch.

Belongs here: what DuckDB is asked to read, and that it read all of it. A raw row is told by `_row`,
which holds the number of its file in the batch and the number of the row in its file: mapping
carries one number through. What lies inside text files and workbooks is looked at before, in
`text_files.py` and `spreadsheets.py`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.faults import is_machine_fault
from orchestration.landing.checks import literal, quoted
from orchestration.landing.contents import check_unpacked_size, is_compressed
from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.feed_file import ReadOptions
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import csv_columns
from orchestration.landing.names import plain_name, plain_path
from orchestration.landing.sources import RawFile, Shape, path_list, reader_sql, refused_lines_sql
from orchestration.landing.spreadsheets import BLANK, workbook_columns, write_rows
from orchestration.landing.text_files import TextFile, head_of, make_ready, not_in_encoding
from orchestration.landing.varying import presented_sql
from orchestration.settings import DEFAULT_MEMORY_LIMIT

ROW_BITS = 40
"""`_row` = (number of the file in the batch << ROW_BITS) + number of the row in its file."""

BATCH_BYTES = 256 * 2**20
"""Content of the files that are read together."""

_SMALLEST_OBJECT_LIMIT = 16 * 10**6  # bytes
_ERROR_KIND = re.compile(r"^[A-Z][A-Za-z ]* Error: ")


@dataclass(frozen=True)
class RawRows:
    """The raw rows of a batch; lists by the number of the file in the batch."""

    files: tuple[RawFile, ...]
    read: tuple[int, ...]
    unreadable: tuple[int, ...]


def open_sandbox(
    feed: Feed, scratch: Path, memory_limit: str = DEFAULT_MEMORY_LIMIT
) -> duckdb.DuckDBPyConnection:
    """A connection that reaches the feed's folder and its scratch folder, and no setting."""
    connection = duckdb.connect()
    folders = ", ".join(literal(str(folder)) for folder in (feed.folder, scratch))
    spill = scratch / "spill"
    for setting in (
        f"memory_limit = {literal(memory_limit)}",
        f"temp_directory = {literal(str(spill))}",
        f"TimeZone = {literal(feed.spec.read.timezone)}",
        "preserve_insertion_order = true",
        "python_enable_replacements = false",
        "enable_progress_bar = false",
        f"allowed_directories = [{folders}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"set {setting}")
    return connection


def inspect(feed: Feed, name: str, connection: duckdb.DuckDBPyConnection, scratch: Path) -> RawFile:
    """Look at a file's columns. Raises FileUnreadable when they cannot be told."""
    path, options, above = plain_path(feed.folder / name, name, scratch), feed.spec.read, 0
    with _unreadable_unless_read():
        size = path.stat().st_size
        if options.format == "parquet":
            _check_parquet_size(connection, path, options)
            rows = connection.execute(f"describe from read_parquet({literal(str(path))})")
            shape = tuple((row[0], row[1]) for row in rows.fetchall())
        elif options.format == "xlsx":
            columns, above = workbook_columns(path, options)
            shape = tuple((column, "VARCHAR") for column in columns)
        else:
            head_of(path, options)
            if options.format == "csv":
                columns, above = _csv_columns(path, options)
                shape = tuple((column, "VARCHAR") for column in columns)
            else:
                shape = (("json", "JSON"),)
    _check_columns([column for column, _ in shape], options)
    return RawFile(name, path, size, shape, above)


def _csv_columns(path: Path, options: ReadOptions) -> tuple[list[str], int]:
    try:
        columns, above = csv_columns(path, options)
    except UnicodeError as error:
        raise not_in_encoding(path, options) from error
    if any("\0" in column for column in columns):
        raise FileUnreadable("has NUL bytes in its header; have it exported anew")
    return columns, above


def _check_columns(columns: Sequence[str], options: ReadOptions) -> None:
    if len(columns) > options.limits.columns:
        raise FileUnreadable(
            f"has {len(columns):,} columns, more than {options.limits.columns:,}; if it is meant "
            "to, raise read.limits.columns"
        )
    reserved = ("_row", "_problem") if options.format == "xlsx" else ("_row",)
    for column in columns:
        if column.lower() in reserved:
            raise FileUnreadable(f"has a column {column}, a name that admission needs for itself")


def _check_parquet_size(
    connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions
) -> None:
    row = connection.execute(
        f"select sum(total_uncompressed_size) from parquet_metadata({literal(str(path))})"
    ).fetchone()
    check_unpacked_size(int(row[0] or 0) if row else 0, path.stat().st_size, options.limits)


@contextmanager
def _unreadable_unless_read() -> Iterator[None]:
    """Turn what is wrong with a file into FileUnreadable; what is wrong with the machine passes."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except (OSError, EOFError, csv.Error, duckdb.Error) as error:
        if is_machine_fault(error):
            raise
        raise FileUnreadable(_first_line(error)) from error


def batches(files: Sequence[RawFile], limit: int) -> Iterator[list[RawFile]]:
    """Files of one shape together, in order, up to `limit` bytes of content a batch."""
    by_shape: dict[tuple[Shape, int], list[RawFile]] = defaultdict(list)
    for file in files:
        by_shape[file.shape, file.above].append(file)
    for group in by_shape.values():
        batch: list[RawFile] = []
        total = 0
        for file in group:
            if batch and total + weight(file) > limit:
                yield batch
                batch, total = [], 0
            batch.append(file)
            total += weight(file)
        yield batch


def make_empty_raw(connection: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Make `raw` a view of no rows with these columns, against which a mapping can be bound."""
    columns = ", ".join(f"cast(null as {kind}) as {quoted(name)}" for name, kind in shape)
    connection.execute(
        f"create or replace temp view raw as select cast(null as bigint) as _row, {columns} "
        "where false"
    )


def read_raw(
    connection: duckdb.DuckDBPyConnection, feed: Feed, files: Sequence[RawFile], scratch: Path
) -> RawRows:
    """Read a batch of files of one shape: view `raw` and table `unreadable`.

    `unreadable` has _row, file_number, problem and raw (text or NULL). Raises FileUnreadable
    when a file cannot be read as a whole.
    """
    options = feed.spec.read
    with _unreadable_unless_read():
        texts = [_made_ready(file, options, scratch) for file in files]
        ready = [replace(file, path=t.path) for file, t in zip(files, texts, strict=True)]
        connection.execute("drop view if exists raw")
        for table in ("raw_rows", "raw_documents", "unreadable", "reject_errors", "reject_scans"):
            connection.execute(f"drop table if exists {table}")
        if options.format == "json_array" and options.records:
            _read_documents(connection, ready, options.records, _object_limit(texts))
        connection.execute(f"create temp table raw_rows as {reader_sql(ready, options, texts)}")
        rows = _number_rows(connection, ready, options, texts)
    for file, before in zip(ready, files, strict=True):
        if file.path != before.path:
            file.path.unlink()
    return rows


def _made_ready(file: RawFile, options: ReadOptions, scratch: Path) -> TextFile:
    copy = scratch / "ready" / plain_name(file.name)
    if options.format == "parquet":
        return TextFile(file.path)
    if options.format == "xlsx":
        return TextFile(write_rows(file.path, copy, options, len(file.shape)).path)
    return make_ready(file.path, copy.with_name(f"{copy.name}.txt"), options)


def _number_rows(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    options: ReadOptions,
    texts: Sequence[TextFile],
) -> RawRows:
    number = _row_number_sql(connection, files)
    columns = presented_sql(files[0].shape, options.varying_columns)
    readable, problem, raw = _readability(files, options, texts)
    connection.execute(
        f"create or replace temp view raw as select {number} as _row, {columns} from raw_rows "
        f"where {readable}"
    )
    refused = refused_lines_sql(files, options)
    connection.execute(
        f"create temp table unreadable as select {number} as _row, _file_number as file_number, "
        f"{problem} as problem, {raw} as raw from raw_rows "
        f"where ({readable}) is not true and ({problem}) <> {literal(BLANK)} "
        + (f"union all select * from ({refused})" if refused else "")
    )
    held = _per_file(
        connection, files, f"raw_rows where ({readable}) or ({problem}) <> {literal(BLANK)}"
    )
    turned = _per_file(connection, files, f"({refused})", "file_number") if refused else None
    read = tuple(map(sum, zip(held, turned, strict=True))) if turned else tuple(held)
    unreadable = _per_file(connection, files, "unreadable", "file_number")
    for file, text, count in zip(files, texts, read, strict=True):
        _check_all_was_read(file, text, count, options)
    return RawRows(tuple(files), read, tuple(unreadable))


def _row_number_sql(connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]) -> str:
    """SQL for `_row` of a row of raw_rows, which holds the files one after another."""
    starts = [0] * len(files)
    for number, first, last, count in connection.execute(
        "select _file_number, min(rowid), max(rowid), count(*) from raw_rows group by all"
    ).fetchall():
        if last - first + 1 != count:
            raise RuntimeError(f"rows of {files[number].name} were not read one after another")
        starts[number] = first
    return (
        f"((cast(_file_number as bigint) << {ROW_BITS}) + rowid + 1 - {starts}[_file_number + 1])"
    )


def _readability(
    files: Sequence[RawFile], options: ReadOptions, texts: Sequence[TextFile]
) -> tuple[str, str, str]:
    """When a row of raw_rows can be read; what is wrong with it where not; its raw text."""
    values = f"concat_ws(',', {', '.join(quoted(name) for name, _ in files[0].shape)})"
    if options.format.startswith("json"):
        text = "cast(json as varchar)"
        return f"starts_with(ltrim({text}), '{{')", "'not a JSON object'", text
    if options.format == "xlsx":
        return "coalesce(_problem, '') = ''", "_problem", values
    if options.format == "csv" and any(text.has_nul for text in texts):
        return f"not contains({values}, chr(0))", "'holds a NUL byte'", values
    return "true", "''", "''"


def _check_all_was_read(file: RawFile, text: TextFile, read: int, options: ReadOptions) -> None:
    """Hold what DuckDB gave against what the survey counted. Raises FileUnreadable."""
    if options.format == "csv":
        header = 0 if options.columns else 1
        blank = text.blank - (file.above - options.skip) if len(file.shape) == 1 else 0
        stands = text.records - header - options.skip + max(blank, 0)
        advice = "a quote stands inside a value or is left open: double it, or set read.quote"
    elif options.format == "json_lines":
        stands, advice = text.records, "its lines are broken; have it exported anew"
        if stands != read:
            with file.path.open("rb") as lines:
                stands = sum(1 for line in lines if line.strip())
    else:
        return
    if max(stands, 0) != read:
        raise FileUnreadable(f"holds {stands:,} rows of which {read:,} can be told apart; {advice}")


def _per_file(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    rows: str,
    by: str = "_file_number",
) -> list[int]:
    found = dict(
        connection.execute(f"select {by}, count(*) from (from {rows}) group by 1").fetchall()
    )
    return [found.get(number, 0) for number in range(len(files))]


def _read_documents(
    connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile], records: str, limit: int
) -> None:
    """Read files that hold one JSON object each, with the rows in an array at `records`."""
    path = "$" + "".join(f'."{key}"' for key in records.split("."))
    connection.execute(
        "create temp table raw_documents as select cast(file_index as bigint) as file_number, "
        f"json_type(json, {literal(path)}) as kind, json -> {literal(path + '[*]')} as records "
        f"from read_json({path_list(files)}, format = 'unstructured', records = false, "
        f"columns = {{'json': 'JSON'}}, maximum_object_size = {limit})"
    )
    found = dict(
        connection.execute(
            "select file_number, bool_and(coalesce(kind = 'ARRAY', false)) from raw_documents "
            "group by all"
        ).fetchall()
    )
    if not all(found.get(number) for number in range(len(files))):
        raise FileUnreadable(f"holds no JSON object with an array {records!r}")


def weight(file: RawFile) -> int:
    """Bytes of content, roughly: compressed files are several times larger inside."""
    packed = is_compressed(file.path) or file.path.suffix in (".parquet", ".xlsx")
    return file.size * (6 if packed else 1)


def _object_limit(texts: Sequence[TextFile]) -> int:
    return max(_SMALLEST_OBJECT_LIMIT, *(text.longest + 1024 for text in texts))


def _first_line(error: BaseException) -> str:
    """An error's first sentence: the lines after it show the file's content."""
    line = str(error).split("\n", 1)[0].strip()
    return _ERROR_KIND.sub("", line) or type(error).__name__
