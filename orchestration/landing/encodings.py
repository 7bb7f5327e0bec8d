"""Encodings: from a file's bytes to UTF-8, and whether they are in the encoding that was declared.

Belongs here: byte order marks, strict decoding in chunks, and the evidence that a declaration is
wrong. Where the bytes come from is in `contents.py`, what the text holds in `survey.py`.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("latin-1", "windows-1252")
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_BEYOND_LATIN = re.compile("[\u0800-\U0010ffff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_LONE = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte that does not decode
_ENOUGH = 4


class FileUnreadable(ValueError):
    """A file cannot be read as a whole; the message says why."""


@dataclass(frozen=True)
class BadByte:
    """The first byte that is not in an encoding, by its offset (from 0) and its line (from 1)."""

    byte: int
    offset: int
    line: int

    def __str__(self) -> str:
        return f"byte 0x{self.byte:02x} at offset {self.offset} (line {self.line})"


def check_head(head: bytes, declared: str) -> None:
    """Raise FileUnreadable where the first bytes of a file belie the declared encoding."""
    found = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if found is not None and found != declared:
        raise FileUnreadable(
            f"is declared {declared} but starts with the byte order mark of {found}; "
            f"declare encoding: {found}"
        )
    if found is None and declared == "utf-16" and head:
        raise FileUnreadable(
            "is declared utf-16 but starts without a byte order mark; "
            "declare encoding: utf-16-le or utf-16-be, or the encoding that it is in"
        )
    if not declared.startswith("utf-16") and _looks_like_utf16(head[:1024]):
        raise FileUnreadable(
            f"is declared {declared} but holds NUL bytes between its letters, as utf-16 does; "
            "declare encoding: utf-16-le or utf-16-be"
        )
    if declared != "utf-8":
        probe = _Utf8Probe(declared)
        probe.add(head)
        probe.judge()


def utf8_without_mark(chunks: Iterable[bytes], declared: str) -> Iterator[bytes]:
    """The chunks as UTF-8 without a byte order mark; `declared` is any encoding but utf-8.

    Raises UnicodeDecodeError where they do not decode and, at the end, FileUnreadable where they
    are UTF-8 already.
    """
    decoder = codecs.getincrementaldecoder(declared)("strict")
    probe, first = _Utf8Probe(declared), True
    for chunk in _with_end(chunks):
        text = decoder.decode(chunk, final=not chunk)
        probe.add(chunk)
        if text:
            yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "surrogatepass")
            first = False
    probe.judge()


def first_bad_byte(chunks: Iterable[bytes], encoding: str) -> BadByte | None:
    """The first byte that does not decode, None where all do."""
    decoder, offset, line = codecs.getincrementaldecoder(encoding)("strict"), 0, 1
    for chunk in _with_end(chunks):
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return _bad_byte(error, chunk, offset, line)
        offset, line = offset + len(chunk), line + chunk.count(b"\n")
    return None


class Utf8Check:
    """Whether chunks that pass by are UTF-8; plain ASCII, most of most files, costs little."""

    def __init__(self) -> None:
        self.valid = True
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._pending = False

    def add(self, chunk: bytes, final: bool = False) -> None:
        """Look at the next chunk."""
        if not self.valid or (not self._pending and chunk.isascii()):
            return
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            self.valid = False
        else:
            self._pending = bool(self._decoder.getstate()[0])


def is_mostly_utf8(chunks: Iterable[bytes]) -> bool:
    """Whether a text that is not UTF-8 throughout holds more whole characters than broken bytes.

    Text of another encoding hardly ever decodes by chance: a damaged line in a UTF-8 file leaves
    most characters whole, a wrong declaration breaks most. Only characters beyond ASCII tell.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole = broken = 0
    for chunk in _with_end(chunks):
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            lone = len(_LONE.findall(text))
            broken += lone
            whole += len(_NOT_ASCII.findall(text)) - lone
    return whole > broken


def _looks_like_utf16(head: bytes) -> bool:
    """Whether every other byte tends to be NUL, as in letters of 16 bits."""
    less, more = sorted((head[0::2].count(0), head[1::2].count(0)))
    return more * 8 > len(head) and less * 8 < more


class _Utf8Probe:
    """Looks for UTF-8 in what is declared to be something else.

    Every byte decodes as latin-1, and short GBK texts are valid UTF-8 by chance: the two bytes of
    one Chinese character can be one two-byte UTF-8 character. Three-byte ones, which Chinese text
    in UTF-8 is made of, need the bytes of several characters to fit, so that a few of them together
    with not one byte out of place are proof. Latin letters pair up like that in no real text.
    """

    def __init__(self, declared: str) -> None:
        self._declared, self._check = declared, Utf8Check()
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._found, self._controls = 0, False

    def add(self, chunk: bytes) -> None:
        """Look at the next chunk of a file declared otherwise than UTF-8."""
        if self._declared.startswith("utf-16"):
            return
        self._check.add(chunk)
        if self._declared == "latin-1" and not self._controls:
            self._controls = _CONTROLS.search(chunk) is not None
        if self._check.valid and self._found < _ENOUGH:
            wanted = _NOT_ASCII if self._declared in _SINGLE_BYTE else _BEYOND_LATIN
            self._found += len(wanted.findall(self._decoder.decode(chunk)))

    def judge(self) -> None:
        """Raise FileUnreadable where the whole file is UTF-8 after all."""
        enough = 1 if self._declared in _SINGLE_BYTE else _ENOUGH
        if self._check.valid and self._found >= enough:
            raise FileUnreadable(
                f"is declared {self._declared} but is utf-8 from its first byte to its last; "
                "declare encoding: utf-8"
            )
        if self._controls:
            raise FileUnreadable(
                "is declared latin-1 but holds bytes from 0x80 to 0x9f, which are letters and "
                "signs in windows-1252 only; declare encoding: windows-1252"
            )


def _with_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _bad_byte(error: UnicodeDecodeError, chunk: bytes, offset: int, line: int) -> BadByte:
    """`offset` and `line` are those of the chunk; bytes left of earlier ones stand before it."""
    held = len(error.object) - len(chunk)
    within = error.start - held
    lines = chunk[: max(within, 0)].count(b"\n")
    return BadByte(error.object[error.start], offset + within, line + lines)
