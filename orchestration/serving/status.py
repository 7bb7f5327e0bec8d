"""How a home stands, printed: runs, feeds, refusals, builds, sizes, and what to do next.

What is told is collected and judged in `standing.py`.
"""

from rich.console import Console
from rich.table import Table

from orchestration.landing.tables import shown
from orchestration.past_runs import PastRun
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.serving.build import BUILD_FILE, Build
from orchestration.serving.standing import FeedStanding, Standing, next_steps, problems, standing
from orchestration.serving.summary import print_places

_NUMBERS = ("files", "waiting", "accepted", "refused", "aside")
_SHOWN_CHECKS = 10


def print_status(home: Home, console: Console) -> list[str]:
    """Print the status; returns what is wrong: unusable feeds, touched reviews, a failed run."""
    if not home.root.is_dir():
        console.print(f"{home.root} is no home yet: run `steelyard demo` or `steelyard run`.")
        return []
    found = standing(home.prepare())
    _line(console, "Home", str(home.root))
    _print_runs(console, found)
    console.print(_feeds(found))
    if found.build:
        console.print(_builds(home))
        print_places(home, console)
    else:
        _line(console, "Build", f"nothing is published in {home.root} yet")
    if read_chain(home):
        console.print(_reviews(home))
    sizes = ", ".join(f"{name} {_bytes(size)}" for name, size in found.sizes.items())
    _line(console, "Sizes", f"{sizes}; {_bytes(found.free)} free on the disk")
    console.print("\nWhat to do next:", highlight=False)
    for number, (why, command) in enumerate(next_steps(found), start=1):
        words = f"{why}: {command}" if command else why
        console.print(f"  {number}. {shown(words)}", highlight=False, soft_wrap=True)
    return problems(found)


def _print_runs(console: Console, found: Standing) -> None:
    good = found.last_good
    _line(console, "Good run", _run(good, False) if good else "none yet")
    if not found.last:
        _line(console, "Last run", "none yet")
    for run in found.last:
        _line(console, "Last run", _run(run, found.is_running))
        _print_failures(console, run)


def _print_failures(console: Console, run: PastRun) -> None:
    for failure in run.failures:
        console.print(f"  failed: {shown(failure)}", highlight=False, soft_wrap=True)
    for check in run.failed_checks[:_SHOWN_CHECKS]:
        kind = "late" if check.severity == "WARN" else "failed check"
        words = f"  {kind}: {check.asset} {check.name}: {check.problem}"
        console.print(shown(words), highlight=False, soft_wrap=True)
    if len(run.failed_checks) > _SHOWN_CHECKS:
        more = len(run.failed_checks) - _SHOWN_CHECKS
        console.print(f"  and {more} more failed checks (`steelyard ui` shows them)")


def _run(run: PastRun, is_running: bool) -> str:
    if run.unfinished:
        state = "still running" if is_running else "broken off"
    elif run.is_good:
        state = "success"
    else:
        state = "ended, with failed checks" if run.succeeded else "failed"
    took = f", {run.seconds:.0f} s" if run.seconds is not None else ""
    return f"{run.job} {state}, {run.began:%Y-%m-%d %H:%M} UTC{took}"


def _feeds(found: Standing) -> Table:
    title = f"Feeds, judged at {found.judged_at:%Y-%m-%d %H:%M} UTC"
    table = Table(title=title, title_justify="left")
    for head in ("feed", *_NUMBERS, "newest export", "expected every", "fresh?", "entities"):
        table.add_column(head, justify="right" if head in _NUMBERS else "left")
    aside = [each.feed for each in found.aside]
    for each in sorted(found.feeds, key=lambda one: one.feed.name):
        table.add_row(*_feed_cells(each, aside.count(each.feed.name)))
    for wrong in found.wrong:
        table.add_row(wrong.feed, *[""] * 8, "wrong: see below")
    return table


def _feed_cells(each: FeedStanding, aside: int) -> list[str]:
    judged = each.freshness
    files = [file.counts for file in each.manifest.files.values()]
    accepted = sum(c.accepted for counts in files for c in counts.entities.values())
    due = f" since {judged.due:%Y-%m-%d %H:%M}" if judged.is_late and judged.due else ""
    return [
        each.feed.name,
        *(f"{n:,}" for n in (len(files), each.waiting, accepted, each.refused, aside)),
        f"{judged.newest:%Y-%m-%d %H:%M}" if judged.newest else "",
        judged.expected_every or "",
        f"{judged.state}{due}",
        ", ".join(each.feed.spec.entities),
    ]


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


def _line(console: Console, head: str, words: str) -> None:
    console.print(f"{head:<9} {shown(words)}", highlight=False, soft_wrap=True)


def _bytes(size: int) -> str:
    number, units = float(size), ["B", "KB", "MB", "GB", "TB"]
    while number >= 1000 and len(units) > 1:
        number, _ = number / 1000, units.pop(0)
    return f"{number:.0f} {units[0]}" if units[0] == "B" else f"{number:.1f} {units[0]}"
