"""A feed whose SQL takes more time or memory than it may: it stops, and is told what to mend.

Belongs here: the words and the key. How time and memory are held is
`sql_limits.py`'s.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from orchestration.landing.feed_run import FeedRun, FeedStopped
from orchestration.landing.feeds import WrongFeed
from orchestration.landing.names import shown
from orchestration.landing.reading import BATCH_BYTES
from orchestration.landing.sql_limits import exhausting_key, time_limited


class TooLarge(Exception):
    """Several files together take more memory than there is."""


@contextmanager
def stopping(
    run: FeedRun, connection: duckdb.DuckDBPyConnection, files: Sequence[str], size: int = 0
) -> Iterator[None]:
    """Stop the feed where its SQL takes more time or memory than it may.

    The time is allowed for each batch of ordinary size that `size` bytes would make. Raises
    TooLarge instead where several files together were too much: one of them may not be.
    """
    parts = max(1, size // BATCH_BYTES)
    try:
        with time_limited(connection, run.feed.time_limit.total_seconds() * parts):
            yield
    except duckdb.InterruptException as error:
        raise FeedStopped(_endless(run, connection, files)) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        if len(files) > 1:
            raise TooLarge from error
        raise FeedStopped(_too_large(run, connection, files)) from error


def _endless(
    run: FeedRun, connection: duckdb.DuckDBPyConnection, files: Sequence[str]
) -> WrongFeed:
    limit = run.feed.spec.read.time_limit
    if key := exhausting_key(connection, run.feed):
        fix = f"nothing may run longer than read.time_limit ({limit})"
        return run.feed.wrong(key, f"does not end on one row; {fix}")
    fix = "look for SQL that multiplies rows (a join, generate_series), or allow more time"
    return run.feed.wrong("read.time_limit", f"{limit} were not enough{_at(files)}; {fix}")


def _too_large(
    run: FeedRun, connection: duckdb.DuckDBPyConnection, files: Sequence[str]
) -> WrongFeed:
    limit = f"memory_limit of steelyard.yml ({run.memory_limit})"
    if key := exhausting_key(connection, run.feed):
        return run.feed.wrong(key, f"takes more memory on one row than {limit}; make less of it")
    fix = "raise it, land smaller files, or look for SQL that multiplies rows"
    return run.feed.wrong("entities", f"take more memory than {limit}{_at(files)}; {fix}")


def _at(files: Sequence[str]) -> str:
    if not files:
        return ""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return f" at {', '.join(shown(name) for name in files[:3])}{more}"
