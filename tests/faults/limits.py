"""Start the `steelyard` command where the machine is short of something."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from part_homes import Part, run_part

from orchestration.paths import PROJECT_ROOT, Home

# Mode bits bind everyone but root: without these it is bound like any other user.
_AS_ANYONE = (
    "setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search,-fowner",
)  # fmt: skip


def start(
    home: Home,
    *arguments: str,
    prefix: tuple[str, ...] = (),
    before: Callable[[], None] | None = None,
) -> subprocess.Popen[str]:
    """The command in a process of its own, not yet waited for."""
    command = [*prefix, sys.executable, "-m", "orchestration.cli", *arguments]
    return subprocess.Popen(
        [*command, "--home", str(home.root)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    )


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for the end."""
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def with_small_files(home: Home, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """No file may grow beyond `limit` bytes: a write fails in the middle, as on a full disk."""
    return finish(start(home, *arguments, before=lambda: _small_files(limit)))


def part_with_small_files(part: Part, home: Home, limit: int) -> subprocess.CompletedProcess[str]:
    """The same for one part alone."""
    return run_part(part, home, before=lambda: _small_files(limit))


def _small_files(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def as_anyone(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run so that mode bits hold, for root too."""
    return finish(start(home, *arguments, prefix=_without_privileges()))


def part_as_anyone(part: Part, home: Home) -> subprocess.CompletedProcess[str]:
    """The same for one part alone."""
    return run_part(part, home, prefix=_without_privileges())


def _without_privileges() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    if shutil.which(_AS_ANYONE[0]) is None:
        pytest.skip("run as root, and there is no setpriv to give up its privileges")
    return _AS_ANYONE


@contextmanager
def read_only(*folders: Path) -> Iterator[None]:
    """Nobody may write into these folders within the block."""
    modes = {folder: folder.stat().st_mode for folder in folders}
    for folder in folders:
        folder.chmod(0o500)
    try:
        yield
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
