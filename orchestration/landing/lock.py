"""The run lock: one run at a time changes a home.

The operating system holds the lock, so that a killed run never blocks the next one; the note beside
it only says who holds it.
"""

import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.paths import Home

_TOKEN_VARIABLE = "STEELYARD_RUN_LOCK"


@dataclass(frozen=True)
class Holder:
    """Who holds the lock of a home; `since` is an instant in ISO 8601, UTC."""

    pid: int
    command: str
    host: str
    since: str
    token: str


class RunLockHeld(RuntimeError):
    """Another run is changing this home; the message says which."""

    def __init__(self, lock: Path, holder: Holder | None) -> None:
        self.holder = holder
        who = "a run that has just started"
        if holder:
            who = f"pid {holder.pid} on {holder.host} ({holder.command}), since {holder.since} UTC"
        super().__init__(f"{lock} is held by {who}; wait until it ends, then start again")


@contextmanager
def run_lock(home: Home) -> Iterator[None]:
    """Hold the lock of `home`; raises RunLockHeld at once if another run has it.

    What the holder calls or starts may enter again: it carries the holder's token in its
    environment.
    """
    note = _note(home)
    holder = read_holder(home)
    if holder and holder.token == os.environ.get(_TOKEN_VARIABLE):
        yield
        return
    home.lock.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.lock, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise RunLockHeld(home.lock, read_holder(home)) from None
    token = secrets.token_hex(8)
    earlier = os.environ.get(_TOKEN_VARIABLE)
    try:
        _write(note, token)
        os.environ[_TOKEN_VARIABLE] = token
        yield
    finally:
        if earlier is None:
            os.environ.pop(_TOKEN_VARIABLE, None)
        else:
            os.environ[_TOKEN_VARIABLE] = earlier
        note.unlink(missing_ok=True)
        lock.release()


def read_holder(home: Home) -> Holder | None:
    """The note of the last holder, or None where there is none; it may be of a killed run."""
    try:
        return Holder(**json.loads(_note(home).read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def _note(home: Home) -> Path:
    return home.lock.with_name(home.lock.name + ".json")


def _write(note: Path, token: str) -> None:
    holder = Holder(
        pid=os.getpid(),
        command=" ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        host=socket.gethostname(),
        since=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        token=token,
    )
    scratch = note.with_name(note.name + ".tmp")
    scratch.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    scratch.chmod(0o600)
    scratch.replace(note)
