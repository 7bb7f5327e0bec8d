"""Each thing that makes a build whole, and each that lets the published one stand, one by one."""

from datetime import datetime, timedelta

import duckdb
import pytest
from built_homes import AS_OF, make_record

from orchestration.landing.manifest import AdmittedFile, FileCounts, Manifest, write_manifest
from orchestration.paths import Home
from orchestration.serving.publish import publish
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.inputs import (
    is_up_to_date,
    lake_fingerprint,
    rules_fingerprint,
    why_whole,
)
from orchestration.warehouse.record import BuildRecord, write_record

SETTINGS = Settings()
CLOCKS = Clocks.at(AS_OF)


@pytest.fixture
def built(built_home: Home) -> tuple[Home, BuildRecord]:
    """A home whose warehouse dbt has noted as its own, and the record of that build."""
    (built_home.manifest / "shop.json").unlink()
    record = make_record(built_home).model_copy(
        update={
            "rules_sha256": rules_fingerprint(built_home, SETTINGS),
            "lake_sha256": lake_fingerprint(built_home, CLOCKS.known_until),
        }
    )
    _note_run(built_home, record.run_id)
    write_record(built_home, record)
    return built_home, record


def _note_run(home: Home, run_id: str) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema if not exists lake")
        connection.execute(f"create or replace table lake._built as select '{run_id}' as run_id")


def _land(home: Home, exported_at: datetime) -> None:
    counts = FileCounts(read=1, used=1, filtered=0, unreadable=0)
    at = exported_at.replace(tzinfo=None).isoformat()
    file = AdmittedFile("11", 1, None, at, "22", "33", counts)
    write_manifest(home, Manifest("till", {"a.csv": file}))


def test_what_is_as_it_was_needs_no_whole_build(built: tuple[Home, BuildRecord]) -> None:
    home, record = built
    assert why_whole(home, SETTINGS, CLOCKS, record) is None
    later = Clocks.at(AS_OF + timedelta(days=3))
    assert why_whole(home, SETTINGS, later, record) is None


def test_without_a_record_everything_is_computed(built: tuple[Home, BuildRecord]) -> None:
    home, _ = built
    assert "holds no whole build" in (why_whole(home, SETTINGS, CLOCKS, None) or "")


def test_another_rule_or_setting_computes_everything(built: tuple[Home, BuildRecord]) -> None:
    home, record = built
    euro = Settings(base_currency="EUR")
    assert why_whole(home, euro, CLOCKS, record) == "rules, settings or code changed"
    (home.rules / "roles.csv").parent.mkdir(exist_ok=True)
    (home.rules / "roles.csv").write_text("role_id\n")
    assert why_whole(home, SETTINGS, CLOCKS, record) == "rules, settings or code changed"


@pytest.mark.parametrize("clock", ["as_of", "known_until"])
def test_a_clock_set_back_computes_everything(built: tuple[Home, BuildRecord], clock: str) -> None:
    home, record = built
    earlier = Clocks(**{**vars(CLOCKS), clock: AS_OF - timedelta(seconds=1)})
    assert "clock is earlier" in (why_whole(home, SETTINGS, earlier, record) or "")


def test_a_warehouse_that_another_run_changed_is_computed_whole(
    built: tuple[Home, BuildRecord],
) -> None:
    home, record = built
    _note_run(home, "someone else")
    assert "changed by something else" in (why_whole(home, SETTINGS, CLOCKS, record) or "")
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("drop table lake._built")
    assert "changed by something else" in (why_whole(home, SETTINGS, CLOCKS, record) or "")


def test_the_published_build_stands_within_its_day(built: tuple[Home, BuildRecord]) -> None:
    home, record = built
    assert not is_up_to_date(home, SETTINGS, CLOCKS, record), "nothing is published yet"
    publish(home, SETTINGS, record)
    assert is_up_to_date(home, SETTINGS, CLOCKS, record)
    same_day = Clocks.at(AS_OF + timedelta(hours=23))
    next_day = Clocks.at(AS_OF + timedelta(hours=24))
    assert is_up_to_date(home, SETTINGS, same_day, record)
    assert not is_up_to_date(home, SETTINGS, next_day, record)


def test_a_file_that_is_known_by_now_is_something_new(built: tuple[Home, BuildRecord]) -> None:
    home, record = built
    publish(home, SETTINGS, record)
    _land(home, AS_OF + timedelta(hours=2))
    assert is_up_to_date(home, SETTINGS, CLOCKS, record), "exported after the clock: not read"
    later = Clocks.at(AS_OF + timedelta(hours=3))
    assert not is_up_to_date(home, SETTINGS, later, record)


def test_a_build_published_by_another_run_is_not_this_one(
    built: tuple[Home, BuildRecord],
) -> None:
    home, record = built
    publish(home, SETTINGS, record)
    other = record.model_copy(update={"run_id": "another"})
    assert not is_up_to_date(home, SETTINGS, CLOCKS, other)
