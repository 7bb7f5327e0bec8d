"""From raw rows to an entity's rows: one table of typed and checked rows a mapping.

Belongs here: the statement that maps, casts and checks, and the columns of raw rows that must be
masked. How a single value is cast and checked is said in `checks.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.faults import is_machine_fault
from orchestration.landing.checks import (
    Check,
    Conventions,
    TypeMismatch,
    checks,
    clean_sql,
    literal,
    quoted,
    reasons_sql,
    shown_sql,
    typed_sql,
)
from orchestration.landing.contracts import Column, Contract
from orchestration.landing.expressions import Reads
from orchestration.landing.feeds import EntityMapping, Feed
from orchestration.landing.hashing import HashKey, hmac_sql
from orchestration.landing.reading import ROW_BITS, Shape

_ROW_MASK = (1 << ROW_BITS) - 1


class MappingError(ValueError):
    """A feed's expression does not fit the files or the contract; names key and problem."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key, self.problem = key, problem


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


def bind(connection: duckdb.DuckDBPyConnection, feed: Feed) -> list[Mapped]:
    """Check every expression of a feed against the view `raw`. Raises MappingError."""
    bound = []
    for entity, mapping in feed.spec.entities.items():
        key, contract = f"entities.{entity}", feed.contracts[entity]
        if mapping.where is not None:
            _describe(connection, f"{key}.where", f"(\n{mapping.where}\n) is true")
        if mapping.query is None:
            types = {
                name: _describe(connection, f"{key}.select.{name}", f"(\n{sql}\n)")
                for name, sql in mapping.expressions().items()
            }
        else:
            types = _describe_query(connection, f"{key}.query", mapping.query)
            _check_query_columns(f"{key}.query", types, contract)
        ordered = {c.name: types[c.name] for c in contract.columns if c.name in types}
        _check_types(key, contract, mapping, ordered)
        bound.append(Mapped(contract, mapping, ordered))
    return bound


def map_rows(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    mapped: Mapped,
    files: FileConstants,
    key: HashKey | None,
) -> None:
    """Make an entity's typed rows: _row, _item, its columns, _reasons, _mapped.

    `_reasons` is NULL for an accepted row; `_mapped` holds the mapped values of a rejected one.
    Where that is cheap (a plain `select` over columns) the rows stay a view, read once or twice and
    never stored; JSON, queries, and hashes with their key are worked out once. Raises MappingError
    when an expression fails on a row.
    """
    sql, table = _typed_rows_sql(feed, mapped, files), mapped.table
    connection.execute(f"drop view if exists {table}")
    connection.execute(f"drop table if exists {table}_rows")
    hashed = any(c.hashed and c.name in mapped.types for c in mapped.contract.columns)
    is_json = feed.spec.read.format.startswith("json")
    if is_json or hashed or mapped.mapping.query is not None:
        parameters = key.parameters() if key and hashed else None
        run(connection, mapped, f"create temp table {table}_rows as {sql}", parameters)
        sql = f"select * from {table}_rows"
    connection.execute(f"create temp view {table} as {sql}")


def run(
    connection: duckdb.DuckDBPyConnection,
    mapped: Mapped,
    sql: str,
    parameters: dict[str, bytes] | None = None,
) -> None:
    """Run a statement that evaluates a mapping. Raises MappingError when it fails on a row."""
    try:
        connection.execute(sql, parameters)
    except duckdb.Error as error:
        if is_machine_fault(error):
            raise
        raise _failing_expression(connection, mapped, error) from error


def masked_reads(feed: Feed, bound: Sequence[Mapped]) -> Reads:
    """What of a raw row stands behind masked columns; everything where it cannot be told."""
    reads = Reads()
    for mapped in bound:
        for column in mapped.contract.columns:
            if column.masked and column.name in mapped.types:
                whole = Reads(everything=True)
                reads |= feed.reads[mapped.contract.entity].get(column.name, whole)
    return reads


def raw_json_sql(shape: Shape, masked: Reads, alias: str) -> str:
    """A raw row as JSON text, with what is masked as '***'."""
    if masked.everything:
        return "'\"***\"'"
    if shape == (("json", "JSON"),):
        row = f"{alias}.json"
        if masked.json_keys:
            patch = ", ".join(f"{literal(k)}, '***'" for k in sorted(masked.json_keys))
            row = f"json_merge_patch({row}, json_object({patch}))"
        return f"cast({row} as varchar)"
    pairs = (
        f"{literal(name)}, "
        + ("'***'" if name.lower() in masked.columns else f"{alias}.{quoted(name)}")
        for name, _ in shape
    )
    return f"cast(json_object({', '.join(pairs)}) as varchar)"


def _typed_rows_sql(feed: Feed, mapped: Mapped, files: FileConstants) -> str:
    """Four steps, each a subquery: map, clean, cast, check."""
    options = feed.spec.read
    conventions = Conventions(options.timezone, options.nulls, options.timestamp_formats)
    masked = masked_reads(feed, [mapped])
    cleaned, typed, results = [], [], []
    found: list[Check] = []
    shown: list[str] = []
    for column in mapped.contract.columns:
        if column.name not in mapped.types:
            results.append(f"cast(null as {column.sql_type}) as {quoted(column.name)}")
            continue
        m, c, t = (quoted(f"{step}_{column.name}") for step in "mct")
        value, kind = clean_sql(m, mapped.types[column.name], conventions)
        cleaned.append(f"{value} as {c}")
        typed.append(f"{typed_sql(c, kind, column, conventions)} as {t}")
        hide = column.masked or _overlap(feed, mapped, column, masked)
        is_text = column.data_type == "string" and kind == "text"
        found += checks(column, c, c if is_text else t, kind, "_exported_at", hide)
        shown += [literal(column.name), shown_sql(c, hide)]
        result = hmac_sql(t) if column.hashed else t
        results.append(f"{result} as {quoted(column.name)}")
    names = [quoted(f"c_{name}") for name in mapped.types]
    passed = ", ".join([*typed, *names, f"{files.exported_sql()} as _exported_at"])
    return f"""
        select _row, _item, {", ".join(results)}, _reasons,
            case when _reasons is not null
                then cast(json_object({", ".join(shown)}) as varchar) end as _mapped
        from (
            select *, {reasons_sql(found)} as _reasons
            from (
                select _row, _item, {passed}
                from (select _row, _item, {", ".join(cleaned)} from ({_mapped_rows_sql(mapped)}))
            )
        )"""


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
        from (select *, row_number() over () as _position from (\n{_body(mapping.query)}\n))"""


def _overlap(feed: Feed, mapped: Mapped, column: Column, masked: Reads) -> bool:
    """Whether another column reads what stands behind a masked one, and would tell it."""
    reads = feed.reads[mapped.contract.entity].get(column.name, Reads())
    return bool(reads.columns & masked.columns or reads.json_keys & masked.json_keys)


def _describe(connection: duckdb.DuckDBPyConnection, key: str, sql: str) -> str:
    try:
        row = connection.execute(f"describe select _row, {sql} as x from raw").fetchall()[1]
    except duckdb.Error as error:
        raise MappingError(key, bind_problem(error)) from error
    return str(row[1])


def _describe_query(connection: duckdb.DuckDBPyConnection, key: str, sql: str) -> dict[str, str]:
    try:
        rows = connection.execute(f"describe {_body(sql)}").fetchall()
    except duckdb.Error as error:
        raise MappingError(key, bind_problem(error)) from error
    return {row[0]: row[1] for row in rows}


def _check_query_columns(key: str, types: dict[str, str], contract: Contract) -> None:
    if types.get("_row") != "BIGINT":
        raise MappingError(key, "does not carry _row of raw through")
    known = {column.name for column in contract.columns}
    for name in types:
        if name != "_row" and name not in known:
            raise MappingError(key, f"column {name}: no such column in the contract")
    for column in contract.columns:
        if column.required and column.name not in types:
            raise MappingError(key, f"required column {column.name} is not among its columns")


def _check_types(
    key: str, contract: Contract, mapping: EntityMapping, types: dict[str, str]
) -> None:
    conventions = Conventions("UTC", ())
    for column in contract.columns:
        if column.name in types:
            _, kind = clean_sql("x", types[column.name], conventions)
            try:
                typed_sql("x", kind, column, conventions)
            except TypeMismatch as error:
                place = "query" if mapping.query is not None else f"select.{column.name}"
                problem = f"{column.name} {error}" if mapping.query is not None else str(error)
                raise MappingError(f"{key}.{place}", problem) from error


def bind_problem(error: duckdb.Error) -> str:
    """What DuckDB says about an expression, without the text that it quotes."""
    lines = [line.strip() for line in str(error).split("\n") if line.strip()]
    candidates = [line for line in lines[1:] if line.startswith("Candidate bindings")]
    return "; ".join([lines[0].removeprefix("Binder Error: "), *candidates])


def _failing_expression(
    connection: duckdb.DuckDBPyConnection, mapped: Mapped, error: duckdb.Error
) -> MappingError:
    """Find which expression fails on the rows; what it failed on is not told: it may be private."""
    key, mapping = f"entities.{mapped.contract.entity}", mapped.mapping
    advice = "let the contract cast the value, or use try_cast"
    kind = type(error).__name__.removesuffix("Exception")
    attempts: list[tuple[str, str]] = []
    if mapping.query is not None:
        attempts = [(f"{key}.query", f"select count(columns(*)) from (\n{_body(mapping.query)}\n)")]
    else:
        where = f"where (\n{mapping.where}\n) is true" if mapping.where is not None else ""
        if mapping.where is not None:
            attempts.append((f"{key}.where", f"select count(*) from raw {where}"))
        attempts += [
            (
                f"{key}.select.{name}",
                f"select count(x) from (select (\n{sql}\n) as x from raw {where})",
            )
            for name, sql in mapping.expressions().items()
        ]
    for place, sql in attempts:
        if _fails(connection, sql):
            return MappingError(place, f"fails on a row ({kind}); {advice}")
    raise error


def _fails(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        connection.execute(sql)
    except duckdb.Error:
        return True
    return False


def _pick(values: Sequence[str]) -> str:
    """The value of a row's file; a plain constant where all files share it."""
    if len(set(values)) == 1:
        return values[0]
    return f"[{', '.join(values)}][{file_number_sql()} + 1]"


def _body(query: str) -> str:
    return query.strip().removesuffix(";")
