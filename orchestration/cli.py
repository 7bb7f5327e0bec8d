"""The `steelyard` command: it reads arguments, starts what the other modules do, and tells of it.

Exit codes: 0 all went well; 1 something failed; 2 the command was used wrongly, a wrong
steelyard.yml included; 3 another run holds the home's lock; 130 it was told to stop.

Dagster takes seconds to import: commands import what they need when they run, so that `--help`
and `admit` answer at once.
"""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.feed_commands import feeds_app
from orchestration.landing.lock import run_lock
from orchestration.paths import Home
from orchestration.plan_commands import plan
from orchestration.review_commands import freeze, signing_key, verify
from orchestration.session import (
    WRONG_USE,
    AsOfOption,
    HomeOption,
    KnownOption,
    clocks,
    end,
    fail,
    session,
)
from orchestration.settings import Clocks, load_settings

_MANY_KINDS = 50  # kinds of reason that a dry run shows

app = typer.Typer(
    help="Raw exports of an online shop in, fair and explainable scorecards out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(feeds_app, name="feed", no_args_is_help=True)
app.command()(freeze)
app.command()(plan)
app.command()(verify)
app.command()(signing_key)
ScaleOption = Annotated[
    str, typer.Option(help="small (20,000 touches), medium (1.2 million), or a number of touches.")
]


@app.command()
def demo(home: HomeOption = None, scale: ScaleOption = "medium") -> None:
    """Generate the example company's exports and run everything on them.

    The example is played forward: what was known ten days after each of the last quarters' ends
    is admitted, built and frozen, then everything known at the end. A second run generates and
    admits nothing again and leaves frozen quarters and an up-to-date build as they are.
    """
    with session(home) as (place, console):
        from orchestration.demo import DemoError
        from orchestration.runs import play_demo
        from orchestration.serving.summary import print_summary

        try:
            problems = play_demo(place, scale)
        except DemoError as error:
            fail(str(error), WRONG_USE)
        if not problems:
            print_summary(place, console)
        end(problems)


@app.command()
def run(home: HomeOption = None, as_of: AsOfOption = None, known_until: KnownOption = None) -> None:
    """Admit what lies in the landing zone, build, check, publish, and freeze what is due.

    --as-of and --known-until rebuild a past day as it was known then; without an offset they are
    in the home's business_timezone.
    """
    with session(home) as (place, console):
        from orchestration.runs import refresh_and_freeze
        from orchestration.serving.summary import print_places

        settings = load_settings(place.prepare())
        asked = clocks(settings, as_of, known_until)
        problems = refresh_and_freeze(place, settings, asked)
        if not problems:
            print_places(place, console)
        end(problems)


@app.command()
def admit(
    home: HomeOption = None,
    known_until: KnownOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen and change nothing.")
    ] = False,
) -> None:
    """Only admit what lies in the landing zone, and show what became of each file.

    --dry-run does the same work on a copy that is thrown away: which files are new, changed,
    unchanged or left for later, which would be set aside, and which rows would be refused and why.
    Ends with 1 if a feed is stopped (its feed.yml is wrong or does not fit its files).
    """
    with session(home) as (place, console):
        from orchestration.landing import tables
        from orchestration.landing.admission import admit as open_the_door
        from orchestration.landing.rehearsal import rehearse

        settings = load_settings(place.prepare())
        until = clocks(settings, None, known_until).known_until
        say = logging.getLogger("steelyard.landing").info
        with run_lock(place):
            if dry_run:
                rehearsed = rehearse(place, until, lambda line: say("dry run: %s", line))
                report, refused = rehearsed.report, rehearsed.refusals
            else:
                report, refused = open_the_door(place, until, say), []
        console.print(tables.admission_table(report, dry_run))
        if refused:
            title = "Rows that would be refused"
            console.print(tables.refusals_table(refused, _MANY_KINDS, title))
        for line in tables.admission_lines(report, dry_run):
            console.print(line, markup=False)
        end([str(wrong) for wrong in report.wrong])


@app.command()
def rejects(
    home: HomeOption = None,
    feed: Annotated[str | None, typer.Option(help="Only this feed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Kinds of reason and files to show.")] = 20,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Also write every refused row, as it is kept, to a new file."),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--retry", help="Put set-aside files back and admit again; show before and after."
        ),
    ] = False,
) -> None:
    """Show what was refused and why: rows by feed, entity and kind of reason, and whole files.

    Personal values are shown as ***, as they are kept. When feed.yml, the file or the contract is
    corrected, --retry puts the files in landing/_quarantine back (never over a newer file of that
    name) and admits again; files whose feed.yml changed are admitted again in any case.
    """
    with session(home) as (place, console):
        from orchestration.landing import rejects as refused
        from orchestration.landing import tables
        from orchestration.landing.quarantine import quarantined
        from orchestration.landing.retry import retry

        settings, stopped = load_settings(place.prepare()), []
        if again:
            until = clocks(settings, None, None).known_until
            with run_lock(place):
                done = retry(place, until, feed, logging.getLogger("steelyard.landing").info)
            console.print(tables.retry_table(done))
            for line in (*done.kept, *tables.admission_lines(done.report)):
                console.print(line, markup=False)
            stopped = [str(wrong) for wrong in done.report.wrong]
        kinds, aside = refused.refusals(place, feed), quarantined(place, feed)
        if kinds:
            console.print(tables.refusals_table(kinds, limit, "Rows refused"))
        if aside:
            console.print(tables.quarantine_table(aside, limit))
        if not kinds and not aside:
            console.print("Nothing is refused and no file is set aside.")
        if csv is not None:
            _write_rejects(console, place, csv, feed)
        end(stopped)


@app.command()
def status(home: HomeOption = None) -> None:
    """Show how the home stands at a glance, and what to do next.

    The last run that went well and the last run with what failed in it; each feed's files, refused
    rows and files set aside; whether new files come as often as `expected_every` in feed.yml says;
    builds, frozen quarters, sizes. Ends with 1 if a feed.yml is wrong, frozen quarters were touched
    or the last run failed. Late feeds are shown and end with 0: the file is missing, not the
    machine at fault.
    """
    with session(home) as (place, console):
        from orchestration.serving.status import print_status

        end(print_status(place, console))


@app.command()
def explain(
    employee: Annotated[str, typer.Option(help="Employee id, such as E010.")],
    quarter: Annotated[str, typer.Option(help="Fiscal quarter, such as 2026-Q3.")],
    home: HomeOption = None,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    tried: Annotated[
        list[str] | None,
        typer.Option(
            "--if",
            metavar="KPI=VALUE",
            help="Show what another value of a KPI would change; may be given several times. "
            "kpi@team=value where it counts for the team.",
        ),
    ] = None,
    all_files: Annotated[
        bool, typer.Option("--all-files", help="Every source file, not only the fullest.")
    ] = False,
) -> None:
    """Explain an employee's quarter: each number from the source files to the tier and the pay.

    What --if shows is computed by the build's own rules, run again on the changed value; nothing is
    stored. The output is about one person: it is read from people.duckdb, and so it stays there.
    """
    with session(home) as (place, console):
        from orchestration.serving.explain_command import explain_quarter

        explain_quarter(place, console, employee, quarter, language, tried or [], all_files)


@app.command()
def docs(home: HomeOption = None) -> None:
    """Build dbt's documentation site as one page that needs no network."""
    with session(home) as (place, console):
        from orchestration.warehouse.docs import build_docs

        settings = load_settings(place.prepare())
        with run_lock(place):
            page = build_docs(place, settings, Clocks.at(datetime.now(UTC)))
        console.print(f"Documentation: {page}", highlight=False, soft_wrap=True)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def ui(context: typer.Context, home: HomeOption = None) -> None:
    """Open Dagster's web UI on this home; options of `dagster dev` pass through."""
    with session(home) as (place, _):
        from orchestration.runs import dagster_environment, write_instance_file

        write_instance_file(place)
        command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
        os.execve(  # the UI takes this process's place, so that Ctrl-C reaches it alone
            sys.executable,
            [*command, *context.args],
            {**os.environ, **dagster_environment(place)},
        )


def _write_rejects(console: Console, place: Home, path: Path, feed: str | None) -> None:
    from orchestration.landing.rejects import write_csv

    try:
        rows = write_csv(place, path, feed)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}; name a new file", WRONG_USE)
    console.print(f"{rows:,} refused rows written to {path}", highlight=False, markup=False)


if __name__ == "__main__":
    app()
