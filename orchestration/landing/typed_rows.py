"""The statement of one mapping: raw rows mapped, cleaned, read, cast and checked, step by step.

Belongs here: the SQL text of typed rows and what it is made from. Running it is `mapping.py`'s; how
a single value is cast and checked is said in `checks.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from orchestration.landing.checks import (
    Check,
    Conventions,
    cast_reason,
    checks,
    clean_sql,
    is_trimmed_sql,
    literal,
    quoted,
    readings,
    reasons_sql,
    shown_sql,
    text_sql,
    typed_sql,
)
from orchestration.landing.contracts import Column, Contract, identifying_names
from orchestration.landing.expressions import Reads
from orchestration.landing.feed_file import EntityMapping
from orchestration.landing.feeds import Feed
from orchestration.landing.hashing import hmac_sql
from orchestration.landing.instants import Readings
from orchestration.landing.reading import ROW_BITS

_ROW_MASK = (1 << ROW_BITS) - 1


@dataclass(frozen=True)
class Mapped:
    """What one entity's mapping gives: DuckDB types by contract column, in contract order."""

    contract: Contract
    mapping: EntityMapping
    types: dict[str, str]

    @property
    def table(self) -> str:
        """Name of its typed and checked rows, a temporary view; entity names need no quotes."""
        return f"typed_{self.contract.entity}"


@dataclass(frozen=True)
class FileConstants:
    """What every row of a file carries; lists by the number of the file in the batch."""

    names: tuple[str, ...]
    exported_at: tuple[datetime, ...]

    def file_sql(self) -> str:
        """The name of the file of a row `_row`."""
        return _pick([literal(name) for name in self.names])

    def exported_sql(self) -> str:
        """The instant of export of the file of a row `_row`."""
        return _pick([f"timestamp '{instant}'" for instant in self.exported_at])


def row_number_sql(row: str = "_row") -> str:
    """The number of the raw row in its file, from 1."""
    return f"({row} & {_ROW_MASK})"


def file_number_sql(row: str = "_row") -> str:
    """The number of the file in the batch, from 0."""
    return f"({row} >> {ROW_BITS})"


def trimmed_columns(mapped: Mapped) -> dict[str, str]:
    """Per id column that comes as text: the column that tells whether blanks were taken off."""
    return {
        column.name: quoted(f"_trimmed_{column.name}")
        for column in mapped.contract.columns
        if column.name in mapped.types
        and column.name in identifying_names()
        and text_sql("x", mapped.types[column.name])[1] == "text"
    }


def masked_reads(feed: Feed, bound: Sequence[Mapped]) -> Reads:
    """What of a raw row stands behind masked columns; everything where it cannot be told."""
    reads = Reads()
    for mapped in bound:
        for column in mapped.contract.columns:
            if column.masked and column.name in mapped.types:
                whole = Reads(everything=True)
                reads |= feed.reads[mapped.contract.entity].get(column.name, whole)
    return reads


def typed_rows_sql(feed: Feed, mapped: Mapped, files: FileConstants) -> str:
    """Five steps, each a subquery: map, clean, read, cast, check."""
    steps = _Steps(feed, mapped)
    for column in mapped.contract.columns:
        if column.name in mapped.types:
            steps.add(column)
        else:
            steps.results.append(f"cast(null as {column.sql_type}) as {quoted(column.name)}")
    results = ", ".join([*steps.results, *trimmed_columns(mapped).values()])
    passed = ", ".join([*steps.typed, *steps.passed, f"{files.exported_sql()} as _exported_at"])
    return f"""
        select _row, _item, {results}, _reasons,
            case when _reasons is not null
                then cast(json_object({", ".join(steps.shown)}) as varchar) end as _mapped
        from (
            select *, {reasons_sql(steps.found)} as _reasons
            from (
                select _row, _item, {passed}
                from (
                    select {", ".join(["*", *steps.read])}
                    from (
                        select _row, _item, {", ".join(steps.cleaned)}
                        from ({_mapped_rows_sql(mapped)})
                    )
                )
            )
        )"""


def query_body(query: str) -> str:
    """A feed's query as it can stand in parentheses."""
    return query.strip().removesuffix(";")


def _conventions(feed: Feed) -> Conventions:
    names = (field.name for field in fields(Conventions))
    return Conventions(**{name: getattr(feed.spec.read, name) for name in names})


class _Steps:
    """The columns of each step of one mapping, gathered column by column of the contract."""

    def __init__(self, feed: Feed, mapped: Mapped) -> None:
        self._feed, self._mapped = feed, mapped
        self._conventions, self._masked = _conventions(feed), masked_reads(feed, [mapped])
        self._trimmed_columns = trimmed_columns(mapped)
        self.cleaned: list[str] = []
        self.read: list[str] = []
        self.typed: list[str] = []
        self.passed: list[str] = []
        self.results: list[str] = []
        self.shown: list[str] = []
        self.found: list[Check] = []

    def add(self, column: Column) -> None:
        """What one mapped column of the contract adds to each step."""
        m, c, t = (quoted(f"{step}_{column.name}") for step in "mct")
        sql_type, conventions = self._mapped.types[column.name], self._conventions
        told = self._trimmed_columns.get(column.name)
        value, kind = clean_sql(m, sql_type, conventions, identifies=told is not None)
        self.cleaned.append(f"{value} as {c}")
        if told is not None:
            text, _ = text_sql(m, sql_type)
            self.cleaned.append(f"{is_trimmed_sql(text)} as {told}")
            self.passed.append(told)
        read = self._add_readings(column, c, kind)
        self.typed.append(f"{typed_sql(c, kind, column, conventions, read)} as {t}")
        self.passed.append(c)
        hide = column.masked or _overlap(self._feed, self._mapped, column, self._masked)
        wrong = cast_reason(column, c, kind, conventions, read, hide)
        is_text = column.data_type == "string" and kind == "text"
        self.found += checks(column, c, c if is_text else t, kind, "_exported_at", hide, wrong)
        self.shown += [literal(column.name), shown_sql(c, hide)]
        self.results.append(f"{hmac_sql(t) if column.hashed else t} as {quoted(column.name)}")

    def _add_readings(self, column: Column, value: str, kind: str) -> Readings | None:
        read = readings(value, kind, column, self._conventions)
        if read is None:
            return None
        earliest, latest = (quoted(f"{step}_{column.name}") for step in ("earliest", "latest"))
        self.read.append(f"{read.earliest} as {earliest}")
        self.passed.append(earliest)
        if read.latest is None:
            return Readings(earliest)
        self.read.append(f"{read.latest} as {latest}")
        self.passed.append(latest)
        return Readings(earliest, latest)


def _mapped_rows_sql(mapped: Mapped) -> str:
    mapping = mapped.mapping
    if mapping.query is None:
        expressions = ", ".join(
            f"(\n{sql}\n) as {quoted(f'm_{name}')}" for name, sql in mapping.expressions().items()
        )
        where = f"where (\n{mapping.where}\n) is true" if mapping.where is not None else ""
        return f"select _row, 1 as _item, {expressions} from raw {where}"
    columns = ", ".join(f"{quoted(name)} as {quoted(f'm_{name}')}" for name in mapped.types)
    # Numbered before they are grouped: the window alone would not keep the query's order.
    return f"""
        select _row, row_number() over (partition by _row order by _position) as _item, {columns}
        from (select *, row_number() over () as _position from (\n{query_body(mapping.query)}\n))"""


def _overlap(feed: Feed, mapped: Mapped, column: Column, masked: Reads) -> bool:
    """Whether another column reads what stands behind a masked one, and would tell it."""
    reads = feed.reads[mapped.contract.entity].get(column.name, Reads())
    return bool(reads.columns & masked.columns or reads.json_keys & masked.json_keys)


def _pick(values: Sequence[str]) -> str:
    """The value of a row's file; a plain constant where all files share it."""
    if len(set(values)) == 1:
        return values[0]
    return f"[{', '.join(values)}][{file_number_sql()} + 1]"
