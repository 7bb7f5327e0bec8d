"""Run one part of the pipeline in this process and kill it, as by `kill -9`, at the n-th point.

`python dying.py <n> <part> <home>`: points are counted in the order in which they are reached:
every change to the home's files made from Python, every fsync, every statement handed to DuckDB.
With n = 0 nothing is killed. Prints `begun`, then the number of points and the seconds it took.
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
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Deadline:
    """Counts points and ends the process at the one that was chosen."""

    def __init__(self, chosen: int, home: Home) -> None:
        self.chosen, self.place, self.reached = chosen, str(home.root), 0

    def point(self) -> None:
        """One more point is reached."""
        self.reached += 1
        if self.reached == self.chosen:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python tells of every system call before it makes it."""
        writes = event == "open" and bool((arguments[2] or 0) & _WRITING)
        if (writes or event in _CHANGES) and str(arguments[0]).startswith(self.place):
            self.point()

    def profile(self, _frame: FrameType, event: str, called: Any) -> None:
        """And of every C function that it calls: DuckDB's `execute` is one."""
        if event == "c_call" and called.__name__ in ("execute", "fsync"):
            self.point()


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
    deadline = Deadline(int(chosen), home)
    print("begun", flush=True)
    began = time.monotonic()
    sys.addaudithook(deadline.audit)
    sys.setprofile(deadline.profile)
    PARTS[part](home)
    sys.setprofile(None)
    print(deadline.reached, time.monotonic() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
