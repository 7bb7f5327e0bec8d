"""Looking at sample files: how they must be read, and what their first rows hold.

Belongs here: format, delimiter, encoding, header. The rows themselves come through the door's own
reader, so that a draft sees what an admission will see.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from orchestration.landing.checks import literal, quoted
from orchestration.landing.contents import open_unpacked, read_unpacked
from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.expressions import ExpressionError, Reads, check_expression
from orchestration.landing.feed_file import EntityMapping, FeedFile, ReadOptions
from orchestration.landing.feeds import Feed
from orchestration.landing.reading import (
    inspect,
    make_empty_raw,
    open_sandbox,
    read_raw,
)

_HEAD = 2**20  # bytes looked at to tell a text file's form
_LARGEST_DOCUMENT = 64 * 2**20  # bytes of one JSON document
_ROWS = 2_000  # looked at in each file
_DEPTH = 3  # of nested JSON objects
_VALUE = re.compile(r"[-+]?[\d.,]*\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^@\s]+@[^@\s]+\.[^@\s]+")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OTHER_NAMES = {"windows-1252": ("cp1252", "latin-1", "iso-8859-1")}
_SIMPLE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SampleError(ValueError):
    """A sample cannot be looked at; the message names the file and what to do."""


@dataclass(frozen=True)
class Field:
    """One column or JSON key of the samples: its name, the SQL that reads it, its DuckDB type."""

    name: str
    sql: str
    sql_type: str = "VARCHAR"
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Samples:
    """What the files hold: `read` says how, `fields` what, `nested` which keys hold lists."""

    files: tuple[Path, ...]
    read: ReadOptions
    has_header: bool
    fields: tuple[Field, ...]
    nested: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def look_at(files: Sequence[Path], scratch: Path) -> Samples:
    """Look at files of one kind. Raises SampleError when they cannot be read or differ in form."""
    forms = [_form(path, scratch) for path in files]
    for path, form in zip(files, forms, strict=True):
        if form != forms[0]:
            raise SampleError(
                f"{path} is not of the form of {files[0]}; give each form a feed of its own"
            )
    options, has_header = forms[0]
    first, *others = [_fields(path, options, scratch) for path in files]
    fields, nested = first
    names = [{each.name for each in found} for found, _ in others]
    kept = tuple(each for each in fields if all(each.name in known for known in names))
    missing = [each.name for each in fields if each not in kept]
    notes = [f"not in every sample: {', '.join(missing)}"] if missing else []
    return Samples(tuple(files), options, has_header, kept, nested, tuple(notes))


def _form(path: Path, scratch: Path) -> tuple[ReadOptions, bool]:
    head = _head(path)
    if head.startswith(b"PAR1"):
        return ReadOptions(format="parquet"), True
    if head.startswith(b"PK"):
        if path.suffix == ".xlsx" and _is_read(format="xlsx"):
            return ReadOptions.model_validate({"format": "xlsx"}), True
        raise SampleError(f"{path} is a spreadsheet or an archive; export it as CSV first")
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise SampleError(f"{path} is empty; give a file with rows")
    encoding = _encoding(path, head)
    text = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="ignore")
    if text.lstrip().startswith(("{", "[")):
        return _json_form(path, text, encoding), True
    return _csv_form(path, text, encoding, scratch)


def _head(path: Path) -> bytes:
    try:
        with open_unpacked(path) as file:
            return read_unpacked(file, path, _HEAD)
    except (OSError, FileUnreadable) as error:
        raise SampleError(f"{path} cannot be read: {error}") from error


def _encoding(path: Path, head: bytes) -> str:
    marked: str | None = next(
        (name for mark, name in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None
    )
    found = marked or _unmarked_encoding(head)
    others: tuple[str, ...] = _OTHER_NAMES.get(found, ())
    for name in (found, *others):
        if _is_read(format="csv", encoding=name):
            return name
    fix = f"convert it first, as with `iconv -f {found} -t utf-8`"
    raise SampleError(f"{path} is encoded as {found}, which feeds do not read; {fix}")


def _is_read(**options: str) -> bool:
    """Whether a feed may say so under `read`."""
    try:
        ReadOptions.model_validate(options)
    except ValidationError:
        return False
    return True


def _unmarked_encoding(head: bytes) -> str:
    """UTF-8 if it is; else gb18030 where bytes above ASCII come in pairs, as Chinese does."""
    whole = head[:-4] if len(head) == _HEAD else head  # the cut may split a character
    try:
        whole.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if len(head) == _HEAD and error.start >= len(whole) - 3:
            return "utf-8"
    runs = [len(run) for run in re.findall(rb"[\x81-\xfe]+", whole)]
    paired = sum(run % 2 == 0 for run in runs)
    return "gb18030" if runs and paired > len(runs) / 2 else "windows-1252"


def _json_form(path: Path, text: str, encoding: str) -> ReadOptions:
    lines = [line for line in text.splitlines() if line.strip()]
    objects = [_object(line) for line in lines[:2]]
    if objects and objects[0] is not None and (len(lines) > 1 and objects[1] is not None):
        return ReadOptions.model_validate({"format": "json_lines", "encoding": encoding})
    content = _document(path, encoding)
    if isinstance(content, list):
        return ReadOptions.model_validate({"format": "json_array", "encoding": encoding})
    records = next(iter(_arrays_of_objects(content)), None)
    if records is None:
        return ReadOptions.model_validate({"format": "json_lines", "encoding": encoding})
    spec = {"format": "json_array", "records": records, "encoding": encoding}
    return ReadOptions.model_validate(spec)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _document(path: Path, encoding: str) -> Any:
    with open_unpacked(path) as file:
        content = read_unpacked(file, path, _LARGEST_DOCUMENT + 1)
    if len(content) > _LARGEST_DOCUMENT:
        raise SampleError(f"{path} is one large JSON document; give a smaller sample of it")
    try:
        return json.loads(content.decode("utf-8-sig" if encoding == "utf-8" else encoding))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SampleError(f"{path} is not whole JSON: {error.msg} at {where}") from error


def _arrays_of_objects(content: Any, path: str = "") -> Iterator[str]:
    """Dotted paths of arrays of objects within objects, outer ones first."""
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            yield f"{path}{key}"
    for key, value in content.items():
        yield from _arrays_of_objects(value, f"{path}{key}.")


def _csv_form(path: Path, text: str, encoding: str, scratch: Path) -> tuple[ReadOptions, bool]:
    head = scratch / "head.csv"
    whole = text if len(text) < _HEAD // 4 else text[: text.rindex("\n") + 1] or text
    head.write_text(whole, encoding="utf-8")
    with duckdb.connect() as connection:
        try:
            sniffed = connection.execute(
                "select delimiter, quote, escape, skiprows "
                f"from sniff_csv({literal(str(head))}, all_varchar = true)"
            ).fetchone()
        except duckdb.Error:
            sniffed = None
    if sniffed is None:
        raise SampleError(f"{path}: no delimiter fits its lines; write read: in feed.yml by hand")
    delimiter, quote, escape, skip = sniffed
    spec = {"format": "csv", "delimiter": delimiter, "skip": skip, "encoding": encoding}
    spec["quote"] = '"' if quote in ("(empty)", "") else quote
    spec["escape"] = '"' if escape in ("(empty)", "") else escape
    rows = csv.reader(whole.splitlines()[skip:], delimiter=delimiter, quotechar=spec["quote"])
    first = next(rows, [])
    if not any(_VALUE.fullmatch(cell.strip()) for cell in first):
        return ReadOptions.model_validate(spec), True
    spec["columns"] = tuple(f"column{number}" for number in range(1, len(first) + 1))
    return ReadOptions.model_validate(spec), False


def _fields(
    path: Path, options: ReadOptions, scratch: Path
) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """The file's fields as the door's reader gives them."""
    nothing = {"products": EntityMapping(select={"product_id": "null"})}
    spec = FeedFile(
        feed="sample", files=path.name, exported_at="file_modified", read=options, entities=nothing
    )
    folder = path.absolute().parent
    feed = Feed("sample", folder, str(path), spec, {}, folder)
    try:
        with open_sandbox(feed, scratch) as connection:
            file = inspect(feed, path.name, connection, scratch)
            make_empty_raw(connection, file.shape)
            read_raw(connection, feed, [file], scratch)
            if options.format.startswith("json"):
                return _json_fields(connection)
            return _columns(connection, file.shape), ()
    except FileUnreadable as error:
        raise SampleError(f"{path} cannot be read: {error}") from error


def _columns(
    connection: duckdb.DuckDBPyConnection, shape: Sequence[tuple[str, str]]
) -> tuple[Field, ...]:
    texts = ", ".join(f"cast({quoted(name)} as varchar)" for name, _ in shape)
    rows = connection.execute(f"select {texts} from raw limit {_ROWS}").fetchall()
    columns = zip(*rows, strict=True) if rows else ((),) * len(shape)
    return tuple(
        Field(name, column_sql(name), sql_type, tuple(v for v in values if v is not None))
        for (name, sql_type), values in zip(shape, columns, strict=True)
    )


def _json_fields(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    rows = connection.execute(f"select cast(json as varchar) from raw limit {_ROWS}").fetchall()
    found: dict[tuple[str, ...], list[str]] = {}
    nested: dict[str, None] = {}
    for (text,) in rows:
        for path, value in _leaves(json.loads(text)):
            if isinstance(value, list | dict):
                nested[".".join(path)] = None
            elif value is not None:
                text = str(value).lower() if isinstance(value, bool) else str(value)
                found.setdefault(path, []).append(text)
            else:
                found.setdefault(path, [])
    fields = (Field(".".join(p), _json_sql(p), "VARCHAR", tuple(v)) for p, v in found.items())
    return tuple(fields), tuple(nested)


def _leaves(row: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(row, dict) and len(path) < _DEPTH:
        for key, value in row.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path, row


def _json_sql(path: tuple[str, ...]) -> str:
    keys = (key if _SIMPLE_KEY.fullmatch(key) else f'"{key}"' for key in path)
    return f"json->>{literal('$.' + '.'.join(keys))}"


def column_sql(name: str) -> str:
    """A column as SQL: its bare name where that reads it, else in double quotes."""
    if _SIMPLE_KEY.fullmatch(name):
        try:
            if check_expression(name) == Reads(columns=frozenset({name.lower()})):
                return name
        except ExpressionError:
            pass
    return quoted(name)
