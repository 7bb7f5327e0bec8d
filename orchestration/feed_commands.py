"""The commands `steelyard feed …`: they start a feed; what it then does is `steelyard admit`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from orchestration.paths import Home
from orchestration.session import WRONG_USE, HomeOption, fail, session

if TYPE_CHECKING:
    from orchestration.landing.first_feed import Draft

feeds_app = typer.Typer(help="Start a feed: how the files of one source are read and mapped.")


@feeds_app.command("new")
def new_feed(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="Sample files of one source, one form."),
    ],
    home: HomeOption = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the feed. Default: from the file's name.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option(help="What a row is, e.g. orders. Default: what fits best.")
    ] = None,
    copy: Annotated[
        bool, typer.Option("--copy", help="Also copy the samples beside the feed.yml.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--print", help="Print the feed.yml; write nothing.")
    ] = False,
) -> None:
    """Look at sample files and write a first landing/<name>/feed.yml for them.

    CSV, JSON and Parquet. Format, delimiter, encoding, dates in file names, the entity and its
    columns are guessed and marked so; what could not be guessed is marked `required`, and the feed
    stops until it is filled in. No feed.yml is ever overwritten.
    """
    with session(home) as (place, console):
        from orchestration.landing.first_feed import (
            DraftError,
            SampleError,
            copy_samples,
            draft_feed,
            write_draft,
        )

        try:
            draft = draft_feed(place, files, name, entity)
            written = None if dry_run else write_draft(place.prepare(), draft)
        except (DraftError, SampleError) as error:
            fail(str(error), WRONG_USE)
        if written is None:
            typer.echo(draft.text, nl=False)
            return
        left = copy_samples(files, written.parent) if copy else []
        for there in left:
            console.print(f"{written.parent / there} is there already: not copied", markup=False)
        _print_draft(console, place, written, draft, copied=copy)


def _print_draft(
    console: Console, place: Home, written: Path, draft: "Draft", copied: bool
) -> None:
    """Where the draft lies, what is still missing in it, and what to do next."""
    lines = [f"{written}: a row becomes one of {draft.entity}, by guess"]
    if draft.missing:
        lines.append(f"  fill in, else the feed stops: {', '.join(draft.missing)}")
    lines.append("  check the lines marked `guess`")
    if not copied:
        lines.append(f"  drop the files into {written.parent}")
    lines.append(f"  then: steelyard admit --dry-run --home {place.root}")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
