"""The `steelyard` command on a home, in a process of its own, as a user runs it."""

import os
import subprocess
import sys

from lent_manifests import keep, lend

from orchestration.paths import PROJECT_ROOT, Home


def steelyard(command: str, home: Home, *options: str) -> subprocess.CompletedProcess[str]:
    """Run one command; its output and exit code are the caller's to judge."""
    lend(home)
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", command, "--home", str(home.root), *options],
        cwd=PROJECT_ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    keep(home)
    return done


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All that a command said, for the message of a failed assertion."""
    return f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
