"""Trying again what was refused: files in quarantine go back, and the door is opened once more.

Refused rows need no step of their own: a changed feed.yml or contract admits its files again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from orchestration.landing.admission import admit
from orchestration.landing.feeds import Feed, load_feeds
from orchestration.landing.manifest import admitted_feeds, read_manifest
from orchestration.landing.quarantine import SetAside, put_back, quarantined
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home


@dataclass(frozen=True)
class Standing:
    """What of one feed is in the lake and what is not: rows accepted and refused, files aside.

    Rows that could not be read count as refused.
    """

    accepted: int = 0
    refused: int = 0
    set_aside: int = 0


@dataclass(frozen=True)
class Retry:
    """What trying again came to, by feed before and after."""

    before: dict[str, Standing]
    after: dict[str, Standing]
    report: AdmissionReport
    kept: list[str] = field(default_factory=list)
    """Files that could not go back, and why."""


def retry(
    home: Home,
    known_until: datetime,
    feed: str | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Retry:
    """Put files from quarantine back, those of one feed or all, and admit; needs the home's lock.

    A file whose name has come again since stays aside: the newer one is what the feed says now.
    """
    before = standings(home)
    folders = {f.name: f.folder for f in load_feeds(home.landing) if isinstance(f, Feed)}
    kept = []
    for aside in reversed(quarantined(home, feed)):  # of one name the one set aside last
        if aside.feed not in folders:
            kept.append(f"{_place(aside)}: there is no usable landing/{aside.feed}/feed.yml")
        elif not put_back(aside, folders[aside.feed]):
            kept.append(f"{_place(aside)}: a newer {aside.name} lies in landing/{aside.feed}")
    told = admit(home, known_until, report)
    return Retry(before, standings(home), told, kept)


def standings(home: Home) -> dict[str, Standing]:
    """How every feed stands that has admitted a file or has one in quarantine."""
    aside = [each.feed for each in quarantined(home)]
    return {
        name: _standing(home, name, aside.count(name))
        for name in sorted({*admitted_feeds(home), *aside})
    }


def _standing(home: Home, feed: str, set_aside: int) -> Standing:
    files = [file.counts for file in read_manifest(home, feed).files.values()]
    entities = [counts for each in files for counts in each.entities.values()]
    return Standing(
        accepted=sum(each.accepted for each in entities),
        refused=sum(each.rejected for each in entities) + sum(each.unreadable for each in files),
        set_aside=set_aside,
    )


def _place(aside: SetAside) -> str:
    return f"landing/_quarantine/{aside.feed}/{aside.path.name} stays"
