"""Whether a feed's files come as often as its feed.yml expects (`expected_every`).

Belongs here: the one judgement that the command line and Dagster both show. Does not belong here:
which files are admitted (`manifest.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from orchestration.landing.feeds import Feed
from orchestration.landing.manifest import read_manifest
from orchestration.paths import Home

_LONGEST_ALLOWANCE = timedelta(days=1)


class State(StrEnum):
    """What is said of a feed's rhythm."""

    FRESH = "fresh"
    STALE = "stale"
    NOTHING_YET = "nothing yet"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Freshness:
    """How a feed stands at an instant; `newest` and `due` are naive UTC.

    `newest` is the export of the newest admitted file, `due` the instant from which the feed is
    stale if nothing newer has been admitted.
    """

    feed: str
    state: State
    expected_every: str | None = None
    newest: datetime | None = None
    due: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether a file that was expected is not there."""
        return self.state in (State.STALE, State.NOTHING_YET)

    def __str__(self) -> str:
        if self.expected_every is None:
            return "no rhythm is declared (expected_every in feed.yml), so it is not judged"
        every = f"a new file is expected every {self.expected_every}"
        if self.newest is None or self.due is None:
            return f"{every}; none has been admitted yet"
        newest = f"the newest admitted one was exported at {self.newest:%Y-%m-%d %H:%M} UTC"
        return f"{every}; {newest}, the next was due by {self.due:%Y-%m-%d %H:%M} UTC"


def freshness(home: Home, feed: Feed, known_until: datetime) -> Freshness:
    """How `feed` stands at `known_until`; a naive instant is in UTC."""
    moment = known_until.astimezone(UTC).replace(tzinfo=None) if known_until.tzinfo else known_until
    exports = (
        datetime.fromisoformat(file.exported_at)
        for file in read_manifest(home, feed.name).files.values()
    )
    newest = max((at for at in exports if at <= moment), default=None)
    every = feed.expected_every
    if every is None:
        return Freshness(feed.name, State.NOT_JUDGED, newest=newest)
    if newest is None:
        return Freshness(feed.name, State.NOTHING_YET, feed.spec.expected_every)
    due = newest + every + allowance(every)
    state = State.FRESH if moment <= due else State.STALE
    return Freshness(feed.name, state, feed.spec.expected_every, newest, due)


def allowance(every: timedelta) -> timedelta:
    """How much later than expected a file may come: one interval more, at most a day.

    A name that holds only a date says midnight while the file comes at some hour of that day, so
    that a daily feed needs a day; more would hide that a monthly one did not come.
    """
    return min(every, _LONGEST_ALLOWANCE)
