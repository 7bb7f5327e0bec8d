"""Whether KPIs are any good, at size: `python -m tests.benchmarks.effectiveness`.

Sixty KPIs of 500 employees over 104 weeks and eight quarters, from their values to the verdicts.
Prints Markdown.
"""

import argparse
import tempfile
from pathlib import Path

import duckdb

from tests.benchmarks.measuring import Measured, measure, table
from tests.pipeline.rendered_models import PROJECT, build

KPIS, OWNERS, WEEKS, CORES = 60, 500, 104, 2
MODELS = (
    "int_kpi_weeks_detrended",
    "int_kpi_pairs_correlated",
    "int_kpi_pairs_similar",
    "int_kpi_owner_differences",
    "int_kpi_quarters_measured",
    "kpi_relations",
    "kpi_effectiveness",
)
# Every second KPI is said to drive the one after it; hashes are the dice.
VALUES = """
    create table int_kpi_periods as
    select 'quarter' as period_grain, cast(starts as date) as period_start,
        cast(starts + interval 3 month as date) as next_period_start,
        cast(starts + interval 3 month as date) as elapsed_until, true as is_closed
    from (select unnest(generate_series(
        timestamp '2024-01-01', timestamp '2025-10-01', interval 3 month)) as starts)
    union all
    select 'week', cast(starts as date), cast(starts as date) + 7, cast(starts as date) + 7, true
    from (select timestamp '2024-01-01' + to_days(cast(7 * range as integer)) as starts
        from range({weeks}));
    create table kpi_catalog as
    select 'kpi_' || range as kpi_id, 'KPI' as name, 'KPI' as name_zh, 'customer' as perspective,
        case when range % 5 = 4 then 'guardrail' else 'driver' end as purpose,
        case when range % 3 = 0 then 'lower' else 'higher' end as direction,
        'kpi_' || (range + 7) % {kpis} as counter_kpi_id,
        date '2000-01-01' as valid_from, cast(null as date) as valid_to
    from range({kpis});
    create table dim_kpis as
    select kpi_id, 'ratio' as kind, 30 as minimum_sample from kpi_catalog;
    create table promotion_calendar (starts_on date, ends_on date);
    create table strategy_links as
    select 'kpi' as cause_kind, 'kpi_' || range as cause_id, 'kpi_' || range + 1 as effect_id,
        'drives' as relation, 1 as expected_sign, range % 9 as lag_weeks,
        date '2000-01-01' as valid_from, cast(null as date) as valid_to
    from range(0, {kpis}, 2);
    create table kpi_values as
    select periods.period_grain, periods.period_start, periods.next_period_start,
        periods.is_closed, owners.owner_kind, owners.owner_id, kpi_catalog.kpi_id,
        30 as sample_size,
        hash(periods.period_start, owners.owner_id, kpi_catalog.kpi_id) % 1000003 / 1000003.0
        + hash(owners.owner_id) % 7 / 10.0 as value
    from int_kpi_periods as periods
    cross join kpi_catalog
    cross join (
        select 'employee' as owner_kind, 'E' || range as owner_id from range({owners})
        union all
        select 'company', 'shop'
    ) as owners;
"""


def effectiveness(folder: Path) -> list[Measured]:
    """Everything from the values of KPIs to the verdicts on them, in a process of its own."""
    file = folder / "effectiveness.duckdb"
    seed = PROJECT.parent / "seeds" / "effectiveness_thresholds.csv"
    with duckdb.connect(str(file)) as connection:
        connection.execute(VALUES.format(kpis=KPIS, owners=OWNERS, weeks=WEEKS))
        connection.execute(
            "create table effectiveness_thresholds as select"
            f" * replace (cast(value as decimal(18, 6)) as value) from read_csv('{seed}')"
        )
    step = f"{KPIS} KPIs, {OWNERS} employees, {WEEKS} weeks: verdicts of 8 quarters"
    result = measure(step, ["-m", "tests.benchmarks.effectiveness", "--judge", str(file)])
    file.unlink()
    return [result]


def judge(file: Path) -> None:
    """Build the models in a file that holds what they read."""
    with duckdb.connect(str(file), config={"threads": CORES}) as connection:
        build(connection, *MODELS)


def main() -> None:
    """Measure and print, or judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", type=Path, help="a file to build the models in, no more")
    parser.add_argument("--folder", type=Path, help="where the file is made; default: temporary")
    options = parser.parse_args()
    if options.judge:
        judge(options.judge)
        return
    with tempfile.TemporaryDirectory(prefix="steelyard_kpis_", dir=options.folder) as folder:
        print("\n".join(table(effectiveness(Path(folder)))))


if __name__ == "__main__":
    main()
