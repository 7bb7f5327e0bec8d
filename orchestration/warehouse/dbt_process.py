"""dbt as a process of its own that never outlives the run that started it.

A run that is killed frees the home's lock; a dbt that went on alone would write a warehouse that
the next run believes to be its own. How dbt is started is in `project.py`.
"""

import os
import signal
import threading
import time

_PAUSE = 0.1  # seconds between two looks at the parent


def end_with_parent() -> None:
    """Kill this process soon after its parent is gone."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent()
    from dbt.cli.main import cli

    cli()
