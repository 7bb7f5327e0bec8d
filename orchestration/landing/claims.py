"""Which files a feed claims: its patterns against what lies in its folder, links and oddities told.

Belongs here: telling a file from a link that leads out, a named pipe, a folder. Nothing is opened:
opening a named pipe would wait for ever.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload")
_ENDING = re.compile(r"\.[^*?\[\]/]+$")
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True)
class Claims:
    """What a feed's patterns found: names from its folder with `/`, sorted.

    `refused` says of a name why it is not read.
    """

    files: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def claimed(folder: Path, patterns: Sequence[str], landing: Path) -> Claims:
    """Look for the files that `patterns` claim under `folder`; none may lie outside `landing`."""
    files: set[str] = set()
    refused: dict[str, str] = {}
    folders: set[str] = set()
    root = os.path.realpath(landing)
    for pattern in patterns:
        for name in _names(folder, pattern):
            problem = _problem(folder / name, root)
            if problem is None:
                files.add(name)
            elif problem:
                refused[name] = problem
            elif _ENDING.search(pattern):
                folders.add(name)
    for name in folders:
        if not any(file.startswith(f"{name}/") for file in files):
            refused[name] = "is a folder; to read what lies in it, name its files in files"
    return Claims(tuple(sorted(files)), tuple(sorted(refused.items())))


def outside(path: Path, root: str) -> bool:
    """Whether a path, links followed, lies outside the folder `root` (a real path)."""
    real = os.path.realpath(path)
    return real != root and not real.startswith(f"{root.rstrip('/')}/")


def _names(folder: Path, pattern: str) -> Iterator[str]:
    for found in folder.glob(pattern):
        name = found.relative_to(folder)
        if name.parts and _is_export(name):
            yield name.as_posix()


def _is_export(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return not hidden and name.name != "feed.yml" and name.suffix not in _UNFINISHED


def _problem(path: Path, root: str) -> str | None:
    """Why a path is no file to read: None for a file, '' for a folder."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "is a link to nothing; mend it or remove it" if path.is_symlink() else ""
    except OSError as error:
        looped = path.is_symlink() and not isinstance(error, PermissionError)
        reason = "is a link that leads back to itself" if looped else f"{error.strerror}"
        return f"{reason}; mend it or remove it"
    if outside(path, root):
        return "leads out of the landing zone by a link; put the file itself here"
    if stat.S_ISDIR(mode):
        return ""
    if kind := _KINDS.get(stat.S_IFMT(mode)):
        return f"is {kind}, not a file; land a regular file"
    return None
