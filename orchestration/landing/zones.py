"""Time zones: on which days a zone changes its offset, from Python's own time zone database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_FROM, _UNTIL = datetime(1850, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=5)  # shorter than any time between two changes of an offset and back
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def transition_days(name: str) -> tuple[int, ...]:
    """Days (UTC, counted from 1970) that hold an instant whose local time is skipped or repeated.

    Empty for a zone that never changes. Every instant that such a local time may be read as lies
    within the length of the change of it.
    """
    days: set[int] = set()
    for moment, change in _transitions(ZoneInfo(name)):
        first, last = ((each - _EPOCH).days for each in (moment - change, moment + change))
        days |= set(range(first, last + 1))
    return tuple(sorted(days))


def _transitions(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta]]:
    """Each change of the offset: its instant, and by how much clocks are set."""
    before, offset = _FROM, _offset(zone, _FROM)
    while before < _UNTIL:
        after = before + _STEP
        if (changed := _offset(zone, after)) != offset:
            yield _instant_of_change(zone, before, after), abs(changed - offset)
        before, offset = after, changed


def _instant_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    offset = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
