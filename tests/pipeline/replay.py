"""Play files into a home in steps, each with an admission and a dbt run, in one process.

Run as a program of its own: `python replay.py HOME PLAN`, the plan a JSON list of steps. It keeps
dbt loaded and the project parsed between steps, which a refresh a step would pay for each time.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.admission import admit
from orchestration.paths import Home
from orchestration.reviews.frozen import write_frozen_scorecards
from orchestration.settings import Clocks, load_settings
from orchestration.warehouse.project import location_arguments, process_environment

SCHEMAS = ("core", "attribution", "kpis", "scorecards")


@dataclass(frozen=True)
class Step:
    """Files to land (name below landing/ to where their bytes lie), and the clock of the run."""

    files: dict[str, str]
    clock: str
    full_refresh: bool = False


def write_plan(path: Path, steps: list[Step]) -> Path:
    """The plan as the program reads it."""
    path.write_text(json.dumps([asdict(step) for step in steps]))
    return path


def table_hashes(home: Home) -> dict[str, tuple[int, int]]:
    """Rows of every table of the warehouse's public schemas, and a hash that no order changes."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            f"where schema_name in {SCHEMAS} order by all"
        ).fetchall()
        return {
            name: connection.execute(
                f"select count(*), coalesce(sum(hash(rows)), 0) from {name} as rows"
            ).fetchone()
            for (name,) in names
        }


def affected(home: Home) -> dict[str, int]:
    """How many days the last run computed anew, by the model that lists them."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where table_name like 'int_affected_%'"
        ).fetchall()
        counts = {}
        for (name,) in names:
            row = connection.execute(f"select count(*) from intermediate.{name}").fetchone()
            counts[name] = row[0] if row else 0
    return counts


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def play(home: Home, steps: list[dict[str, Any]]) -> None:
    """Land, admit and run each step; raises where dbt fails."""
    from dbt.cli.main import dbtRunner

    runner, seeded = dbtRunner(), False
    for number, step in enumerate(steps):
        for name, source in step["files"].items():
            target = home.landing / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(Path(source).read_bytes())
        clocks = Clocks.at(datetime.fromisoformat(step["clock"]))
        report = admit(home, clocks.known_until)
        assert report.ok, report.wrong
        write_frozen_scorecards(home)
        arguments = ["run", *location_arguments(home), "--quiet"]
        arguments += ["--full-refresh"] if number == 0 or step["full_refresh"] else []
        settings = load_settings(home)
        with _environment(process_environment(home, settings, clocks)):
            os.chdir(Path(__file__).parents[2] / "dbt_project")
            if not seeded:
                _invoke(runner, ["seed", *location_arguments(home), "--quiet"])
                seeded = True
            _invoke(runner, arguments)


def _invoke(runner: Any, arguments: list[str]) -> None:
    done = runner.invoke(arguments)
    if not done.success:
        raise SystemExit(f"dbt {arguments[0]} failed: {done.exception or 'see above'}")


if __name__ == "__main__":
    play(Home(Path(sys.argv[1])).prepare(), json.loads(Path(sys.argv[2]).read_text()))
