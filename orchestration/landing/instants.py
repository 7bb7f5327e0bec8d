"""Instants and days as people write them, as SQL text: to one instant, or a reason.

Belongs here: in which formats a text may be read, and what becomes of local times that daylight
saving skips or repeats; when a zone does that is said in `zones.py`. A value is read in two steps,
each a column of its own so that nothing is parsed twice: the readings, then the instant.
"""

import re
from dataclasses import dataclass

from orchestration.landing.conventions import Conventions, narrow_sql
from orchestration.landing.sql_text import literal
from orchestration.landing.zones import transition_days

_DAY_US = 86_400_000_000
_READABLE = "between timestamp '1000-01-01' and timestamp '9999-12-31 23:59:59.999999'"
_WITH_CLOCK = re.compile(r"%-?[HIcXs]")
_WITH_OFFSET = re.compile(r"%[zZ]")
_YEAR_DAY_MONTH = re.compile(r"^\s*%[Yy]\W*%-?d\W*%-?m")
_OWN_OFFSET = "[^:]*:[^A-Za-z+-]*[A-Za-z+-].*"  # after a time's colon nothing else has these
_OTHER_DATE = (
    "[0-9]{1,2}[./ -]+[0-9A-Za-z]{1,9}[./ -]+[0-9]{2,4}.*|[0-9]{8}|[0-9]{14}|[0-9]{2,4}年.*"
    "|[A-Za-z]{3,9}[., ]+[0-9].*"
)


@dataclass(frozen=True)
class Readings:
    """SQL of how a value reads: the earliest and the latest of its readings, as timestamps.

    `latest` is None where there can be no second one. Readings of an instant are in UTC; a local
    time that is skipped or repeated is read the way DuckDB does, forward and as the second.
    """

    earliest: str
    latest: str | None = None


def instant_readings(value: str, kind: str, conventions: Conventions) -> Readings:
    """How a value of that kind reads as an instant."""
    if kind == "instant":
        return Readings(f"timezone('UTC', {value})")
    if kind != "text":
        return Readings(_utc(f"cast({value} as timestamp)", conventions))
    declared = []
    for text in conventions.timestamp_formats:
        parsed = f"try_strptime({value}, {literal(text)})"
        own = _has(_WITH_OFFSET, text)
        declared.append(f"timezone('UTC', {parsed})" if own else _utc(parsed, conventions))
    casts = (f"try_cast({text} as timestamptz)" for text in (value, narrow_sql(value)))
    return _readings(declared, f"timezone('UTC', coalesce({', '.join(casts)}))", conventions)


def day_readings(value: str, kind: str, conventions: Conventions) -> Readings:
    """How a value of that kind reads as a day: as timestamps, which must be midnights."""
    if kind == "instant":
        return Readings(f"timezone({literal(conventions.timezone)}, {value})")
    if kind != "text":
        return Readings(f"cast({value} as timestamp)")
    declared = [
        f"cast(try_strptime({value}, {literal(text)}) as timestamp)"
        for text in conventions.timestamp_formats
    ]
    return _readings(declared, f"try_cast({narrow_sql(value)} as timestamp)", conventions)


def instant_sql(value: str, kind: str, read: Readings, conventions: Conventions) -> str:
    """The instant that a value is, as a timestamp in UTC; NULL where it is none or not one.

    `read` holds the columns of its readings.
    """
    moment, settled = read.earliest, read.earliest
    wall = _wall_sql(value, kind, conventions)
    if wall and transition_days(conventions.timezone):
        near = _is_near_transition(moment, conventions)
        local = _settled_sql(wall, moment, conventions)
        settled = f"case when {near} then {local} else {moment} end"
    return f"case when {_is_one(kind, read)} then {settled} end"


def day_sql(kind: str, read: Readings) -> str:
    """The day that a value is; NULL where it is none, or has a time of day."""
    day = f"cast({read.earliest} as date)"
    midnight = f"{read.earliest} = cast({day} as timestamp)"
    return f"case when {_is_one(kind, read)} and {midnight} then {day} end"


def instant_reason_sql(value: str, kind: str, read: Readings, conventions: Conventions) -> str:
    """What to say of a value that is no instant, after the value itself."""
    zone, cases = literal(conventions.timezone), []
    if read.latest:
        local = [
            f"timezone({zone}, timezone('UTC', {each}))" for each in (read.earliest, read.latest)
        ]
        cases.append(_ambiguous(read, local, "timestamp"))
    wall = _wall_sql(value, kind, conventions)
    if wall and transition_days(conventions.timezone):
        forward = f" does not exist in {conventions.timezone}: clocks go forward"
        backward = f" is not one instant in {conventions.timezone}: clocks go back"
        cases += [
            f"when {_is_skipped(wall, read.earliest, conventions)} "
            f"then {literal(forward + ' (is read.timezone right?)')}",
            f"when {_is_repeated(wall, read.earliest, conventions)} "
            f"then {literal(backward + ' (settle it by read.repeated_hour: first or second)')}",
        ]
    return _reason(value, kind, read, "a timestamp", cases)


def day_reason_sql(value: str, kind: str, read: Readings, _conventions: Conventions) -> str:
    """What to say of a value that is no day, after the value itself."""
    cases = []
    if read.latest:
        days = [f"cast({each} as date)" for each in (read.earliest, read.latest)]
        cases.append(_ambiguous(read, days, "date"))
    return _reason(value, kind, read, "a date", cases)


def _reason(value: str, kind: str, read: Readings, wanted: str, cases: list[str]) -> str:
    plain = literal(f" is not {wanted}")
    if kind != "text":
        return f"case {' '.join(cases)} else {plain} end" if cases else plain
    fix = "add its format to read.timestamp_formats"
    year = f" is not {wanted} with a year of four digits (if it is {wanted}, {fix})"
    cases.append(
        f"when not {read.earliest} {_READABLE} and isfinite({read.earliest}) then {literal(year)}"
    )
    other = literal(f" is not {wanted} (if it is one, {fix})")
    cases.append(
        f"when regexp_full_match({narrow_sql(value)}, {literal(_OTHER_DATE)}) then {other}"
    )
    return f"case {' '.join(cases)} else {plain} end"


def _ambiguous(read: Readings, shown: list[str], wanted: str) -> str:
    """Two declared formats fit and differ: which of them was meant, nothing tells."""
    first, last = (f"cast({each} as varchar)" for each in shown)
    readings = f"{first} || ' and as ' || {last}"
    told = literal(f" is not one {wanted}: it reads as ")
    fix = literal(", ambiguous (leave one of its formats in read.timestamp_formats)")
    return f"when {read.earliest} <> {read.latest} then {told} || {readings} || {fix}"


def _readings(declared: list[str], iso: str, conventions: Conventions) -> Readings:
    """The declared formats, and ISO 8601 where none of them fits or could have been meant."""
    if any(_has(_YEAR_DAY_MONTH, text) for text in conventions.timestamp_formats):
        iso = "cast(null as timestamp)"
    if len(declared) < 2:
        return Readings(f"coalesce({', '.join([*declared, iso])})")
    every = ", ".join(declared)
    return Readings(f"coalesce(least({every}), {iso})", f"greatest({every})")


def _is_one(kind: str, read: Readings) -> str:
    finite = f"{read.earliest} {_READABLE}" if kind == "text" else f"isfinite({read.earliest})"
    return (
        f"{finite} and coalesce({read.earliest} = {read.latest}, true)" if read.latest else finite
    )


def _wall_sql(value: str, kind: str, conventions: Conventions) -> str | None:
    """The local time that a value writes; NULL (or None) where it writes an offset or only a day.

    A day has a beginning even where clocks go forward at midnight.
    """
    if kind == "timestamp":
        return f"cast({value} as timestamp)"
    if kind != "text":
        return None
    local = [
        f"try_strptime({value}, {literal(text)})"
        for text in conventions.timestamp_formats
        if _has(_WITH_CLOCK, text) and not _has(_WITH_OFFSET, text)
    ]
    tidy = narrow_sql(value)
    iso = (
        f"case when contains({tidy}, ':') and not regexp_full_match({tidy}, '{_OWN_OFFSET}') "
        f"then try_cast({tidy} as timestamp) end"
    )
    return f"coalesce({', '.join([*local, iso])})"


def _is_near_transition(moment: str, conventions: Conventions) -> str:
    """Whether a zone changes its offset on that day: one bit a day, as no search is as cheap."""
    days = transition_days(conventions.timezone)
    first, last = days[0] - 1, days[-1] + 1
    bits = ["0"] * (last - first + 1)
    for day in days:
        bits[day - first] = "1"
    bit = f"cast(epoch_us({moment}) // {_DAY_US} - {first} as integer)"
    return f"get_bit('{''.join(bits)}'::bit, greatest(0, least({last - first}, {bit}))) = 1"


def _settled_sql(wall: str, moment: str, conventions: Conventions) -> str:
    """The instant of a local time on a day with a transition; NULL where none or two are."""
    skipped = f"when {_is_skipped(wall, moment, conventions)} then null"
    repeated = ""
    if conventions.repeated_hour != "second":
        first = _first_sql(wall, conventions) if conventions.repeated_hour == "first" else "null"
        repeated = f"when {_is_repeated(wall, moment, conventions)} then {first}"
    return f"case {skipped} {repeated} else {moment} end"


def _is_skipped(wall: str, moment: str, conventions: Conventions) -> str:
    return f"({_local(moment, conventions)} <> {wall})"


def _is_repeated(wall: str, moment: str, conventions: Conventions) -> str:
    first = _first_sql(wall, conventions)
    return f"({first} <> {moment} and {_local(first, conventions)} = {wall})"


def _first_sql(wall: str, conventions: Conventions) -> str:
    """A local time by the offset of the day before, in UTC."""
    before = _utc(f"({wall} - interval '1 day')", conventions)
    return f"({before} + interval '1 day')"


def _utc(local: str, conventions: Conventions) -> str:
    if conventions.timezone == "UTC":
        return local
    return f"timezone('UTC', timezone({literal(conventions.timezone)}, {local}))"


def _local(moment: str, conventions: Conventions) -> str:
    return f"timezone({literal(conventions.timezone)}, timezone('UTC', {moment}))"


def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text.replace("%%", "")) is not None
