"""Files on their way to admission: what is new in a feed's folder, and whether it stays as it was.

Belongs here: looking at files and hashing them. A file is told by what the operating system says of
it (`Stamp`) and by its hash; both are taken before it is read, and `moved` compares them after.

What cannot be seen: a writer that pauses for longer than the reading takes leaves a file that looks
whole. It is admitted as it stands, and superseded when it has grown. Writing under another name
(`.part`, `.tmp`) and renaming is the only safe way.
"""

import hashlib
import os
import stat
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

from orchestration.landing.feeds import Feed
from orchestration.landing.manifest import AdmittedFile, Manifest
from orchestration.landing.names import is_utf8, shown
from orchestration.landing.report import PendingFile

_SETTLED_NS = 2 * 10**9  # a file changed more recently may change again within one clock tick

CHANGED = "changed while it was looked at and read; the next run takes it if it is whole by then"
VANISHED = "vanished while it was looked at and read; nothing of it is admitted by this run"


class FileMoved(Exception):
    """A file is not what it was a moment ago: it changed, or it is gone."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.is_gone = problem == VANISHED


@dataclass(frozen=True)
class Stamp:
    """What the operating system says of a file, its links followed."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """From what `os.stat` gives."""
        return cls(
            status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )

    def same_content(self, other: "Stamp") -> bool:
        """Whether nothing but the time of a change of its owner, mode or links differs."""
        return (self.device, self.inode, self.size, self.mtime_ns) == (
            other.device, other.inode, other.size, other.mtime_ns,
        )  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A file that is to be admitted, before it is opened; `exported_at` is naive UTC."""

    name: str
    sha256: str
    stamp: Stamp
    is_settled: bool
    exported_at: datetime

    @property
    def mtime_ns(self) -> int | None:
        """Its time of modification, None while it may still change within one clock tick."""
        return self.stamp.mtime_ns if self.is_settled else None


@dataclass
class Found:
    """What lies in a feed's folder, sorted out.

    `odd` files have a reason to be set aside; `claimed` are all names that its patterns find.
    """

    candidates: dict[str, Candidate] = field(default_factory=dict)
    odd: list[tuple[str, str]] = field(default_factory=list)
    pending: list[PendingFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    claimed: frozenset[str] = frozenset()
    unchanged: int = 0


def find(feed: Feed, manifest: Manifest, feed_hash: str, known_until: datetime) -> Found:
    """Look at every file that the feed claims; nothing is moved or admitted yet."""
    claims = feed.claims()
    found = Found(claimed=frozenset({*claims.files, *dict(claims.refused)}))
    for name, problem in claims.refused:
        found.notes.append(f"{feed.name}: {shown(name)} is not read: it {problem}")
    for name in claims.files:
        try:
            _sort_in(found, feed, manifest.files.get(name), feed_hash, known_until, name)
        except FileMoved as moved:
            tell_moved(found.pending, found.notes, feed, name, moved)
        except OSError as error:
            reason = f"cannot be opened ({error.strerror}); give this user the right to read it"
            found.pending.append(PendingFile(feed.name, name, None, reason))
    found.notes += twins(feed, found.candidates, manifest.files)
    return found


def tell_moved(
    pending: list[PendingFile], notes: list[str], feed: Feed, name: str, moved: FileMoved
) -> None:
    """A changed file is left for later; one that is gone cannot be, and is noted."""
    if moved.is_gone:
        notes.append(f"{feed.name}: {shown(name)} {moved}")
    else:
        pending.append(PendingFile(feed.name, name, None, str(moved)))


def moved(path: Path, candidate: Candidate) -> FileMoved | None:
    """Whether a file is no longer what it was when it was looked at."""
    try:
        now = Stamp.of(path.stat())
        if not now.same_content(candidate.stamp):
            return FileMoved(CHANGED)
        if now == candidate.stamp and candidate.is_settled:
            return None
        return None if digest(path)[1] == candidate.sha256 else FileMoved(CHANGED)
    except FileNotFoundError:
        return FileMoved(VANISHED)
    except FileMoved as problem:
        return problem


def digest(path: Path) -> tuple[Stamp, str]:
    """A file's stamp and SHA-256 (hex). Raises FileMoved where it changes meanwhile."""
    # Not blocking: what was a file may by now be a named pipe that nobody writes to.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise FileMoved(CHANGED)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if Stamp.of(os.fstat(file.fileno())) != Stamp.of(before):
            raise FileMoved(CHANGED if path.exists() else VANISHED)
        return Stamp.of(before), sha256


def twins(
    feed: Feed, candidates: Mapping[str, Candidate], files: Mapping[str, AdmittedFile]
) -> list[str]:
    """Notes on new files that hold the bytes of another, or whose names look alike."""
    contents = {name: file.sha256 for name, file in files.items()}
    contents |= {name: candidate.sha256 for name, candidate in candidates.items()}
    alike = _groups((sha256, name) for name, sha256 in contents.items())
    same = "hold the same bytes; all are admitted, and staging keeps each key once"
    notes = [
        f"{_listed(names)} {same}" for names in alike if not candidates.keys().isdisjoint(names)
    ]
    alike = _groups((normalize("NFC", name).casefold(), name) for name in contents)
    look = "differ only in upper and lower case or in how accents are written; they are two files"
    notes += [
        f"{_listed(names)} {look}" for names in alike if not candidates.keys().isdisjoint(names)
    ]
    return [f"{feed.name}: {note}" for note in notes]


def _sort_in(
    found: Found,
    feed: Feed,
    known: AdmittedFile | None,
    feed_hash: str,
    known_until: datetime,
    name: str,
) -> None:
    path = feed.folder / name
    try:
        stamp = Stamp.of(path.stat())
        trusted = known and (known.mtime_ns, known.size) == (stamp.mtime_ns, stamp.size)
        hashed, sha256 = (stamp, known.sha256) if known and trusted else digest(path)
    except FileNotFoundError:
        raise FileMoved(VANISHED) from None
    if hashed != stamp:
        raise FileMoved(CHANGED)
    if known and (known.sha256, known.feed_hash) == (sha256, feed_hash):
        found.unchanged += 1
        return
    if not is_utf8(name):
        found.odd.append((name, "its name is not UTF-8; rename it and land it again"))
        return
    try:
        exported_at = feed.exported_at(name, stamp.mtime_ns)
    except ValueError as error:
        found.odd.append((name, str(error)))
        return
    if exported_at > known_until:
        reason = f"exported at {exported_at:%Y-%m-%d %H:%M:%S} UTC, after this run's known_until"
        found.pending.append(PendingFile(feed.name, name, exported_at, reason))
        return
    settled = time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) > _SETTLED_NS
    found.candidates[name] = Candidate(name, sha256, stamp, settled, exported_at)


def _groups(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The names that share what stands before them, where there are several."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key, name in pairs:
        groups[key].append(name)
    return [sorted(names) for names in groups.values() if len(names) > 1]


def _listed(names: list[str]) -> str:
    return f"{', '.join(shown(name) for name in names[:-1])} and {shown(names[-1])}"
