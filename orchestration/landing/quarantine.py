"""Files that cannot be read are set aside whole, each with the reason beside it."""

from pathlib import Path

from orchestration.landing.manifest import sync
from orchestration.paths import Home


def set_aside(home: Home, feed: str, folder: Path, name: str, reason: str) -> Path:
    """Move `folder/name` to landing/_quarantine/<feed>/ and write `<name>.reason` beside it.

    An earlier file of that name in quarantine is kept: the newer one gets a number. Returns where
    the file lies now.
    """
    target = _free(home.quarantine / feed / name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = target.with_name(f"{target.name}.reason")
    note.write_text(f"{reason}\n", encoding="utf-8")
    sync(note)
    (folder / name).replace(target)
    return target


def _free(target: Path) -> Path:
    candidate, number = target, 1
    while candidate.exists():
        number += 1
        candidate = target.with_name(f"{target.name}.{number}")
    return candidate
