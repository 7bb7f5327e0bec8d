"""What is frozen, where dbt can read it: tables of the lake over all frozen revisions.

The frozen files are the state and are only read; these tables are made from them before each build.
Employees who are still known stand in them by their id, so that they can be set against today.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contracts import system_tables
from orchestration.landing.manifest import scratch_folder, sync
from orchestration.landing.sql_text import literal
from orchestration.paths import Home
from orchestration.reviews.chain import Review, read_chain
from orchestration.reviews.frozen_tables import key_of

CHAIN_TABLE = "frozen_reviews"


@dataclass(frozen=True)
class _Gathered:
    """A table of the lake: the frozen files it is made of, and columns that are not theirs as is.

    `known_as` says of columns from which frozen column they take an employee of today, `made` their
    SQL, and `read_too` the types of frozen columns that only this SQL reads.
    """

    files: tuple[str, ...]
    known_as: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    read_too: dict[str, str] = field(default_factory=dict)


_TABLES = {
    "frozen_scorecards": _Gathered(("scorecards.parquet",), {"known_owner_id": "owner_id"}),
    "frozen_kpi_scores": _Gathered(
        ("kpi_scores.parquet",),
        {"owner_id": "owner_id", "measured_owner_id": "measured_owner_id"},
    ),
    "frozen_pay": _Gathered(
        ("quarterly_pay.parquet", "pay_corrections.parquet"),
        {"employee_id": "employee_key"},
        {"kind": "coalesce(kind, 'pay')", "amount": "coalesce(amount, total_amount)"},
        {"total_amount": "DECIMAL(18,2)"},
    ),
}

FROZEN_LAKE_TABLES = (*_TABLES, CHAIN_TABLE)


def write_frozen_tables(home: Home) -> int:
    """Write lake/frozen_* from every frozen revision; returns how many there are.

    With no revision, older tables are removed: the typed files of no rows stay.
    """
    reviews = read_chain(home)
    if not reviews:
        for table in FROZEN_LAKE_TABLES:
            _target(home, table).unlink(missing_ok=True)
        return 0
    with duckdb.connect() as connection:
        _know_employees(connection, home)
        for table, gathered in _TABLES.items():
            _write(connection, home, table, _rows_of(table, gathered, reviews))
        _write(connection, home, CHAIN_TABLE, _rows_of_chain(connection, reviews))
    return len(reviews)


def _rows_of(table: str, gathered: _Gathered, reviews: list[Review]) -> str:
    """SQL of a table's rows; a column that a revision did not keep yet is NULL in it for good."""
    frozen = {name: [review.folder / name for review in reviews] for name in gathered.files}
    files = [str(path) for paths in frozen.values() for path in paths if path.exists()]
    known = {name: _known(column) for name, column in gathered.known_as.items()}
    made = {**known, **gathered.made}
    wanted = {name: kind for name, kind in system_tables()[table] if name not in known}
    read = {**wanted, **dict.fromkeys(gathered.known_as.values(), "VARCHAR"), **gathered.read_too}
    absent = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in read.items())
    found = f"select {absent} where false"
    if files:
        listed = ", ".join(f"{literal(str(each))}" for each in files)
        found += f" union all by name select * from read_parquet([{listed}], union_by_name = true)"
    shown = (f'{made.get(name, _quoted(name))} as "{name}"' for name, _ in system_tables()[table])
    return f"select {', '.join(shown)} from ({found}) as frozen"


def _rows_of_chain(connection: duckdb.DuckDBPyConnection, reviews: list[Review]) -> str:
    """SQL of one row a revision, as its review.json says."""
    names = [name for name, _ in system_tables()[CHAIN_TABLE]]
    said: dict[str, Callable[[Review], Any]] = {
        "review_sha256": lambda review: review.sha256,
        "period_start": lambda review: review.content.get("first_day"),
        "as_of": lambda review: _utc(review.content.get("as_of")),
        "known_until": lambda review: _utc(review.content.get("known_until")),
        "finding_count": lambda review: len(review.content.get("findings", [])),
    }
    rows = [
        [said[name](review) if name in said else review.content.get(name) for name in names]
        for review in reviews
    ]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in system_tables()[CHAIN_TABLE])
    connection.execute(f"create temp table chain ({columns})")
    connection.executemany(f"insert into chain values ({', '.join('?' * len(names))})", rows)
    return "select * from chain"


def _write(connection: duckdb.DuckDBPyConnection, home: Home, table: str, sql: str) -> None:
    target = _target(home, table)
    written = scratch_folder(home, table) / target.name
    typed = ", ".join(
        f'cast("{name}" as {kind}) as "{name}"' for name, kind in system_tables()[table]
    )
    connection.execute(
        f"copy (select {typed} from ({sql}) order by all) "
        f"to {literal(str(written))} (format parquet)"
    )
    sync(written)
    target.parent.mkdir(parents=True, exist_ok=True)
    written.replace(target)


def _know_employees(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """A table `known` of the employees whom the lake still has, by the key of frozen files."""
    key = key_of(home)
    files = f"{home.lake}/employees/**/*.parquet"
    found = connection.execute(
        "select distinct employee_id from read_parquet(?, union_by_name = true) "
        "where employee_id is not null order by employee_id",
        [files],
    ).fetchall()
    connection.execute("create temp table known (employee_key varchar, employee_id varchar)")
    if found:
        connection.executemany(
            "insert into known values (?, ?)", [(key(each), each) for (each,) in found]
        )


def _known(column: str) -> str:
    """SQL of the id of an employee of today whose key a frozen column holds, or what it holds."""
    return (
        f"coalesce((select known.employee_id from known "
        f'where known.employee_key = frozen."{column}"), frozen."{column}")'
    )


def _target(home: Home, table: str) -> Path:
    return home.lake / table / "all.parquet"


def _utc(text: str | None) -> datetime | None:
    """An instant of review.json as the lake holds instants: UTC, without a zone."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None


def _quoted(name: str) -> str:
    return f'"{name}"'
