"""What a `feed.yml` may say, key by key.

Pure: no file is read here. Whether it fits the contracts and what lies beside it is `feeds.py`'s.
"""

import re
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from orchestration.landing.export_times import check_instant_pattern, checked_duration, duration
from orchestration.landing.limits import Limits

_FIRST_READ_KEYS = {
    "format", "delimiter", "quote", "escape", "skip", "columns", "encoding", "timezone", "nulls",
    "records", "timestamp_formats",
}  # fmt: skip

SqlValue = str | bool | int | float | None
Encoding = Literal[
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "windows-1252"
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadOptions(_Model):
    """How a feed's files are read; compression goes by the file's ending (.gz, .zst).

    `varying_columns` are columns that a file may lack or type differently: they are read as text,
    NULL where missing. `time_limit` is the longest that one batch of files may take.
    """

    format: Literal["csv", "json_lines", "json_array", "parquet", "xlsx"]
    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    skip: int = 0
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: Encoding = "utf-8"
    timezone: str = "UTC"
    nulls: tuple[str, ...] = ("",)
    records: str | None = None
    timestamp_formats: tuple[str, ...] = ()
    repeated_hour: Literal["first", "second"] | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal[",", ".", " ", "'"] | None = None
    currency_signs: tuple[str, ...] = ()
    varying_columns: tuple[str, ...] = ()
    time_limit: str = "10 minutes"
    limits: Limits = Limits()

    @field_validator("currency_signs")
    @classmethod
    def _no_part_of_a_number(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [
            sign for sign in value if not re.fullmatch(r"[^\d\s,'+-]*[^\d\s.,'+-]\.?", sign)
        ]:
            raise ValueError(
                f"{wrong[0]!r} could be part of a number; write signs such as € or kr."
            )
        return value

    @model_validator(mode="after")
    def _separators_differ(self) -> "ReadOptions":
        if self.thousands == self.decimal:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        if self.format.startswith("json") and (self.thousands or self.decimal == ","):
            raise ValueError("a JSON number has its own point: let select turn texts into numbers")
        typed = self.format == "parquet" and self.varying_columns
        if typed and (self.thousands or self.decimal == ","):
            raise ValueError("a number of a varying column is written with a point")
        return self

    @field_validator("time_limit")
    @classmethod
    def _some_time(cls, value: str) -> str:
        if not duration(checked_duration(value)):
            raise ValueError("write a time longer than nothing, such as 10 minutes")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from None
        return value

    @model_validator(mode="after")
    def _fits_format(self) -> "ReadOptions":
        if self.records is not None and self.format != "json_array":
            raise ValueError("records names the array inside a JSON object: format json_array only")
        if (self.columns or self.skip) and self.format not in ("csv", "xlsx"):
            raise ValueError("columns and skip are for formats csv and xlsx only")
        if self.sheet is not None and self.format != "xlsx":
            raise ValueError("sheet is for format xlsx only")
        if self.varying_columns and self.format not in ("csv", "parquet", "xlsx"):
            raise ValueError("varying_columns is for csv, parquet and xlsx; a JSON row may vary")
        return self

    def deciding(self) -> dict[str, Any]:
        """What decides how a file is read; a key that came later counts only where it is set."""
        values = self.model_dump(mode="json", exclude={"time_limit", "limits"})
        unset = type(self)(format=self.format).model_dump(mode="json")
        return {k: v for k, v in values.items() if k in _FIRST_READ_KEYS or v != unset[k]}


class EntityMapping(_Model):
    """How raw rows become rows of one entity: `select` with an optional `where`, or a `query`."""

    where: str | None = None
    select: dict[str, SqlValue] | None = None
    query: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "EntityMapping":
        if (self.select is None) == (self.query is None):
            raise ValueError("write either select or query")
        if self.query is not None and self.where is not None:
            raise ValueError("where goes with select; a query has its own")
        return self

    def expressions(self) -> dict[str, str]:
        """The SQL expression of every contract column that `select` maps."""
        return {name: _as_sql(value) for name, value in (self.select or {}).items()}


class FeedFile(_Model):
    """The content of a feed.yml."""

    feed: str
    files: str | tuple[str, ...]
    exported_at: str
    exported_at_plus: str | None = None
    expected_every: str | None = None
    read: ReadOptions
    entities: dict[str, EntityMapping]

    @field_validator("exported_at_plus", "expected_every")
    @classmethod
    def _duration(cls, value: str | None) -> str | None:
        return None if value is None else checked_duration(value)

    @field_validator("expected_every")
    @classmethod
    def _rhythm(cls, value: str | None) -> str | None:
        if value is not None and not duration(value):
            raise ValueError(f"{value!r} is no rhythm; write how often a file comes, as 1 day")
        return value

    @field_validator("exported_at")
    @classmethod
    def _instant(cls, value: str) -> str:
        if value != "file_modified" and not re.search(r"\(.*%.*\)", value):
            raise ValueError('write file_modified, or a pattern like "orders_(%Y%m%d).csv"')
        if value != "file_modified":
            check_instant_pattern(value)
        return value

    @field_validator("entities")
    @classmethod
    def _some(cls, value: dict[str, EntityMapping]) -> dict[str, EntityMapping]:
        if not value:
            raise ValueError("maps no entity")
        return value


def _as_sql(value: SqlValue) -> str:
    """A YAML scalar as SQL: text is SQL already; numbers, true/false and null are literals."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
