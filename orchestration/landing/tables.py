"""What the door did and refused, as tables for the terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from orchestration.landing.names import shown as shown_name
from orchestration.landing.quarantine import SetAside
from orchestration.landing.rejects import Refusal
from orchestration.landing.report import AdmissionReport
from orchestration.landing.retry import Retry, Standing

_NUMBERS = ("rows read", "filtered", "accepted", "rejected")
_SHOWN_FILES = 3
_SHOWN_CHARACTERS = 200


def admission_table(report: AdmissionReport, rehearsed: bool = False) -> Table:
    """One row a file: feed, file, rows read, filtered, accepted, rejected, top reason.

    With `rehearsed` the title says that this would be done, and how many files are new or changed.
    """
    title = f"{len(report.files)} files admitted, {report.unchanged} unchanged"
    if rehearsed:
        changed = sum(each.replaced for each in report.files)
        title = (
            f"Dry run: {len(report.files)} files would be admitted ({len(report.files) - changed} "
            f"new, {changed} changed), {report.unchanged} unchanged"
        )
    later = sum(pending.exported_at is not None for pending in report.pending)
    if later:
        title += f", {later} exported later and left for a later run"
    if others := len(report.pending) - later:
        title += f", {others} left for a later run"
    table = Table(title=title, title_justify="left")
    for head in ("feed", "file", *_NUMBERS, "top reason"):
        table.add_column(head, justify="right" if head in _NUMBERS else "left")
    for each in report.files:
        counts = (each.rows_read, each.filtered, each.accepted, each.rejected)
        numbers = (f"{n:,}" for n in counts)
        reason = Text(shown_name(each.top_reason or ""))
        table.add_row(each.feed, Text(shown_name(each.file)), *numbers, reason)
    return table


def shown(text: str) -> str:
    """Text of a file as a terminal may show it: no markup, and control characters spelt out."""
    return escape("".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text))


def admission_lines(report: AdmissionReport, rehearsed: bool = False) -> list[str]:
    """What stands in no table: files set aside or left for later, and notes."""
    verb = "would be set aside" if rehearsed else "set aside"
    lines = [f"{verb} {aside.feed}/{aside.file}: {aside.reason}" for aside in report.quarantined]
    if rehearsed:
        lines += [f"left for later {each}" for each in report.pending]
    return lines + report.notes


def refusals_table(refusals: Sequence[Refusal], limit: int, title: str) -> Table:
    """One row a feed, entity and kind of reason: count, an example and the files."""
    if len(refusals) > limit:
        title += f" (the first {limit} of {len(refusals)} kinds; see --limit)"
    table = Table(title=title, title_justify="left", show_lines=True)
    for head in ("feed", "entity", "reason", "rows", "example", "files"):
        table.add_column(head, justify="right" if head == "rows" else "left", overflow="fold")
    for each in refusals[:limit]:
        place = (each.feed, each.entity, shown(each.kind), f"{each.count:,}")
        table.add_row(*place, shown(_example(each)), shown(_files(each)))
    return table


def quarantine_table(files: Sequence[SetAside], limit: int) -> Table:
    """One row a file in quarantine: feed, file, bytes and reason."""
    title = f"{len(files)} files set aside in landing/_quarantine"
    if len(files) > limit:
        title += f" (the first {limit}; see --limit)"
    table = Table(title=title, title_justify="left")
    for head in ("feed", "file", "bytes", "reason"):
        table.add_column(head, justify="right" if head == "bytes" else "left", overflow="fold")
    for each in files[:limit]:
        size = f"{each.path.stat().st_size:,}"
        table.add_row(each.feed, shown(each.path.name), size, shown(each.reason))
    return table


def retry_table(done: Retry) -> Table:
    """One row a feed: rows accepted and refused, and files set aside, before and now."""
    table = Table(title="Tried again", title_justify="left")
    for head in ("feed", "accepted before", "now", "refused before", "now", "aside before", "now"):
        table.add_column(head, justify="left" if head == "feed" else "right")
    for feed in sorted({*done.before, *done.after}):
        before, after = (each.get(feed, Standing()) for each in (done.before, done.after))
        pairs = (
            (before.accepted, after.accepted),
            (before.refused, after.refused),
            (before.set_aside, after.set_aside),
        )
        table.add_row(feed, *(f"{number:,}" for pair in pairs for number in pair))
    return table


def _example(refusal: Refusal) -> str:
    row = f" row {refusal.row}" if refusal.row is not None else ""
    raw = refusal.raw
    if len(raw) > _SHOWN_CHARACTERS:
        raw = f"{raw[:_SHOWN_CHARACTERS]}…"
    return f"{refusal.reason}\n{refusal.file}{row}: {raw}"


def _files(refusal: Refusal) -> str:
    more = len(refusal.files) - _SHOWN_FILES
    names = ", ".join(refusal.files[:_SHOWN_FILES])
    return f"{names} and {more} more" if more > 0 else names
