"""What the warehouse holds is known, or known to be unknown."""

from datetime import UTC, datetime

import pytest
from built_homes import make_record

from orchestration.clocks import clock_tags, clocks_from_tags
from orchestration.paths import Home
from orchestration.settings import Clocks
from orchestration.warehouse.record import NoBuildError, read_record, remove_record

NOW = datetime(2026, 8, 1, tzinfo=UTC)


def test_a_whole_build_is_remembered(built_home: Home) -> None:
    record = make_record(built_home)
    assert read_record(built_home) == record
    assert read_record(built_home).clocks == Clocks.at(NOW)


def test_a_build_that_failed_or_is_under_way_is_none(built_home: Home) -> None:
    make_record(built_home)
    remove_record(built_home)
    with pytest.raises(NoBuildError, match="steelyard run"):
        read_record(built_home)


def test_the_clocks_travel_in_the_tags_of_the_run() -> None:
    clocks = Clocks(as_of=NOW, known_until=datetime(2026, 8, 11, tzinfo=UTC))
    assert clocks_from_tags(clock_tags(clocks), datetime.now(UTC)) == clocks


def test_a_run_without_tags_reads_up_to_its_own_start() -> None:
    assert clocks_from_tags({}, NOW) == Clocks.at(NOW)
    tags = {"steelyard/as_of": "2026-04-01T00:00:00+08:00"}
    clocks = clocks_from_tags(tags, NOW)
    assert clocks.as_of == datetime(2026, 3, 31, 16, tzinfo=UTC) and clocks.known_until == NOW
