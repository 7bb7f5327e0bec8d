"""Files that cannot be read are set aside whole, each with the reason beside it, and put back.

A file lies in landing/_quarantine/<feed>/ under its own name, or with a number after it where an
earlier file of that name lies there already; the `.reason` then names the file it was.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.manifest import sync
from orchestration.paths import Home

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
        return self.path.with_name(self.path.name + _REASON)


def set_aside(home: Home, feed: str, folder: Path, name: str, reason: str) -> Path:
    """Move `folder/name` to landing/_quarantine/<feed>/ and write `<name>.reason` beside it.

    An earlier file of that name in quarantine is kept: the newer one gets a number. Returns where
    the file lies now.
    """
    target = _free(home.quarantine / feed / name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = target.with_name(target.name + _REASON)
    was = "" if target.name == Path(name).name else f"{_NAME}{name}\n"
    note.write_text(f"{reason}\n{was}", encoding="utf-8")
    sync(note)
    (folder / name).replace(target)
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
        note = path.with_name(path.name + _REASON)
        if not note.is_file():
            continue  # a reason itself
        lines = note.read_text(encoding="utf-8").splitlines()
        name = path.relative_to(folder).as_posix()
        if lines and lines[-1].startswith(_NAME):
            name = lines.pop().removeprefix(_NAME)
        yield SetAside(folder.name, name, path, " ".join(lines))


def _free(target: Path) -> Path:
    candidate, number = target, 1
    while candidate.exists():
        number += 1
        candidate = target.with_name(f"{target.name}.{number}")
    return candidate
