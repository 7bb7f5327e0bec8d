"""What an increment computed anew, told in counts: days or conversions, and rows, by model.

Which they are is decided in dbt (`macros/increments`); here they are only counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Increment:
    """What one build did to one table.

    `computed` counts what it went by, `units` (days, conversions); it is None where the table was
    compared as a whole.
    """

    unique_id: str
    name: str
    computed: int | None
    units: str
    rows_written: int
    rows_removed: int

    def __str__(self) -> str:
        computed = (
            "compared whole"
            if self.computed is None
            else f"{self.computed:,} {self.units} computed anew"
        )
        written = f"{self.rows_written:,} rows written, {self.rows_removed:,} out"
        return f"{self.name}: {computed}, {written}"


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
            computed, units = _computed(connection, node)
            yield Increment(unique_id, node["name"], computed, units, written, removed)


def _computed(
    connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]
) -> tuple[int | None, str]:
    """Rows of the model of what is affected that the table declares, in its YAML, to go by."""
    for affected in node["config"]["meta"].get("affected_by", {}).values():
        count = int(_row(connection, f'select count(*) from intermediate."{affected}"')[0])
        return count, str(affected).rpartition("_")[2]
    return None, "rows"


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    if row is None:
        raise RuntimeError(f"no row: {sql}")
    return row
