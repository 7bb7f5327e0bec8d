"""Run one part of the pipeline in this process and kill it, as by `kill -9`, at the n-th point.

`python dying.py <n> <part> <home>`: points are counted in the order in which they are reached:
every change to the home's files made from Python, every fsync, every statement handed to DuckDB.
With `commit:<n>` only those count at which something becomes durable or visible to others. With
n = 0 nothing is killed. Prints `begun`, then the number of points, of commits, and the seconds.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from orchestration.landing.admission import admit
from orchestration.paths import Home
from orchestration.reviews.freeze import due_quarters, freeze_quarter
from orchestration.serving.publish import publish
from orchestration.settings import load_settings
from orchestration.warehouse.record import read_record

KNOWN_UNTIL = datetime(2030, 1, 1)
_COMMITS = ("os.rename", "os.remove", "os.rmdir", "os.symlink")
_CHANGES = (*_COMMITS, "os.mkdir", "os.chmod")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_TYPED = "_empty.parquet"  # the lake's files of no rows: thirty commits that are all alike


class Deadline:
    """Counts points and ends the process at the one that was chosen."""

    def __init__(self, chosen: str, home: Home) -> None:
        self.commits_only, self.chosen = "commit:" in chosen, int(chosen.removeprefix("commit:"))
        self.place, self.points, self.commits = str(home.root), 0, 0

    def point(self, is_commit: bool) -> None:
        """One more point is reached."""
        self.points += 1
        self.commits += is_commit
        reached = self.commits if self.commits_only else self.points
        if reached == self.chosen and (is_commit or not self.commits_only):
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python tells of every system call before it makes it."""
        writes = event == "open" and bool((arguments[2] or 0) & _WRITING)
        if writes or event in _CHANGES:
            path = str(arguments[0])
            if path.startswith(self.place):
                self.point(event in _COMMITS and not path.endswith(_TYPED))

    def profile(self, _frame: FrameType, event: str, called: Any) -> None:
        """And of every C function that it calls: DuckDB's `execute` is one."""
        if event == "c_call" and called.__name__ in ("execute", "fsync"):
            self.point(called.__name__ == "fsync")


def freeze(home: Home) -> None:
    for quarter in due_quarters(home, load_settings(home)):
        freeze_quarter(home, load_settings(home), quarter)


PARTS: dict[str, Callable[[Home], object]] = {
    "admit": lambda home: admit(home, KNOWN_UNTIL),
    "publish": lambda home: publish(home, load_settings(home), read_record(home)),
    "freeze": freeze,
}


def main(chosen: str, part: str, root: str) -> None:
    home = Home(Path(root))
    deadline = Deadline(chosen, home)
    print("begun", flush=True)
    began = time.monotonic()
    sys.addaudithook(deadline.audit)
    sys.setprofile(deadline.profile)
    PARTS[part](home)
    sys.setprofile(None)
    print(deadline.points, deadline.commits, time.monotonic() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
