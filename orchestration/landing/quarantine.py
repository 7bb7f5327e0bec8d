"""Files that cannot be read are set aside whole, each with the reason beside it."""

import shutil
from pathlib import Path

from orchestration.landing.manifest import sync
from orchestration.landing.names import plain_name
from orchestration.paths import Home

_LONGEST_NAME = 200  # bytes: a number and `.reason` must fit behind it


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
    note.write_text(f"{reason}\n", encoding="utf-8", errors="backslashreplace")
    sync(note)
    try:
        _move(source, target)
    except OSError:
        note.unlink()
        raise
    return target


def _move(source: Path, target: Path) -> None:
    """Move a file, to another file system too; a link goes on pointing to what it pointed to."""
    if source.is_symlink():
        target.symlink_to(source.resolve())
        source.unlink()
    else:
        shutil.move(source, target)


def _note(target: Path) -> Path:
    return target.with_name(f"{target.name}.reason")


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
    while _is_taken(candidate) or _is_taken(_note(candidate)):
        number += 1
        candidate = candidate.with_name(f"{parts[-1]}.{number}")
    return candidate


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _short(name: str) -> str:
    return name if len(name.encode(errors="surrogateescape")) <= _LONGEST_NAME else plain_name(name)
