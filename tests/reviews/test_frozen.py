"""Frozen scorecards gathered for dbt: every revision, and nothing but what is frozen."""

import json
from pathlib import Path

import duckdb

from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home
from orchestration.reviews.chain import seal
from orchestration.reviews.frozen import write_frozen_scorecards


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
    assert write_frozen_scorecards(home) == 0
    assert frozen_rows(home) == []


def test_a_column_that_came_later_is_empty(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ensure_typed_lake(home.lake)
    freeze_by_hand(home, "2026-Q1", 1, 80.5)
    write_frozen_scorecards(home)
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
    assert write_frozen_scorecards(home) == 2
    assert frozen_rows(home) == [
        ("2026-Q1", 1, 80.5, "DECIMAL(18,2)"),
        ("2026-Q1", 2, 79.25, "DECIMAL(18,2)"),
    ]
    for folder in (home.reviews / "quarter=2026-Q1").iterdir():
        (folder / "review.json").unlink()
    write_frozen_scorecards(home)
    assert frozen_rows(home) == []
