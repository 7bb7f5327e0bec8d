"""Names of landed files: how they are shown to people, and a path that DuckDB takes word for word.

Belongs here: what a name's characters do to a screen, a log or a path. Which names a feed claims is
`claims.py`'s.
"""

import hashlib
import re
from pathlib import Path

_PATTERN = re.compile(r"[*?\[\\]")
_PLAIN_ENDING = re.compile(r"^\.[A-Za-z0-9]{1,12}$")


def shown(name: str) -> str:
    """A name on one line: what does not print (newlines, bytes that are no UTF-8) is escaped."""
    return "".join(_shown_character(character) for character in name)


def is_utf8(name: str) -> bool:
    """Whether a name can be written to JSON and Parquet: its bytes on disk are UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def plain_name(name: str) -> str:
    """A short name of plain characters that stands for this one, with the same ending."""
    digest = hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:24]
    endings = [ending for ending in Path(name).suffixes[-2:] if _PLAIN_ENDING.match(ending)]
    return digest + "".join(endings)


def plain_path(path: Path, name: str, scratch: Path) -> Path:
    """The path itself, or a link to it in scratch where DuckDB would take it for a pattern.

    DuckDB expands `*`, `?` and `[…]` in every path that it reads: `b[1].csv` would be `b1.csv`.
    """
    if not _PATTERN.search(name):
        return path
    link = scratch / "plain" / plain_name(name)
    link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(path)
    return link


def _shown_character(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    if character == "\\" or not character.isprintable():
        return character.encode("unicode_escape", "surrogatepass").decode()
    return character
