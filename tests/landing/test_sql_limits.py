"""SQL that takes more time or memory than it may is ended; what was there before stays."""

import resource
import time

import duckdb
import pytest
from landing_home import LINES, Landing

from orchestration.landing import admission, exhaustion
from orchestration.landing.sql_limits import memory_limited, time_limited

HEADER = "order_id,line_id,quantity,amount\n"
ENDLESS = "select count(*) from generate_series(1, 1000000000000)"


def test_a_statement_is_ended_after_its_time_and_the_connection_goes_on() -> None:
    with duckdb.connect() as connection:
        started = time.monotonic()
        with pytest.raises(duckdb.InterruptException), time_limited(connection, 0.2):
            connection.execute(ENDLESS).fetchall()
        assert time.monotonic() - started < 5
        assert connection.execute("select 1").fetchall() == [(1,)]


def test_a_statement_that_starts_after_the_time_is_ended_too() -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(duckdb.InterruptException),
        time_limited(connection, 0.05),
    ):
        time.sleep(0.2)
        connection.execute(ENDLESS).fetchall()


def test_memory_that_duckdb_does_not_count_is_limited_and_the_limit_is_lifted() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with (
        duckdb.connect() as connection,
        pytest.raises(duckdb.OutOfMemoryException),
        memory_limited(100 * 10**6),
    ):
        connection.execute("select len(range(100000000))").fetchall()
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_feed_that_runs_out_of_memory_keeps_its_former_rows(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    (folder / "a.csv").write_text(HEADER + "a,1,1,5\n")
    landing.admit()
    before = landing.lake_files()
    query = (
        "select _row, order_id, line_id, quantity, amount as line_amount, "
        "repeat('x', 1000000) || cast(i as varchar) as shop "
        "from raw, range(cast(quantity as bigint)) t(i)"
    )
    landing.feed("lines", {"order_lines": {"query": query}})
    landing.home.settings.write_text("memory_limit: 100MB\n")
    (folder / "a.csv").write_text(HEADER + "a,1,1,5\nb,1,2000,5\n")
    (landing.feed("good", {"order_lines": {"select": LINES}}) / "g.csv").write_text(
        HEADER + "g,1,1,5\n"
    )
    report = landing.admit()
    assert [str(wrong) for wrong in report.wrong] == [
        "landing/lines/feed.yml: entities: take more memory than memory_limit of steelyard.yml "
        "(100MB) at a.csv; raise it, land smaller files, or look for SQL that multiplies rows"
    ]
    assert [file.feed for file in report.files] == ["good"]
    after = landing.lake_files()
    assert {name: after[name] for name in before if "lines-" in name or "lines.json" in name} == {
        name: content
        for name, content in before.items()
        if "lines-" in name or "lines.json" in name
    }


def test_files_that_are_too_much_together_are_read_one_by_one(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    for name in "abc":
        (folder / f"{name}.csv").write_text(HEADER + f"{name},1,1,5\n")
    admit_batch = admission.admit_batch

    def greedy(connection, feed, files, *rest):  # type: ignore[no-untyped-def]
        if len(files) > 1:
            raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")
        return admit_batch(connection, feed, files, *rest)

    monkeypatch.setattr(admission, "admit_batch", greedy)
    assert landing.admit().ok
    assert landing.rows("order_lines", "order_id") == [("a",), ("b",), ("c",)]


def test_a_slow_batch_names_its_files_and_the_limit(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhaustion, "exhausting_key", lambda connection, feed: None)
    where = "(select count(*) from range(10000000) a, range(10000000) b) > 0"
    entities = {"order_lines": {"select": LINES, "where": where}}
    read = {"format": "csv", "time_limit": "1 second"}
    (landing.feed("lines", entities, read=read) / "a.csv").write_text(HEADER + "a,1,1,5\n")
    assert [str(wrong) for wrong in landing.admit().wrong] == [
        "landing/lines/feed.yml: read.time_limit: 1 second were not enough at a.csv; look for SQL "
        "that multiplies rows (a join, generate_series), or allow more time"
    ]
