"""Reading files as raw rows: the sandboxed connection, and one table of raw rows a batch.

Belongs here: what depends on a file's format. A raw row is told by `_row`, which holds the number
of its file in the batch and the number of the row in its file: mapping carries one number through.
"""

import codecs
import csv
import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import duckdb

from orchestration.faults import is_machine_fault
from orchestration.landing.checks import literal, quoted
from orchestration.landing.feeds import Feed, ReadOptions

ROW_BITS = 40
"""`_row` = (number of the file in the batch << ROW_BITS) + number of the row in its file."""

_MEMORY = "3GB"
_CHUNK = 4 * 2**20  # bytes
_SMALLEST_OBJECT_LIMIT = 16 * 2**20  # bytes, DuckDB's own default for one JSON object
_ERROR_KIND = re.compile(r"^[A-Z][A-Za-z ]* Error: ")
_NEVER = "\x01"  # a null string that no file holds: DuckDB wants at least one

Shape = tuple[tuple[str, str], ...]
"""Names and DuckDB types of the raw columns."""


class FileUnreadable(ValueError):
    """A file cannot be read as a whole; the message says why."""


@dataclass(frozen=True)
class RawFile:
    """A file to be admitted: `name` within the feed's folder, `path` is what DuckDB reads."""

    name: str
    path: Path
    size: int
    shape: Shape


@dataclass(frozen=True)
class RawRows:
    """The raw rows of a batch; lists by the number of the file in the batch."""

    files: tuple[RawFile, ...]
    read: tuple[int, ...]
    unreadable: tuple[int, ...]


def open_sandbox(feed: Feed, scratch: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reaches the feed's folder and its scratch folder, and no setting."""
    connection = duckdb.connect()
    folders = ", ".join(literal(str(folder)) for folder in (feed.folder, scratch))
    spill = scratch / "spill"
    for setting in (
        f"memory_limit = {literal(_MEMORY)}",
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


def inspect(feed: Feed, name: str, connection: duckdb.DuckDBPyConnection) -> RawFile:
    """Look at a file's columns. Raises FileUnreadable when they cannot be told."""
    path, options = feed.folder / name, feed.spec.read
    try:
        if options.format == "csv":
            shape = tuple((column, "VARCHAR") for column in _csv_columns(path, options))
        elif options.format == "parquet":
            rows = connection.execute(f"describe from read_parquet({literal(str(path))})")
            shape = tuple((row[0], row[1]) for row in rows.fetchall())
        else:
            shape = (("json", "JSON"),)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, duckdb.Error) as error:
        if is_machine_fault(error):
            raise
        raise FileUnreadable(_first_line(error)) from error
    if any(column.lower() == "_row" for column, _ in shape):
        raise FileUnreadable("has a column _row, a name that admission needs for itself")
    return RawFile(name, path, path.stat().st_size, shape)


def batches(files: Sequence[RawFile], limit: int) -> Iterator[list[RawFile]]:
    """Files of one shape together, in order, up to `limit` bytes of content a batch."""
    by_shape: dict[Shape, list[RawFile]] = defaultdict(list)
    for file in files:
        by_shape[file.shape].append(file)
    for group in by_shape.values():
        batch: list[RawFile] = []
        weight = 0
        for file in group:
            if batch and weight + _weight(file) > limit:
                yield batch
                batch, weight = [], 0
            batch.append(file)
            weight += _weight(file)
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
    try:
        files = tuple(_as_utf8(file, options, scratch) for file in files)
        connection.execute("drop view if exists raw")
        for table in ("raw_rows", "raw_documents", "unreadable", "reject_errors", "reject_scans"):
            connection.execute(f"drop table if exists {table}")
        if options.format == "json_array" and options.records:
            _read_documents(connection, files, options.records)
        connection.execute(f"create temp table raw_rows as {_reader_sql(files, options)}")
        return _number_rows(connection, files, options)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, duckdb.Error) as error:
        if is_machine_fault(error):
            raise
        raise FileUnreadable(_first_line(error)) from error


def _number_rows(
    connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile], options: ReadOptions
) -> RawRows:
    rows = connection.execute(
        "select _file_number, min(rowid), max(rowid), count(*) from raw_rows group by all"
    ).fetchall()
    starts, counts = [0] * len(files), [0] * len(files)
    for number, first, last, count in rows:
        if last - first + 1 != count:
            raise RuntimeError(f"rows of {files[number].name} were not read one after another")
        starts[number], counts[number] = first, count
    row = f"((cast(_file_number as bigint) << {ROW_BITS}) + rowid + 1 - {starts}[_file_number + 1])"
    is_json = options.format.startswith("json")
    readable = "starts_with(ltrim(cast(json as varchar)), '{')" if is_json else "true"
    columns = ", ".join(quoted(name) for name, _ in files[0].shape)
    connection.execute(
        f"create or replace temp view raw as select {row} as _row, {columns} from raw_rows "
        f"where {readable}"
    )
    connection.execute(
        "create temp table unreadable as "
        + (_unreadable_json_sql(row, readable) if is_json else _unreadable_csv_sql(files, options))
    )
    unreadable = [0] * len(files)
    for number, count in connection.execute(
        "select file_number, count(*) from unreadable group by all"
    ).fetchall():
        unreadable[number] = count
    read = counts if is_json else [a + b for a, b in zip(counts, unreadable, strict=True)]
    return RawRows(tuple(files), tuple(read), tuple(unreadable))


def _reader_sql(files: Sequence[RawFile], options: ReadOptions) -> str:
    paths = _path_list(files)
    if options.format == "csv":
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name, _ in files[0].shape)
        nulls = ", ".join(literal(null) for null in options.nulls or (_NEVER,))
        source = (
            f"read_csv({paths}, auto_detect = false, columns = {{{columns}}}, "
            f"header = {str(not options.columns).lower()}, skip = {options.skip}, "
            f"delim = {literal(options.delimiter)}, quote = {literal(options.quote)}, "
            f"escape = {literal(options.escape)}, nullstr = [{nulls}], "
            "strict_mode = true, store_rejects = true)"
        )
    elif options.format == "parquet":
        source = f"read_parquet({paths})"
    elif options.records:
        return "select file_number as _file_number, unnest(records) as json from raw_documents"
    else:
        layout = "newline_delimited" if options.format == "json_lines" else "array"
        forgiving = ", ignore_errors = true" if options.format == "json_lines" else ""
        source = (
            f"read_json({paths}, format = '{layout}', records = false, "
            f"columns = {{'json': 'JSON'}}{forgiving})"
        )
    columns = ", ".join(quoted(name) for name, _ in files[0].shape)
    return f"select cast(file_index as bigint) as _file_number, {columns} from {source}"


def _read_documents(
    connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile], records: str
) -> None:
    """Read files that hold one JSON object each, with the rows in an array at `records`."""
    path = "$" + "".join(f'."{key}"' for key in records.split("."))
    connection.execute(
        "create temp table raw_documents as select cast(file_index as bigint) as file_number, "
        f"json_type(json, {literal(path)}) as kind, json -> {literal(path + '[*]')} as records "
        f"from read_json({_path_list(files)}, format = 'unstructured', records = false, "
        f"columns = {{'json': 'JSON'}}, maximum_object_size = {_object_limit(files)})"
    )
    found = dict(
        connection.execute(
            "select file_number, bool_and(coalesce(kind = 'ARRAY', false)) from raw_documents "
            "group by all"
        ).fetchall()
    )
    if not all(found.get(number) for number in range(len(files))):
        raise FileUnreadable(f"holds no JSON object with an array {records!r}")


def _unreadable_json_sql(row: str, readable: str) -> str:
    return (
        f"select {row} as _row, _file_number as file_number, 'not a JSON object' as problem, "
        f"cast(json as varchar) as raw from raw_rows where ({readable}) is not true"
    )


def _unreadable_csv_sql(files: Sequence[RawFile], options: ReadOptions) -> str:
    """One row a line that could not be split into the header's columns, however many its errors."""
    shape = (
        "select cast(null as bigint) as _row, {number} as file_number, {problem} as problem, "
        "{raw} as raw"
    )
    if options.format != "csv":
        return shape.format(number="0", problem="''", raw="''") + " where false"
    width = len(files[0].shape)
    problem = (
        "'line ' || min(line) || ': ' || min(case error_type "
        f"when 'MISSING COLUMNS' then 'fewer values than the {width} columns' "
        f"when 'TOO MANY COLUMNS' then 'more values than the {width} columns' "
        "else lower(cast(error_type as varchar)) end)"
    )
    selected = shape.format(
        number=f"list_position({_path_list(files)}, file_path) - 1",
        problem=problem,
        raw="any_value(csv_line)",
    )
    return (
        f"{selected} from reject_errors join reject_scans using (scan_id, file_id) "
        "group by file_path, line_byte_position order by file_path, line_byte_position"
    )


def _csv_columns(path: Path, options: ReadOptions) -> list[str]:
    """The header's names; a name written twice gets a number, as `sku_1` for the second `sku`."""
    if options.columns:
        return list(options.columns)
    encoding = "utf-8-sig" if options.encoding == "utf-8" else options.encoding
    with _open(path) as binary, codecs.getreader(encoding)(binary) as text:
        lines: Iterable[str] = iter(text)
        for _ in range(options.skip):
            next(iter(lines), "")
        header = next(
            csv.reader(
                lines,
                delimiter=options.delimiter,
                quotechar=options.quote or None,
                quoting=csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
            ),
            None,
        )
    if not header:
        raise FileUnreadable("is empty: it has no header")
    return _distinct(header)


def _distinct(header: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for position, written in enumerate(header):
        base = written.strip() or f"column{position}"
        name, number = base, 0
        while name.lower() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _as_utf8(file: RawFile, options: ReadOptions, scratch: Path) -> RawFile:
    """The file itself, or its UTF-8 copy in the scratch folder where DuckDB cannot decode it."""
    if options.encoding == "utf-8" or options.format == "parquet":
        return file
    copy = scratch / "utf8" / (file.name.removesuffix(".gz"))
    copy.parent.mkdir(parents=True, exist_ok=True)
    decoder = codecs.getincrementaldecoder(options.encoding)(errors="strict")
    with _open(file.path) as source, copy.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(decoder.decode(chunk).encode())
        target.write(decoder.decode(b"", final=True).encode())
    return replace(file, path=copy, size=copy.stat().st_size)


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _weight(file: RawFile) -> int:
    """Bytes of content, roughly: compressed files are several times larger inside."""
    return file.size * (6 if file.path.suffix in (".gz", ".parquet") else 1)


def _object_limit(files: Sequence[RawFile]) -> int:
    return max(_SMALLEST_OBJECT_LIMIT, *(_content_size(file.path) + 1024 for file in files))


def _content_size(path: Path) -> int:
    if path.suffix != ".gz":
        return path.stat().st_size
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little")


def _path_list(files: Sequence[RawFile]) -> str:
    return "[" + ", ".join(literal(str(file.path)) for file in files) + "]"


def _first_line(error: BaseException) -> str:
    """An error's first sentence: the lines after it show the file's content."""
    line = str(error).split("\n", 1)[0].strip()
    return _ERROR_KIND.sub("", line) or type(error).__name__
