"""A rehearsal of an admission: the door's own work on a shadow of the lake, which is thrown away.

The shadow has the home's feeds and files, manifests and key; what admission writes goes into its
own lake, and a file that cannot be read is reported where it lies. The home stays as it is.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.landing.admission import admit
from orchestration.landing.manifest import admitted_feeds, read_manifest
from orchestration.landing.rejects import Refusal, refusals
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home

_PREFIX = ".rehearsal-"


@dataclass(frozen=True)
class Shadow(Home):
    """A home that reads the landing zone of another one and writes everything else beside it."""

    shadowed: Home

    @property
    def landing(self) -> Path:
        """The landing zone of the home that is shadowed."""
        return self.shadowed.landing


@dataclass(frozen=True)
class Rehearsal:
    """What an admission would do, and which rows of the files it would admit it would refuse."""

    report: AdmissionReport
    refusals: list[Refusal]


def rehearse(
    home: Home, known_until: datetime, report: Callable[[str], None] = lambda line: None
) -> Rehearsal:
    """Do what `admit` would do, without doing it; the caller holds the home's lock.

    Takes as much time and disk as the admission itself.
    """
    with _shadow(home) as shadow:
        told = admit(shadow, known_until, report, aside=_leave_it)
        files = {(each.feed, each.file) for each in told.files}
        return Rehearsal(told, refusals(shadow, files=files))


def _leave_it(home: Home, feed: str, folder: Path, name: str, reason: str) -> None:
    """The report says which file would be set aside and why; in a rehearsal it stays."""


@contextmanager
def _shadow(home: Home) -> Iterator[Shadow]:
    for left in home.root.glob(f"{_PREFIX}*"):  # of a rehearsal that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=home.root) as folder:
        shadow = Shadow(Path(folder), home)
        _copy_state(home, shadow)
        yield shadow


def _copy_state(home: Home, shadow: Home) -> None:
    """Manifests and the key as copies; lake files as links, which admission only ever replaces."""
    for source, target in ((home.manifest, shadow.manifest), (home.secrets, shadow.secrets)):
        if source.is_dir():
            shutil.copytree(source, target)
    for feed in admitted_feeds(home):
        for entity, name in read_manifest(home, feed).lake_files():
            link = shadow.lake / entity / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(home.lake / entity / name)
