"""Where feeds lie in the landing zone, and the text of a feed.yml that can safely be read.

Belongs here: walking folders, links and permissions. What a feed.yml says is `feeds.py`'s.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.landing.claims import outside

_LARGEST = 256 * 2**10  # bytes


class FeedFileUnreadable(ValueError):
    """A feed.yml is no file that can be read; the message says what to do."""


@dataclass(frozen=True)
class FeedPlaces:
    """What the walk found: feed.yml paths, linked folders with one, folders nobody may list."""

    files: list[Path] = field(default_factory=list)
    linked: list[Path] = field(default_factory=list)
    unlistable: list[OSError] = field(default_factory=list)


def find_feeds(landing: Path) -> FeedPlaces:
    """Walk the landing zone but its quarantine; folders that are links are not walked into.

    Of those only the ones that lead out of the landing zone are told: the others are walked where
    they really lie.
    """
    places, root = FeedPlaces(), os.path.realpath(landing)
    for folder, folders, files in os.walk(landing, onerror=places.unlistable.append):
        here = Path(folder)
        if here == landing and "_quarantine" in folders:
            folders.remove("_quarantine")
        if "feed.yml" in (*files, *folders):
            places.files.append(here / "feed.yml")
        linked = [here / name for name in folders if (here / name).is_symlink()]
        places.linked.extend(
            path for path in linked if outside(path, root) and os.path.lexists(path / "feed.yml")
        )
    return places


def text_of(path: Path, landing: Path) -> str:
    """The text of a feed.yml. Raises FeedFileUnreadable for what is no small file lying here."""
    try:
        status = path.stat()
        if outside(path, os.path.realpath(landing)):
            raise FeedFileUnreadable("is a link that leads out of the landing zone; copy it here")
        if not stat.S_ISREG(status.st_mode):
            raise FeedFileUnreadable("is not a regular file; write it as one")
        if status.st_size > _LARGEST:
            problem = f"is {status.st_size:,} bytes long; a feed.yml is written by hand"
            raise FeedFileUnreadable(f"{problem}, at most {_LARGEST:,} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        problem = f"cannot be read ({error.strerror}); mend that or remove it"
        raise FeedFileUnreadable(problem) from error
