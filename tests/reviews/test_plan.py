"""A plan is written for a spreadsheet, edited, dropped in, and says what was approved."""

import csv
import io
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml
from built_homes import MARTS, make_record
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.landing.admission import admit
from orchestration.paths import READY_FEEDS, Home
from orchestration.reviews.plan import (
    COLUMNS,
    NotPlannedError,
    PlanExistsError,
    escaped,
    write_plan,
)
from orchestration.reviews.quarters import Quarter
from orchestration.serving.build import NothingPublishedError
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()
Q4 = Quarter(date(2026, 10, 1))
FEED = "plan_approvals"
STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
PROPOSALS = """
    create schema reviews;
    create or replace table core.dim_employees as select * from (values
        ('e1', '=Ada', '=艾达', date '2020-01-01'), ('e1', 'Ada Old', '艾', date '2010-01-01')
    ) as t(employee_id, employee_name, employee_name_zh, valid_from);
    create table scorecards.dim_owners as
        select 'team' as owner_kind, 't1' as owner_id, 'Own shop' as name, '自营店' as name_zh;
    create table kpis.dim_kpis as select * from (values
        ('csat', 'Satisfaction', '满意度', 'fraction', 'driver', 'Who is content.', '满意占比'),
        ('growth', 'Growth', '增长', 'ratio', 'guardrail', 'How fast.', '多快')
    ) as t(kpi_id, name, name_zh, unit, purpose, definition, definition_zh);
    create table reviews.target_proposals as select * from (values
        ('team', 't1', 4, 'csat', 'Satisfaction', '满意度', 'fraction', 0.093, 0.101, 0.0872, 0.106,
            0.9595442e0, 0.2e0, 5, 'proposed', 'Because, "so".', '因为。'),
        ('employee', 'e1', 1, 'growth', 'Growth', '增长', 'ratio', -0.05, -0.04, -0.1, 0, null,
            null, 5, 'proposed', 'No.', '不。'),
        ('employee', 'e1', 1, 'csat', 'Satisfaction', '满意度', 'fraction', 0.5, null, null, null,
            null, null, 0, 'thin_evidence', 'Thin.', '不足。')
    ) as t(owner_kind, owner_id, employee_count, kpi_id, kpi_name, kpi_name_zh, unit,
        current_target, proposed_target, red_flag, stretch_target, attainment_p50, met_share,
        evidence_count, status, reason, reason_zh)
    cross join (values (date '2026-07-01'), (date '2026-10-01')) as q(period_start);
    create table reviews.weight_proposals as select * from (values
        ('csat', 20.00, 25.50, true), ('growth', 80.00, 74.50, true), ('other', 1.00, 1.00, false)
    ) as t(kpi_id, current_weight, proposed_weight, is_changed_card)
    cross join (select date '2026-10-01' as period_start, 'team_t1' as scorecard_id,
        'own_site' as shop_kind, 'team' as owner_kind, 't1' as owner_id, 'own' as measured_for,
        400 as touched_conversions, 'nurturing' as status, 'So.' as reason, '是。' as reason_zh);
"""
EFFECTIVENESS = """
    create table reviews.kpi_effectiveness as select *, 'Moves nothing.' as reason,
        '没有作用。' as reason_zh
    from (values
        ('growth', date '2026-07-01', false, 'retire_candidate'),
        ('growth', date '2026-04-01', true, 'keep'),
        ('csat', date '2026-04-01', true, 'retire_candidate'),
        ('growth', date '2026-01-01', true, 'retire_candidate')
    ) as t(kpi_id, period_start, is_closed, verdict)
"""
PUBLISHED = MARTS | {
    "scorecards.dim_owners": {},
    "kpis.dim_kpis": {},
    "reviews.target_proposals": {"employee_rows": "owner_kind = 'employee'"},
    "reviews.weight_proposals": {},
}
APPROVED = {
    "2026-Q4/target/csat/team/t1": ("0.0995", "gm", '=HYPERLINK("https://x.example")'),
    "2026-Q4/target/growth/employee/e1": ("yes", "'=gm", "'=not a formula, 好"),
    "2026-Q4/target/csat/employee/e1": ("", "gm", "left as it is"),
    "2026-Q4/weight/team_t1/own_site/csat/own": ("是", "gm", "-5 touches"),
    "2026-Q4/weight/team_t1/own_site/growth/own": ("74.50", "gm", ""),
    "2026-Q4/focus/csat": ("yes", "gm", "@all: look here"),
}
"""What the manager fills in: approved, approver and comment."""


@pytest.fixture
def home(built_home: Home) -> Home:
    return _published(built_home, PROPOSALS, PUBLISHED)


def _published(home: Home, sql: str, marts: dict[str, dict[str, Any]]) -> Home:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(sql)
    publish(home, SETTINGS, make_record(home, marts=marts))
    return home


@pytest.fixture
def plan(home: Home, tmp_path: Path) -> Path:
    return write_plan(home, SETTINGS, Q4, tmp_path / "plan.csv").path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _steelyard(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(home.root)])


def test_a_plan_holds_a_row_a_target_a_changed_weight_and_a_kpi_to_focus_on(plan: Path) -> None:
    rows = {row["plan_id"]: row for row in _rows(plan)}
    assert set(rows) == set(APPROVED)
    target = rows["2026-Q4/target/csat/team/t1"]
    assert target["owner_name_zh"] == "自营店" and target["reason"] == 'Because, "so".'
    numbers = ("current", "proposed", "red_flag", "stretch", "expected_attainment")
    assert [target[name] for name in numbers] == ["0.093", "0.101", "0.0872", "0.106", "0.9595"]
    assert rows["2026-Q4/target/csat/employee/e1"]["proposed"] == ""
    assert rows["2026-Q4/weight/team_t1/own_site/csat/own"]["proposed"] == "25.5"
    assert rows["2026-Q4/focus/csat"]["reason_zh"] == "满意占比"


def test_a_plan_offers_the_newest_candidates_of_retirement(home: Home, tmp_path: Path) -> None:
    marts = PUBLISHED | {"reviews.kpi_effectiveness": {}}
    path = tmp_path / "plan.csv"
    written = write_plan(_published(home, EFFECTIVENESS, marts), SETTINGS, Q4, path)
    assert written.counts == {"target": 3, "weight": 2, "retire": 1, "focus": 1}
    (row,) = (row for row in _rows(path) if row["kind"] == "retire")
    assert (row["kpi"], row["reason_zh"]) == ("csat", "没有作用。")


def test_a_plan_is_private_and_marked_as_utf_8(plan: Path) -> None:
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600
    assert plan.read_bytes().startswith(b"\xef\xbb\xbf")
    assert tuple(_rows(plan)[0]) == COLUMNS


def test_no_cell_of_a_plan_is_a_formula(plan: Path) -> None:
    cells = [cell for row in _rows(plan) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(STARTS_A_FORMULA)] == []
    assert {"'=Ada", "'=艾达", "'-0.05", "'-0.04"} <= set(cells)


def test_a_plan_is_never_written_over_a_file(home: Home, plan: Path) -> None:
    before = plan.read_bytes()
    with pytest.raises(PlanExistsError, match="name a new file"):
        write_plan(home, SETTINGS, Q4, plan)
    assert plan.read_bytes() == before


def test_a_plan_that_cannot_be_written_whole_is_not_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_plan(home, SETTINGS, Q4, tmp_path / "plan.csv")
    assert not (tmp_path / "plan.csv").exists()


def test_the_same_build_gives_the_same_plan(home: Home, plan: Path, tmp_path: Path) -> None:
    again = write_plan(home, SETTINGS, Q4, tmp_path / "again.csv").path
    assert again.read_bytes() == plan.read_bytes()


def test_a_quarter_that_is_not_planned_is_named(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotPlannedError, match="proposes for 2026-Q3 and 2026-Q4"):
        write_plan(home, SETTINGS, Quarter(date(2027, 1, 1)), tmp_path / "plan.csv")
    assert not (tmp_path / "plan.csv").exists()


def test_without_a_build_there_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError):
        write_plan(Home(tmp_path / "home").prepare(), SETTINGS, Q4, tmp_path / "plan.csv")


@pytest.mark.parametrize(
    ("quarter", "out", "said"),
    [
        ("soon", "plan.csv", "is no quarter"),
        ("2030-Q1", "plan.csv", "nothing is proposed for 2030-Q1"),
        ("2026-Q4", "there.csv", "is there already and may have been edited"),
        ("2026-Q4", "nowhere/plan.csv", "cannot be written: No such file or directory"),
    ],
)
def test_the_command_says_what_is_wrong(
    home: Home, tmp_path: Path, quarter: str, out: str, said: str
) -> None:
    (tmp_path / "there.csv").touch()
    result = _steelyard(home, "plan", quarter, "--out", str(tmp_path / out))
    assert result.exit_code == 2 and said in result.output


def test_the_command_counts_the_rows(home: Home, tmp_path: Path) -> None:
    result = _steelyard(home, "plan", "2026-Q4", "--out", str(tmp_path / "plan.csv"))
    assert result.exit_code == 0
    assert "rows 3 of target, 2 of weight, 1 of focus" in result.output


def _through_a_spreadsheet(plan: Path, scratch: Path, edits: dict[str, tuple[str, ...]]) -> str:
    """The plan opened, filled in and saved by a spreadsheet, which takes numbers for numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in _rows(plan):
        approved, approver, comment = edits[row["plan_id"]]
        filled = row | {
            "approved": approved, "approver": approver, "comment": comment,
            "approved_on": "2026/9/28" if approved else "",
        }  # fmt: skip
        sheet.append([_as_number(filled[name]) for name in COLUMNS])
    for cell in (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"):
        cell.data_type = "s"  # typed as text
    book.save(scratch)
    text = io.StringIO()
    writer = csv.writer(text)
    for line in openpyxl.load_workbook(scratch).active.iter_rows(values_only=True):  # type: ignore[union-attr]
        writer.writerow(["" if cell is None else cell for cell in line])
    return text.getvalue()


def _as_number(text: str) -> str | int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _drop(home: Home, content: str) -> None:
    (home.manifest / "shop.json").unlink()  # of no feed that could be admitted
    folder = home.landing / FEED
    folder.mkdir(exist_ok=True)
    shutil.copy(READY_FEEDS / FEED / "feed.yml", folder)
    file = folder / "plan_2026Q4.csv"
    file.write_text(content, encoding="utf-8-sig")
    os.utime(file, (1_790_000_000_000, 1_790_700_000))  # modified 2026-09-29


def _lake(home: Home, entity: str, columns: str) -> list[tuple[Any, ...]]:
    files = home.lake / entity / "**" / "*.parquet"
    with duckdb.connect() as connection:
        query = f"select {columns} from read_parquet('{files}') order by all"
        return connection.execute(query).fetchall()


@pytest.fixture
def dropped(home: Home, plan: Path, tmp_path: Path) -> Iterator[Home]:
    _drop(home, _through_a_spreadsheet(plan, tmp_path / "plan.xlsx", APPROVED))
    report = admit(home, datetime(2030, 1, 1))
    assert report.ok
    yield home


def test_an_edited_plan_is_admitted_with_the_values_approved(dropped: Home) -> None:
    columns = "kpi_id, owner_id, target, red_flag, approved_by, comment, period_start, period_grain"
    first, quarter = date(2026, 10, 1), "quarter"
    assert _lake(dropped, "target_approvals", columns) == [
        ("csat", "t1", Decimal("0.099500"), Decimal("0.087200"), "gm",
         '=HYPERLINK("https://x.example")', first, quarter),
        ("growth", "e1", Decimal("-0.040000"), Decimal("-0.100000"), "=gm", "=not a formula, 好",
         first, quarter),
    ]  # fmt: skip
    assert _lake(dropped, "rejected", "reasons") == []


def test_an_edited_plan_brings_weights_and_focus_points(dropped: Home) -> None:
    columns = "kind, kpi_id, scorecard_id, shop_kind, measured_for, weight, reason, quarter_start"
    first = date(2026, 10, 1)
    assert _lake(dropped, "quarter_decisions", columns) == [
        ("focus", "csat", None, None, None, None, "@all: look here", first),
        ("weight", "csat", "team_t1", "own_site", "own", Decimal("25.5000"), "-5 touches", first),
        ("weight", "growth", "team_t1", "own_site", "own", Decimal("74.5000"), None, first),
    ]
    days = _lake(dropped, "quarter_decisions", "distinct decided_at")
    assert days == [(datetime(2026, 9, 27, 16),)]  # midnight of the 28th in Shanghai


def test_what_cannot_be_read_is_refused_with_its_reason(home: Home, plan: Path) -> None:
    edits = {
        "2026-Q4/target/csat/team/t1": {"approved": "a bit more", "approved_on": "soon"},
        "2026-Q4/weight/team_t1/own_site/csat/own": {"approved": "120"},
        "2026-Q4/focus/csat": {"approved": "maybe"},
        "2026-Q4/target/growth/employee/e1": {"approved": "No"},
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in _rows(plan):
        writer.writerow(row | edits.get(row["plan_id"], {}))
    _drop(home, text.getvalue())
    assert admit(home, datetime(2030, 1, 1)).ok
    assert [reason for (reason,) in _lake(home, "rejected", "reasons")] == [
        "kind: 'focus approved with maybe' is not one of focus, retire, weight",
        "target: 'a bit more' is not a number; approved_at: 'soon' is not a timestamp",
        "weight: 120 is above 100",
    ]
    assert _lake(home, "target_approvals", "1") == _lake(home, "quarter_decisions", "1") == []


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))))
def test_the_door_takes_off_what_the_plan_puts_before_a_formula(text: str) -> None:
    cell = escaped(text)
    assert not cell.startswith(STARTS_A_FORMULA)
    assert _unescaped(cell) == text


@given(st.text("'=+-@\t\r\n＝a", max_size=6))
def test_the_door_takes_off_one_quote_of_many(text: str) -> None:
    assert _unescaped(escaped(text)) == text


_FEED = yaml.safe_load((READY_FEEDS / FEED / "feed.yml").read_text(encoding="utf-8"))
_CONNECTION = duckdb.connect()


def _unescaped(cell: str) -> str:
    """The cell as the ready feed takes it in."""
    sql = _FEED["entities"]["target_approvals"]["select"]["comment"]
    found = _CONNECTION.execute(f"select {sql} from (select ? as comment)", [cell]).fetchone()
    assert found is not None
    return str(found[0])
