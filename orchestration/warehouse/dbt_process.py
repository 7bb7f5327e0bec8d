"""dbt as a process of its own that never outlives the run that started it.

A run that is killed frees the home's lock; a dbt that went on alone would write a warehouse that
the next run believes to be its own. What it builds from is the project as it was parsed for this
home, where that is told: dbt's own partial parsing looks at every file for three seconds to find
that nothing changed. How dbt is started, and what it is told, is in `project.py`.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PARSED_VARIABLE = "STEELYARD_PARSED_PROJECT"
_BUILDING = {"build", "run", "seed", "test"}  # the others write the manifest that they parse
_LEVELS = ("debug", "test", "info", "warn", "error")  # of dbt's events, rising
_PAUSE = 0.1  # seconds between two looks at the parent


def end_with_parent() -> None:
    """Kill this process soon after its parent is gone."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os.kill(os.getpid(), signal.SIGKILL)


def parsed_project() -> dict[str, Any]:
    """What dbt need not parse again: its context's `manifest`, where one was told and serves."""
    place = os.environ.get(PARSED_VARIABLE)
    if not place or not _BUILDING.intersection(sys.argv[1:]):
        return {}
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(Path(place).read_bytes())
    # What macros see as `graph`; dbt does not store it.
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return {"manifest": manifest}


class Narrowing:
    """dbt's callback for events: lets each of its loggers see only what that logger writes.

    dbt writes every event as a line for every logger, and only then drops lines below the logger's
    level: a tenth of what a build of small tables costs.
    """

    def __init__(self) -> None:
        self._is_done = False

    def __call__(self, _: Any) -> None:
        """At the first event of an invocation its loggers stand: narrow them."""
        if self._is_done:
            return
        self._is_done = True
        from dbt_common.events.event_manager_client import get_event_manager

        for logger in getattr(get_event_manager(), "loggers", []):
            logger.filter = _at_least(logger)


def _at_least(logger: Any) -> Callable[[Any], bool]:
    """The logger's own filter, and its level; what a macro prints always passes."""
    least, passes = _LEVELS.index(logger.level.value), logger.filter

    def reaches(message: Any) -> bool:
        """Whether the logger writes this event."""
        kept = _LEVELS.index(message.info.level) >= least or message.info.name == "PrintEvent"
        return kept and bool(passes(message))

    return reaches


if __name__ == "__main__":
    end_with_parent()
    from dbt.cli.main import cli

    cli(obj={**parsed_project(), "callbacks": [Narrowing()]})
