"""What every `steelyard` command shares: options, the home, progress, words and exit codes.

What a command does belongs to the command.
"""

import logging
import os
import signal
import sqlite3
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
from orchestration.landing.lock import RunLockHeld
from orchestration.landing.manifest import ManifestError
from orchestration.paths import HOME_VARIABLE, Home
from orchestration.settings import (
    NO_TELEMETRY,
    Clocks,
    Settings,
    SettingsError,
    parse_instant,
)
from orchestration.warehouse.project import DbtError

FAILED, WRONG_USE, LOCKED, STOPPED = 1, 2, 3, 130

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


@contextmanager
def session(home: Path | None) -> Iterator[tuple[Home, Console]]:
    """The home and a console; turns the errors that a user can mend into words and exit codes."""
    os.environ.update(NO_TELEMETRY)
    place = Home(home) if home else Home.from_environment()
    os.environ[HOME_VARIABLE] = str(place.root)
    _speak()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield place, Console()
    except SettingsError as error:
        fail(str(error), WRONG_USE)
    except RunLockHeld as error:
        fail(str(error), LOCKED)
    except (ContractError, DbtError, ManifestError, MachineFault) as error:
        fail(str(error), FAILED)
    except (OSError, MemoryError, duckdb.Error, sqlite3.Error) as error:
        words = fault_in_words(error)
        if words is None:
            raise
        fail(words, FAILED)
    except KeyboardInterrupt:
        fail("stopped: what was finished stays, the next run does the rest", STOPPED)


def _speak() -> None:
    """Show the project's own progress lines on stderr, and nothing of the libraries' below them."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("steelyard")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def clocks(settings: Settings, as_of: str | None, known_until: str | None) -> Clocks:
    """The clocks that were asked for; now, where nothing was."""
    now = datetime.now(UTC)
    return Clocks(
        as_of=parse_instant(as_of, settings) if as_of else now,
        known_until=parse_instant(known_until, settings) if known_until else now,
    )


def end(problems: Sequence[str]) -> None:
    """Say what went wrong and end with exit code 1; return where nothing did."""
    if problems:
        fail("\n".join(problems), FAILED)


def fail(words: str, code: int) -> NoReturn:
    """Say what is wrong on stderr and end with this exit code."""
    typer.echo(words, err=True)
    raise typer.Exit(code)
