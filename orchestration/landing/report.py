"""What an admission tells: counts per feed and file, what waits, what was set aside, what stops.

Plain data that the command line and Dagster print. It never holds a value of a masked column.
"""

from dataclasses import dataclass, field
from datetime import datetime

from orchestration.landing.feeds import WrongFeed
from orchestration.landing.manifest import EntityCounts
from orchestration.landing.names import shown


@dataclass(frozen=True)
class FileReport:
    """One file that this run admitted: rows_read = used + filtered + unreadable."""

    feed: str
    file: str
    rows_read: int
    filtered: int
    unreadable: int
    entities: dict[str, EntityCounts]
    top_reason: str | None
    top_kind: str | None
    replaced: bool  # whether an earlier admission of the same name was superseded

    @property
    def accepted(self) -> int:
        """Rows accepted, over all entities."""
        return sum(counts.accepted for counts in self.entities.values())

    @property
    def rejected(self) -> int:
        """Rows rejected, over all entities."""
        return sum(counts.rejected for counts in self.entities.values())


@dataclass(frozen=True)
class PendingFile:
    """A file left for a later run, and why; `exported_at` is naive UTC, None where not known."""

    feed: str
    file: str
    exported_at: datetime | None
    reason: str

    def __str__(self) -> str:
        return f"{self.feed}/{shown(self.file)}: {self.reason}"


@dataclass(frozen=True)
class QuarantinedFile:
    """A file that could not be read and was set aside whole."""

    feed: str
    file: str
    reason: str


@dataclass
class AdmissionReport:
    """What one run of the door did."""

    files: list[FileReport] = field(default_factory=list)
    pending: list[PendingFile] = field(default_factory=list)
    quarantined: list[QuarantinedFile] = field(default_factory=list)
    wrong: list[WrongFeed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0  # files admitted by an earlier run

    @property
    def ok(self) -> bool:
        """False when a feed was stopped; rejected rows and quarantined files are no failure."""
        return not self.wrong

    def add(self, other: "AdmissionReport") -> None:
        """Take over what another report tells."""
        self.files += other.files
        self.pending += other.pending
        self.quarantined += other.quarantined
        self.wrong += other.wrong
        self.notes += other.notes
        self.unchanged += other.unchanged
