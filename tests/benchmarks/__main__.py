"""Time each step of a refresh, cold and warm, with the peak memory of everything it starts.

`make bench`, or `python -m tests.benchmarks --scale 5000000`. Each step is a process of its own on
one fresh home, which is removed afterwards. Figures are of this machine; they assert nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from orchestration.demo import AS_OF
from orchestration.paths import PROJECT_ROOT, Home

GENERATE = (
    "import sys; from pathlib import Path; from orchestration.demo import generate; "
    "from orchestration.paths import Home; generate(Home(Path(sys.argv[1])), sys.argv[2])"
)
CLOCKS = ("--as-of", AS_OF.isoformat(), "--known-until", AS_OF.isoformat())
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """How long a step took, and the most memory that it and its children held at once."""

    step: str
    seconds: float
    peak_megabytes: float


def measure(step: str, arguments: list[str]) -> Measured:
    """Run a step; exits with its output where it fails."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT_ROOT,
            env={**os.environ, "COLUMNS": "200"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(LOOK_EVERY_SECONDS)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{step} failed:\n{output.read()[-4000:]}")
    return Measured(step, time.perf_counter() - began, peak / 2**20)


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


def steps_of_last_refresh(home: Home) -> list[tuple[str, float]]:
    """Seconds of the last refresh by part, as Dagster timed them."""
    from orchestration.jobs import REFRESH
    from orchestration.runs import dagster_instance

    parts: dict[str, float] = {}
    with dagster_instance(home) as instance:
        runs = instance.get_runs()
        run = next(run for run in runs if run.job_name == REFRESH)
        for step in instance.get_run_step_stats(run.run_id):
            part = "all feeds" if step.step_key.startswith("landing__") else step.step_key
            seconds = (step.end_time or 0) - (step.start_time or 0)
            parts[part] = parts.get(part, 0.0) + seconds
    return sorted(parts.items(), key=lambda item: -item[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default="medium", help="small, medium or a number of touches")
    scale = parser.parse_args().scale
    console = Console()
    with tempfile.TemporaryDirectory(prefix="steelyard_bench_") as folder:
        home = Home(Path(folder) / "home").prepare()
        steelyard = ["-m", "orchestration.cli"]
        at_home = ["--home", str(home.root)]
        plan = [
            ("generate", ["-c", GENERATE, str(home.root), scale]),
            ("admit, everything new", [*steelyard, "admit", *at_home, *CLOCKS[2:]]),
            ("admit, nothing new", [*steelyard, "admit", *at_home, *CLOCKS[2:]]),
            ("run, first (parse, build, publish, freeze)", [*steelyard, "run", *at_home, *CLOCKS]),
            ("run, again", [*steelyard, "run", *at_home, *CLOCKS]),
        ]
        table = Table("step", title=f"Scale {scale}", title_justify="left", min_width=50)
        table.add_column("seconds", justify="right")
        table.add_column("peak MB", justify="right")
        for step, arguments in plan:
            console.print(f"{step} ...", highlight=False)
            found = measure(step, arguments)
            table.add_row(found.step, f"{found.seconds:.1f}", f"{found.peak_megabytes:,.0f}")
        for part, seconds in steps_of_last_refresh(home):
            table.add_row(f"  of which {part}", f"{seconds:.1f}", "")
        console.print(table)


if __name__ == "__main__":
    main()
