"""Text files made ready for DuckDB: read once from end to end, rewritten only where they must be.

A plain UTF-8 file stays where it lies. One that is compressed, in another encoding or with mixed
line ends gets a plain UTF-8 copy in the scratch folder. Belongs here: the order of these steps for
CSV and JSON. The steps themselves are in `contents.py`, `encodings.py` and `survey.py`.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.contents import chunks_of, is_compressed, open_unpacked, read_unpacked
from orchestration.landing.encodings import (
    FileUnreadable,
    Utf8Check,
    check_head,
    first_bad_byte,
    is_mostly_utf8,
    utf8_without_mark,
)
from orchestration.landing.feed_file import ReadOptions
from orchestration.landing.survey import (
    Dialect,
    MixedLineEnds,
    Survey,
    line_blocks,
    with_one_line_end,
)

_HEAD = 2**20  # bytes


@dataclass(frozen=True)
class TextFile:
    """A text file that DuckDB can read at `path`; for CSV and JSON lines, what stands in it."""

    path: Path
    records: int = 0
    blank: int = 0
    longest: int = 0
    has_nul: bool = False


def head_of(path: Path, options: ReadOptions) -> bytes:
    """The first bytes of the content. Raises FileUnreadable where they belie what is declared."""
    with open_unpacked(path) as content:
        head = read_unpacked(content, path, _HEAD)
    check_head(head, options.encoding)
    return head


def make_ready(path: Path, copy: Path, options: ReadOptions) -> TextFile:
    """Read a text file whole, and write `copy` where DuckDB cannot read the file itself.

    Raises FileUnreadable for what is wrong with it as a whole.
    """
    has_mark = head_of(path, options).startswith(codecs.BOM_UTF8)
    is_odd = has_mark and options.format == "json_lines"  # DuckDB would lose the first line
    target = copy if is_compressed(path) or options.encoding != "utf-8" or is_odd else None
    if options.format == "json_array":
        return _read_document(path, target, options)
    try:
        return _read_lines(path, target, options, one_line_end=False)
    except MixedLineEnds:
        return _read_lines(path, copy, options, one_line_end=True)


def not_in_encoding(path: Path, options: ReadOptions) -> FileUnreadable:
    """What to say of a file whose bytes are not in the encoding that is declared."""
    declared = options.encoding
    bad = first_bad_byte(chunks_of(path, options.limits), declared)
    other = "gb18030" if declared == "utf-8" else "utf-8"
    if first_bad_byte(chunks_of(path, options.limits), other) is None:
        advice = f"all of it reads as {other}: declare encoding: {other}"
    elif declared == "utf-8":
        advice = "declare its encoding (windows-1252, latin-1), or have it exported as utf-8"
    else:
        advice = "declare its encoding, or drop it again whole"
    return FileUnreadable(f"{bad} is not {declared}; {advice}")


def _read_lines(
    path: Path, target: Path | None, options: ReadOptions, one_line_end: bool
) -> TextFile:
    dialect, check = dialect_of(options), Utf8Check()
    survey = Survey(dialect, one_line_end)
    blocks = line_blocks(_utf8_chunks(path, options, check), dialect)
    if one_line_end or (options.format == "json_lines" and target):
        blocks = with_one_line_end(blocks, dialect)
    try:
        for block in _written(blocks, target):
            survey.add(block)
        survey.finish()
    except FileUnreadable:
        _check_utf8(path, options, check)
        raise
    _check_utf8(path, options, check)
    if options.format == "json_lines" and survey.line_end == b"\r":
        raise MixedLineEnds  # to DuckDB it is all one line
    return TextFile(target or path, survey.records, survey.blank, survey.longest, survey.has_nul)


def _read_document(path: Path, target: Path | None, options: ReadOptions) -> TextFile:
    check, last, size = Utf8Check(), b"", 0
    for chunk in _written(_utf8_chunks(path, options, check), target):
        last, size = chunk.rstrip()[-1:] or last, size + len(chunk)
        if options.records and size > options.limits.document_bytes:
            raise FileUnreadable(
                f"holds one JSON object of more than {options.limits.document_bytes:,} bytes, "
                "which is read into memory whole; raise read.limits.document_bytes"
            )
    if not check.valid:
        raise not_in_encoding(path, options)
    if not last:
        raise FileUnreadable("is empty: it holds no JSON")
    if options.records is None and last != b"]":
        raise FileUnreadable(
            "does not end with the ] of a JSON array: it is cut short, or is no array (lines are "
            "format json_lines, an array inside an object needs read.records)"
        )
    return TextFile(target or path, longest=size)


def dialect_of(options: ReadOptions) -> Dialect:
    """How the feed's text files are divided into lines and values."""
    longest = int(options.limits.line_bytes)
    if options.format != "csv":
        return Dialect(longest)
    quote = options.quote.encode()
    return Dialect(longest, options.delimiter.encode(), quote, options.escape.encode() or quote)


def _utf8_chunks(path: Path, options: ReadOptions, check: Utf8Check) -> Iterator[bytes]:
    chunks = chunks_of(path, options.limits)
    if options.encoding != "utf-8":
        try:
            yield from utf8_without_mark(chunks, options.encoding)
        except UnicodeDecodeError as error:
            raise not_in_encoding(path, options) from error
        return
    first = True
    for chunk in chunks:
        check.add(chunk)
        yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
        first = False
    check.add(b"", final=True)


def _check_utf8(path: Path, options: ReadOptions, check: Utf8Check) -> None:
    """A few damaged lines are unreadable rows; a file that is not UTF-8 at all is set aside."""
    if not check.valid and not is_mostly_utf8(chunks_of(path, options.limits)):
        raise not_in_encoding(path, options)


def _written(blocks: Iterable[bytes], target: Path | None) -> Iterator[bytes]:
    if target is None:
        yield from blocks
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for block in blocks:
            file.write(block)
            yield block
