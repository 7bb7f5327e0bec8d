"""When a file was exported, as its name says it, and durations as people write them.

Pure: no file is looked at here.
"""

import re
from datetime import UTC, datetime, timedelta
from fnmatch import translate
from pathlib import Path

_DURATION = re.compile(r"^(\d+) (second|minute|hour|day|week)s?$")


def checked_duration(value: str) -> str:
    """The text itself. Raises ValueError where it is not a duration such as 12 hours."""
    try:
        if _DURATION.match(value):
            duration(value)
            return value
    except OverflowError:
        pass
    raise ValueError(f"{value!r} is not a duration such as 1 day or 12 hours")


def duration(text: str | None) -> timedelta:
    """A duration that was checked; none is zero."""
    match = _DURATION.match(text or "")
    return timedelta(**{f"{match.group(2)}s": int(match.group(1))}) if match else timedelta(0)


def check_instant_pattern(pattern: str) -> None:
    """Raise ValueError for what strptime would refuse in every name."""
    instant = _parts_of_instant(pattern)[1]
    try:
        datetime.strptime(datetime(2024, 1, 1, tzinfo=UTC).strftime(instant), instant)
    except (ValueError, re.error):
        raise ValueError(f"{instant!r} is not a pattern of a date or time like %Y%m%d") from None


def _parts_of_instant(pattern: str) -> tuple[str, str, str]:
    before, rest = pattern.split("(", 1)
    instant, after = rest.rsplit(")", 1)
    return before, instant, after


def instant_of_name(pattern: str, name: str) -> datetime:
    """The instant in a file's name, without a zone unless it says one.

    Raises ValueError where the name does not follow the pattern.
    """
    before, instant, after = _parts_of_instant(pattern)
    glob = f"{_glob_part(before)}(?P<instant>.+?){_glob_part(after)}"
    matched = re.fullmatch(glob, name if "/" in pattern else Path(name).name)
    if not matched:
        raise ValueError(f"the name does not follow exported_at: {pattern}")
    try:
        return datetime.strptime(matched.group("instant"), instant)
    except ValueError:
        raise ValueError(f"{matched.group('instant')!r} does not follow {instant}") from None


def _glob_part(text: str) -> str:
    return translate(text).removeprefix("(?s:").removesuffix(r")\Z") if text else ""
