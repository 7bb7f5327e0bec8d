"""Freeze closed quarters: scorecards, KPI values, the rules and sources they came from, once.

A frozen quarter is read from one published build and from nothing else. Frozen files know employees
only by `employee_key`; names and free text are left out.
"""

import hashlib
import hmac
import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.faults import during
from orchestration.landing.hashing import file_sha256, load_hash_key
from orchestration.paths import PRIVATE_FILE, PRIVATE_FOLDER, Home, make_folder
from orchestration.reviews.chain import (
    REVIEW_FILE,
    Review,
    read_chain,
    seal,
    sync_folder,
    write_durably,
    write_head,
)
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import RULES_FOLDER, SOURCES_FILE, Build
from orchestration.settings import Settings

logger = logging.getLogger("steelyard.reviews")

SCHEMA_VERSION = 1
FROZEN_TABLES = (("scorecards", "scorecards"), ("scorecards", "kpi_scores"), ("kpis", "kpi_values"))
_EMPLOYEE_COLUMNS = ("employee_id", "manager_id")
_NAMES = ("owner_name", "owner_name_zh", "employee_name", "employee_name_zh", "remark")


class AlreadyFrozenError(RuntimeError):
    """The quarter has a frozen revision, and a frozen revision is never rewritten."""


class NotDueError(RuntimeError):
    """The published build cannot be frozen for this quarter; the message says why."""


def due_quarters(home: Home, settings: Settings) -> list[Quarter]:
    """Quarters that the published build has scorecards of, closed, past their grace days, unfrozen.

    A build counts only what it knew: both of its clocks must be past the grace days. Raises
    NothingPublishedError where nothing is published.
    """
    build = Build.current(home)
    known = min(build.clocks.as_of, build.clocks.known_until)
    return [
        quarter
        for quarter in _scored_quarters(build)
        if quarter.due_at(settings) <= known and not _revisions(home, quarter, settings)
    ]


def freeze_quarter(home: Home, settings: Settings, quarter: Quarter) -> Review:
    """Write the first revision of a quarter from the published build; returns it.

    Raises AlreadyFrozenError when it has one, NotDueError when the build does not reach past the
    quarter's grace days or has no scorecards of it.
    """
    label = quarter.label(settings)
    if _revisions(home, quarter, settings):
        raise AlreadyFrozenError(f"{label} is frozen; a frozen revision is never rewritten")
    if quarter not in due_quarters(home, settings):
        raise NotDueError(
            f"{label} cannot be frozen from the published build: it is due from "
            f"{quarter.due_at(settings):%Y-%m-%d %H:%M} UTC and needs scorecards"
        )
    with during(f"freezing {label} (nothing is frozen of it)"):
        review = _freeze(home, settings, quarter)
    logger.info("froze %s: %s", label, review.sha256[:16])
    return review


def _freeze(home: Home, settings: Settings, quarter: Quarter) -> Review:
    """Write the revision under a hidden name, and leave nothing of it where that fails."""
    make_folder(home.reviews, PRIVATE_FOLDER)
    unfinished = home.reviews / f".{quarter.label(settings)}"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, PRIVATE_FOLDER)
    try:
        return _write_revision(home, settings, quarter, unfinished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_revision(home: Home, settings: Settings, quarter: Quarter, unfinished: Path) -> Review:
    build = Build.current(home)
    totals = _write_tables(home, build, quarter, unfinished)
    _write_rules(home, build, unfinished)
    write_durably(unfinished / SOURCES_FILE, (build.folder / SOURCES_FILE).read_bytes())
    chain = read_chain(home)
    previous = chain[-1].sha256 if chain else None
    content = seal(
        {
            "schema_version": SCHEMA_VERSION,
            "sequence": len(chain) + 1,
            "quarter": quarter.label(settings),
            "first_day": quarter.key,
            "revision": 1,
            "reason": "first freeze",
            "as_of": build.content["as_of"],
            "known_until": build.content["known_until"],
            "build_id": build.build_id,
            "code_version": build.content["code_version"],
            "frozen_at": datetime.now(UTC).isoformat(),
            "settings": settings.model_dump(),
            "employees_are": "employee_key: HMAC-SHA-256 of the employee id",
            "totals": totals,
            "files": _describe_files(unfinished),
            "previous_sha256": previous,
        }
    )
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_durably(unfinished / REVIEW_FILE, text.encode())
    final = _folder(home, quarter, settings) / "revision=1"
    make_folder(final.parent, PRIVATE_FOLDER)
    review = Review(final, content)
    write_head(home, previous, following=review.sha256)
    unfinished.rename(final)
    sync_folder(final.parent)
    sync_folder(home.reviews)
    write_head(home, review.sha256)
    return review


def _folder(home: Home, quarter: Quarter, settings: Settings) -> Path:
    return home.reviews / f"quarter={quarter.label(settings)}"


def _revisions(home: Home, quarter: Quarter, settings: Settings) -> list[Path]:
    return sorted(_folder(home, quarter, settings).glob("revision=*"))


def _scored_quarters(build: Build) -> list[Quarter]:
    """Quarters of which the build has any scorecard, oldest first."""
    with build.open() as connection:
        days: set[date] = set()
        for relation in _relations(connection, "scorecards", "scorecards"):
            rows = connection.execute(
                f"select distinct period_start from {relation} where period_grain = 'quarter'"
            ).fetchall()
            days.update(row[0] for row in rows)
    return sorted(Quarter(day) for day in days)


def _relations(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[str]:
    """The table in public and in people, where it is there."""
    found = connection.execute(
        "select database_name from duckdb_tables() "
        "where schema_name = ? and table_name = ? and database_name in ('public', 'people') "
        "order by all",
        [schema, name],
    ).fetchall()
    return [f'{catalog}."{schema}"."{name}"' for (catalog,) in found]


def _write_tables(
    home: Home, build: Build, quarter: Quarter, folder: Path
) -> dict[str, dict[str, Any]]:
    """Write the quarter's rows of every frozen table; returns counts and control totals by file."""
    totals: dict[str, dict[str, Any]] = {}
    with build.open() as connection:
        _teach_keys(connection, home)
        for schema, name in FROZEN_TABLES:
            relations = _relations(connection, schema, name)
            rows = " union all by name ".join(f"select * from {each}" for each in relations)
            connection.execute(
                f"create temp table frozen as select * from ({rows}) "
                f"where period_grain = 'quarter' and period_start = date '{quarter.key}'"
            )
            file = folder / f"{name}.parquet"
            totals[file.name] = _control_totals(connection)
            _copy_pseudonymous(connection, file, "format parquet")
            connection.execute("drop table frozen")
    return totals


def _write_rules(home: Home, build: Build, folder: Path) -> None:
    """The rules as the build used them, with employees by their key here too."""
    make_folder(folder / RULES_FOLDER, PRIVATE_FOLDER)
    with duckdb.connect() as connection:
        _teach_keys(connection, home)
        for source in sorted((build.folder / RULES_FOLDER).glob("*.csv")):
            connection.execute(
                "create temp table frozen as select * from read_csv(?, all_varchar = true)",
                [str(source)],
            )
            _copy_pseudonymous(
                connection, folder / RULES_FOLDER / source.name, "format csv, header"
            )
            connection.execute("drop table frozen")


def _teach_keys(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Give the connection the SQL function employee_key(employee_id)."""
    key = load_hash_key(home).key

    def employee_key(employee_id: str) -> str:
        """HMAC-SHA-256 (hex) of an employee's id."""
        return hmac.new(key, f"employee:{employee_id}".encode(), hashlib.sha256).hexdigest()

    connection.create_function("employee_key", employee_key, ["VARCHAR"], "VARCHAR")


def _copy_pseudonymous(connection: duckdb.DuckDBPyConnection, file: Path, options: str) -> None:
    """Write the table `frozen`, sorted, without names and with keys in place of employee ids."""
    columns = [name for name, _ in _columns(connection)]
    shown = [_shown(name, columns) for name in columns if name not in _NAMES]
    path = str(file).replace("'", "''")
    connection.execute(
        f"copy (select {', '.join(shown)} from frozen order by all) to '{path}' ({options})"
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
    """Rows by owner kind, and the sum of every numeric column as text of six decimals."""
    by_kind = connection.execute(
        "select owner_kind, count(*) from frozen group by owner_kind order by owner_kind"
    ).fetchall()
    numeric = [
        name
        for name, kind in _columns(connection)
        if kind == "DOUBLE" or kind.startswith("DECIMAL")
    ]
    sums: Mapping[str, Any] = {}
    if numeric:
        shown = ", ".join(f'coalesce(sum("{name}"), 0)' for name in numeric)
        row = connection.execute(f"select {shown} from frozen").fetchone() or ()
        sums = {name: f"{value:.6f}" for name, value in zip(numeric, row, strict=True)}
    return {
        "rows": sum(count for _, count in by_kind),
        "by_owner_kind": dict(by_kind),
        "sums": sums,
    }


def _describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file of the folder, by its path in it."""

    def described() -> Iterator[tuple[str, dict[str, Any]]]:
        """Path, size and hash of one file after the other."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            size = path.stat().st_size
            yield path.relative_to(folder).as_posix(), {"bytes": size, "sha256": file_sha256(path)}

    return dict(described())
