"""Dagster's run history: kept in SQLite without waiting for the disk, and rid of runs that died.

Dagster opens and closes its SQLite files once an event, and each last close writes the whole
journal back and waits for the disk twice: a refresh of two thousand events waited a minute for
its own diary. While a run is on, one more connection to each file keeps the journal open, and the
disk is waited for at checkpoints only. A killed process loses nothing by it; a power cut may lose
the last events of the history, never the consistency of the file. It also makes a new SQLAlchemy
engine each time, and an engine is what remembers how its statements compile: while a run is on,
each file has one, and each thread one connection of it.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import SingletonThreadPool

logger = logging.getLogger("steelyard.history")


@contextmanager
def unhurried_history() -> Iterator[None]:
    """Within it, every SQLite file that SQLAlchemy opens stays open and syncs at checkpoints."""
    keepers: dict[str, sqlite3.Connection] = {}
    journaled: set[str] = set()

    def keep_open(connection: object, _record: object) -> None:
        """Hold a file's journal open from its first connection on."""
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("pragma synchronous = normal")
        file = str(connection.execute("pragma database_list").fetchone()[2])
        if not file or file in journaled:
            return
        if file not in keepers:
            keepers[file] = sqlite3.connect(file, check_same_thread=False)
        keeper = keepers[file]
        # Only a connection that has read the file in journal mode keeps its journal open, and
        # a new file is connected to once before it is switched to that mode.
        keeper.execute("pragma schema_version").fetchone()
        if keeper.execute("pragma journal_mode").fetchone()[0] == "wal":
            journaled.add(file)

    event.listen(Engine, "connect", keep_open)
    try:
        with _one_engine_a_file(sqlite_event_log), _one_engine_a_file(sqlite_run_storage):
            yield
    finally:
        event.remove(Engine, "connect", keep_open)
        for keeper in keepers.values():
            keeper.close()


@contextmanager
def _one_engine_a_file(storage: Any) -> Iterator[None]:
    """Within it, the storage's module is given the engine that it made for a file before."""
    make = storage.create_engine
    engines: dict[str, Engine] = {}

    def kept(url: str, **options: Any) -> Engine:
        """The file's engine."""
        if url not in engines:
            engines[url] = make(url, **{**options, "poolclass": SingletonThreadPool})
        return engines[url]

    storage.create_engine = kept
    try:
        yield
    finally:
        storage.create_engine = make
        for engine in engines.values():
            engine.dispose()


def end_dead_runs(instance: dg.DagsterInstance, run_id: str) -> None:
    """Call runs other than `run_id` failed that never ended, and free the pools that they held.

    Only who holds the home's lock may call it: no other run can be alive then. A killed run would
    stay "started" for ever, and would keep its pool's one slot: every later run would wait for it.
    """
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(filters=unfinished):
        if run.run_id != run_id:
            logger.info(
                "the %s run %s had died; it is recorded as failed", run.job_name, run.run_id
            )
            instance.report_run_failed(run, "its process died: it was killed, or the power failed")
    storage = instance.event_log_storage
    for pool in storage.get_concurrency_keys():
        info = storage.get_concurrency_info(pool)
        for holder in (info.active_run_ids | {step.run_id for step in info.pending_steps}) - {
            run_id
        }:
            storage.free_concurrency_slots_for_run(holder)
