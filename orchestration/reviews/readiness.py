"""Whether a quarter may be frozen from the published build, and what is missing where not.

Belongs here: findings, each in words. Freezing itself is in `freeze.py`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.freshness import freshness
from orchestration.paths import Home
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import Build
from orchestration.settings import Settings


def findings(home: Home, settings: Settings, build: Build, quarter: Quarter) -> list[str]:
    """What speaks against freezing the quarter from this build; an empty list where nothing does.

    A build is published only when every error-severity check passed, so that an open one shows as
    a build that does not reach past the quarter's grace days.
    """
    return list(_findings(home, settings, build, quarter))


def _findings(home: Home, settings: Settings, build: Build, quarter: Quarter) -> Iterator[str]:
    due = quarter.due_at(settings)
    for clock, instant in (
        ("as_of", build.clocks.as_of),
        ("known_until", build.clocks.known_until),
    ):
        if instant < due:
            yield (
                f"the published build's {clock} is {instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC, "
                f"before {due:%Y-%m-%d %H:%M} UTC, when the quarter's grace days are over; if a "
                "later refresh failed on a check, mend that first"
            )
    for feed in load_feeds(home.landing):
        if isinstance(feed, WrongFeed):
            yield f"the feed of {feed.path} is stopped: {feed}"
        else:
            yield from _missing_of(home, feed, due, build.clocks.known_until)


def _missing_of(home: Home, feed: Feed, due: datetime, known_until: datetime) -> Iterator[str]:
    """Whether a feed with a rhythm has files that reach to the end of the grace days.

    A file that came late counts once it is known: it is missing data that keeps a quarter open.
    """
    found = freshness(home, feed, known_until)
    if feed.expected_every is None:
        return
    if found.due is None or found.due.replace(tzinfo=UTC) < due:
        yield f"{feed.name} does not reach to the end of the grace days: {found}"
