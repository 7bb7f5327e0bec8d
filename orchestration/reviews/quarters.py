"""Quarters of the fiscal year: their first days, their labels, and their Dagster partitions.

Dagster takes seconds to import: only who asks for partitions pays for it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

MONTHS = 3
KEY_FORMAT = "%Y-%m-%d"
# Dagster needs a first partition; no export of an online shop is older.
_FIRST_YEAR = 2000


_LABEL = re.compile(r"(?P<year>20[0-9]{2})-Q(?P<quarter>[1-4])")


class UnknownQuarterError(ValueError):
    """What was asked for is no quarter; the message says how one is written."""


@dataclass(frozen=True, order=True)
class Quarter:
    """One fiscal quarter, named by its first day in the business time zone."""

    first_day: date

    @classmethod
    def labelled(cls, label: str, settings: Settings) -> "Quarter":
        """The quarter of a label such as `2026-Q2`; raises UnknownQuarterError for other text."""
        found = _LABEL.fullmatch(label.strip().upper())
        if found is None:
            raise UnknownQuarterError(f"{label!r} is no quarter: write a year and it, 2026-Q3")
        month = settings.fiscal_year_start - 1 + MONTHS * (int(found["quarter"]) - 1)
        return cls(date(int(found["year"]) + month // 12, month % 12 + 1, 1))

    @property
    def key(self) -> str:
        """The partition key: the first day, `2026-04-01`."""
        return self.first_day.strftime(KEY_FORMAT)

    @property
    def next_first_day(self) -> date:
        """First day of the quarter after it."""
        month = self.first_day.month + MONTHS
        return date(self.first_day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

    def label(self, settings: Settings) -> str:
        """`2026-Q2`: the calendar year in which the fiscal year starts, and the quarter of it."""
        start = settings.fiscal_year_start
        year = self.first_day.year - (self.first_day.month < start)
        return f"{year}-Q{(self.first_day.month - start) % 12 // MONTHS + 1}"

    def due_at(self, settings: Settings) -> datetime:
        """The instant (UTC) from which it may be frozen: its end and the grace days after it."""
        day = self.next_first_day + timedelta(days=settings.grace_days)
        return datetime(day.year, day.month, day.day, tzinfo=settings.zone).astimezone(UTC)


def quarter_partitions(settings: Settings) -> "dg.TimeWindowPartitionsDefinition":
    """One partition a fiscal quarter, in the business time zone."""
    import dagster as dg

    months = sorted((settings.fiscal_year_start - 1 + MONTHS * n) % 12 + 1 for n in range(4))
    return dg.TimeWindowPartitionsDefinition(
        start=f"{_FIRST_YEAR}-{months[0]:02}-01",
        fmt=KEY_FORMAT,
        cron_schedule=f"0 0 1 {','.join(map(str, months))} *",
        timezone=settings.business_timezone,
    )
