"""Casting and checking as SQL text: how a mapped value becomes a contract's, or a reason.

Belongs here: pure functions from a contract's column and the type of what is mapped to it to SQL
expressions. Nothing here talks to a database. A cast never loses silently: what would lose a
fraction, overflow or become infinite is a reason; decimals alone are rounded, half away from zero,
at the contract's scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing import instants, numbers
from orchestration.landing.contracts import Column
from orchestration.landing.conventions import BLANKS, Conventions
from orchestration.landing.instants import Readings
from orchestration.landing.sql_text import literal, quoted

__all__ = [
    "Check", "Conventions", "TypeMismatch", "cast_reason", "checks", "clean_sql", "is_trimmed_sql",
    "kind_of", "literal", "quoted", "readings", "reasons_sql", "shown_sql", "text_sql", "typed_sql",
]  # fmt: skip

_SHOWN_CHARACTERS = 80
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
class Check:
    """One thing that may be wrong with a value: when it is, and the text of the reason."""

    condition: str
    reason: str


def kind_of(sql_type: str) -> str:
    """What kind of value a DuckDB type holds, as far as casting goes."""
    if sql_type in _INTEGERS:
        return "integer"
    if sql_type.startswith("DECIMAL"):
        return "decimal"
    return _KINDS.get(sql_type, "other")


def text_sql(value: str, sql_type: str) -> tuple[str, str]:
    """The value as text where its type is no kind of its own, and the kind that it now is."""
    kind = kind_of(sql_type)
    if kind == "json":
        return f"({value} ->> '$')", "text"
    return (f"cast({value} as varchar)", "text") if kind == "other" else (value, kind)


def clean_sql(
    value: str, sql_type: str, conventions: Conventions, identifies: bool = False
) -> tuple[str, str]:
    """The value with the feed's nulls as NULL, and the kind that it now is.

    What `identifies` a row, here or elsewhere, loses the blanks around it.
    """
    value, kind = text_sql(value, sql_type)
    if kind == "text" and identifies:
        value = trimmed_sql(value)
    if kind == "text" and conventions.nulls:
        nulls = ", ".join(literal(null) for null in conventions.nulls)
        return f"case when {value} not in ({nulls}) then {value} end", kind
    if kind == "float" and any(null.lower() == "nan" for null in conventions.nulls):
        return f"case when not isnan({value}) then {value} end", kind
    return value, kind


def trimmed_sql(value: str) -> str:
    """An id without the blanks around it; NULL where nothing else is left."""
    trimmed = f"nullif(trim({value}, {literal(BLANKS)}), '')"
    return f"case when {_may_be_blank_at_an_end(value)} then {trimmed} else {value} end"


def is_trimmed_sql(value: str) -> str:
    """Whether `trimmed_sql` takes something off, and leaves something."""
    shorter = f"strlen({trimmed_sql(value)}) < strlen({value})"
    return f"case when {_may_be_blank_at_an_end(value)} then coalesce({shorter}, false) end"


def _may_be_blank_at_an_end(value: str) -> str:
    """Cheap, as trimming by a set of characters is not: no printable ASCII at one of the ends."""
    return f"({value} not between '!' and '~' or right({value}, 1) not between '!' and '~')"


def readings(value: str, kind: str, column: Column, conventions: Conventions) -> Readings | None:
    """How a cleaned value reads as an instant or a day; None where the contract asks for neither.

    What `typed_sql` and `checks` are given for it are the columns of these readings.
    """
    if kind not in _ACCEPTED[_family(column)] or column.data_type not in ("date", "timestamp"):
        return None
    if column.data_type == "date":
        return instants.day_readings(value, kind, conventions)
    return instants.instant_readings(value, kind, conventions)


def typed_sql(
    value: str, kind: str, column: Column, conventions: Conventions, read: Readings | None
) -> str:
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
        return _as_whole_number(value, kind, conventions)
    if family == "decimal":
        return _as_decimal(value, kind, column.sql_type, conventions)
    if read is None:
        return _as_boolean(value, kind)
    if family == "date":
        return instants.day_sql(kind, read)
    return instants.instant_sql(value, kind, read, conventions)


def checks(
    column: Column, value: str, typed: str, kind: str, exported: str, masked: bool, wrong: str
) -> list[Check]:
    """What is checked on one column, in the order in which its reasons are told.

    `value` is the cleaned value as it was mapped, `typed` the same in the contract's type,
    `exported` the instant of the file's export and `wrong` what to say of a value that cannot be
    cast, as `cast_reason` gives it; `masked` hides the value in the reason.
    """
    shown = _shown(value, kind, masked)
    plain = "'***'" if masked else f"cast({value} as varchar)"

    def _told(condition: str, text: str, reason: str) -> Check:
        return Check(condition, f"{literal(column.name + ': ')} || {text} || {reason}")

    found = []
    if column.data_type != "string" and kind != "null":
        condition = f"({value} is not null and {typed} is null)"
        found.append(_told(condition, shown, wrong))
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


def cast_reason(
    column: Column,
    value: str,
    kind: str,
    conventions: Conventions,
    read: Readings | None,
    masked: bool,
) -> str:
    """What to say of a value that cannot be cast, after the value itself.

    Of a masked value nothing is told, not even the form in which it is written.
    """
    family = _family(column)
    wrong = literal(f" is not {_WANTED.get(family, 'text')}")
    if family in ("date", "timestamp") and read and not masked:
        reason = instants.day_reason_sql if family == "date" else instants.instant_reason_sql
        return reason(value, kind, read, conventions)
    if family not in ("bigint", "decimal"):
        return wrong
    if kind != "text":
        return _misfit(column, value, "true", wrong, wrong)
    plain = numbers.plain_sql(value, conventions)
    advised = wrong if masked else f"{wrong} || {numbers.advice_sql(value, conventions)}"
    return _misfit(column, plain, f"not contains({plain}, '_')", wrong, advised)


def _misfit(column: Column, value: str, clean: str, wrong: str, advised: str) -> str:
    """What is wrong with what is no number of the contract's: its size, its fraction, or all."""
    number = f"try_cast({value} as double)"
    is_number = f"isfinite({number}) and {clean}"
    fraction = f" when {is_number} and {number} <> trunc({number}) then {wrong}"
    fraction = fraction if column.data_type == "bigint" else ""
    too_large = literal(f" does not fit {column.data_type}")
    return f"case{fraction} when {is_number} then {too_large} else {advised} end"


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


def _as_whole_number(value: str, kind: str, conventions: Conventions) -> str:
    number = f"try_cast({value} as bigint)"
    if kind == "integer":
        return number
    if kind == "decimal":
        return f"case when {number} = {value} then {number} end"
    if kind == "float":
        return f"case when isfinite({value}) and {value} = trunc({value}) then {number} end"
    return numbers.whole_number_sql(value, conventions)


def _as_decimal(value: str, kind: str, sql_type: str, conventions: Conventions) -> str:
    if kind == "float":
        # Through text: the shortest decimal that is this float is the number that was written.
        number = f"try_cast(cast({value} as varchar) as {sql_type})"
        return f"case when isfinite({value}) then {number} end"
    if kind == "text":
        return numbers.decimal_sql(value, sql_type, conventions)
    return f"try_cast({value} as {sql_type})"


def _as_boolean(value: str, kind: str) -> str:
    if kind == "integer":
        return f"case {value} when 0 then false when 1 then true end"
    return value if kind == "boolean" else f"try_cast({value} as boolean)"


def _shown(value: str, kind: str, masked: bool) -> str:
    if masked:
        return literal("'***'") if kind == "text" else "'***'"
    text = f"cast({value} as varchar)"
    if kind != "text":
        return text
    cut = f"left({text}, {_SHOWN_CHARACTERS}) || '…'"
    short = f"case when length({text}) > {_SHOWN_CHARACTERS} then {cut} else {text} end"
    return f"'''' || {short} || ''''"
