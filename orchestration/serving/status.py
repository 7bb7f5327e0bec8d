"""How a home stands: its last run, feeds, rejects, builds and frozen quarters."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
from rich.console import Console
from rich.table import Table

from orchestration.landing.feeds import Feed, load_feeds
from orchestration.landing.manifest import read_manifest
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain, verify
from orchestration.runs import dagster_instance
from orchestration.serving.build import BUILD_FILE, Build, NothingPublishedError
from orchestration.serving.summary import print_places


def print_status(home: Home, console: Console) -> list[str]:
    """Print the status; returns what is wrong: unusable feeds, reviews that were touched."""
    if not home.root.is_dir():
        console.print(f"{home.root} is no home yet: run `steelyard demo` or `steelyard run`.")
        return []
    home.prepare()
    console.print(f"Home      {home.root}", highlight=False, soft_wrap=True)
    console.print(f"Last run  {_last_run(home)}", highlight=False)
    console.print(_feeds(home))
    try:
        Build.current(home)
    except NothingPublishedError as nothing:
        console.print(str(nothing), highlight=False, soft_wrap=True)
    else:
        console.print(_builds(home))
        print_places(home, console)
    if read_chain(home):
        console.print(_reviews(home))
    return list(_wrong(home))


def _last_run(home: Home) -> str:
    with dagster_instance(home) as instance:
        records = instance.get_run_records(limit=1)
        if not records:
            return "none yet"
        record, run = records[0], records[0].dagster_run
        began = datetime.fromtimestamp(record.start_time or 0, UTC)
        ended = f", {record.end_time - began.timestamp():.0f} s" if record.end_time else ""
        failed = "" if run.status == dg.DagsterRunStatus.SUCCESS else "  (see `make ui`)"
        return (
            f"{run.job_name} {run.status.value.lower()}, {began:%Y-%m-%d %H:%M} UTC{ended}{failed}"
        )


def _feeds(home: Home) -> Table:
    heads = ("feed", "files", "rows read", "filtered", "accepted", "rejected", "entities")
    table = Table(title="Feeds", title_justify="left")
    for head in heads:
        table.add_column(head, justify="left" if head in ("feed", "entities") else "right")
    for feed in load_feeds(home.landing):
        if not isinstance(feed, Feed):
            table.add_row(feed.feed, "", "", "", "", "", "wrong: see below")
            continue
        files = [file.counts for file in read_manifest(home, feed.name).files.values()]
        entities = [counts for each in files for counts in each.entities.values()]
        numbers = (
            len(files),
            sum(each.read for each in files),
            sum(each.filtered for each in files),
            sum(each.accepted for each in entities),
            sum(each.rejected for each in entities),
        )
        table.add_row(feed.name, *(f"{n:,}" for n in numbers), ", ".join(feed.spec.entities))
    return table


def _builds(home: Home) -> Table:
    table = Table("build", "as of (UTC)", "known until (UTC)", "tables", title="Builds")
    served = home.serving.resolve().name
    for folder in sorted(home.builds.glob(f"*/{BUILD_FILE}"), reverse=True):
        build = Build.read(folder.parent)
        name = build.build_id + ("  <- serving" if build.build_id == served else "")
        clocks = build.clocks
        table.add_row(
            name,
            f"{clocks.as_of:%Y-%m-%d %H:%M}",
            f"{clocks.known_until:%Y-%m-%d %H:%M}",
            str(len(build.content["tables"])),
        )
    return table


def _reviews(home: Home) -> Table:
    table = Table("quarter", "revision", "known until", "hash", title="Frozen quarters")
    for review in read_chain(home):
        known = str(review.content["known_until"])[:16]
        table.add_row(review.quarter, str(review.revision), known, review.sha256[:16])
    return table


def _wrong(home: Home) -> Iterator[str]:
    for feed in load_feeds(home.landing):
        if not isinstance(feed, Feed):
            yield str(feed)
    yield from verify(home)
