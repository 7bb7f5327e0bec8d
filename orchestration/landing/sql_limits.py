"""What a feed's SQL may take: time, which a watchdog ends, and memory beyond DuckDB's own limit.

Belongs here: ending what does not end. Who is told about it, and under which key, is the caller's.
"""

import re
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.landing.feeds import Feed
from orchestration.landing.mapping import EXHAUSTED, probes

_AGAIN = 0.2  # seconds between interrupts: one that falls between two statements ends neither
_PROBE = 1.0  # seconds that one row may take
_STATUS = Path("/proc/self/status")


@contextmanager
def time_limited(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """End what runs on the connection after `seconds`, with duckdb.InterruptException."""
    done = threading.Event()

    def watch() -> None:
        """Interrupt again and again once the time is over."""
        wait = seconds
        while not done.wait(wait):
            connection.interrupt()
            wait = _AGAIN

    watchdog = threading.Thread(target=watch, name="time limit", daemon=True)
    watchdog.start()
    try:
        yield
    finally:
        done.set()
        watchdog.join()


@contextmanager
def memory_limited(limit: int) -> Iterator[None]:
    """Let this process take at most twice `limit` bytes more than it has.

    DuckDB's memory_limit counts its buffers and not the values that an expression makes up: a list
    of ten thousand million numbers would have the whole machine's memory before it is refused.
    Where the operating system does not tell what a process has, nothing is limited.
    """
    if not (taken := _data_bytes()):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    ceilings = [taken + 2 * limit, *(each for each in (soft, hard) if each >= 0)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(ceilings), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def exhausting_key(connection: duckdb.DuckDBPyConnection, feed: Feed) -> str | None:
    """The key of the expression that takes too much on one row alone; None where none does."""
    for entity, mapping in feed.spec.entities.items():
        for key, sql in probes(f"entities.{entity}", mapping):
            if _exhausts(connection, f"with raw as (select * from temp.raw limit 1) {sql}"):
                return key
    return None


def _exhausts(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        with time_limited(connection, _PROBE):
            connection.execute(sql)
    except EXHAUSTED:
        return True
    except duckdb.Error:
        return False
    return False


def _data_bytes() -> int:
    if not _STATUS.exists():
        return 0
    match = re.search(r"^VmData:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    return int(match[1]) * 1024 if match else 0
