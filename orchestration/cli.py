"""The `steelyard` command: it reads arguments, starts what the other modules do, and tells of it.

Exit codes: 0 all went well; 1 something failed; 2 the command was used wrongly, a wrong
steelyard.yml included; 3 another run holds the home's lock; 130 it was told to stop.

Dagster takes seconds to import: commands import what they need when they run, so that `--help`
and `admit` answer at once.
"""

import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import duckdb
import typer
from rich.console import Console

from orchestration.faults import MachineFault, fault_in_words
from orchestration.landing.contracts import ContractError
from orchestration.landing.lock import RunLockHeld, run_lock
from orchestration.landing.manifest import ManifestError
from orchestration.paths import HOME_VARIABLE, Home
from orchestration.settings import (
    NO_TELEMETRY,
    Clocks,
    Settings,
    SettingsError,
    load_settings,
    parse_instant,
)
from orchestration.warehouse.project import DbtError

FAILED, WRONG_USE, LOCKED, STOPPED = 1, 2, 3, 130

app = typer.Typer(
    help="Raw exports of an online shop in, fair and explainable scorecards out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of everything. Default: $STEELYARD_HOME, else ./data."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(help="Read no fact after this instant, e.g. 2026-04-01. Default: now."),
]
KnownOption = Annotated[
    str | None,
    typer.Option(help="Read no file exported after this instant. Default: now."),
]
ScaleOption = Annotated[
    str, typer.Option(help="small (20,000 touches), medium (1.2 million), or a number of touches.")
]


@app.command()
def demo(home: HomeOption = None, scale: ScaleOption = "medium") -> None:
    """Generate the example company's exports and run everything on them.

    The example is played forward: what was known ten days after each of the last quarters' ends
    is admitted, built and frozen, then everything known at the end. A second run generates and
    admits nothing again, leaves frozen quarters as they are, and only refreshes.
    """
    with _session(home) as (place, console):
        from orchestration.demo import DemoError
        from orchestration.runs import play_demo
        from orchestration.serving.summary import print_summary

        try:
            problems = play_demo(place, scale)
        except DemoError as error:
            _fail(str(error), WRONG_USE)
        if not problems:
            print_summary(place, console)
        _end(problems)


@app.command()
def run(home: HomeOption = None, as_of: AsOfOption = None, known_until: KnownOption = None) -> None:
    """Admit what lies in the landing zone, build, check, publish, and freeze what is due.

    --as-of and --known-until rebuild a past day as it was known then; without an offset they are
    in the home's business_timezone.
    """
    with _session(home) as (place, console):
        from orchestration.runs import refresh_and_freeze
        from orchestration.serving.summary import print_places

        settings = load_settings(place.prepare())
        clocks = _clocks(settings, as_of, known_until)
        problems = refresh_and_freeze(place, settings, clocks)
        if not problems:
            print_places(place, console)
        _end(problems)


@app.command()
def admit(home: HomeOption = None, known_until: KnownOption = None) -> None:
    """Only admit what lies in the landing zone, and show what became of each file."""
    with _session(home) as (place, console):
        from orchestration.landing.admission import admit as open_the_door
        from orchestration.landing.tables import admission_table

        settings = load_settings(place.prepare())
        until = _clocks(settings, None, known_until).known_until
        with run_lock(place):
            report = open_the_door(place, until, logging.getLogger("steelyard.landing").info)
        console.print(admission_table(report))
        for aside in report.quarantined:
            console.print(f"set aside {aside.feed}/{aside.file}: {aside.reason}", markup=False)
        for note in report.notes:
            console.print(note, markup=False)
        _end([str(wrong) for wrong in report.wrong])


@app.command()
def status(home: HomeOption = None) -> None:
    """Show the last run, feeds, rejected rows, builds, frozen quarters, and where results are."""
    with _session(home) as (place, console):
        from orchestration.serving.status import print_status

        _end(print_status(place, console))


@app.command()
def docs(home: HomeOption = None) -> None:
    """Build dbt's documentation site as one page that needs no network."""
    with _session(home) as (place, console):
        from orchestration.warehouse.docs import build_docs

        settings = load_settings(place.prepare())
        with run_lock(place):
            page = build_docs(place, settings, Clocks.at(datetime.now(UTC)))
        console.print(f"Documentation: {page}", highlight=False, soft_wrap=True)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def ui(context: typer.Context, home: HomeOption = None) -> None:
    """Open Dagster's web UI on this home; options of `dagster dev` pass through."""
    with _session(home) as (place, _):
        from orchestration.runs import dagster_environment, write_instance_file

        write_instance_file(place)
        command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
        os.execve(  # the UI takes this process's place, so that Ctrl-C reaches it alone
            sys.executable,
            [*command, *context.args],
            {**os.environ, **dagster_environment(place)},
        )


@contextmanager
def _session(home: Path | None) -> Iterator[tuple[Home, Console]]:
    """The home and a console; turns the errors that a user can mend into words and exit codes."""
    os.environ.update(NO_TELEMETRY)
    place = Home(home) if home else Home.from_environment()
    os.environ[HOME_VARIABLE] = str(place.root)
    _speak()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield place, Console()
    except SettingsError as error:
        _fail(str(error), WRONG_USE)
    except RunLockHeld as error:
        _fail(str(error), LOCKED)
    except (ContractError, DbtError, ManifestError, MachineFault) as error:
        _fail(str(error), FAILED)
    except (OSError, MemoryError, duckdb.Error, sqlite3.Error) as error:
        words = fault_in_words(error)
        if words is None:
            raise
        _fail(words, FAILED)
    except KeyboardInterrupt:
        _fail("stopped: what was finished stays, the next run does the rest", STOPPED)


def _speak() -> None:
    """Show the project's own progress lines on stderr, and nothing of the libraries' below them."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("steelyard")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _clocks(settings: Settings, as_of: str | None, known_until: str | None) -> Clocks:
    """The clocks that were asked for; now, where nothing was."""
    now = datetime.now(UTC)
    return Clocks(
        as_of=parse_instant(as_of, settings) if as_of else now,
        known_until=parse_instant(known_until, settings) if known_until else now,
    )


def _end(problems: Sequence[str]) -> None:
    """Say what went wrong and end with exit code 1; return where nothing did."""
    if problems:
        _fail("\n".join(problems), FAILED)


def _fail(words: str, code: int) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
