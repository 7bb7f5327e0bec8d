"""Write a quarter's proposals as a CSV that a manager edits in a spreadsheet and drops back in.

The file says who answers for what: it is private to its owner. Taking it back in is the feed
`plan_approvals`; what is proposed, and why, is worked out by the marts that are read here.
"""

import csv
import io
import os
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import PRIVATE_FILE, Home
from orchestration.reviews.frozen_tables import relations
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import Build
from orchestration.settings import Settings

COLUMNS = (
    "plan_id", "kind", "quarter", "first_day", "kpi", "kpi_name", "kpi_name_zh", "owner_kind",
    "owner", "owner_name", "owner_name_zh", "scorecard", "shop_kind", "measured_for", "unit",
    "current", "proposed", "red_flag", "stretch", "expected_attainment", "expected_met_share",
    "evidence", "status", "reason", "reason_zh", "approved", "approver", "approved_on", "comment",
)  # fmt: skip
"""Columns of a plan; the last four are the manager's to fill in."""

_TO_FILL_IN = {"approved": "", "approver": "", "approved_on": "", "comment": ""}
# Excel reads these as the beginning of a formula, the full-width ones in Chinese editions.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")

_NAMES = """
    select 'employee' as owner_kind, employee_id as owner_id, employee_name as name,
        employee_name_zh as name_zh
    from people.core.dim_employees
    qualify row_number() over (partition by employee_id order by valid_from desc) = 1
    union all
    select owner_kind, owner_id, name, name_zh from public.scorecards.dim_owners
"""
_TARGETS = """
    select 'target' as kind, kpi_id as kpi, kpi_name, kpi_name_zh, owner_kind, owner_id as owner,
        names.name as owner_name, names.name_zh as owner_name_zh, unit, current_target as current,
        proposed_target as proposed, red_flag, stretch_target as stretch,
        attainment_p50 as expected_attainment, met_share as expected_met_share,
        evidence_count as evidence, status, reason, reason_zh
    from proposals
    left join names using (owner_kind, owner_id)
    where period_start = $quarter
    order by owner_kind, owner_id, kpi_id
"""
_WEIGHTS = """
    select 'weight' as kind, kpi_id as kpi, kpis.name as kpi_name, kpis.name_zh as kpi_name_zh,
        owner_kind, owner_id as owner, names.name as owner_name, names.name_zh as owner_name_zh,
        scorecard_id as scorecard, shop_kind, measured_for, current_weight as current,
        proposed_weight as proposed, touched_conversions as evidence, status, reason, reason_zh
    from proposals
    left join names using (owner_kind, owner_id)
    left join public.kpis.dim_kpis as kpis using (kpi_id)
    where period_start = $quarter and is_changed_card
    order by scorecard_id, shop_kind, kpi_id, measured_for
"""
_RETIRE = """
    select 'retire' as kind, kpi_id as kpi, kpis.name as kpi_name, kpis.name_zh as kpi_name_zh,
        verdict as status, reason, reason_zh
    from (
        select * from proposals
        where is_closed and period_start < $quarter
        qualify period_start = max(period_start) over ()
    )
    left join public.kpis.dim_kpis as kpis using (kpi_id)
    where verdict = 'retire_candidate'
    order by kpi_id
"""
_FOCUS = """
    select 'focus' as kind, kpi_id as kpi, name as kpi_name, name_zh as kpi_name_zh, unit,
        definition as reason, definition_zh as reason_zh
    from proposals
    where purpose = 'driver'
    order by kpi_id
"""
_SECTIONS = (
    ("reviews", "target_proposals", _TARGETS),
    ("reviews", "weight_proposals", _WEIGHTS),
    ("reviews", "kpi_effectiveness", _RETIRE),
    ("kpis", "dim_kpis", _FOCUS),
)


class NotPlannedError(ValueError):
    """The published build proposes nothing for that quarter; the message says for which it does."""


class PlanExistsError(FileExistsError):
    """A plan is never written over a file: somebody may have edited it."""


@dataclass(frozen=True)
class Plan:
    """A plan that was written: where, and how many rows of each kind."""

    path: Path
    counts: dict[str, int]


def write_plan(home: Home, settings: Settings, quarter: Quarter, path: Path) -> Plan:
    """Write what is proposed for a quarter to a new private file, UTF-8 with a byte order mark.

    Raises NothingPublishedError, NotPlannedError, PlanExistsError, or OSError where the file cannot
    be written; then there is none.
    """
    rows = plan_rows(home, settings, quarter)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["kind"]] = counts.get(row["kind"], 0) + 1
        writer.writerow({name: escaped(_text(value)) for name, value in row.items()})
    _write_new(path, text.getvalue().encode("utf-8-sig"))
    return Plan(path, counts)


def plan_rows(home: Home, settings: Settings, quarter: Quarter) -> list[dict[str, Any]]:
    """Rows of a quarter's plan by column: targets, weights, KPIs to retire, KPIs to focus on.

    Raises NothingPublishedError or NotPlannedError.
    """
    label, rows = quarter.label(settings), []
    with Build.current(home).open() as connection:
        planned = _planned(connection)
        if quarter not in planned:
            listed = " and ".join(each.label(settings) for each in planned) or "no quarter"
            raise NotPlannedError(
                f"nothing is proposed for {label}: the published build proposes for {listed}"
            )
        for schema, table, sql in _SECTIONS:
            rows += _section(connection, schema, table, sql, quarter.first_day)
    return [
        {
            "plan_id": _plan_id(label, row),
            "quarter": label,
            "first_day": f"{quarter.first_day:%Y%m%d}",  # a spreadsheet leaves it as it is
            **row,
            **_TO_FILL_IN,
        }
        for row in rows
    ]


def escaped(text: str) -> str:
    """The text with a ' in front where a spreadsheet would take it for a formula.

    A text that looks escaped already gets one more, so that taking one off gives every text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _planned(connection: duckdb.DuckDBPyConnection) -> list[Quarter]:
    """Quarters that the build proposes targets for, oldest first."""
    days: set[date] = set()
    for relation in relations(connection, "reviews", "target_proposals"):
        found = connection.execute(f"select distinct period_start from {relation}").fetchall()
        days.update(day for (day,) in found)
    return sorted(Quarter(day) for day in days)


def _section(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, sql: str, day: date
) -> list[dict[str, Any]]:
    """One section's rows; none where the build has no such table."""
    found = relations(connection, schema, table)
    if not found:
        return []
    proposals = " union all by name ".join(f"select * from {relation}" for relation in found)
    with_names = f"with names as ({_NAMES}), proposals as ({proposals}) {sql}"
    parameters = {"quarter": day} if "$quarter" in sql else None
    result = connection.execute(with_names, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _plan_id(label: str, row: dict[str, Any]) -> str:
    """What a row is of, the same each time that the plan is written."""
    owner = ("kpi", "owner_kind", "owner")
    line = ("scorecard", "shop_kind", "kpi", "measured_for")
    parts = ("kind", *(owner if row["kind"] == "target" else line))
    return "/".join([label, *(str(row[part]) for part in parts if row.get(part) is not None)])


def _text(value: Any) -> str:
    """A cell: numbers without exponent and without zeros at their end."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{round(value, 4):g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _write_new(path: Path, content: bytes) -> None:
    """Write a private file that is not there yet, whole or not at all."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        raise PlanExistsError(
            f"{path} is there already and may have been edited: name a new file"
        ) from None
    is_whole = False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        is_whole = True
    finally:
        if not is_whole:
            path.unlink(missing_ok=True)
