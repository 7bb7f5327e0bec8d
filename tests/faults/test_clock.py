"""A clock that steps back, and a second run: order is kept, and nobody is surprised."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from built_homes import make_record
from command import said, steelyard
from partial_company import make_company

from orchestration.landing.admission import admit
from orchestration.paths import PROJECT_ROOT, Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.freeze import (
    NotDueError,
    due_quarters,
    freeze_quarter,
)
from orchestration.reviews.quarters import Quarter
from orchestration.reviews.verification import verify
from orchestration.serving import publish as publishing
from orchestration.serving.build import Build
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()
Q1, Q2 = Quarter(date(2026, 1, 1)), Quarter(date(2026, 4, 1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What publishing takes for now: the last of the list."""
    instants = [datetime(2026, 8, 1, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return instants[-1]

    monkeypatch.setattr(publishing, "datetime", Clock)
    return instants


def test_the_build_published_last_is_served_and_sorts_last(
    built_home: Home, clock: list[datetime]
) -> None:
    """Ids sort as the builds were published, so the ones that are removed are the oldest."""
    published = []
    for step in (timedelta(0), timedelta(days=-30), timedelta(minutes=-1), timedelta(0)):
        clock.append(clock[0] + step)
        published.append(publish(built_home, SETTINGS, make_record(built_home)).build_id)
        assert Build.current(built_home).build_id == published[-1]
    assert published == sorted(published)
    assert sorted(path.name for path in built_home.builds.iterdir()) == published[-3:]


def test_an_earlier_build_freezes_nothing_and_unfreezes_nothing(built_home: Home) -> None:
    """The clocks of the served build decide: one from before the quarter's end finds it not due."""
    publish(built_home, SETTINGS, make_record(built_home))
    freeze_quarter(built_home, SETTINGS, Q1)
    back = datetime(2026, 5, 1, tzinfo=UTC)
    publish(built_home, SETTINGS, make_record(built_home, as_of=back))
    assert due_quarters(built_home, SETTINGS) == []
    with pytest.raises(NotDueError, match="2026-Q2"):
        freeze_quarter(built_home, SETTINGS, Q2)
    assert freeze_quarter(built_home, SETTINGS, Q1).revision == 1  # it says the same of it
    assert [review.quarter for review in read_chain(built_home)] == ["2026-Q1"]
    assert verify(built_home) == []


def test_a_file_from_the_future_waits_and_is_named(tmp_path: Path) -> None:
    home = make_company(tmp_path / "home")
    feed = home.landing / "till" / "feed.yml"
    feed.write_text(feed.read_text().replace('"receipts_(%Y%m%d).csv"', "file_modified"))
    now = datetime.now(UTC)
    tomorrow = (now + timedelta(days=1)).timestamp()
    os.utime(home.landing / "till" / "receipts_20260701.csv", (tomorrow, tomorrow))
    report = admit(home, now)
    assert [each.file for each in report.pending] == ["receipts_20260701.csv"]
    (note,) = report.notes
    assert "later than this computer's clock, receipts_20260701.csv at" in note
    assert f"{now + timedelta(days=1):%Y-%m-%d %H:%M}" in note
    assert [each.file for each in report.files] == ["receipts_20260802.csv"]
    later = admit(home, now + timedelta(days=2))
    assert [each.file for each in later.files] == ["receipts_20260701.csv"]


def test_who_holds_the_home_is_named_to_a_second_run(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    holder = (
        "import sys; from pathlib import Path; from orchestration.landing.lock import run_lock; "
        "from orchestration.paths import Home; lock = run_lock(Home(Path(sys.argv[1]))); "
        "lock.__enter__(); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holder, str(home.root)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    done = steelyard("admit", home)
    assert done.returncode == 3, said(done)
    assert f"is held by pid {other.pid} on " in done.stderr, said(done)
    other.communicate("")
