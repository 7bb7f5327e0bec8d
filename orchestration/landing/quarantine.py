"""Files that cannot be read are set aside whole, each with the reason beside it, and put back.

A file lies in landing/_quarantine/<feed>/ under its own name, or with a number after it where an
earlier file of that name lies there already; the `.reason` then names the file it was.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.manifest import sync
from orchestration.landing.names import plain_name
from orchestration.paths import Home

_LONGEST_NAME = 200  # bytes: a number and `.reason` must fit behind it
_REASON = ".reason"
_NAME = "set aside as a further file named "


@dataclass(frozen=True)
class SetAside:
    """One file in quarantine: `name` is what it was called in its feed's folder."""

    feed: str
    name: str
    path: Path
    reason: str

    @property
    def note(self) -> Path:
        """The file that holds the reason."""
        return _note(self.path)


def set_aside(home: Home, feed: str, folder: Path, name: str, reason: str) -> Path:
    """Move `folder/name` to landing/_quarantine/<feed>/ and write `<name>.reason` beside it.

    An earlier file of that name in quarantine is kept: the newer one gets a number. Returns where
    the file lies now. Raises OSError where it cannot be moved; it then lies where it lay.
    """
    source = folder / name
    source.lstat()
    target = _free(home.quarantine / feed, name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = _note(target)
    is_as_named = target.relative_to(home.quarantine / feed).as_posix() == name
    was = "" if is_as_named else f"{_NAME}{json.dumps(name)}\n"
    note.write_text(f"{reason}\n{was}", encoding="utf-8", errors="backslashreplace")
    sync(note)
    try:
        _move(source, target)
    except OSError:
        note.unlink()
        raise
    return target


def quarantined(home: Home, feed: str | None = None) -> list[SetAside]:
    """Every file in quarantine, or those of one feed, the older of one name first."""
    feeds = sorted(path.name for path in home.quarantine.glob("*") if path.is_dir())
    wanted = [name for name in feeds if feed in (None, name)]
    return [each for name in wanted for each in _of_feed(home.quarantine / name)]


def put_back(aside: SetAside, folder: Path) -> bool:
    """Move a file back to its feed's folder and remove its reason.

    False, and nothing is moved, where a file of that name has come since: that one is newer.
    """
    target = folder / aside.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(aside.path, target)  # unlike a rename it never replaces a file
    except FileExistsError:
        if not target.samefile(aside.path):  # else a run died between the two steps
            return False
    aside.path.unlink()
    sync(target.parent)
    aside.note.unlink()
    return True


def _of_feed(folder: Path) -> Iterator[SetAside]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda file: (file.stat().st_ctime_ns, file)):
        note = _note(path)
        if not note.is_file():
            continue  # a reason itself
        lines = note.read_text(encoding="utf-8").splitlines()
        name = path.relative_to(folder).as_posix()
        if lines and lines[-1].startswith(_NAME):
            name = json.loads(lines.pop().removeprefix(_NAME))
        yield SetAside(folder.name, name, path, " ".join(lines))


def _move(source: Path, target: Path) -> None:
    """Move a file, to another file system too; a link goes on pointing to what it pointed to."""
    if source.is_symlink():
        target.symlink_to(source.resolve())
        source.unlink()
    else:
        shutil.move(source, target)


def _note(target: Path) -> Path:
    return target.with_name(target.name + _REASON)


def _free(folder: Path, name: str) -> Path:
    """A place for the file and its note where neither takes another's, nor stands below a file."""
    parts = [_short(part) for part in Path(name).parts]
    for position, part in enumerate(parts[:-1]):
        parent, number = folder.joinpath(*parts[: position + 1]), 1
        while parent.exists() and not parent.is_dir():
            number += 1
            parts[position] = f"{part}.{number}"
            parent = parent.with_name(parts[position])
    candidate, number = folder.joinpath(*parts), 1
    while not _is_free(candidate):
        number += 1
        candidate = candidate.with_name(f"{parts[-1]}.{number}")
    return candidate


def _is_free(candidate: Path) -> bool:
    """A reason without a file was left by a run that died before moving it, and takes no name."""
    note = _note(candidate)
    is_left_behind = note.is_file() and not _is_taken(_note(note))
    return not _is_taken(candidate) and (not _is_taken(note) or is_left_behind)


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _short(name: str) -> str:
    return name if len(name.encode(errors="surrogateescape")) <= _LONGEST_NAME else plain_name(name)
