"""The main job on the example company at one scale: cold, warm, one added day, nothing new."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.demo import AS_OF
from orchestration.paths import DBT_PROJECT, Home
from tests.benchmarks.measuring import Measured, measure

GENERATE = (
    "import sys; from pathlib import Path; from orchestration.demo import generate; "
    "from orchestration.paths import Home; generate(Home(Path(sys.argv[1])), sys.argv[2])"
)
PARSE = "from dbt.cli.main import cli; cli()"
# A day in the middle of a month: what that day exported comes, and no month's end with it.
DAY_BEFORE = AS_OF - timedelta(days=16)


def refresh(scale: str, folder: Path) -> list[Measured]:
    """Every step on one fresh home, removed afterwards."""
    home = Home(folder / f"home_{scale}").prepare()
    at_home = ["--home", str(home.root)]
    results = [measure("generate", ["-c", GENERATE, str(home.root), scale])]

    def run(step: str, command: str, instant: datetime) -> None:
        clocks = ["--known-until", instant.isoformat()]
        if command == "run":
            clocks += ["--as-of", instant.isoformat()]
        results.append(measure(step, ["-m", "orchestration.cli", command, *at_home, *clocks]))
        if command == "run":
            results.extend(_parts(home))

    run("admit everything up to a day in mid-month", "admit", DAY_BEFORE)
    run("run, everything built, published, frozen", "run", DAY_BEFORE)
    run("run, one day later: that day's files come", "run", DAY_BEFORE + timedelta(days=1))
    run("run, nothing new", "run", DAY_BEFORE + timedelta(days=1))
    results += _parsing(home)
    shutil.rmtree(home.root)
    return results


def _parsing(home: Home) -> list[Measured]:
    target = str(home.root / "parse")
    arguments = ["-c", PARSE, "parse", "--project-dir", str(DBT_PROJECT), "--profiles-dir",
                 str(DBT_PROJECT), "--target-path", target, "--log-path", target]  # fmt: skip
    return [measure("dbt parse, cold", arguments), measure("dbt parse, warm", arguments)]


def _parts(home: Home) -> list[Measured]:
    """The last refresh by its parts, as Dagster timed them; parts under half a second left out."""
    from orchestration.jobs import REFRESH
    from orchestration.runs import dagster_instance

    parts: dict[str, float] = {}
    with dagster_instance(home) as instance:
        run = next(run for run in instance.get_runs() if run.job_name == REFRESH)
        for step in instance.get_run_step_stats(run.run_id):
            part = "all feeds" if step.step_key.startswith("landing__") else step.step_key
            part = part.replace("serving__published_build", "publish").replace("warehouse", "dbt")
            if step.start_time and step.end_time:  # a step that was skipped has neither
                parts[part] = parts.get(part, 0.0) + step.end_time - step.start_time
    longest = sorted(parts.items(), key=lambda item: -item[1])
    return [Measured(f"&nbsp;&nbsp;of which {p}", s, 0.0, 0.0) for p, s in longest if s >= 0.5]
