"""Blanks taken off around ids: how often, per file and column, so that it is never done unseen."""

import duckdb

from orchestration.landing.typed_rows import (
    FileConstants,
    Mapped,
    file_number_sql,
    trimmed_columns,
)


def trimmed_notes(
    connection: duckdb.DuckDBPyConnection, mapped: Mapped, files: FileConstants
) -> list[str]:
    """One note a file and id column of an entity in which blanks were taken off."""
    if not (told := trimmed_columns(mapped)):
        return []
    counts = ", ".join(f"count(*) filter (where {trimmed})" for trimmed in told.values())
    rows = connection.execute(
        f"select {file_number_sql()}, count(*), {counts} from {mapped.table} group by 1 order by 1"
    ).fetchall()
    return [
        f"{files.names[number]}: {name}: "
        f"blanks around the id were taken off in {count} of {total} rows"
        for number, total, *found in rows
        for name, count in zip(told, found, strict=True)
        if count
    ]
