"""The demo's time: its span, its seasons and promotions, and the hours that broke.

Instants are whole microseconds since 1970 (UTC) in int64 arrays; a day index counts days in the
company's zone from the first day of the span. Asia/Shanghai keeps one offset all year, so a day is
always 24 hours.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2024, 8, 1, tzinfo=ZONE)
AS_OF = datetime(2026, 8, 1, tzinfo=ZONE)
PLAY_DATES = (datetime(2026, 4, 11, tzinfo=ZONE), datetime(2026, 7, 11, tzinfo=ZONE), AS_OF)
"""Instants at which the demo is played forward: two quarters' ends plus grace, then the end."""

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
START_US = int(START.timestamp()) * SECOND
AS_OF_US = int(AS_OF.timestamp()) * SECOND
DAYS = (AS_OF_US - START_US) // DAY
OFFSET_US = 8 * HOUR

PROMOTIONS = (
    ("p1111_2024", date(2024, 10, 20), date(2024, 11, 11)),
    ("p618_2025", date(2025, 6, 1), date(2025, 6, 20)),
    ("p1111_2025", date(2025, 10, 20), date(2025, 11, 11)),
    ("p618_2026", date(2026, 6, 1), date(2026, 6, 20)),
)

_MONTHS = (0.92, 0.72, 0.97, 0.98, 1.0, 1.12, 0.95, 0.94, 1.02, 1.08, 1.18, 1.05)
_WEEKDAYS = (0.95, 0.93, 0.94, 0.97, 1.02, 1.12, 1.07)
_HOURS = (
    1.6, 0.9, 0.5, 0.3, 0.25, 0.4, 0.9, 1.7, 2.8, 4.0, 5.0, 5.2,
    5.6, 5.2, 4.8, 4.8, 4.9, 5.0, 5.4, 6.6, 8.2, 8.8, 7.2, 4.0,
)  # fmt: skip


@dataclass(frozen=True)
class BrokenHours:
    """Hours in which something failed; `share_lost` of what it hits is lost."""

    cause: str  # payment_down, channel_down, region_down
    starts: datetime
    hours: int
    what: str  # the payment page, a channel id or a region
    share_lost: float

    def hits(self, instants: Ints) -> npt.NDArray[np.bool_]:
        """Which of the instants lie in these hours."""
        start = int(self.starts.timestamp()) * SECOND
        return (instants >= start) & (instants < start + self.hours * HOUR)


def _broken(cause: str, day: str, hour: int, hours: int, what: str) -> BrokenHours:
    starts = datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZONE)
    return BrokenHours(cause, starts, hours, what, 0.95)


BROKEN = (
    _broken("payment_down", "2024-09-14", 20, 3, "own_sites"),
    _broken("channel_down", "2024-11-05", 19, 5, "paid_search"),
    _broken("region_down", "2024-12-21", 18, 4, "Guangdong"),
    _broken("payment_down", "2025-02-22", 19, 4, "own_sites"),
    _broken("channel_down", "2025-04-12", 18, 6, "douyin_ads"),
    _broken("region_down", "2025-06-07", 19, 4, "Shanghai"),
    _broken("payment_down", "2025-09-20", 20, 3, "own_sites"),
    _broken("channel_down", "2025-11-09", 18, 5, "email"),
    _broken("region_down", "2026-01-17", 19, 4, "Beijing"),
    _broken("channel_down", "2026-03-21", 19, 5, "paid_search"),
    _broken("payment_down", "2026-05-16", 20, 4, "own_sites"),
    _broken("region_down", "2026-06-13", 18, 4, "Guangdong"),
    _broken("payment_down", "2026-07-04", 20, 3, "own_sites"),
    _broken("channel_down", "2026-07-18", 18, 5, "paid_social"),
    _broken("payment_down", "2026-07-25", 19, 4, "own_sites"),
)


def date_of(day: int) -> date:
    """The date of a day index."""
    return START.date() + timedelta(days=int(day))


def day_of(day: date) -> int:
    """The day index of a date."""
    return (day - START.date()).days


def instant_of(day: int) -> int:
    """The first instant of a day."""
    return START_US + int(day) * DAY


def day_index(instants: Ints) -> Ints:
    """The day index of each instant."""
    return (instants - START_US) // DAY


def month_ends() -> list[int]:
    """Day indices at which months end: the first day of every month after the span's first."""
    return [d for d in range(1, DAYS + 1) if date_of(d).day == 1]


def week_ends(step: int = 7) -> list[int]:
    """Day indices at which a weekly (or `step`-daily) export ends, the last one at the end."""
    ends = list(range(step, DAYS + 1, step))
    return ends if ends[-1] == DAYS else [*ends, DAYS]


def month_of_day() -> Ints:
    """For each day of the span the number of its month, 0 for the first."""
    first = START.date()
    days = [date_of(d) for d in range(DAYS)]
    return np.array([(d.year - first.year) * 12 + d.month - first.month for d in days])


def promotion_of_day() -> Ints:
    """For each day of the span (and a margin after it) the promotion's number, or -1."""
    found = np.full(DAYS + 60, -1, dtype=np.int64)
    for number, (_, first, last) in enumerate(PROMOTIONS):
        found[day_of(first) : day_of(last) + 1] = number
    return found


def intensity() -> Floats:
    """Relative demand of every day: growth, months, weekdays, promotions and their peak days."""
    days = [date_of(d) for d in range(DAYS)]
    growth = 1 + 0.35 * np.arange(DAYS) / DAYS
    months = np.array([_MONTHS[d.month - 1] for d in days])
    weekdays = np.array([_WEEKDAYS[d.weekday()] for d in days])
    promotion = np.where(promotion_of_day()[:DAYS] >= 0, 1.35, 1.0)
    peaks = np.array([2.2 if (d.month, d.day) in ((11, 11), (6, 18)) else 1.0 for d in days])
    return np.asarray(growth * months * weekdays * promotion * peaks)


def hour_weights(shift: int) -> Floats:
    """Share of a day's visits by hour in Shanghai, of people who live `shift` hours later."""
    hours = np.roll(np.array(_HOURS), shift)
    return np.asarray(hours / hours.sum())
