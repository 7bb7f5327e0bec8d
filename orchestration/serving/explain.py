"""One employee's quarter, explained from the published build: steps, sources, what a freeze says.

Belongs here: reading what was published and what lies in the lake behind it. The sentences are the
build's own (score_explanations); how all of it is printed is in `explain_print.py`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from orchestration.landing.contracts import Column, event_times
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.frozen_tables import key_of
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import Build
from orchestration.settings import Settings

_STEPS_SQL = """
    select step_number, step_kind, kpi_id, name, name_zh, measured_owner_kind, value, unit,
        target, attainment, score, weight, effective_weight, contribution, final_points,
        coefficient, amount, currency, status, sentence, sentence_zh, basis, is_closed
    from people.scorecards.score_explanations
    where employee_id = ? and period_start = ?
    order by step_number
"""
_EMPLOYEE_SQL = """
    select employees.employee_name, employees.employee_name_zh, employees.role_id,
        owners.name, owners.name_zh
    from people.core.dim_employees as employees
    left join public.scorecards.dim_owners as owners
        on owners.owner_kind = 'role' and owners.owner_id = employees.role_id
    where employees.employee_id = ?
    order by employees.valid_from < ? desc, employees.valid_from desc
    limit 1
"""
_FILES_SQL = """
    select feed, file, rows_accepted from public.core.admitted_files
    where entity = ? and rows_accepted > 0
"""
_FROZEN_SQL = """
    select revision, final_score from people.reviews.review_scorecards
    where period_start = ? and owner_kind = 'employee' and owner_id = ?
    order by revision desc limit 1
"""


class ExplainError(ValueError):
    """There is nothing to explain for what was asked; the message says why."""


@dataclass(frozen=True)
class Step:
    """One row of score_explanations by its columns."""

    columns: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """The value of a column."""
        return self.columns[name]


@dataclass(frozen=True)
class SourceFile:
    """A file behind a KPI: its rows within the quarter, and all that were accepted of it.

    `rows_in_quarter` is None where the rows of the entity have no time of their own.
    """

    feed: str
    file: str
    rows_in_quarter: int | None
    rows_accepted: int


@dataclass(frozen=True)
class Source:
    """An entity of the lake, the KPIs that are made from it, and its files, the fullest first."""

    entity: str
    kpi_ids: list[str]
    files: list[SourceFile]


@dataclass(frozen=True)
class Explanation:
    """Everything that is told about an employee's quarter."""

    employee_id: str
    names: tuple[str, str]
    role: tuple[str, str]
    quarter: Quarter
    label: str
    steps: list[Step]
    sources: list[Source]
    frozen: dict[str, Any] | None
    """The newest frozen revision, where the quarter is frozen."""


def explain(home: Home, build: Build, employee_id: str, label: str) -> Explanation:
    """The explanation of a quarter such as `2026-Q2`.

    Raises UnknownQuarterError for other text, ExplainError where there is nothing to explain.
    """
    settings = Settings.model_validate(build.content["settings"])
    quarter = Quarter.labelled(label, settings)
    with build.open() as connection:
        employee = connection.execute(
            _EMPLOYEE_SQL, [employee_id, quarter.next_first_day]
        ).fetchone()
        if employee is None:
            raise ExplainError(
                f"nobody has the employee id {employee_id!r}; core.dim_employees in people.duckdb "
                "lists who does"
            )
        steps = _steps(connection, employee_id, quarter.first_day)
        if not steps:
            raise ExplainError(_no_scorecard(connection, employee_id, quarter, settings))
        name, name_zh, role_id, role, role_zh = employee
        return Explanation(
            employee_id=employee_id,
            names=(name, name_zh),
            role=(role or role_id or "", role_zh or role_id or ""),
            quarter=quarter,
            label=quarter.label(settings),
            steps=steps,
            sources=_sources(home, build, connection, quarter, settings, steps),
            frozen=_frozen(home, connection, quarter, settings, employee_id),
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any]
) -> list[dict[str, Any]]:
    done = connection.execute(sql, values)
    names = [column[0] for column in done.description or ()]
    return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def _steps(connection: duckdb.DuckDBPyConnection, employee_id: str, first_day: date) -> list[Step]:
    return [Step(row) for row in _rows(connection, _STEPS_SQL, [employee_id, first_day])]


def _no_scorecard(
    connection: duckdb.DuckDBPyConnection, employee_id: str, quarter: Quarter, settings: Settings
) -> str:
    rows = connection.execute(
        "select distinct period_start from people.scorecards.score_explanations "
        "where employee_id = ? order by period_start",
        [employee_id],
    ).fetchall()
    known = ", ".join(Quarter(day).label(settings) for (day,) in rows)
    there = f"there are scorecards of {known}" if known else "there is none of any quarter"
    return f"{employee_id} has no scorecard of {quarter.label(settings)}; {there}"


def _sources(
    home: Home,
    build: Build,
    connection: duckdb.DuckDBPyConnection,
    quarter: Quarter,
    settings: Settings,
    steps: list[Step],
) -> list[Source]:
    """The entities behind the quarter's KPIs, as the catalogue names them, with their files."""
    measured = sorted({step["kpi_id"] for step in steps if step["kpi_id"]})
    catalog = connection.execute(
        "select source, list(kpi_id order by kpi_id) from public.kpis.dim_kpis "
        "where list_contains(?, kpi_id) and source is not null group by source order by source",
        [measured],
    ).fetchall()
    found = []
    for entity, kpi_ids in catalog:
        accepted = {
            (feed, file): rows
            for feed, file, rows in connection.execute(_FILES_SQL, [entity]).fetchall()
        }
        counted = _rows_in_quarter(home, build, entity, quarter, settings)
        files = [
            SourceFile(feed, file, None if counted is None else counted.get((feed, file), 0), rows)
            for (feed, file), rows in accepted.items()
        ]
        files = [each for each in files if each.rows_in_quarter != 0]
        files.sort(
            key=lambda each: (-(each.rows_in_quarter or each.rows_accepted), each.feed, each.file)
        )
        found.append(Source(entity, kpi_ids, files))
    return found


def _rows_in_quarter(
    home: Home, build: Build, entity: str, quarter: Quarter, settings: Settings
) -> dict[tuple[str, str], int] | None:
    """Rows of each file whose event lies in the quarter; None where the entity has no such time."""
    column = event_times().get(entity)
    folder = home.lake / entity
    if column is None or not any(folder.glob("*.parquet")):
        return None
    known = build.clocks.known_until.astimezone(UTC).replace(tzinfo=None)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f'select _feed, _file, count(*) from read_parquet(?) where "{column.name}" >= ? '
            f'and "{column.name}" < ? and _exported_at <= ? group by all',
            [str(folder / "**" / "*.parquet"), *_bounds(column, quarter, settings), known],
        ).fetchall()
    return {(feed, file): count for feed, file, count in rows}


def _bounds(column: Column, quarter: Quarter, settings: Settings) -> list[date | datetime]:
    """First and last bound of the quarter: its days, or their instants in UTC."""
    days = [quarter.first_day, quarter.next_first_day]
    if column.data_type == "date":
        return list(days)
    midnights = [datetime(day.year, day.month, day.day, tzinfo=settings.zone) for day in days]
    return [each.astimezone(UTC).replace(tzinfo=None) for each in midnights]


def _frozen(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    quarter: Quarter,
    settings: Settings,
    employee_id: str,
) -> dict[str, Any] | None:
    """What the newest frozen revision says of the employee; None where none is frozen."""
    revisions = [each for each in read_chain(home) if each.quarter == quarter.label(settings)]
    if not revisions:
        return None
    key = key_of(home)(employee_id)
    rows = _rows(connection, _FROZEN_SQL, [quarter.first_day, key])
    return rows[0] if rows else {"revision": revisions[-1].revision}
