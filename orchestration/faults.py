"""Faults of the machine: a full disk, a folder that may not be written, too little memory.

Belongs here: telling them from faults of the data, and the words for them. A file or a feed must
never be blamed for the disk: whoever catches errors of reading or mapping asks here first.
"""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

_SPACE = "free some space"
_RIGHTS = "let the user who runs this write there"
_DISK = {
    errno.ENOSPC: ("the disk is full", _SPACE),
    errno.EDQUOT: ("the disk quota is used up", _SPACE),
    errno.EFBIG: ("the file may not grow any further", "raise the limit (`ulimit -f`)"),
    errno.EROFS: ("the file system is read-only", "mount it for writing"),
    errno.EACCES: ("permission denied", _RIGHTS),
    errno.EPERM: ("permission denied", _RIGHTS),
    errno.EIO: ("the disk reports an error", "check the disk"),
    errno.EMFILE: ("too many files are open", "raise the limit (`ulimit -n`)"),
}
_TOO_LITTLE_MEMORY = (
    "the memory allowed is too little: memory_limit in steelyard.yml is too low, raise it"
)
_AGAIN = ", then run again"
# What the system says of these errors is the tail of what DuckDB, dbt and SQLite say of them.
_SAID = {os.strerror(code).lower(): code for code in _DISK}
_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reports an error or is full",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened for writing",
}
# A file in quotes, but not one of those in whose lines a traceback stands.
_QUOTED_FILE = re.compile(r'\\?["\']((?:\.{0,2}/|[A-Za-z]:)[^"\'\\]*)\\?["\'](?!, line)')


class MachineFault(RuntimeError):
    """Disk, rights or memory failed what was being done; the message says what, where and why."""


@contextmanager
def during(action: str) -> Iterator[None]:
    """Raise MachineFault, which names the action, where the machine fails what is done within."""
    try:
        yield
    except (OSError, MemoryError, duckdb.Error, sqlite3.Error) as error:
        words = fault_in_words(error)
        if words is None:
            raise
        raise MachineFault(f"{action}: {words}") from error


def is_machine_fault(error: BaseException) -> bool:
    """Whether the machine failed, and not what was being read."""
    return fault_in_words(error) is not None


def fault_in_words(error: BaseException) -> str | None:
    """The file, what is wrong with its place and what to do; None for any other error."""
    if isinstance(error, MachineFault):
        return str(error)
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, MemoryError):
        return f"{_TOO_LITTLE_MEMORY}{_AGAIN}"
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, duckdb.Error):
        return fault_in_text(str(error))
    return None


def fault_in_text(text: str) -> str | None:
    """The same for what another process or library said of an error."""
    lowered = text.lower()
    code = next((code for said, code in _SAID.items() if said in lowered), None)
    if code is None and "max_temp_directory_size" in text:
        code = errno.ENOSPC
    if code is not None:
        found = _QUOTED_FILE.search(text)
        return _in_words(code, found.group(1) if found else None)
    if "Out of Memory Error" in text:
        return f"{_TOO_LITTLE_MEMORY}{_AGAIN}"
    return None


def _of_system(error: OSError) -> str | None:
    if error.errno not in _DISK:
        return None
    return _in_words(error.errno, error.filename2 or error.filename)


def _of_sqlite(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # extended codes have the plain one below
    if code not in _SQLITE:
        return None
    return f"Dagster's run history: {_SQLITE[code]}; free space or mend the rights{_AGAIN}"


def _in_words(code: int, file: object) -> str:
    problem, fix = _DISK[code]
    place = f"{os.fsdecode(file)}: " if isinstance(file, str | bytes | os.PathLike) else ""
    return f"{place}{problem}; {fix}{_AGAIN}"
