"""A home with a small warehouse made by hand, for tests of what comes after dbt."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import Home
from orchestration.warehouse.record import BuildRecord, write_record

AS_OF = datetime(2026, 8, 1, tzinfo=UTC)
EMPLOYEE_ROWS = "owner_kind = 'employee'"

WAREHOUSE = """
    create schema core; create schema attribution; create schema kpis; create schema scorecards;
    create schema rules; create schema staging;

    create table staging.stg_employees as select 'e1' as employee_id, 'Ada' as employee_name;
    create table core.fct_orders as
        select 'o' || range as order_id, cast(range as decimal(18, 2)) as revenue from range(100);
    comment on table core.fct_orders is 'One row per order; it''s additive.';
    comment on column core.fct_orders.revenue is 'Revenue in the base currency.';
    create table core.dim_employees as
        select 'e' || range as employee_id, 'Name ' || range as employee_name from range(6);

    create table attribution.touch_credits as
        select 'o' || range as order_id, 1.0 as credit from range(100);
    create view attribution.fct_touch_credits as
        select credits.order_id, credits.credit, orders.revenue
        from "warehouse"."attribution"."touch_credits" as credits
        inner join "warehouse"."core"."fct_orders" as orders on credits.order_id = orders.order_id;
    comment on view attribution.fct_touch_credits is 'One row per credit.';

    create table kpis.kpi_values as
        select 'quarter' as period_grain, quarter as period_start, kind as owner_kind,
            kind || number as owner_id, 'roas' as kpi_id, cast(number as double) as value
        from (values (date '2026-01-01'), (date '2026-04-01'), (date '2026-07-01')) as q(quarter),
            (values ('employee'), ('team'), ('company')) as k(kind),
            (select unnest(range(6)) as number) as n
        where kind = 'employee' or number = 0;
    create view kpis.roas as select kpi_id, value from "warehouse"."staging"."stg_values";
    create table scorecards.kpi_scores as
        select *, owner_kind as measured_owner_kind, owner_id as measured_owner_id, 80.0 as score
        from kpis.kpi_values;
    create table scorecards.scorecards as
        select period_grain, period_start, owner_kind, owner_id, 81.5 as final_score,
            'Name of ' || owner_id as owner_name
        from kpis.kpi_values;
    create table rules.kpi_targets as
        select * from (values ('roas', 'employee', 'employee3', 4.0), ('roas', 'team', '*', 3.0))
            as t(kpi_id, owner_kind, owner_id, target);
"""

MARTS = {
    "core.fct_orders": {},
    "core.dim_employees": {"employee_rows": "true"},
    "attribution.touch_credits": {},
    "attribution.fct_touch_credits": {
        "view_over": ["core.fct_orders", "attribution.touch_credits"]
    },
    "kpis.kpi_values": {"employee_rows": EMPLOYEE_ROWS},
    "scorecards.kpi_scores": {"employee_rows": EMPLOYEE_ROWS},
    "scorecards.scorecards": {"employee_rows": EMPLOYEE_ROWS},
}


def manifest_of(marts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As much of a dbt manifest as publishing reads."""
    nodes = {}
    for name, said in marts.items():
        schema, table = name.split(".")
        nodes[_unique_id(name)] = {
            "resource_type": "model",
            "schema": schema,
            "name": table,
            "fqn": ["steelyard", "marts", schema, table],
            "depends_on": {
                "nodes": [
                    f"model.steelyard.{each.split('.')[1]}" for each in said.get("view_over", [])
                ]
            },
            "config": {
                "materialized": "view" if "view_over" in said else "table",
                "meta": {key: value for key, value in said.items() if key == "employee_rows"},
            },
        }
    return {"nodes": nodes}


def _unique_id(name: str) -> str:
    return "model.steelyard." + name.split(".")[1]


def make_record(
    home: Home, *, as_of: datetime = AS_OF, marts: dict[str, dict[str, Any]] | None = None
) -> BuildRecord:
    """Say that the warehouse holds a whole build made at `as_of`."""
    manifest = home.dbt / "manifest-test.json"
    manifest.write_text(json.dumps(manifest_of(MARTS if marts is None else marts)))
    record = BuildRecord(
        as_of=as_of,
        known_until=as_of,
        code_version="0.1.0+test",
        run_id="11111111-2222-3333-4444-555555555555",
        rules_sha256="0" * 64,
        lake_sha256="0" * 64,
        manifest=manifest,
        finished_at=as_of,
    )
    write_record(home, record)
    return record


def make_built_home(root: Path) -> Home:
    """A home whose warehouse holds a few tables of each kind, ready to be published."""
    home = Home(root).prepare()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema staging")
        connection.execute("create table staging.stg_values as select 'roas' as kpi_id, 2 as value")
        connection.execute(WAREHOUSE.replace("create schema staging;", ""))
    (home.manifest / "shop.json").write_text(
        json.dumps({"feed": "shop", "files": {"a.csv": {"sha256": "00"}}, "batches": {}})
    )
    return home
