"""How a home stands, as plain data: what `status` shows, and what it advises to do next.

Belongs here: collecting and judging. How it is printed is in `status.py`.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from orchestration.jobs import FREEZE, REFRESH
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.freshness import Freshness, freshness
from orchestration.landing.lock import read_holder
from orchestration.landing.manifest import Manifest, read_manifest
from orchestration.landing.quarantine import SetAside, quarantined
from orchestration.past_runs import PastRun, last_good_run, last_run
from orchestration.paths import Home
from orchestration.reviews.verification import verify
from orchestration.runs import dagster_instance
from orchestration.serving.build import Build, NothingPublishedError

_ANOTHER_DAY = timedelta(days=1)
_SHOWN = 3  # names in one piece of advice


@dataclass(frozen=True)
class FeedStanding:
    """One usable feed: its state, its rhythm, and how many of its files wait to be admitted."""

    feed: Feed
    manifest: Manifest
    freshness: Freshness
    waiting: int

    @property
    def refused(self) -> int:
        """Rows that were refused or could not be read."""
        files = [file.counts for file in self.manifest.files.values()]
        rejected = sum(c.rejected for each in files for c in each.entities.values())
        return rejected + sum(each.unreadable for each in files)


@dataclass(frozen=True)
class Standing:
    """A home at the instant `judged_at`; sizes in bytes by what lies where."""

    home: Home
    judged_at: datetime
    feeds: list[FeedStanding]
    wrong: list[WrongFeed]
    aside: list[SetAside]
    last: list[PastRun]
    """The last refresh and, if it came after that, the last freeze."""
    last_good: PastRun | None
    is_running: bool
    build: Build | None
    review_problems: list[str]
    sizes: dict[str, int] = field(default_factory=dict)
    free: int = 0

    @property
    def last_failed(self) -> bool:
        """Whether a last run failed or was broken off, or a check of it failed in earnest."""
        return any(not (run.is_good or (run.unfinished and self.is_running)) for run in self.last)


def standing(home: Home) -> Standing:
    """How the home stands now; it must be prepared."""
    build = _build(home)
    judged_at = _clock(build)
    loaded = load_feeds(home.landing)
    feeds = [_feed(home, feed, judged_at) for feed in loaded if isinstance(feed, Feed)]
    with dagster_instance(home) as instance:
        last, last_good = _last_runs(instance), last_good_run(instance, REFRESH)
    return Standing(
        home=home,
        judged_at=judged_at,
        feeds=feeds,
        wrong=[feed for feed in loaded if isinstance(feed, WrongFeed)],
        aside=quarantined(home),
        last=last,
        last_good=last_good,
        is_running=_is_running(home),
        build=build,
        review_problems=list(verify(home)),
        sizes=_sizes(home),
        free=shutil.disk_usage(home.root).free,
    )


def problems(found: Standing) -> list[str]:
    """What makes `status` end with 1: wrong feeds, touched reviews, a last run that failed."""
    said = [str(wrong) for wrong in found.wrong] + found.review_problems
    if found.last_failed and not found.wrong:
        said.append("the last run failed: see above")
    return said


def next_steps(found: Standing) -> list[tuple[str, str]]:
    """What to do next, the most urgent first: why, and the command or the hand that does it."""
    return list(_next_steps(found)) or [("nothing: all is well", "")]


def _next_steps(found: Standing) -> Iterator[tuple[str, str]]:
    home = f" --home {found.home.root}"
    if found.review_problems:
        yield "frozen quarters were touched: put reviews/ and secrets/ back from a backup", ""
    for wrong in found.wrong:
        yield f"correct {wrong.path}", f"steelyard admit --dry-run{home}"
    if found.last_failed and not found.wrong:
        yield "mend what the last run failed on, then run again", f"steelyard run{home}"
    if not found.feeds and not found.wrong:
        yield "bring a first file in", f"steelyard feed new FILE{home}"
        return
    if found.aside:
        yield (
            _told("see why files were set aside", _feeds_of(found.aside)),
            f"steelyard rejects{home}",
        )
        again = f"steelyard rejects --retry{home}"
        yield "when the feed or the file is mended, put them back and admit again", again
    waiting = [each for each in found.feeds if each.waiting]
    if waiting or found.build is None:
        why = _told("files wait to be admitted", [each.feed.name for each in waiting])
        yield (why if waiting else "build and publish"), f"steelyard run{home}"
    if refused := [each.feed.name for each in found.feeds if each.refused]:
        yield _told("see which rows were refused", refused), f"steelyard rejects{home}"
    if late := [each.feed.name for each in found.feeds if each.freshness.is_late]:
        yield _told("ask why no newer file came, and drop it into landing/<feed>", late), ""


def _told(what: str, feeds: list[str]) -> str:
    names = ", ".join(feeds[:_SHOWN])
    more = f" and {len(feeds) - _SHOWN} more" if len(feeds) > _SHOWN else ""
    return f"{what} ({names}{more})"


def _feeds_of(aside: list[SetAside]) -> list[str]:
    return sorted({each.feed for each in aside})


def _feed(home: Home, feed: Feed, judged_at: datetime) -> FeedStanding:
    manifest = read_manifest(home, feed.name)
    waiting = sum(name not in manifest.files for name in feed.files())
    return FeedStanding(feed, manifest, freshness(home, feed, judged_at), waiting)


def _last_runs(instance: dg.DagsterInstance) -> list[PastRun]:
    refresh, freeze = last_run(instance, REFRESH), last_run(instance, FREEZE)
    if refresh and freeze and freeze.began < refresh.began:
        freeze = None
    return [run for run in (refresh, freeze) if run]


def _build(home: Home) -> Build | None:
    try:
        return Build.current(home)
    except NothingPublishedError:
        return None


def _clock(build: Build | None) -> datetime:
    """Now; but a home whose readers see another day (a rebuilt past, the example) is judged there.

    Else everything in it would be late by construction.
    """
    now = datetime.now(UTC)
    if build is None:
        return now
    published = datetime.fromisoformat(build.content["published_at"])
    shown = build.clocks.known_until
    return shown if abs(published - shown) > _ANOTHER_DAY else now


def _is_running(home: Home) -> bool:
    """Whether the process that the lock's note names is alive on this machine."""
    holder = read_holder(home)
    if holder is None or holder.host != socket.gethostname():
        return holder is not None
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sizes(home: Home) -> dict[str, int]:
    places = {
        "landing": home.landing,
        "lake": home.lake,
        "warehouse": home.warehouse,
        "builds": home.builds,
        "reviews": home.reviews,
    }
    return {name: _size(path) for name, path in places.items()}


def _size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; links are not followed."""
    if path.is_file():
        return path.stat().st_size
    files = (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
    return sum(file.lstat().st_size for file in files)
