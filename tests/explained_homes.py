"""A home whose published build explains one quarter, made by hand, for tests of `explain`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import Home
from orchestration.serving.build import BUILD_FILE, PEOPLE_FILE, PUBLIC_FILE_NAME, SCORING_FILE
from orchestration.settings import Settings

KNOWN_UNTIL = datetime(2026, 8, 1, tzinfo=UTC)
NAME = '=cmd|"/C calc"!A1 O\'Neil [bold]:smile: \U0001f469\u200d\U0001f4bb'
NAME_ZH = "李'雷'“甲”"
SENTENCE = f"Revenue of {NAME}: 5.00 of 10.00, and so 50.00 points."

_PUBLIC = """
    create schema scorecards; create schema core; create schema kpis;
    create table scorecards.dim_owners as
        select 'role' as owner_kind, 'seller' as owner_id, 'Seller' as name, '销售' as name_zh;
    create table kpis.dim_kpis as select * from (values ('revenue', 'orders'), ('ltv', null))
        as kpis (kpi_id, source);
    create table core.admitted_files as select * from (values
        ('shop', 'orders_04.csv', 'orders', 3), ('shop', 'orders_07.csv', 'orders', 2),
        ('shop', 'refunds_04.csv', 'refunds', 9)
    ) as files (feed, file, entity, rows_accepted);
"""
_PEOPLE = """
    create schema scorecards; create schema core; create schema reviews;
    create table core.dim_employees as select 'E1' as employee_id, $name as employee_name,
        $name_zh as employee_name_zh, 'seller' as role_id, date '2020-01-01' as valid_from;
    create table scorecards.score_explanations as
        select *, null as denominator from (values
            (1, 'kpi_line', 'revenue', 'Revenue', '收入', 'employee', 50.0, 60.0, 100.0, 50.0, null,
                $sentence, '收入说明'),
            (2, 'total', null, null, null, null, 50.0, 100.0, null, null, 50.0, 'Total.', '合计。'),
            (3, 'final', null, null, null, null, 50.0, null, null, null, null, 'Final.', '最终。')
        ) as steps (step_number, step_kind, kpi_id, name, name_zh, measured_owner_kind, score,
            weight, effective_weight, contribution, final_points, sentence, sentence_zh),
        (select 'E1' as employee_id, date '2026-04-01' as period_start, true as is_closed,
            'live' as basis, 'scored' as status, null::double as value, null as unit,
            null::double as target, null::double as attainment, null::double as coefficient,
            null::decimal(18, 2) as amount, null as currency);
    create table reviews.review_scorecards as
        select 1 as revision, date '2026-04-01' as period_start, 'employee' as owner_kind,
            $key as owner_id, 50.00::decimal(18, 2) as final_score;
"""
_RULE = """
    select 'quarter' as period_grain, period_start, owner_kind, owner_id, 'card' as scorecard_id,
        kpi_id, owner_kind as measured_owner_kind, owner_id as measured_owner_id, value,
        10.0 as target, value / 10 as attainment, value * 10 as score, 100.0 as weight,
        100.0 as effective_weight, value * 10 as contribution, 'scored' as status
    from "warehouse"."kpis"."kpi_values"
"""
_CARD_RULE = """
    select period_grain, period_start, owner_kind, owner_id, sum(contribution) as scorecard_total,
        round(sum(contribution), 2)::decimal(18, 2) as final_score,
        case when sum(contribution) >= 80 then 'Good' else 'Low' end as tier_name,
        case when sum(contribution) >= 80 then '好' else '低' end as tier_name_zh,
        'scored' as status
    from "warehouse"."scorecards"."kpi_scores" group by all
"""
MANIFEST: dict[str, Any] = {
    "nodes": {
        name: {
            "resource_type": "model",
            "schema": schema,
            "name": name,
            "package_name": "steelyard",
            "original_file_path": f"models/{name}.sql",
            "depends_on": {"nodes": reads},
        }
        for name, schema, reads in (
            ("kpi_daily", "kpis", []),
            ("kpi_values", "kpis", ["kpi_daily"]),
            ("kpi_comparisons", "scorecards", ["kpi_values"]),
            ("scorecard_rules", "rules", []),
            ("kpi_scores", "scorecards", ["kpi_values", "scorecard_rules"]),
            ("scorecards", "scorecards", ["kpi_scores"]),
        )
    }
}
RULES = {"kpi_scores": _RULE, "scorecards": _CARD_RULE}


def make_explained_home(root: Path, key: str = "") -> Home:
    """A home with one build in which E1's 2026-Q2 is explained; `key` is frozen as E1's."""
    home = Home(root).prepare()
    folder = home.builds / "b"
    folder.mkdir(parents=True)
    said = {"name": NAME, "name_zh": NAME_ZH, "sentence": SENTENCE, "key": key}
    for name, statements in ((PUBLIC_FILE_NAME, _PUBLIC), (PEOPLE_FILE, _PEOPLE)):
        with duckdb.connect(str(folder / name)) as connection:
            for statement in filter(str.strip, statements.split(";")):
                used = {name: value for name, value in said.items() if f"${name}" in statement}
                used = {n: v for n, v in used.items() if n != "name" or "$name as" in statement}
                connection.execute(statement, used)
    known = KNOWN_UNTIL.isoformat()
    content = {
        "build_id": "b",
        "as_of": known,
        "known_until": known,
        "settings": Settings().model_dump(),
    }
    (folder / BUILD_FILE).write_text(json.dumps(content))
    home.serving.symlink_to("builds/b")
    return home


def make_warehouse(home: Home) -> None:
    """A warehouse with the values that E1 is scored by, and what dbt compiled from the rules."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema kpis; create schema rules; create schema scorecards")
        connection.execute(
            "create table kpis.kpi_values as select 'quarter' as period_grain, "
            "date '2026-04-01' as period_start, 'employee' as owner_kind, 'E1' as owner_id, "
            "'revenue' as kpi_id, 50::decimal(28, 10) as numerator, "
            "10::decimal(28, 10) as denominator, 5.0::double as value, 30::bigint as sample_size"
        )
        connection.execute("create table rules.scorecard_rules as select 1 as one")
    for name, rule in RULES.items():
        path = home.dbt / "target" / "compiled" / "steelyard" / "models" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rule)


def scoring_file(home: Home) -> Path:
    """Where the scoring rules of the build lie."""
    return home.builds / "b" / SCORING_FILE
