"""A feed's rhythm: when it is late, that status and Dagster judge alike, that it admits nothing."""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
import yaml
from landing_home import LINES, Landing

from orchestration.clocks import clock_tags
from orchestration.jobs import RunLock
from orchestration.landing.assets import FEED_CHECK, FRESH_CHECK, feed_assets
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.freshness import Freshness, State, allowance, freshness
from orchestration.paths import READY_FEEDS
from orchestration.runs import _failed_checks
from orchestration.settings import Clocks

SELECT = {"order_lines": {"select": LINES}}
ROW = "order_id,line_id,quantity,amount\nA,1,2,3.00\n"
DATED = {"exported_at": "l_(%Y%m%d).csv"}


def only_feed(landing: Landing) -> Feed:
    (feed,) = load_feeds(landing.home.landing)
    assert isinstance(feed, Feed)
    return feed


def landed(landing: Landing, *days: str, every: str | None = "1 day") -> Feed:
    rhythm = {} if every is None else {"expected_every": every}
    folder = landing.feed("lines", SELECT, **DATED, **rhythm)
    for day in days:
        (folder / f"l_{day}.csv").write_text(ROW)
    landing.admit()
    return only_feed(landing)


def judged(landing: Landing, feed: Feed, text: str) -> Freshness:
    return freshness(landing.home, feed, datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2024-05-02T23:00", State.FRESH),
        ("2024-05-04T00:00", State.FRESH),
        ("2024-05-04T00:00:01", State.STALE),
        ("2024-05-04T02:00+08:00", State.FRESH),
        ("2024-05-04T09:00+08:00", State.STALE),
    ],
)
def test_a_daily_file_is_late_after_two_days(landing: Landing, moment: str, state: State) -> None:
    feed = landed(landing, "20240501", "20240502")
    found = judged(landing, feed, moment)
    assert found.state == state and found.is_late == (state == State.STALE)
    assert found.due == datetime(2024, 5, 4)


def test_a_file_exported_after_the_clock_is_not_known_yet(landing: Landing) -> None:
    feed = landed(landing, "20240501", "20240520")
    assert judged(landing, feed, "2024-05-10").newest == datetime(2024, 5, 1)


def test_without_a_rhythm_nothing_is_judged(landing: Landing) -> None:
    feed = landed(landing, "20240501", every=None)
    found = judged(landing, feed, "2034-05-10")
    assert found.state == State.NOT_JUDGED and not found.is_late


def test_a_feed_with_a_rhythm_and_no_file_is_late(landing: Landing) -> None:
    found = judged(landing, landed(landing), "2024-05-10")
    assert found.is_late
    assert str(found) == "a new file is expected every 1 day; none has been admitted yet"


@pytest.mark.parametrize(
    ("every", "allowed"),
    [
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=1), timedelta(days=1)),
        (timedelta(days=31), timedelta(days=1)),
    ],
)
def test_the_allowance_is_an_interval_or_a_day(every: timedelta, allowed: timedelta) -> None:
    assert allowance(every) == allowed


@pytest.mark.parametrize("every", ["daily", "0 days", "1 month"])
def test_a_rhythm_that_is_none_stops_the_feed(landing: Landing, every: str) -> None:
    landing.feed("lines", SELECT, expected_every=every)
    (wrong,) = load_feeds(landing.home.landing)
    assert isinstance(wrong, WrongFeed)
    assert wrong.key == "expected_every" and repr(every) in wrong.problem


def test_another_rhythm_admits_nothing_again(landing: Landing) -> None:
    landed(landing, "20240501", every=None)
    landing.feed("lines", SELECT, **DATED, expected_every="2 days")
    report = landing.admit()
    assert (report.files, report.unchanged) == ([], 1)


@pytest.mark.parametrize(("day", "passed"), [("2024-05-02", True), ("2024-06-02", False)])
def test_dagster_warns_by_the_same_judgement_at_the_runs_clock(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, day: str, passed: bool
) -> None:
    monkeypatch.setenv("STEELYARD_RUN_LOCK", os.environ.get("STEELYARD_RUN_LOCK", ""))
    feed = landed(landing, "20240501")
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    result = dg.materialize(
        feed_assets(landing.home, [feed]),
        resources={"run_lock": RunLock(home=str(landing.home.root))},
        tags=clock_tags(Clocks.at(moment)),
    )
    assert result.success
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert checks[FEED_CHECK].passed
    fresh = checks[FRESH_CHECK]
    assert fresh.passed == passed and fresh.severity == dg.AssetCheckSeverity.WARN
    assert fresh.description == str(freshness(landing.home, feed, moment))
    shown = {name: value.value for name, value in fresh.metadata.items()}
    assert shown["newest_export"] == "2024-05-01 00:00:00 UTC"
    assert shown["due"] == "2024-05-03 00:00:00 UTC"
    assert _failed_checks(result) == []


def test_the_check_names_the_rhythm(landing: Landing) -> None:
    feed = landed(landing, every="7 days")
    (asset,) = feed_assets(landing.home, [feed])
    (spec,) = (spec for spec in asset.check_specs if spec.name == FRESH_CHECK)
    assert spec.description == "A new file every 7 days."


def test_ready_feeds_of_regular_exports_have_a_rhythm() -> None:
    lists = {"product_master", "promotion_costs", "shop_list"}
    as_people_send_them = {"plan_approvals", "review_objections"}
    without = {
        path.parent.name
        for path in READY_FEEDS.glob("*/feed.yml")
        if "expected_every" not in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    assert without == lists | as_people_send_them
