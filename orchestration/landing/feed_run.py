"""One feed on its way through the door: what is known of it, and what is told of its files.

Belongs here: the state of one run and where a file goes that is not admitted. The order of work is
`admission.py`'s.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.landing.batch import BatchResult
from orchestration.landing.candidates import VANISHED, Candidate, moved, tell_moved
from orchestration.landing.feeds import Feed, WrongFeed
from orchestration.landing.hashing import HashKey
from orchestration.landing.manifest import Manifest, scratch_folder
from orchestration.landing.mapping import MappingError
from orchestration.landing.names import plain_path, shown
from orchestration.landing.quarantine import set_aside
from orchestration.landing.report import AdmissionReport, PendingFile, QuarantinedFile
from orchestration.landing.sources import RawFile
from orchestration.paths import Home

Progress = Callable[[str], None]
Aside = Callable[[Home, str, Path, str, str], object]
"""What is done with a file that cannot be read: home, feed, feed's folder, name and reason."""


class FeedStopped(Exception):
    """A feed cannot go on; what it was before stays."""

    def __init__(self, wrong: WrongFeed) -> None:
        super().__init__(str(wrong))
        self.wrong = wrong


@dataclass
class FeedRun:
    """One feed on its way through the door."""

    home: Home
    feed: Feed
    feed_hash: str
    key: HashKey | None
    known_until: datetime
    loaded_at: datetime
    memory_limit: str
    progress: Progress
    manifest: Manifest
    aside: Aside = set_aside
    report: AdmissionReport = field(default_factory=AdmissionReport)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    unfit: list[tuple[list[RawFile], MappingError]] = field(default_factory=list)
    waiting: list[tuple[list[RawFile], BatchResult]] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        """Where this feed's files are written first."""
        return scratch_folder(self.home, self.feed.name)

    def batch_id(self, names: Iterable[str]) -> str:
        """Told by what is in the batch: a run repeated after a crash writes the same files."""
        content = [self.feed_hash, *(f"{n}\0{self.candidates[n].sha256}" for n in names)]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]

    def batch_scratch(self, names: Iterable[str]) -> Path:
        """The folder in which a batch is written before it moves into the lake."""
        folder = self.scratch / self.batch_id(names)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def unmoved(self, names: Sequence[str]) -> set[str]:
        """Those files that are still what they were when looked at; the others are told."""
        unmoved = set()
        for name in names:
            if problem := moved(self.feed.folder / name, self.candidates[name]):
                pending: list[PendingFile] = []
                tell_moved(pending, self.report.notes, self.feed, name, problem)
                for each in pending:
                    self.leave(each)
            else:
                unmoved.add(name)
        return unmoved

    def quarantine(self, name: str, reason: str) -> None:
        """Set a file aside; one that cannot be moved is left where it lies, and that is told."""
        feed, reason = self.feed, self._of_feed(name, reason)
        try:
            self.aside(self.home, feed.name, feed.folder, name, reason)
        except FileNotFoundError:
            self.report.notes.append(f"{feed.name}: {shown(name)} {VANISHED}")
            return
        except OSError as error:
            stays = f"it cannot be moved to landing/_quarantine ({error.strerror}) and stays"
            self.leave(PendingFile(feed.name, name, None, f"{reason}; {stays}"))
            return
        self.report.quarantined.append(QuarantinedFile(feed.name, shown(name), reason))
        self.progress(f"{feed.name}: {shown(name)} is set aside in landing/_quarantine: {reason}")

    def leave(self, pending: PendingFile) -> None:
        """Leave a file for a later run."""
        self.report.pending.append(pending)
        if pending.exported_at is None:
            self.progress(f"left for a later run: {pending}")

    def _of_feed(self, name: str, reason: str) -> str:
        """A reason on one line, with paths as the user knows them."""
        linked = str(plain_path(self.feed.folder / name, name, self.scratch))
        for place, word in ((linked, name), (f"{self.feed.folder}/", ""), (f"{self.scratch}/", "")):
            reason = reason.replace(place, word)
        return reason if reason.isprintable() else shown(reason)
