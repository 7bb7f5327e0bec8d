"""Whether warehouse.duckdb can be used: a broken one is removed, so that a build makes it anew.

Nothing is lost by it: the warehouse holds only what the lake and the rules give again.
"""

import logging
import shutil
import time
from pathlib import Path

import duckdb

from orchestration.faults import MachineFault, fault_in_words
from orchestration.paths import Home
from orchestration.warehouse.record import remove_record

logger = logging.getLogger("steelyard.warehouse")

# What DuckDB says of a block that is wrong or missing; opening does not read every block.
_DAMAGED = ("Corrupt database file", "Could not read enough bytes")
_HEADERS = 3 * 4096  # bytes before the first block
_LOCKED = "Could not set lock"
_PATIENCE = 5.0  # seconds for a dbt whose run was killed to be gone
_PAUSE = 0.1


def ensure_usable_warehouse(home: Home) -> str | None:
    """Make sure that dbt can open the warehouse; what was wrong with the one found, None if fine.

    A file that is none of this DuckDB's is removed, its build record with it. Raises MachineFault
    where the file is good but another process holds it or it may not be read.
    """
    shutil.rmtree(home.spill, ignore_errors=True)
    if not home.warehouse.exists():
        return _without_file(home)
    problem = _problem(home.warehouse)
    return None if problem is None else _rebuild(home, problem)


def remove_damaged_warehouse(home: Home, said: str) -> str | None:
    """Remove the warehouse where dbt said that a block of it is damaged; words for it, or None."""
    damaged = next((words for words in _DAMAGED if words in said), None)
    return _rebuild(home, f"holds a damaged block ({damaged})") if damaged else None


def _without_file(home: Home) -> str | None:
    """A journal without its file would be replayed into the next file of that name."""
    journal = _journal(home)
    if not journal.exists():
        remove_record(home)
        return None
    return _rebuild(home, "is gone, and its journal was left behind")


def _rebuild(home: Home, problem: str) -> str:
    remove_record(home)
    home.warehouse.unlink(missing_ok=True)
    _journal(home).unlink(missing_ok=True)
    words = f"{home.warehouse} {problem}; it is removed and built anew from the lake"
    logger.warning(words)
    return words


def _journal(home: Home) -> Path:
    return home.warehouse.with_name(f"{home.warehouse.name}.wal")


def _problem(warehouse: Path) -> str | None:
    """What is wrong with the file itself, None for nothing."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                return _cut_off(warehouse, connection)
        except duckdb.Error as error:
            said = " ".join(str(error).split())
            if _LOCKED not in said:
                return _unless_machine_fault(warehouse, error, said)
            if time.monotonic() > deadline:
                raise MachineFault(
                    f"{warehouse} is open in another process, and nobody but a run may open it; "
                    f"close it there, then run again ({said})"
                ) from error
        time.sleep(_PAUSE)


def _cut_off(warehouse: Path, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Whether the file is shorter than the blocks in use; a journal may hold some that it has not.

    Free blocks do not count: DuckDB cuts those at the end off the file and goes on counting them.
    What is cut off among blocks in use where many are free is found when dbt reads it.
    """
    row = connection.execute("select block_size * used_blocks from pragma_database_size()")
    (blocks,) = row.fetchone() or (0,)
    size = warehouse.stat().st_size
    if warehouse.with_name(f"{warehouse.name}.wal").exists() or size >= blocks + _HEADERS:
        return None
    return f"is cut off at {size:,} of {blocks + _HEADERS:,} bytes"


def _unless_machine_fault(warehouse: Path, error: duckdb.Error, said: str) -> str:
    words = fault_in_words(error)
    if words is not None:
        raise MachineFault(f"opening {warehouse}: {words}") from error
    return f"cannot be opened ({said})"
