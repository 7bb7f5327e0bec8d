"""What status tells of runs, and what it advises, most urgent first."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from orchestration.jobs import FREEZE, REFRESH
from orchestration.landing.lock import run_lock
from orchestration.past_runs import last_good_run, last_run
from orchestration.paths import Home
from orchestration.runs import dagster_instance
from orchestration.serving.build import BUILD_FILE
from orchestration.serving.standing import next_steps, problems, standing
from orchestration.serving.status import print_status

FEED = """
feed: till
files: "*.csv"
exported_at: file_modified
read: {format: csv}
entities: {shops: {select: {shop: shop, shop_kind: kind}}}
"""
Refresh = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    (home.landing / "till").mkdir()
    (home.landing / "till" / "feed.yml").write_text(FEED)
    return home


@pytest.fixture
def refresh(home: Home, monkeypatch: pytest.MonkeyPatch) -> Refresh:
    """Run a job named as the refresh that ends as asked, on the home's own instance."""
    for name in ("DAGSTER_HOME", "STEELYARD_HOME"):
        monkeypatch.setenv(name, "")

    def run(
        fails: bool = False, check: dg.AssetCheckSeverity | None = None, job: str = REFRESH
    ) -> None:
        specs = [dg.AssetCheckSpec("feed_can_be_admitted", asset=dg.AssetKey(["landing", "till"]))]

        @dg.asset(key=["landing", "till"], check_specs=specs if check else None)
        def till() -> dg.MaterializeResult:  # type: ignore[type-arg]
            if fails:
                raise dg.Failure("the disk is full")
            severity = check or dg.AssetCheckSeverity.ERROR
            said = {"problem": "landing/till/feed.yml: files: is missing"}
            result = dg.AssetCheckResult(passed=False, severity=severity, metadata=said)
            return dg.MaterializeResult(check_results=[result] if check else None)

        jobs = [dg.define_asset_job(job, selection="*")]
        definitions = dg.Definitions(assets=[till], jobs=jobs)
        with dagster_instance(home) as instance:
            started = definitions.resolve_job_def(job)
            started.execute_in_process(instance=instance, raise_on_error=False)

    return run


def test_nothing_has_run(home: Home) -> None:
    with dagster_instance(home) as instance:
        assert last_run(instance, REFRESH) is None and last_good_run(instance, REFRESH) is None


def test_the_last_good_run_stays_known_after_one_that_failed(home: Home, refresh: Refresh) -> None:
    refresh()
    refresh(fails=True)
    with dagster_instance(home) as instance:
        last, good = last_run(instance, REFRESH), last_good_run(instance, REFRESH)
    assert last and good and last.began > good.began
    assert (last.is_good, good.is_good) == (False, True)
    (failure,) = last.failures
    assert failure.startswith("landing__till:") and "the disk is full" in failure


@pytest.mark.parametrize(
    ("severity", "is_good"),
    [(dg.AssetCheckSeverity.WARN, True), (dg.AssetCheckSeverity.ERROR, False)],
)
def test_a_failed_check_spoils_a_run_unless_it_only_warns(
    home: Home, refresh: Refresh, severity: dg.AssetCheckSeverity, is_good: bool
) -> None:
    refresh(check=severity)
    with dagster_instance(home) as instance:
        last, good = last_run(instance, REFRESH), last_good_run(instance, REFRESH)
    assert last and last.succeeded and last.is_good == is_good == (good is not None)
    (check,) = last.failed_checks
    assert (check.asset, check.name) == ("landing/till", "feed_can_be_admitted")
    assert check.problem == "landing/till/feed.yml: files: is missing"


def test_status_shows_what_failed_and_is_not_content(home: Home, refresh: Refresh) -> None:
    refresh(fails=True)
    console = Console(record=True, width=200)
    assert print_status(home, console) == ["the last run failed: see above"]
    text = console.export_text()
    assert "Last run  refresh failed" in text and "Good run  none yet" in text
    assert "failed: landing__till:" in text and "the disk is full" in text
    assert "1. mend what the last run failed on, then run again: steelyard run" in text


def test_a_freeze_after_it_does_not_hide_a_refresh_with_a_failed_check(
    home: Home, refresh: Refresh
) -> None:
    refresh(check=dg.AssetCheckSeverity.ERROR)
    refresh(job=FREEZE)
    console = Console(record=True, width=200)
    assert print_status(home, console) == ["the last run failed: see above"]
    text = console.export_text()
    assert "Last run  refresh ended, with failed checks" in text
    assert "landing/till/feed.yml: files: is missing" in text and "freeze success" in text


def test_a_failed_freeze_counts_until_the_next_refresh(home: Home, refresh: Refresh) -> None:
    refresh()
    refresh(job=FREEZE, fails=True)
    assert standing(home).last_failed
    refresh()
    assert not standing(home).last_failed


def test_a_good_run_contents_it(home: Home, refresh: Refresh) -> None:
    refresh()
    console = Console(record=True, width=200)
    assert print_status(home, console) == []
    assert "Last run  refresh success" in console.export_text()


def test_a_run_that_never_ended_was_broken_off_unless_its_process_lives(
    home: Home, refresh: Refresh
) -> None:
    refresh()
    with dagster_instance(home) as instance:
        (record,) = instance.get_run_records()
        run = record.dagster_run.with_status(dg.DagsterRunStatus.STARTED)
        instance.delete_run(run.run_id)
        instance.add_run(run)
    assert problems(standing(home)) == ["the last run failed: see above"]
    with run_lock(home):
        found = standing(home)
        assert found.is_running and problems(found) == []
    note = {"pid": 2**22 + 1, "command": "", "host": socket.gethostname(), "since": "", "token": ""}
    (home.root / "run.lock.json").write_text(json.dumps(note))
    assert not standing(home).is_running


def test_advice_comes_most_urgent_first(home: Home, refresh: Refresh) -> None:
    refresh(fails=True)
    (home.landing / "till" / "feed.yml").write_text(FEED + "expected_every: 1 day\n")
    (home.landing / "till" / "new.csv").write_text("shop,kind\n")
    aside = home.quarantine / "till" / "bad.csv"
    aside.parent.mkdir(parents=True)
    aside.write_text("")
    aside.with_name("bad.csv.reason").write_text("is empty\n")
    wrong = home.landing / "mail" / "feed.yml"
    wrong.parent.mkdir()
    wrong.write_text(FEED)
    steps = [why for why, _ in next_steps(standing(home))]
    assert steps == [
        "correct landing/mail/feed.yml",
        "see why files were set aside (till)",
        "when the feed or the file is mended, put them back and admit again",
        "files wait to be admitted (till)",
        "ask why no newer file came, and drop it into landing/<feed> (till)",
    ]


@pytest.mark.parametrize(
    ("shown", "is_shown"), [(timedelta(days=-30), True), (timedelta(0), False)]
)
def test_a_home_that_shows_another_day_is_judged_at_that_day(
    home: Home, shown: timedelta, is_shown: bool
) -> None:
    published = datetime.now(UTC) - timedelta(days=5)
    known = (published + shown).isoformat()
    folder = home.builds / "b"
    folder.mkdir()
    content = {"published_at": published.isoformat(), "as_of": known, "known_until": known}
    (folder / BUILD_FILE).write_text(json.dumps(content))
    home.serving.symlink_to("builds/b")
    judged = standing(home).judged_at
    assert (abs(judged - (published + shown)) < timedelta(seconds=2)) == is_shown
    assert is_shown or datetime.now(UTC) - judged < timedelta(minutes=5)


def test_sizes_are_those_of_the_files(home: Home) -> None:
    (home.lake / "shops").mkdir()
    (home.lake / "shops" / "a.parquet").write_bytes(b"x" * 1234)
    home.warehouse.write_bytes(b"x" * 99)
    found = standing(home)
    assert (found.sizes["lake"], found.sizes["warehouse"]) == (1234, 99)
    assert found.free > 0
