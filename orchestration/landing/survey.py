"""The survey of a text file: how many records its line ends and quotes make, told in one pass.

DuckDB reads CSV in parallel pieces and, from a file whose quotes or line ends are broken, may leave
out rows without a word. So the door counts for itself: what DuckDB gives must add up to what stands
in the file. Belongs here: lines, records, quotes, line ends. What the bytes mean is for
`encodings.py`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orchestration.landing.encodings import FileUnreadable

_LINE_FEED, _CARRIAGE_RETURN = 10, 13
_SPACES = re.compile(b" *")
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Dialect:
    """How a text file is divided: no quote for JSON lines; at most `longest` bytes a record."""

    longest: int
    delimiter: bytes = b","
    quote: bytes = b""
    escape: bytes = b""
    limit: str = "read.limits.line_bytes"


class MixedLineEnds(Exception):
    """Lines end in more than one way: the file must be rewritten with one."""


def line_blocks(chunks: Iterable[bytes], dialect: Dialect) -> Iterator[bytes]:
    """The chunks cut anew, each block holding whole lines; only the last may lack its line end.

    Raises FileUnreadable for a line that is longer than is allowed, having held no more of it.
    """
    held, lines = b"", 0
    for chunk in chunks:
        cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r", 0, -1)) + 1
        if not cut:
            held += chunk
            if len(held) > dialect.longest:
                raise _too_long(lines + 1, dialect)
            continue
        block, held = held + chunk[:cut], chunk[cut:]
        lines += block.count(b"\n") or block.count(b"\r")
        yield block
    if held:
        yield held


@dataclass
class Survey:
    """What stands in the lines that were added; `records` counts those that are not blank."""

    dialect: Dialect
    one_line_end: bool = False
    """Whether the lines come from `with_one_line_end`."""
    records: int = 0
    blank: int = 0
    lines: int = 0
    longest: int = 0
    has_nul: bool = False
    open_since: int | None = None
    """The line in which a quote was opened that is not closed yet."""
    _end: bytes = b""
    _carried: int = 0  # bytes of the record that is open
    _ends_whole: bool = False

    def add(self, block: bytes) -> None:
        """Take in whole lines. Raises MixedLineEnds, and FileUnreadable for an endless record."""
        self._end = b"\n" if self.one_line_end else self._end or _first_line_end(block)
        self.has_nul = self.has_nul or b"\0" in block
        codes = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(codes == (self._end[-1] if self._end else _LINE_FEED))
        quotes = self._quotes(block, codes)
        inside, still_open = self._inside(block, codes, ends, quotes)
        if not self.one_line_end and self._is_mixed(block, codes, quotes):
            raise MixedLineEnds
        self._count(len(block), ends, ends[~inside], still_open)

    def _quotes(self, block: bytes, codes: NDArray[np.uint8]) -> Positions:
        quote = self.dialect.quote
        if not quote or quote not in block:
            return np.empty(0, np.int64)
        return np.flatnonzero(codes == quote[0])

    def _inside(
        self, block: bytes, codes: NDArray[np.uint8], ends: Positions, quotes: Positions
    ) -> tuple[NDArray[np.bool_], bool]:
        """Whether each line end stands inside a quoted value, and whether the block ends in one."""
        was_open = self.open_since is not None
        if not len(quotes):
            return np.full(len(ends), was_open), was_open
        if self._plainly_quoted(block, codes, quotes, was_open):
            inside = (np.searchsorted(quotes, ends) + was_open) % 2 == 1
            return inside, (len(quotes) + was_open) % 2 == 1
        return _inside_by_line(block, ends, self.dialect, was_open)

    def _plainly_quoted(
        self, block: bytes, codes: NDArray[np.uint8], quotes: Positions, was_open: bool
    ) -> bool:
        """Whether all quotes that open stand where a value starts: then they just alternate."""
        quote, escape = self.dialect.quote, self.dialect.escape
        if len(quote) > 1 or (escape != quote and escape in block):
            return False
        opening = quotes[int(was_open) :: 2]
        before = codes[opening[opening > 0] - 1]
        starts = [_LINE_FEED, _CARRIAGE_RETURN, quote[0], self.dialect.delimiter[-1]]
        return bool(np.isin(before, starts).all())

    def _is_mixed(self, block: bytes, codes: NDArray[np.uint8], quotes: Positions) -> bool:
        """Whether a line end outside quotes is none of the kind that the first line has."""
        returns, feeds = block.count(b"\r"), block.count(b"\n")
        other = {b"\n": returns, b"\r": feeds, b"\r\n": abs(returns - feeds), b"": 0}[self._end]
        if self._end == b"\r\n" and not other:
            other = feeds - block.count(b"\r\n")
        if not other:
            return False
        odd = np.flatnonzero(_odd_line_ends(codes, self._end))
        was_open = self.open_since is not None
        if len(quotes) and not self._plainly_quoted(block, codes, quotes, was_open):
            return True  # the rewriting looks closely
        return bool(((np.searchsorted(quotes, odd) + was_open) % 2 == 0).any())

    def _count(self, size: int, ends: Positions, outside: Positions, still_open: bool) -> None:
        lengths = np.diff(outside, prepend=-1)
        rest = size - 1 - (int(outside[-1]) if len(outside) else -1)
        if len(lengths):
            lengths[0] += self._carried
        else:
            rest += self._carried
        blank = int((lengths == len(self._end)).sum())
        self.blank += blank
        self.records += len(lengths) - blank
        self.longest = max(self.longest, rest, int(lengths.max(initial=0)))
        if self.longest > self.dialect.longest:
            place = int(np.argmax(np.append(lengths, rest) > self.dialect.longest))
            raise _too_long(self._start_line(ends, outside, place), self.dialect)
        opened = self._start_line(ends, outside, len(outside))
        self.lines += len(ends)
        self._carried = rest
        self.open_since = opened if still_open else None
        self._ends_whole = len(ends) > 0 and int(ends[-1]) == size - 1

    def _start_line(self, ends: Positions, outside: Positions, record: int) -> int:
        """The line in which the block's record of that number (from 0) starts."""
        if record == 0:
            return self.open_since if self.open_since is not None else self.lines + 1
        return self.lines + int(np.searchsorted(ends, outside[record - 1])) + 2

    @property
    def line_end(self) -> bytes:
        """What the first line ends in; nothing while no line did."""
        return self._end

    def finish(self) -> None:
        """All was added. Raises FileUnreadable where a quote is left open over several lines.

        One left open in the last line alone is an unreadable row and no more.
        """
        if self._carried:
            self.records += 1
        if self.open_since is None:
            return
        swallowed = self.lines - self.open_since + 1 - self._ends_whole
        if swallowed > 0:
            raise FileUnreadable(
                f"line {self.open_since}: a quote is opened in it and never closed, so that the "
                f"line ends after it ({swallowed:,}) stand inside one value; close the quote, or "
                "set read.quote to what the file uses"
            )


def with_one_line_end(blocks: Iterable[bytes], dialect: Dialect) -> Iterator[bytes]:
    """Blocks of lines with every line end outside quotes made a line feed."""
    inside = False
    for block in blocks:
        lines = []
        for line in block.splitlines(keepends=True):
            if dialect.quote and dialect.quote in line:
                inside = _open_after(line, dialect, inside)
            lines.append(line if inside else line.rstrip(b"\r\n") + b"\n")
        yield b"".join(lines)


def _inside_by_line(
    block: bytes, ends: Positions, dialect: Dialect, is_open: bool
) -> tuple[NDArray[np.bool_], bool]:
    """As `Survey._inside`, reading value by value each line that holds a quote."""
    bounds = [0, *(ends + 1).tolist()]
    if bounds[-1] < len(block):
        bounds.append(len(block))
    inside = np.zeros(len(bounds) - 1, bool)
    for number, (start, stop) in enumerate(pairwise(bounds)):
        if block.find(dialect.quote, start, stop) >= 0:
            is_open = _open_after(block[start:stop], dialect, is_open)
        inside[number] = is_open
    return inside[: len(ends)], is_open


def _open_after(line: bytes, dialect: Dialect, is_open: bool) -> bool:
    """Whether a quoted value is open at the end of a line, given whether one was at its start."""
    quote, position, at_start = dialect.quote, 0, not is_open
    closing = _closing(dialect)
    while True:
        if is_open:
            closed = closing.match(line, position)
            if not closed:
                return True
            position, is_open, at_start = closed.end(), False, False
        opened = _SPACES.match(line, position) if at_start else None
        if opened and line.startswith(quote, opened.end()):
            position, is_open = opened.end() + len(quote), True
            continue
        found = line.find(dialect.delimiter, position)
        if found < 0:
            return False
        position, at_start = found + len(dialect.delimiter), True


def _closing(dialect: Dialect) -> re.Pattern[bytes]:
    """What stands between an opening quote and its closing one, and that one."""
    quote, escape = re.escape(dialect.quote), re.escape(dialect.escape)
    if quote == escape:
        return re.compile(b"(?:(?:(?!%b).)++|%b%b)*+%b" % (quote, quote, quote, quote), re.DOTALL)
    plain = b"(?:(?!%b|%b).)++" % (quote, escape)
    return re.compile(b"(?:%b|%b.)*+%b" % (plain, escape, quote), re.DOTALL)


def _odd_line_ends(codes: NDArray[np.uint8], end: bytes) -> NDArray[np.bool_]:
    feeds: NDArray[np.bool_] = codes == _LINE_FEED
    returns: NDArray[np.bool_] = codes == _CARRIAGE_RETURN
    if end == b"\n":
        return returns
    if end == b"\r":
        return feeds
    lone_feeds, lone_returns = feeds.copy(), returns.copy()
    lone_feeds[1:] &= ~returns[:-1]
    lone_returns[:-1] &= ~feeds[1:]
    lone_feeds |= lone_returns
    return lone_feeds


def _first_line_end(block: bytes) -> bytes:
    found = re.search(rb"\r\n|\n|\r", block)
    return found.group() if found else b""


def _too_long(line: int, dialect: Dialect) -> FileUnreadable:
    return FileUnreadable(
        f"line {line}: is longer than {dialect.longest:,} bytes; if a quote is left open there, "
        f"close it; if lines are meant to be so long, raise {dialect.limit}"
    )
