"""The run history of Dagster: kept whole, and left closed."""

import sqlite3
from pathlib import Path

import dagster as dg
from dagster._core.utils import make_new_run_id
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from orchestration.history import end_dead_runs, unhurried_history


@dg.asset
def an_asset() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 3})


def test_events_stored_within_are_read_by_a_later_instance(tmp_path: Path) -> None:
    with unhurried_history(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert dg.materialize([an_asset], instance=instance).success
    with dg.DagsterInstance.local_temp(str(tmp_path)) as later:
        event = later.get_latest_materialization_event(dg.AssetKey("an_asset"))
    assert event is not None and event.asset_materialization is not None
    assert event.asset_materialization.metadata["rows"].value == 3


def test_no_file_stays_open_after_it(tmp_path: Path) -> None:
    file = tmp_path / "history.db"
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with unhurried_history():
        for number in range(3):
            with engine.connect() as connection:
                connection.execute(text("pragma journal_mode = wal"))
            with engine.begin() as connection:
                connection.execute(text("create table if not exists seen (number integer)"))
                connection.execute(text(f"insert into seen values ({number})"))
        assert file.with_name("history.db-wal").exists()
    assert not file.with_name("history.db-wal").exists()
    with sqlite3.connect(file) as connection:
        assert connection.execute("select count(*) from seen").fetchone() == (3,)


def test_a_run_that_died_frees_its_pool_and_is_called_failed(tmp_path: Path) -> None:
    """Else every later run would wait for the pool for ever."""
    started, dead, alive = dg.DagsterRunStatus.STARTED, make_new_run_id(), make_new_run_id()
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        storage = instance.event_log_storage
        storage.set_concurrency_slots("warehouse", 1)
        for run_id in (dead, alive):
            instance.add_run(dg.DagsterRun(job_name="refresh", run_id=run_id, status=started))
        assert storage.claim_concurrency_slot("warehouse", dead, "step").is_claimed
        assert not storage.claim_concurrency_slot("warehouse", alive, "step").is_claimed
        end_dead_runs(instance, alive)
        assert storage.claim_concurrency_slot("warehouse", alive, "step").is_claimed
        statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses == {dead: dg.DagsterRunStatus.FAILURE, alive: started}
