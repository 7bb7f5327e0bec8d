"""Row counts and samples of built tables for the run's metadata, never a row about one employee."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import duckdb

SAMPLE_ROWS = 5


def table_metadata(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Metadata by dbt's unique id: rows of every table, and a sample of every public mart.

    Staging and intermediate tables give no sample: nothing says which of their rows concern one
    employee. Views are not counted, since counting would compute them.
    """
    existing = {
        (schema, name)
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
    }
    found: dict[str, dict[str, Any]] = {}
    for unique_id, node in manifest["nodes"].items():
        if (node["schema"], node["name"]) not in existing:
            continue
        relation = f'"{node["schema"]}"."{node["name"]}"'
        rows = connection.execute(f"select count(*) from {relation}").fetchone()
        found[unique_id] = {"dagster/row_count": rows[0] if rows else 0}
        if "marts" in node["fqn"]:
            about_employees = node["config"]["meta"].get("employee_rows", "false")
            found[unique_id]["sample"] = sample(connection, relation, about_employees)
    return found


def sample(
    connection: duckdb.DuckDBPyConnection, relation: str, hidden_rows: str, columns: str = "*"
) -> dg.MarkdownMetadataValue:
    """The first few rows that `hidden_rows` (a predicate) does not hide, as a Markdown table."""
    cursor = connection.execute(
        f"select {columns} from {relation} "
        f"where not coalesce(({hidden_rows}), false) limit {SAMPLE_ROWS}"
    )
    names = [column[0] for column in cursor.description or ()]
    lines = [_line(names), _line(["---"] * len(names))]
    lines += [_line(row) for row in cursor.fetchall()]
    return dg.MetadataValue.md("\n".join(lines))


def _line(values: Any) -> str:
    cells = ("" if value is None else str(value).replace("|", "\\|") for value in values)
    return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"
