"""What must hold of the explanations of any build with employees' scorecards."""

from datetime import date

from orchestration.serving.build import Build
from orchestration.serving.what_if import Change, what_if

_LINES = """
    with closest as (
        select distinct on (owner_id, kpi_id) owner_id, kpi_id, value
        from people.scorecards.kpi_scores
        where period_grain = 'quarter' and owner_kind = 'employee' and period_start = ?
        order by owner_id, kpi_id, case measured_owner_kind
            when 'employee' then 1 when 'team' then 2 when 'department' then 3 else 4 end
    )
    select owner_id, kpi_id, value from closest where value is not null
"""
_FINALS = """
    select owner_id, final_score, tier_name from people.scorecards.scorecards
    where period_grain = 'quarter' and owner_kind = 'employee' and period_start = ?
"""


def present_values(build: Build, quarter: date) -> dict[str, list[Change]]:
    """Each employee's KPIs with the values that they have, of the owner that a what-if changes."""
    changes: dict[str, list[Change]] = {}
    with build.open() as connection:
        for employee_id, kpi_id, value in connection.execute(_LINES, [quarter]).fetchall():
            changes.setdefault(employee_id, []).append(Change(kpi_id, value))
    return changes


def changed_by_present_values(build: Build, quarter: date, employees: int) -> list[str]:
    """Employees of whom the rules, run again on what is published, say anything else."""
    with build.open() as connection:
        rows = connection.execute(_FINALS, [quarter]).fetchall()
    published = {employee_id: (final, tier) for employee_id, final, tier in rows}
    wrong = []
    for employee_id, changes in sorted(present_values(build, quarter).items())[:employees]:
        tried = what_if(build, employee_id, quarter, changes)
        card = tried.after.card
        same = (card["final_score"], card["tier_name"]) == published[employee_id]
        if tried.before != tried.after or not same:
            wrong.append(employee_id)
    return wrong
