"""Play files into a home in steps, each with an admission and a dbt run, in one process.

A program of its own that keeps dbt loaded and the project parsed from one play to the next, which
a refresh a step would pay for each time. It reads a play a line from its input, as JSON, and writes
the tables that came of it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.admission import admit
from orchestration.paths import DBT_PROJECT, PROJECT_ROOT, Home
from orchestration.reviews.frozen import write_frozen_tables
from orchestration.settings import Clocks, load_settings
from orchestration.warehouse.inputs import rules_fingerprint
from orchestration.warehouse.project import location_arguments, process_environment

SCHEMAS = ("core", "attribution", "kpis", "scorecards")
_RESULT = "played: "


@dataclass(frozen=True)
class Step:
    """Files to land (name below landing/ to where their bytes lie), and the clock of the run."""

    files: dict[str, str]
    clock: str


@dataclass(frozen=True)
class Played:
    """The public tables after a play, rows and hash by name, and what its last run computed anew.

    That is a number of days by the model that lists them.
    """

    tables: dict[str, list[int]]
    affected: dict[str, int]


class Player:
    """The program, waiting for plays; all use one home, so that dbt parses its project once."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._program = subprocess.Popen(
            [sys.executable, __file__, str(home.root)],
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def play(self, steps: Sequence[Step], models: Sequence[str] = ()) -> Played:
        """Play into the home as the caller prepared it; fails with what the program said.

        `models` are dbt's selectors; none means all.
        """
        assert self._program.stdin is not None and self._program.stdout is not None
        self._program.stdin.write(json.dumps([[asdict(step) for step in steps], models]) + "\n")
        self._program.stdin.flush()
        told = []
        for line in self._program.stdout:
            if line.startswith(_RESULT):
                return Played(**json.loads(line.removeprefix(_RESULT)))
            told.append(line)
        raise AssertionError("".join(told)[-8000:])

    def close(self) -> None:
        """End the program."""
        self._program.communicate()


def _public_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[int]]:
    """Rows of every public table, and a hash that no order changes."""
    names = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        f"where schema_name in {SCHEMAS} order by all"
    ).fetchall()
    found = {}
    for (name,) in names:
        row = connection.execute(
            f"select count(*), coalesce(sum(hash(rows)), 0) from {name} as rows"
        ).fetchone()
        found[name] = [int(each) for each in row or ()]
    return found


def _affected(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
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


class _Stage:
    """dbt, loaded once, on one home."""

    def __init__(self, home: Home) -> None:
        from dbt.cli.main import dbtRunner

        self._home, self._runner = home, dbtRunner()

    def play(self, steps: list[dict[str, Any]], models: list[str]) -> Played:
        """Land, admit and run each step; ends the program where dbt fails."""
        for number, step in enumerate(steps):
            self._land(step["files"])
            clocks = Clocks.at(datetime.fromisoformat(step["clock"]))
            report = admit(self._home, clocks.known_until)
            assert report.ok, report.wrong
            write_frozen_tables(self._home)
            settings = load_settings(self._home)
            with _environment(process_environment(self._home, settings, clocks)):
                os.chdir(DBT_PROJECT)
                if number == 0:
                    self._seed(rules_fingerprint(self._home, settings))
                chosen = ["--select", *models] if models else []
                self._invoke("run", *chosen, *(["--full-refresh"] if number == 0 else []))
        with duckdb.connect(str(self._home.warehouse), read_only=True) as connection:
            return Played(_public_tables(connection), _affected(connection))

    def _seed(self, rules: str) -> None:
        """Load the rules, or take the warehouse as it was when they were last loaded."""
        kept = self._home.root / f"seeded-{rules}.duckdb"
        if kept.exists():
            shutil.copyfile(kept, self._home.warehouse)
        else:
            self._invoke("seed")
            shutil.copyfile(self._home.warehouse, kept)

    def _land(self, files: dict[str, str]) -> None:
        for name, source in files.items():
            target = self._home.landing / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(Path(source).read_bytes())

    def _invoke(self, *arguments: str) -> None:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        # Nobody reads a manifest here, which takes dbt as long to write as a hundred tables.
        where = [*location_arguments(self._home), "--quiet", "--no-write-json"]
        done = self._runner.invoke([*arguments, *where])
        DuckDBConnectionManager.close_all_connections()
        if not done.success:
            raise SystemExit(f"dbt {arguments[0]} failed: {done.exception or 'see above'}")


def main() -> None:
    """Play what comes, until nothing comes."""
    stage = _Stage(Home(Path(sys.argv[1])))
    for line in sys.stdin:
        played = stage.play(*json.loads(line))
        print(_RESULT + json.dumps(asdict(played)), flush=True)


if __name__ == "__main__":
    main()
