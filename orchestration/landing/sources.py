"""What DuckDB is asked to read, as SQL text: one table function a format, and its refused lines.

Belongs here: pure functions from files and options to SQL. Nothing here talks to a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.checks import literal, quoted
from orchestration.landing.feed_file import ReadOptions
from orchestration.landing.text_files import TextFile

_LONGEST_BY_DEFAULT = 10**6  # bytes of a line that DuckDB takes with its own settings
_BUFFER = 32 * 10**6  # bytes, DuckDB's own
_NEVER = "\x01"  # a null string that no file holds: DuckDB wants at least one

Shape = tuple[tuple[str, str], ...]
"""Names and DuckDB types of the raw columns."""


@dataclass(frozen=True)
class RawFile:
    """A file to be admitted: `name` within the feed's folder, `path` is what DuckDB reads."""

    name: str
    path: Path
    size: int
    shape: Shape
    above: int = 0
    """Lines or sheet rows that stand above the header, or above the data where there is none."""


def reader_sql(files: Sequence[RawFile], options: ReadOptions, texts: Sequence[TextFile]) -> str:
    """A SELECT of the rows of a batch: _file_number, then the raw columns."""
    paths = path_list(files)
    columns = ", ".join(quoted(name) for name, _ in files[0].shape)
    if options.format in ("csv", "xlsx"):
        source = _read_csv_sql(files, options, texts)
        columns = f"_problem, {columns}" if options.format == "xlsx" else columns
    elif options.format == "parquet":
        source = f"read_parquet({paths})"
    elif options.records:
        return "select file_number as _file_number, unnest(records) as json from raw_documents"
    else:
        layout = "newline_delimited" if options.format == "json_lines" else "array"
        forgiving = ", ignore_errors = true" if options.format == "json_lines" else ""
        source = (
            f"read_json({paths}, format = '{layout}', records = false, "
            f"columns = {{'json': 'JSON'}}{forgiving}, "
            f"maximum_object_size = {options.limits.line_bytes})"
        )
    return f"select cast(file_index as bigint) as _file_number, {columns} from {source}"


def _read_csv_sql(files: Sequence[RawFile], options: ReadOptions, texts: Sequence[TextFile]) -> str:
    names, dialect = [name for name, _ in files[0].shape], options
    header, skip = not options.columns, files[0].above
    if options.format == "xlsx":
        names, header, skip = ["_problem", *names], False, 0
        dialect = options.model_copy(update={"delimiter": ",", "quote": '"', "escape": '"'})
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    nulls = ", ".join(literal(null) for null in options.nulls or (_NEVER,))
    longest = max(text.longest for text in texts)
    room = ""
    if longest > _LONGEST_BY_DEFAULT:
        buffer = max(_BUFFER, 2 * longest)
        room = f", max_line_size = {longest + 1024}, buffer_size = {buffer + 4096}"
    return (
        f"read_csv({path_list(files)}, auto_detect = false, columns = {{{columns}}}, "
        f"header = {str(header).lower()}, skip = {skip}, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(dialect.quote)}, "
        f"escape = {literal(dialect.escape)}, nullstr = [{nulls}], "
        f"strict_mode = true, store_rejects = true{room})"
    )


def refused_lines_sql(files: Sequence[RawFile], options: ReadOptions) -> str | None:
    """One row a line that could not be split into the header's columns, however many its errors."""
    if options.format not in ("csv", "xlsx"):
        return None
    width = len(files[0].shape)
    problem = (
        "'line ' || min(line) || ': ' || min(case error_type "
        f"when 'MISSING COLUMNS' then 'fewer values than the {width} columns' "
        f"when 'TOO MANY COLUMNS' then 'more values than the {width} columns' "
        "when 'UNQUOTED VALUE' then 'a quote is left open, or text stands after one that closes' "
        "when 'INVALID ENCODING' then 'holds bytes that are not utf-8' "
        "else lower(cast(error_type as varchar)) end) "
        "|| max(case when error_type = 'UNQUOTED VALUE' "
        "and contains(rtrim(csv_line, chr(10)), chr(10)) "
        "then '; the lines after it up to the next quote belong to this row' else '' end)"
    )
    return (
        "select cast(null as bigint) as _row, "
        f"list_position({path_list(files)}, file_path) - 1 as file_number, "
        f"{problem} as problem, any_value(csv_line) as raw "
        "from reject_errors join reject_scans using (scan_id, file_id) "
        "group by file_path, line_byte_position order by file_path, line_byte_position"
    )


def path_list(files: Sequence[RawFile]) -> str:
    """The files as a SQL list of their paths."""
    return "[" + ", ".join(literal(str(file.path)) for file in files) + "]"
