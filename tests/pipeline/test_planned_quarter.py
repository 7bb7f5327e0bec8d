"""The loop closes: what a plan proposed and a manager approved is what the quarter is scored by."""

import csv
import shutil
from pathlib import Path

import pytest
from command import said, steelyard
from partial_company import make_company

from orchestration.paths import READY_FEEDS, Home
from orchestration.serving.build import Build

CLOCKS = ("--as-of", "2026-06-15", "--known-until", "2027-08-01")
COMPANY_TARGET = "2026-Q2/target/net_revenue/company/steelyard_demo"
PEOPLE = """
feed: people
files: "people.csv"
exported_at: file_modified
read: {format: csv}
entities:
  employees:
    select:
      employee_id: id
      employee_name: id
      employee_name_zh: id
      valid_from: "'2025-01-01'"
      hired_on: "'2025-01-01'"
      team_id: team
      role_id: role
      manager_id: "nullif('', '')"
"""


def _company(root: Path) -> Home:
    home = make_company(root)
    folder = home.landing / "people"
    folder.mkdir()
    (folder / "feed.yml").write_text(PEOPLE)
    (folder / "people.csv").write_text("id,team,role\nboss,management,general_manager\n")
    return home


def _run(home: Home) -> None:
    done = steelyard("run", home, *CLOCKS)
    assert done.returncode == 0, said(done)


def _approve(home: Home, plan: Path, approved: dict[str, str]) -> None:
    with plan.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["plan_id"] in approved:
            row |= {"approved": approved[row["plan_id"]], "comment": "As agreed."}
            row |= {"approver": "boss", "approved_on": "2026-04-05"}
    folder = home.landing / "plan_approvals"
    folder.mkdir()
    shutil.copy(READY_FEEDS / "plan_approvals" / "feed.yml", folder)
    with (folder / "plan_2026Q2.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.slow
@pytest.mark.slow
def test_an_approved_plan_is_what_the_quarter_is_scored_by(tmp_path: Path) -> None:
    home, plan = _company(tmp_path / "home"), tmp_path / "plan.csv"
    _run(home)
    written = steelyard("plan", home, "2026-Q2", "--out", str(plan))
    assert written.returncode == 0, said(written)
    _approve(home, plan, {COMPANY_TARGET: "12.5", "2026-Q2/focus/net_revenue": "yes"})
    _run(home)
    with Build.current(home).open() as connection:
        scored = connection.execute(
            "select distinct target from people.scorecards.kpi_comparisons where "
            "period_grain = 'quarter' and period_start = date '2026-04-01' "
            "and owner_kind = 'company' and kpi_id = 'net_revenue'"
        ).fetchall()
        focus = connection.execute(
            "select kpi_id, is_in_force, reason from public.reviews.quarter_decisions"
        ).fetchall()
    # 75 of the 91 days of the quarter have begun; a company of one employee is an employee.
    assert scored == [(pytest.approx(12.5 * 75 / 91),)]
    assert focus == [("net_revenue", True, "As agreed.")]
