"""What the door did, as a table for the terminal."""

from rich.table import Table
from rich.text import Text

from orchestration.landing.names import shown
from orchestration.landing.report import AdmissionReport

_NUMBERS = ("rows read", "filtered", "accepted", "rejected")


def admission_table(report: AdmissionReport) -> Table:
    """One row a file: feed, file, rows read, filtered, accepted, rejected, top reason."""
    title = f"{len(report.files)} files admitted, {report.unchanged} unchanged"
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
        table.add_row(each.feed, Text(shown(each.file)), *numbers, Text(each.top_reason or ""))
    return table
