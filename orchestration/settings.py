"""A company's settings (`steelyard.yml`) and the two clocks of a run, and how both reach dbt.

Only reading and checking them belongs here; what a setting means belongs to whoever uses it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orchestration.paths import HOME_VARIABLE, Home

DEFAULT_MEMORY_LIMIT = "6GB"
CLOCK_FORMAT = "%Y-%m-%d %H:%M:%S"

_SIZE = re.compile(r"^([0-9]+(?:\.[0-9]+)?)(MB|GB|TB)$")
_UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
_LEAST_MEMORY = 10**6

# No part of this project, and nothing that it starts, reports to anyone.
NO_TELEMETRY = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}


class SettingsError(ValueError):
    """steelyard.yml or a clock cannot be used; the message names the file, the key and the fix."""


class Settings(BaseModel):
    """What one company may set; every field has a default, so that a home needs no file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    business_timezone: str = "UTC"
    base_currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    grace_days: int = Field(default=10, ge=0, le=90)
    retention: int = Field(default=3, ge=1)  # published builds kept
    memory_limit: str = DEFAULT_MEMORY_LIMIT  # of DuckDB, per process

    @field_validator("business_timezone")
    @classmethod
    def _is_a_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from None
        return value

    @field_validator("memory_limit")
    @classmethod
    def _is_a_size(cls, value: str) -> str:
        if size_in_bytes(value) < _LEAST_MEMORY:
            raise ValueError(f"{value!r} is not a size such as 4GB, at least 1MB")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which a day is a day."""
        return ZoneInfo(self.business_timezone)


def size_in_bytes(text: str) -> int:
    """Bytes of a size such as 512MB, 4GB or 1.5TB (powers of ten, as DuckDB); 0 for no size."""
    match = _SIZE.match(text)
    return int(float(match[1]) * _UNITS[match[2]]) if match else 0


@dataclass(frozen=True)
class Clocks:
    """The instants up to which a run reads facts (`as_of`) and files (`known_until`).

    Both are aware, in UTC and whole seconds.
    """

    as_of: datetime
    known_until: datetime

    def __post_init__(self) -> None:
        for name in ("as_of", "known_until"):
            instant: datetime = getattr(self, name)
            if instant.tzinfo is None:
                raise SettingsError(f"{name}: {instant} has no time zone")
            object.__setattr__(self, name, _whole_second(instant.astimezone(UTC)))

    @classmethod
    def at(cls, instant: datetime) -> "Clocks":
        """Both clocks at one instant."""
        return cls(as_of=instant, known_until=instant)

    def environment(self) -> dict[str, str]:
        """The environment variables from which dbt's macros read the clocks."""
        return {
            "STEELYARD_AS_OF": self.as_of.strftime(CLOCK_FORMAT),
            "STEELYARD_KNOWN_UNTIL": self.known_until.strftime(CLOCK_FORMAT),
        }


def _whole_second(instant: datetime) -> datetime:
    """Round up, so that a file written a moment before the run started counts as known."""
    if instant.microsecond:
        return instant.replace(microsecond=0) + timedelta(seconds=1)
    return instant


def load_settings(home: Home) -> Settings:
    """Read the home's steelyard.yml; an absent or empty file means the defaults.

    Raises SettingsError, which names the file, the key and what is wrong with it.
    """
    if not home.settings.exists():
        return Settings()
    content = _read_yaml(home.settings)
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{home.settings}: {_in_words(error)}") from error


def _read_yaml(path: Path) -> object:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not readable as YAML: {error}") from error
    return {} if content is None else content


def _in_words(error: ValidationError) -> str:
    known = ", ".join(Settings.model_fields)
    parts = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"]) or "the file"
        if problem["type"] == "extra_forbidden":
            parts.append(f"{key}: no such setting (known: {known})")
        else:
            parts.append(f"{key}: {problem['msg'].removeprefix('Value error, ')}")
    return "; ".join(parts)


def parse_instant(text: str, settings: Settings) -> datetime:
    """Read an ISO date or date and time; without an offset it is in the business time zone.

    Raises SettingsError where the text is not an instant.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"{text!r} is not an instant: write 2026-08-01 or 2026-08-01T00:00:00+08:00"
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=settings.zone)


def dbt_environment(home: Home, settings: Settings, clocks: Clocks | None) -> dict[str, str]:
    """Environment variables that a dbt process of this home needs; no clocks for a mere parse."""
    return {
        **NO_TELEMETRY,
        HOME_VARIABLE: str(home.root),
        "STEELYARD_BUSINESS_TIMEZONE": settings.business_timezone,
        "STEELYARD_BASE_CURRENCY": settings.base_currency,
        "STEELYARD_FISCAL_YEAR_START": str(settings.fiscal_year_start),
        "STEELYARD_GRACE_DAYS": str(settings.grace_days),
        "STEELYARD_MEMORY_LIMIT": settings.memory_limit,
        **(clocks.environment() if clocks else {}),
    }
