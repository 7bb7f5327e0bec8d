"""From raw rows to an entity's rows: one table of typed and checked rows a mapping.

Belongs here: whether a feed's expressions fit, running its mapping, and raw rows with what must be
masked in them. The statement itself is in `typed_rows.py`.
"""

import duckdb

from orchestration.faults import is_machine_fault
from orchestration.landing.checks import (
    Conventions,
    TypeMismatch,
    clean_sql,
    literal,
    quoted,
    readings,
    typed_sql,
)
from orchestration.landing.contracts import Contract
from orchestration.landing.expressions import Reads
from orchestration.landing.feed_file import EntityMapping
from orchestration.landing.feeds import Feed
from orchestration.landing.hashing import HashKey
from orchestration.landing.reading import make_empty_raw
from orchestration.landing.sources import Shape
from orchestration.landing.typed_rows import FileConstants, Mapped, query_body, typed_rows_sql

EXHAUSTED = (duckdb.OutOfMemoryException, duckdb.InterruptException, MemoryError)
"""How a statement ends that takes more memory or time than it may."""


class MappingError(ValueError):
    """A feed's expression does not fit the files or the contract; names key and problem."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key, self.problem = key, problem

    def of_file(self, more: str) -> "MappingError":
        """The same of one file, with more to say of it."""
        return MappingError(self.key, f"{self.problem}; {more}") if more else self


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


def misfit(connection: duckdb.DuckDBPyConnection, feed: Feed, shape: Shape) -> MappingError | None:
    """Why a feed's expressions do not fit raw columns; None where they do."""
    make_empty_raw(connection, shape)
    try:
        bind(connection, feed)
    except MappingError as error:
        return error
    return None


def map_rows(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    mapped: Mapped,
    files: FileConstants,
    key: HashKey | None,
) -> None:
    """Make an entity's typed rows: _row, _item, its columns, _trimmed_<id>, _reasons, _mapped.

    `_reasons` is NULL for an accepted row; `_mapped` holds the mapped values of a rejected one.
    Where that is cheap (a plain `select` over columns) the rows stay a view, read once or twice and
    never stored; JSON, queries, and hashes with their key are worked out once. Raises MappingError
    when an expression fails on a row.
    """
    sql, table = typed_rows_sql(feed, mapped, files), mapped.table
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
    except EXHAUSTED:
        raise
    except duckdb.Error as error:
        if is_machine_fault(error):
            raise
        raise _failing_expression(connection, mapped, error) from error


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


def _describe(connection: duckdb.DuckDBPyConnection, key: str, sql: str) -> str:
    try:
        row = connection.execute(f"describe select _row, {sql} as x from raw").fetchall()[1]
    except EXHAUSTED:
        raise
    except duckdb.Error as error:
        raise MappingError(key, bind_problem(error)) from error
    return str(row[1])


def _describe_query(connection: duckdb.DuckDBPyConnection, key: str, sql: str) -> dict[str, str]:
    try:
        rows = connection.execute(f"describe {query_body(sql)}").fetchall()
    except EXHAUSTED:
        raise
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
                read = readings("x", kind, column, conventions)
                typed_sql("x", kind, column, conventions, read)
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
    advice = "let the contract cast the value, or use try_cast"
    kind = type(error).__name__.removesuffix("Exception")
    for place, sql in probes(f"entities.{mapped.contract.entity}", mapped.mapping):
        if _fails(connection, sql):
            return MappingError(place, f"fails on a row ({kind}); {advice}")
    raise error


def probes(key: str, mapping: EntityMapping) -> list[tuple[str, str]]:
    """One statement for each expression of a mapping, with its key, that evaluates it alone."""
    if mapping.query is not None:
        body = query_body(mapping.query)
        return [(f"{key}.query", f"select count(columns(*)) from (\n{body}\n)")]
    found, where = [], ""
    if mapping.where is not None:
        where = f"where (\n{mapping.where}\n) is true"
        found.append((f"{key}.where", f"select count(*) from raw {where}"))
    for name, sql in mapping.expressions().items():
        one = f"select count(x) from (select (\n{sql}\n) as x from raw {where})"
        found.append((f"{key}.select.{name}", one))
    return found


def _fails(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        connection.execute(sql)
    except EXHAUSTED:
        raise
    except duckdb.Error:
        return True
    return False
