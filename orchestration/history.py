"""Dagster's run history in SQLite, without waiting for the disk at every event.

Dagster opens and closes its SQLite files once an event, and each last close writes the whole
journal back and waits for the disk twice: a refresh of two thousand events waited a minute for
its own diary. While a run is on, one more connection to each file keeps the journal open, and the
disk is waited for at checkpoints only. A killed process loses nothing by it; a power cut may lose
the last events of the history, never the consistency of the file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def unhurried_history() -> Iterator[None]:
    """Within it, every SQLite file that SQLAlchemy opens stays open and syncs at checkpoints."""
    keepers: dict[str, sqlite3.Connection] = {}
    journaled: set[str] = set()

    def keep_open(connection: object, _record: object) -> None:
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
        yield
    finally:
        event.remove(Engine, "connect", keep_open)
        for keeper in keepers.values():
            keeper.close()
