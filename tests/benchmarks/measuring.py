"""Run a step as a process of its own: its seconds, CPU and the peak memory of all it starts."""

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from orchestration.paths import PROJECT_ROOT

LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """How long a step took (wall, CPU), and the most memory that it and its children held."""

    step: str
    seconds: float
    cpu_seconds: float
    peak_megabytes: float

    def markdown(self) -> str:
        """The step as a row of a table; CPU and memory are empty where they were not measured."""
        cpu = f"{self.cpu_seconds:.1f}" if self.cpu_seconds else ""
        peak = f"{self.peak_megabytes:,.0f}" if self.peak_megabytes else ""
        return f"| {self.step} | {self.seconds:.1f} | {cpu} | {peak} |"


class StepError(RuntimeError):
    """A step ended with an error or was stopped; the message says how."""


def table(results: Sequence[Measured]) -> list[str]:
    """Steps as lines of a Markdown table."""
    head = ["| step | seconds | CPU seconds | peak MB |", "| --- | --- | --- | --- |"]
    return head + [each.markdown() for each in results]


def measure(step: str, arguments: Sequence[str]) -> Measured:
    """Run Python with these arguments; exits with its output where it fails."""
    try:
        return measure_command(step, [sys.executable, *arguments])
    except StepError as error:
        sys.exit(str(error))


def measure_command(step: str, command: Sequence[str], cap: float = math.inf) -> Measured:
    """Run a command, for `cap` seconds at most. Raises StepError where it fails or takes longer."""
    print(f"{step} ...", file=sys.stderr, flush=True)
    began, cpu = time.perf_counter(), _children_cpu()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env={**os.environ, "COLUMNS": "200"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            if time.perf_counter() - began > cap:
                _stop(process)
                raise StepError(f"{step} took more than {cap:.0f} s")
            time.sleep(LOOK_EVERY_SECONDS)
        if process.returncode:
            output.seek(0)
            raise StepError(f"{step} failed:\n{output.read()[-4000:]}")
    seconds = time.perf_counter() - began
    return Measured(step, seconds, _children_cpu() - cpu, peak / 2**20)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()
    process.kill()
    process.wait()


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> int:
    """Bytes resident in a process and all that it started."""
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while it was looked at
    return total
