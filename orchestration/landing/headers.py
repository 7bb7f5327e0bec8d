"""Headers of CSV files: the names of their columns, read from the first bytes alone."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from orchestration.landing.contents import open_unpacked
from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.feed_file import ReadOptions


def csv_columns(path: Path, options: ReadOptions) -> tuple[list[str], int]:
    """The header's names, and how many lines stand before it (`skip`, and blank ones after).

    A name written twice gets a number, as `sku_1` for the second `sku`. Raises FileUnreadable
    where there is no header that can be read, UnicodeError where it is not in the encoding.
    """
    if options.columns:
        return list(options.columns), options.skip
    encoding = "utf-8-sig" if options.encoding == "utf-8" else options.encoding
    with (
        open_unpacked(path) as content,
        io.TextIOWrapper(content, encoding, "surrogateescape", newline="") as text,
    ):
        lines = _limited(text, int(options.limits.line_bytes))
        skipped, first = 0, next(lines, "")
        while first and (skipped < options.skip or not first.strip("\ufeff\r\n")):
            skipped, first = skipped + 1, next(lines, "")
        header = next(_rows(first.removeprefix("\ufeff"), lines, options), None)
    if not header:
        raise FileUnreadable("is empty: it has no header")
    "".join(header).encode()
    return distinct(header), skipped


def distinct(header: Sequence[str]) -> list[str]:
    """Names without two that are the same; a column without one is named by its position."""
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


def _limited(text: IO[str], longest: int) -> Iterator[str]:
    while line := text.readline(longest + 1):
        if len(line) > longest:
            raise FileUnreadable(
                f"its header is longer than {longest:,} bytes; if it is meant to be, raise "
                "read.limits.line_bytes"
            )
        yield line


def _rows(first: str, more: Iterator[str], options: ReadOptions) -> Iterator[list[str]]:
    """`first`, and further lines where a quoted name holds line ends, divided into names."""

    def lines() -> Iterator[str]:
        """The lines from the header on."""
        if first:
            yield first
            yield from more

    escape = options.escape if options.escape not in ("", options.quote) else None
    return csv.reader(
        lines(),
        delimiter=options.delimiter,
        quotechar=options.quote or None,
        quoting=csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
        doublequote=escape is None,
        escapechar=escape,
    )
