"""Which tables a review holds, how they are written without names, and how two revisions differ.

Belongs here: rows in and rows out. When a quarter may be frozen and how revisions follow each other
is in `freeze.py`.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.hashing import file_sha256, load_hash_key
from orchestration.landing.sql_text import literal
from orchestration.paths import PRIVATE_FILE, PRIVATE_FOLDER, Home, make_folder
from orchestration.reviews.durable import write_durably
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import RULES_FOLDER, Build

CHANGES_FOLDER = "changes"
_EMPLOYEE_COLUMNS = ("employee_id", "manager_id", "rater_id", "approved_by", "mentor_id")
_NAMES = (
    "owner_name", "owner_name_zh", "employee_name", "employee_name_zh", "remark", "reason",
    "comment", "entry",
)  # fmt: skip


@dataclass(frozen=True)
class FrozenTable:
    """A public mart of which a quarter's rows are frozen."""

    schema: str
    name: str
    has_grain: bool = True

    @property
    def file(self) -> str:
        """Name of its file in a revision."""
        return f"{self.name}.parquet"

    def rows_of(self, quarter: Quarter) -> str:
        """The condition that its rows of the quarter fulfil."""
        of_quarter = f"period_start = date '{quarter.key}'"
        return f"period_grain = 'quarter' and {of_quarter}" if self.has_grain else of_quarter


FROZEN_TABLES = (
    FrozenTable("scorecards", "scorecards"),
    FrozenTable("scorecards", "kpi_scores"),
    FrozenTable("scorecards", "okr_scores"),
    FrozenTable("scorecards", "okr_progress"),
    FrozenTable("kpis", "kpi_values"),
    FrozenTable("scorecards", "kpi_comparisons"),
    FrozenTable("scorecards", "quarterly_pay", has_grain=False),
    FrozenTable("scorecards", "pay_corrections", has_grain=False),
    FrozenTable("attribution", "channel_attribution_period"),
)


def relations(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[str]:
    """The table in public and in people, where it is there."""
    found = connection.execute(
        "select database_name from duckdb_tables() "
        "where schema_name = ? and table_name = ? and database_name in ('public', 'people') "
        "order by all",
        [schema, name],
    ).fetchall()
    return [f'{catalog}."{schema}"."{name}"' for (catalog,) in found]


def write_tables(
    connection: duckdb.DuckDBPyConnection, quarter: Quarter, folder: Path
) -> dict[str, dict[str, Any]]:
    """Write the quarter's rows of every frozen table; returns counts and control totals by file.

    A table that the build does not have is said to be absent, with no rows.
    """
    totals: dict[str, dict[str, Any]] = {}
    for table in FROZEN_TABLES:
        found = relations(connection, table.schema, table.name)
        if not found:
            totals[table.file] = {"rows": 0, "absent": True}
            continue
        rows = " union all by name ".join(f"select * from {each}" for each in found)
        connection.execute(
            f"create temp table frozen as select * from ({rows}) where {table.rows_of(quarter)}"
        )
        totals[table.file] = _control_totals(connection)
        _copy_pseudonymous(connection, folder / table.file, "format parquet")
        connection.execute("drop table frozen")
    return totals


def write_rules(home: Home, build: Build, folder: Path) -> None:
    """The rules as the build used them, with employees by their key here too."""
    make_folder(folder / RULES_FOLDER, PRIVATE_FOLDER)
    with duckdb.connect() as connection:
        teach_keys(connection, home)
        for source in sorted((build.folder / RULES_FOLDER).glob("*.csv")):
            connection.execute(
                "create temp table frozen as select * from read_csv(?, all_varchar = true)",
                [str(source)],
            )
            file = folder / RULES_FOLDER / source.name
            _copy_pseudonymous(connection, file, "format csv, header")
            connection.execute("drop table frozen")


def key_of(home: Home) -> Callable[[str], str]:
    """The function from an employee's id to the key that frozen files know them by."""
    key = load_hash_key(home).key

    def employee_key(employee_id: str) -> str:
        """HMAC-SHA-256 (hex) of an employee's id."""
        return hmac.new(key, f"employee:{employee_id}".encode(), hashlib.sha256).hexdigest()

    return employee_key


def teach_keys(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Give the connection the SQL function employee_key(employee_id)."""
    connection.create_function("employee_key", key_of(home), ["VARCHAR"], "VARCHAR")


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file of the folder, by its path in it."""

    def described() -> Iterator[tuple[str, dict[str, Any]]]:
        """Path, size and hash of one file after the other."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            size = path.stat().st_size
            yield path.relative_to(folder).as_posix(), {"bytes": size, "sha256": file_sha256(path)}

    return dict(described())


def differences(before: Path, after: Path) -> dict[str, dict[str, int]]:
    """Rows by table that only one of two revisions' folders holds: `before` and `after`.

    Tables with the same rows are left out.
    """
    found = {}
    with duckdb.connect() as connection:
        for table in FROZEN_TABLES:
            sides = _sides(before / table.file, after / table.file)
            counts = {
                side: _count(connection, f"from ({sql})") for side, sql in sides.items() if sql
            }
            if any(counts.values()):
                found[table.file] = counts
    return found


def write_changes(before: Path, after: Path) -> None:
    """Write into `after` what differs, row by row: one file a table, with a column `change`.

    `before` marks a row that only the former revision holds, `after` one that only the new holds.
    """
    make_folder(after / CHANGES_FOLDER, PRIVATE_FOLDER)
    with duckdb.connect() as connection:
        for name in differences(before, after):
            sides = _sides(before / name, after / name)
            parts = [f"select '{side}' as change, * from ({sql})" for side, sql in sides.items()]
            file = after / CHANGES_FOLDER / name
            connection.execute(
                f"copy (select * from ({' union all by name '.join(parts)}) order by all) "
                f"to {literal(str(file))} (format parquet)"
            )
            file.chmod(PRIVATE_FILE)
            write_durably(file, file.read_bytes())


def _sides(before: Path, after: Path) -> dict[str, str]:
    """SQL of the rows that only one side holds; a file that is missing on a side has no rows."""
    held = {
        side: f"select * from {_frozen_file(file)}" if file.exists() else ""
        for side, file in (("before", before), ("after", after))
    }
    if not all(held.values()):
        return {side: sql for side, sql in held.items() if sql}
    if _columns_of(before) != _columns_of(after):
        return held
    return {
        "before": f"{held['before']} except all {held['after']}",
        "after": f"{held['after']} except all {held['before']}",
    }


def _frozen_file(file: Path) -> str:
    """SQL of a frozen file's rows; its folders' names are no columns of it."""
    return f"read_parquet({literal(str(file))}, hive_partitioning = false)"


def _columns_of(file: Path) -> list[tuple[str, str]]:
    with duckdb.connect() as connection:
        described = connection.execute(f"describe select * from {_frozen_file(file)}").fetchall()
    return [(row[0], row[1]) for row in described]


def _count(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    row = connection.execute(f"select count(*) {source}").fetchone()
    return int(row[0]) if row else 0


def _copy_pseudonymous(connection: duckdb.DuckDBPyConnection, file: Path, options: str) -> None:
    """Write the table `frozen`, sorted, without names and with keys in place of employee ids."""
    columns = [name for name, _ in _columns(connection)]
    shown = [_shown(name, columns) for name in columns if name not in _NAMES]
    connection.execute(
        f"copy (select {', '.join(shown)} from frozen order by all) "
        f"to {literal(str(file))} ({options})"
    )
    file.chmod(PRIVATE_FILE)
    write_durably(file, file.read_bytes())


def _shown(name: str, columns: list[str]) -> str:
    if name in _EMPLOYEE_COLUMNS:
        return f'employee_key("{name}") as "{name.removesuffix("_id")}_key"'
    kind = name.removesuffix("_id") + "_kind"
    if name.endswith("_id") and kind in columns:
        return f"case when {kind} = 'employee' then employee_key({name}) else {name} end as {name}"
    return f'"{name}"'


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = 'frozen' order by column_index"
    ).fetchall()


def _control_totals(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Rows, rows by owner kind, and the sum of every numeric column as text of six decimals."""
    columns = _columns(connection)
    totals: dict[str, Any] = {"rows": _count(connection, "from frozen")}
    if any(name == "owner_kind" for name, _ in columns):
        by_kind = connection.execute(
            "select owner_kind, count(*) from frozen group by owner_kind order by owner_kind"
        ).fetchall()
        totals["by_owner_kind"] = dict(by_kind)
    numeric = [name for name, kind in columns if kind == "DOUBLE" or kind.startswith("DECIMAL")]
    sums: Mapping[str, Any] = {}
    if numeric:
        shown = ", ".join(f'coalesce(sum("{name}"), 0)' for name in numeric)
        row = connection.execute(f"select {shown} from frozen").fetchone() or ()
        sums = {name: f"{value:.6f}" for name, value in zip(numeric, row, strict=True)}
    return {**totals, "sums": sums}
