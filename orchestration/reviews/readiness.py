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
            yield from _missing_of(home, feed, due)


def _missing_of(home: Home, feed: Feed, due: datetime) -> Iterator[str]:
    """Whether a feed with a rhythm had its files when the grace days were over."""
    found = freshness(home, feed, due)
    if found.is_late:
        yield f"{feed.name}: when the grace days were over, {found}"
