"""What an increment computed anew, told in counts: days and rows by model.

Which they are is decided in dbt (`macros/increments`); here they are only counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Increment:
    """What one build did to one table; `days` is None where it was compared as a whole."""

    unique_id: str
    name: str
    days: int | None
    rows_written: int
    rows_removed: int

    def __str__(self) -> str:
        days = "compared whole" if self.days is None else f"{self.days:,} days computed anew"
        return f"{self.name}: {days}, {self.rows_written:,} rows written, {self.rows_removed:,} out"


def increments(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]
) -> Iterator[Increment]:
    """One row a public table that the last build brought up to date; none after a whole build."""
    changed = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'changes'"
        ).fetchall()
    }
    for unique_id, node in manifest["nodes"].items():
        if node["name"] in changed and "marts" in node["fqn"]:
            written, removed = _row(
                connection,
                "select count(*) filter (where is_new), count(*) filter (where not is_new) "
                f'from changes."{node["name"]}"',
            )
            yield Increment(unique_id, node["name"], _days(connection, node), written, removed)


def _days(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> int | None:
    """Days in the model of affected days that the table declares, in its YAML, to go by."""
    for days in node["config"]["meta"].get("affected_by", {}).values():
        return int(_row(connection, f'select count(*) from intermediate."{days}"')[0])
    return None


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    if row is None:
        raise RuntimeError(f"no row: {sql}")
    return row
