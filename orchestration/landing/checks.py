"""Casting and checking as SQL text: how a mapped value becomes a contract's, or a reason.

Belongs here: pure functions from a contract's column and the type of what is mapped to it to SQL
expressions. Nothing here talks to a database. A cast never loses silently: what would lose a
fraction, overflow or become infinite is a reason; decimals alone are rounded, half away from zero,
at the contract's scale.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.contracts import Column

_SHOWN_CHARACTERS = 80
_WHOLE_NUMBER = "[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?"
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
             "UINTEGER", "UBIGINT", "UHUGEINT", "BIGNUM"}  # fmt: skip
_KINDS = {
    "VARCHAR": "text", "JSON": "json", "FLOAT": "float", "DOUBLE": "float", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "timestamp", "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp", "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "instant", "NULL": "null", "\"NULL\"": "null",
}  # fmt: skip
_ACCEPTED = {
    "string": {"text", "integer", "decimal", "float", "boolean", "date", "timestamp", "instant"},
    "bigint": {"text", "integer", "decimal", "float"},
    "decimal": {"text", "integer", "decimal", "float"},
    "boolean": {"text", "integer", "boolean"},
    "date": {"text", "date", "timestamp", "instant"},
    "timestamp": {"text", "date", "timestamp", "instant"},
}
_WANTED = {
    "bigint": "a whole number", "decimal": "a number", "boolean": "true or false",
    "date": "a date", "timestamp": "a timestamp",
}  # fmt: skip


class TypeMismatch(ValueError):
    """An expression gives a type that cannot become the contract's."""


@dataclass(frozen=True)
class Conventions:
    """How a feed writes instants and missing values."""

    timezone: str
    nulls: tuple[str, ...]
    timestamp_formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with a value: when it is, and the text of the reason."""

    condition: str
    reason: str


def literal(text: str) -> str:
    """A SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def kind_of(sql_type: str) -> str:
    """What kind of value a DuckDB type holds, as far as casting goes."""
    if sql_type in _INTEGERS:
        return "integer"
    if sql_type.startswith("DECIMAL"):
        return "decimal"
    return _KINDS.get(sql_type, "other")


def clean_sql(value: str, sql_type: str, conventions: Conventions) -> tuple[str, str]:
    """The value with the feed's nulls as NULL, and the kind that it now is."""
    kind = kind_of(sql_type)
    if kind == "json":
        value, kind = f"({value} ->> '$')", "text"
    elif kind == "other":
        value, kind = f"cast({value} as varchar)", "text"
    if kind == "text" and conventions.nulls:
        nulls = ", ".join(literal(null) for null in conventions.nulls)
        return f"case when {value} not in ({nulls}) then {value} end", kind
    if kind == "float" and any(null.lower() == "nan" for null in conventions.nulls):
        return f"case when not isnan({value}) then {value} end", kind
    return value, kind


def typed_sql(value: str, kind: str, column: Column, conventions: Conventions) -> str:
    """The cleaned value in the contract's type, NULL where it cannot be one.

    Raises TypeMismatch when no value of that kind can.
    """
    family = _family(column)
    if kind == "null":
        return f"cast(null as {column.sql_type})"
    if kind not in _ACCEPTED[family]:
        raise TypeMismatch(f"gives a {kind} where the contract asks for {_WANTED[family]}")
    if family == "string":
        return _as_string(value, kind)
    if family == "bigint":
        return _as_whole_number(value, kind)
    if family == "decimal":
        return _as_decimal(value, kind, column.sql_type)
    if family == "boolean":
        return _as_boolean(value, kind)
    if family == "date":
        return _as_date(value, kind, conventions)
    return _as_timestamp(value, kind, conventions)


def checks(
    column: Column, value: str, typed: str, kind: str, exported: str, masked: bool
) -> list[Check]:
    """What is checked on one column, in the order in which its reasons are told.

    `value` is the cleaned value as it was mapped, `typed` the same in the contract's type and
    `exported` the instant of the file's export; `masked` hides the value in the reason.
    """
    shown = _shown(value, kind, masked)
    plain = "'***'" if masked else f"cast({value} as varchar)"

    def _told(condition: str, text: str, reason: str) -> Check:
        return Check(condition, f"{literal(column.name + ': ')} || {text} || {reason}")

    found = []
    if column.data_type != "string" and kind != "null":
        condition = f"({value} is not null and {typed} is null)"
        found.append(_told(condition, shown, _cast_reason(column, value, kind)))
    if column.required:
        found.append(Check(f"({value} is null)", literal(f"{column.name}: missing")))
    if column.values:
        values = ", ".join(literal(text) for text in column.values)
        reason = literal(f" is not one of {', '.join(column.values)}")
        found.append(_told(f"({typed} not in ({values}))", shown, reason))
    if column.pattern is not None:
        condition = f"(not regexp_matches({typed}, {literal(column.pattern)}))"
        found.append(_told(condition, shown, literal(f" does not match {column.pattern}")))
    if column.minimum is not None:
        reason = literal(f" is below {column.minimum}")
        found.append(_told(f"({typed} < {column.minimum})", plain, reason))
    if column.maximum is not None:
        reason = literal(f" is above {column.maximum}")
        found.append(_told(f"({typed} > {column.maximum})", plain, reason))
    if column.not_after_export:
        instant = "'***'" if masked else f"cast({typed} as varchar)"
        reason = f"' is after the export of ' || strftime({exported}, '%Y-%m-%d %H:%M:%S')"
        found.append(_told(f"({typed} > {exported})", instant, reason))
    return found


def reasons_sql(found: Sequence[Check]) -> str:
    """The reasons of one row joined by "; "; NULL where nothing is wrong."""
    if not found:
        return "cast(null as varchar)"
    bad = " or ".join(f"coalesce({check.condition}, false)" for check in found)
    reasons = ", ".join(f"case when {check.condition} then {check.reason} end" for check in found)
    return f"case when {bad} then concat_ws('; ', {reasons}) end"


def shown_sql(value: str, masked: bool) -> str:
    """A mapped value as the text that is kept with a rejected row."""
    return (
        f"case when {value} is not null then '***' end" if masked else f"cast({value} as varchar)"
    )


def _family(column: Column) -> str:
    return "decimal" if column.data_type.startswith("decimal") else column.data_type


def _as_string(value: str, kind: str) -> str:
    if kind == "text":
        return value
    text = f"cast({value} as varchar)"
    if kind == "float":
        # An id that passed through a float column (12345.0) is the whole number that it was.
        whole = f"{value} = trunc({value}) and abs({value}) < 9007199254740992"
        return f"case when {whole} then cast(cast({value} as bigint) as varchar) else {text} end"
    return text


def _as_whole_number(value: str, kind: str) -> str:
    number = f"try_cast({value} as bigint)"
    if kind == "integer":
        return number
    if kind == "decimal":
        return f"case when {number} = {value} then {number} end"
    if kind == "float":
        return f"case when isfinite({value}) and {value} = trunc({value}) then {number} end"
    exact = (
        f"regexp_full_match(trim({value}), '{_WHOLE_NUMBER}') "
        f"and try_cast({value} as double) = cast({number} as double)"
    )
    return f"case when cast({number} as varchar) = {value} or ({exact}) then {number} end"


def _as_decimal(value: str, kind: str, sql_type: str) -> str:
    if kind == "float":
        # Through text: the shortest decimal that is this float is the number that was written.
        number = f"try_cast(cast({value} as varchar) as {sql_type})"
        return f"case when isfinite({value}) then {number} end"
    number = f"try_cast({value} as {sql_type})"
    return f"case when not contains({value}, '_') then {number} end" if kind == "text" else number


def _as_boolean(value: str, kind: str) -> str:
    if kind == "integer":
        return f"case {value} when 0 then false when 1 then true end"
    return value if kind == "boolean" else f"try_cast({value} as boolean)"


def _as_date(value: str, kind: str, conventions: Conventions) -> str:
    if kind == "date":
        return f"case when isfinite({value}) then {value} end"
    if kind == "text":
        formats = [f"try_strptime({value}, {literal(f)})" for f in conventions.timestamp_formats]
        casts = [f"cast({attempt} as timestamp)" for attempt in formats]
        moment = f"coalesce({', '.join([*casts, f'try_cast(trim({value}) as timestamp)'])})"
    elif kind == "instant":
        moment = f"timezone({literal(conventions.timezone)}, {value})"
    else:
        moment = f"cast({value} as timestamp)"
    day = f"cast({moment} as date)"
    return f"case when isfinite({moment}) and {moment} = cast({day} as timestamp) then {day} end"


def _as_timestamp(value: str, kind: str, conventions: Conventions) -> str:
    zone = literal(conventions.timezone)
    if kind == "instant":
        moment = f"timezone('UTC', {value})"
    elif kind == "text":
        attempts = [_parsed(value, text, zone) for text in conventions.timestamp_formats]
        attempts += [f"try_cast({value} as timestamptz)", f"try_cast(trim({value}) as timestamptz)"]
        moment = f"timezone('UTC', coalesce({', '.join(attempts)}))"
    elif conventions.timezone == "UTC":
        moment = f"cast({value} as timestamp)"
    else:
        moment = f"timezone('UTC', timezone({zone}, cast({value} as timestamp)))"
    return f"case when isfinite({moment}) then {moment} end"


def _parsed(value: str, text: str, zone: str) -> str:
    parsed = f"try_strptime({value}, {literal(text)})"
    has_offset = re.search(r"%[zZ]", text.replace("%%", ""))
    return parsed if has_offset else f"timezone({zone}, {parsed})"


def _shown(value: str, kind: str, masked: bool) -> str:
    if masked:
        return literal("'***'") if kind == "text" else "'***'"
    text = f"cast({value} as varchar)"
    if kind != "text":
        return text
    cut = f"left({text}, {_SHOWN_CHARACTERS}) || '…'"
    short = f"case when length({text}) > {_SHOWN_CHARACTERS} then {cut} else {text} end"
    return f"'''' || {short} || ''''"


def _cast_reason(column: Column, value: str, kind: str) -> str:
    family = _family(column)
    wrong = literal(f" is not {_WANTED[family]}")
    if family not in ("bigint", "decimal"):
        return wrong
    number = f"try_cast({value} as double)"
    whole = f" and {number} = trunc({number})" if family == "bigint" else ""
    clean = f" and not contains({value}, '_')" if kind == "text" else ""
    too_large = literal(f" does not fit {column.data_type}")
    return f"case when isfinite({number}){whole}{clean} then {too_large} else {wrong} end"
