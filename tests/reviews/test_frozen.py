"""What is frozen, gathered for dbt: every revision, and nothing but what is frozen."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home
from orchestration.reviews.chain import seal
from orchestration.reviews.frozen import FROZEN_LAKE_TABLES, write_frozen_tables
from orchestration.reviews.frozen_tables import key_of


def freeze_by_hand(home: Home, quarter: str, revision: int, total: float) -> None:
    folder = home.reviews / f"quarter={quarter}" / f"revision={revision}"
    folder.mkdir(parents=True)
    content = {"sequence": revision, "quarter": quarter, "revision": revision}
    (folder / "review.json").write_text(json.dumps(seal(content)))
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select '{quarter}' as quarter, {revision} as revision, date '2026-01-01'
                as period_start, 'company' as owner_kind, 'shop' as owner_id, 3 as employee_count,
                null as role_id, null as team_id, null as department_id, {total} as scorecard_total,
                {total} as final_score, 'scorecard_only' as final_basis, 1.0 as coverage,
                'scored' as status, null as tier_id, null as tier_name, null as tier_name_zh
            ) to '{folder}/scorecards.parquet' (format parquet)
            """
        )


def frozen_rows(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(
            "select quarter, revision, cast(scorecard_total as double), typeof(final_score)"
            f" from read_parquet('{home.lake}/frozen_scorecards/*.parquet') order by all"
        ).fetchall()


def test_nothing_frozen_is_a_table_without_rows(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    assert write_frozen_tables(home) == 0
    assert frozen_rows(home) == []


def test_a_column_that_came_later_is_empty(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q1", 1, 80.5)
    write_frozen_tables(home)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select kpi_total, review_status, scorecard_kind, coverage"
            f" from '{home.lake}/frozen_scorecards/all.parquet'"
        ).fetchall()
    assert [row[:3] for row in found] == [(None, None, None)] and found[0][3] == 1


def test_every_revision_is_gathered_and_none_outlives_its_file(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q1", 1, 80.5)
    freeze_by_hand(home, "2026-Q1", 2, 79.25)
    assert write_frozen_tables(home) == 2
    assert frozen_rows(home) == [
        ("2026-Q1", 1, 80.5, "DECIMAL(18,2)"),
        ("2026-Q1", 2, 79.25, "DECIMAL(18,2)"),
    ]
    for folder in (home.reviews / "quarter=2026-Q1").iterdir():
        (folder / "review.json").unlink()
    write_frozen_tables(home)
    assert frozen_rows(home) == []


def rows_of(home: Home, table: str, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(
            f"select {columns} from read_parquet('{home.lake}/{table}/*.parquet') order by all"
        ).fetchall()


def employ(home: Home, *ids: str) -> None:
    """Give the lake employees: who is in it is known today."""
    with duckdb.connect() as connection:
        rows = ", ".join(f"('{each}')" for each in ids)
        connection.execute(
            f"copy (select * from (values {rows}) as t(employee_id)) "
            f"to '{home.lake}/employees/given.parquet' (format parquet)"
        )


def freeze_pay(home: Home, quarter: str, revision: int, employee_id: str, pay: float) -> None:
    key = key_of(home)(employee_id)
    folder = home.reviews / f"quarter={quarter}" / f"revision={revision}"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select date '2026-04-01' as period_start, '{key}' as employee_key,
                    'CNY' as currency, {pay}::decimal(18, 2) as total_amount, 'paid' as status
            ) to '{folder}/quarterly_pay.parquet' (format parquet)
            """
        )
        connection.execute(
            f"""
            copy (
                select date '2026-04-01' as period_start, date '2026-01-01' as
                corrected_period_start, '{key}' as employee_key, 'CNY' as currency,
                'reversal' as kind, -9000::decimal(18, 2) as amount
            ) to '{folder}/pay_corrections.parquet' (format parquet)
            """
        )


def freeze_line(home: Home, quarter: str, revision: int, employee_id: str) -> None:
    key = key_of(home)(employee_id)
    folder = home.reviews / f"quarter={quarter}" / f"revision={revision}"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select date '2026-01-01' as period_start, 'employee' as owner_kind,
                    '{key}' as owner_id, 'card' as scorecard_id, 'revenue' as kpi_id,
                    'team' as measured_owner_kind,
                    'north' as measured_owner_id, 90000.0 as value, 100000.0 as target,
                    90.0 as score, 100.0 as weight, 90.0 as contribution
            ) to '{folder}/kpi_scores.parquet' (format parquet)
            """
        )


def test_pay_and_its_corrections_stand_by_the_id_of_today(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q2", 1, 80.5)
    freeze_pay(home, "2026-Q2", 1, "E1", 8000)
    freeze_by_hand(home, "2026-Q2", 2, 80.5)
    freeze_pay(home, "2026-Q2", 2, "gone", 7000)
    employ(home, "E1", "E2")
    write_frozen_tables(home)
    columns = "quarter, revision, employee_id, kind, corrected_period_start, amount, status"
    gone, corrected = key_of(home)("gone"), date(2026, 1, 1)
    assert rows_of(home, "frozen_pay", columns) == [
        ("2026-Q2", 1, "E1", "pay", None, Decimal("8000.00"), "paid"),
        ("2026-Q2", 1, "E1", "reversal", corrected, Decimal("-9000.00"), None),
        ("2026-Q2", 2, gone, "pay", None, Decimal("7000.00"), "paid"),
        ("2026-Q2", 2, gone, "reversal", corrected, Decimal("-9000.00"), None),
    ]


def test_lines_stand_by_the_id_of_today_and_teams_by_their_own(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q1", 1, 80.5)
    freeze_line(home, "2026-Q1", 1, "E1")
    employ(home, "E1")
    write_frozen_tables(home)
    columns = "owner_id, measured_owner_id, value::double, weight::double, curve_id"
    assert rows_of(home, "frozen_kpi_scores", columns) == [("E1", "north", 90000, 100, None)]
    assert rows_of(home, "frozen_scorecards", "owner_id, known_owner_id") == [("shop", "shop")]


def test_the_chain_is_gathered_as_its_reviews_say(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    folder = home.reviews / "quarter=2026-Q1" / "revision=1"
    folder.mkdir(parents=True)
    content = seal(
        {
            "sequence": 1, "quarter": "2026-Q1", "revision": 1, "first_day": "2026-01-01",
            "reason": "it's due", "was_forced": True, "findings": ["a file is missing"],
            "known_until": "2026-04-11T08:00:00+08:00", "previous_sha256": None,
        }
    )  # fmt: skip
    (folder / "review.json").write_text(json.dumps(content))
    assert write_frozen_tables(home) == 1
    columns = (
        "period_start, reason, was_forced, finding_count, known_until, review_sha256, "
        "previous_sha256"
    )
    known = datetime(2026, 4, 11)
    told = (date(2026, 1, 1), "it's due", True, 1, known, content["review_sha256"], None)
    assert rows_of(home, "frozen_reviews", columns) == [told]
    assert rows_of(home, "frozen_pay", "quarter") == []


def test_what_is_no_longer_frozen_leaves_every_table(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q2", 1, 80.5)
    freeze_pay(home, "2026-Q2", 1, "E1", 8000)
    freeze_line(home, "2026-Q2", 1, "E1")
    write_frozen_tables(home)
    assert all(rows_of(home, table, "quarter") for table in FROZEN_LAKE_TABLES)
    (home.reviews / "quarter=2026-Q2" / "revision=1" / "review.json").unlink()
    write_frozen_tables(home)
    assert not any(rows_of(home, table, "quarter") for table in FROZEN_LAKE_TABLES)
