"""What starts a job: files that came and settled, a refresh that makes a quarter due."""

import os
import time
from datetime import date
from pathlib import Path

import dagster as dg
import pytest
from built_homes import make_record

from orchestration.jobs import freeze_job, refresh_job
from orchestration.paths import Home
from orchestration.reviews.freeze import freeze_quarter
from orchestration.reviews.quarters import Quarter
from orchestration.sensors import (
    SETTLE_SECONDS,
    freeze_after_refresh_sensor,
    new_landing_files_sensor,
    newest_change,
)
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()


def _file(home: Home, name: str, age_seconds: float) -> int:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a")
    modified = time.time_ns() - int(age_seconds * 1e9)
    os.utime(path, ns=(modified, modified))
    return modified


def _look(home: Home, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(cursor=cursor)
    found = new_landing_files_sensor(home)(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


def test_an_empty_landing_zone_starts_nothing(home: Home) -> None:
    assert isinstance(_look(home, None), dg.SkipReason)


def test_a_new_file_starts_one_refresh(home: Home) -> None:
    modified = _file(home, "till/2026/a.csv", age_seconds=60)
    found = _look(home, None)
    assert isinstance(found, dg.SensorResult)
    assert found.cursor == str(modified)
    assert len(found.run_requests or []) == 1
    assert isinstance(_look(home, found.cursor), dg.SkipReason)


def test_a_changed_file_starts_another(home: Home) -> None:
    _file(home, "till/a.csv", age_seconds=600)
    first = _look(home, None)
    assert isinstance(first, dg.SensorResult)
    _file(home, "till/a.csv", age_seconds=60)
    assert isinstance(_look(home, first.cursor), dg.SensorResult)


def test_a_file_that_may_still_be_written_waits(home: Home) -> None:
    _file(home, "till/a.csv", age_seconds=SETTLE_SECONDS / 2)
    found = _look(home, None)
    assert isinstance(found, dg.SkipReason) and "too fresh" in str(found.skip_message)


def test_what_the_door_set_aside_is_no_news(home: Home) -> None:
    _file(home, "_quarantine/till/a.csv", age_seconds=60)
    _file(home, ".partial/a.csv", age_seconds=60)
    assert newest_change(home.landing) == 0


def _success(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterEvent:
    events = (entry.dagster_event for entry in instance.all_logs(run_id))
    return next(event for event in events if event and event.event_type_value == "PIPELINE_SUCCESS")


def test_a_refresh_starts_the_freeze_of_due_quarters_only(built_home: Home) -> None:
    publish(built_home, SETTINGS, make_record(built_home))
    freeze_quarter(built_home, SETTINGS, Quarter(date(2026, 1, 1)))
    sensor = freeze_after_refresh_sensor(built_home, SETTINGS, refresh_job(), freeze_job())

    @dg.job(name="refresh")
    def refresh() -> None:
        pass

    with dg.DagsterInstance.ephemeral() as instance:
        result = refresh.execute_in_process(instance=instance)
        context = dg.build_run_status_sensor_context(
            sensor_name="freeze_after_refresh",
            dagster_event=_success(instance, result.run_id),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        requests = list(sensor(context))  # type: ignore[arg-type]
    assert [request.partition_key for request in requests] == ["2026-04-01"]


def test_a_link_to_nothing_keeps_nobody_from_looking(home: Home) -> None:
    (home.landing / "a.csv").write_text("x")
    before = newest_change(home.landing)
    (home.landing / "b.csv").symlink_to("gone.csv")
    assert newest_change(home.landing) == before > 0
