"""Weekly panels with planted drivers and planted noise, and the models that judge KPIs over them.

Sixty KPIs of two years: ten outcomes, each with a strong and a weak driver at a lag and sign of its
own, and declared drivers that move with nothing. All share a strong season and the same promotions
and have trends, so that raw values correlate throughout; what is left remembers itself from week to
week.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import duckdb
import numpy as np
from rendered_models import PROJECT, model_sql

QUARTER, CLOSED = date(2025, 10, 1), date(2026, 1, 1)
FIRST_WEEK = date(2023, 10, 30)
WEEKS = 117
OUTCOMES = 10
NOISE = 24
GUARDRAILS = 4
STRONG, WEAK = 0.5, 0.35
SEASON, TREND, PROMOTION = 3.0, 4.0, 2.0
# None that touches the two weeks before or after the close.
PROMOTIONS = (
    (date(2023, 11, 1), date(2023, 11, 20)),
    (date(2024, 6, 1), date(2024, 6, 20)),
    (date(2024, 11, 5), date(2024, 11, 16)),
    (date(2025, 6, 10), date(2025, 6, 25)),
    (date(2025, 11, 1), date(2025, 11, 11)),
)
MODELS = (
    "int_kpi_weeks_detrended",
    "int_kpi_pairs_correlated",
    "int_kpi_pairs_similar",
    "int_kpi_owner_differences",
    "int_kpi_quarters_measured",
    "kpi_relations",
    "kpi_effectiveness",
)


@dataclass
class Panel:
    """Weekly values from FIRST_WEEK on (NaN: not measured), and what is declared of KPIs."""

    values: dict[str, np.ndarray] = field(default_factory=dict)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Cause, effect, expected sign, lag in weeks."""
    purposes: dict[str, str] = field(default_factory=dict)
    """Of KPIs that are no drivers."""
    counters: dict[str, str] = field(default_factory=dict)
    directions: dict[str, str] = field(default_factory=dict)
    """Of KPIs of which less is better."""


def _remembering(dice: np.random.Generator, memory: float) -> np.ndarray:
    """An autoregressive series of variance 1."""
    shocks = dice.standard_normal(WEEKS) * np.sqrt(1 - memory**2)
    series = np.empty(WEEKS)
    series[0] = dice.standard_normal()
    for week in range(1, WEEKS):
        series[week] = memory * series[week - 1] + shocks[week]
    return series


def _as_measured(dice: np.random.Generator, residual: np.ndarray) -> np.ndarray:
    """What is seen of a residual: with trend, season and promotions, a level and a unit."""
    weeks = np.arange(WEEKS)
    days = np.array(FIRST_WEEK, dtype="datetime64[D]") + np.arange(7 * WEEKS)
    runs = sum((days >= np.datetime64(a)) & (days <= np.datetime64(b)) for a, b in PROMOTIONS)
    promoted = np.asarray(runs, dtype=float).reshape(WEEKS, 7).mean(axis=1)
    promotion = PROMOTION * dice.standard_normal() * promoted
    season = SEASON * np.sin(2 * np.pi * weeks / 52.1775 + 0.3 * dice.standard_normal())
    trend = TREND * dice.uniform(-1, 1) * weeks / WEEKS
    return (residual + season + promotion + trend + 30) * 10 ** dice.uniform(-2, 5)


def planted_panel(seed: int) -> Panel:
    """A panel of 60 KPIs; their names begin with what is planted in them."""
    dice = np.random.default_rng(seed)
    panel = Panel()
    for number in range(OUTCOMES):
        outcome = f"outcome_{number}"
        rest, parts = 1.0, np.zeros(WEEKS)
        for kind, strength in (("strong", STRONG), ("weak", WEAK)):
            sign, lag = int(dice.choice([-1, 1])), int(dice.integers(0, 9))
            cause = _remembering(dice, float(dice.choice([0.0, 0.3, 0.6])))
            delayed = np.concatenate([dice.standard_normal(lag), cause[: WEEKS - lag]])
            parts += sign * strength * delayed
            rest -= strength**2
            panel.values[f"{kind}_{number}"] = _as_measured(dice, cause)
            panel.links.append((f"{kind}_{number}", outcome, sign, lag))
        noise = _remembering(dice, float(dice.choice([0.0, 0.3, 0.6])))
        panel.values[outcome] = _as_measured(dice, parts + np.sqrt(rest) * noise)
    for kind, count in (("noise", NOISE), ("guardrail", GUARDRAILS)):
        for number in range(count):
            name = f"{kind}_{number}"
            noise = _remembering(dice, float(dice.choice([0.0, 0.3, 0.6])))
            panel.values[name] = _as_measured(dice, noise)
            outcome = f"outcome_{dice.integers(OUTCOMES)}"
            panel.links.append((name, outcome, int(dice.choice([-1, 1])), int(dice.integers(0, 9))))
            if kind == "guardrail":
                panel.purposes[name] = "guardrail"
    panel.values["constant_0"] = np.full(WEEKS, 0.1) + np.arange(WEEKS) * 0.0
    sparse = _as_measured(dice, _remembering(dice, 0.0))
    sparse[dice.permutation(WEEKS)[:80]] = np.nan
    panel.values["sparse_0"] = sparse
    panel.links += [("constant_0", "outcome_0", 1, 0), ("sparse_0", "outcome_1", 1, 0)]
    return panel


def load(connection: duckdb.DuckDBPyConnection, panel: Panel) -> None:
    """The tables that the models read, with no employees."""
    connection.execute(
        """
        create or replace table kpi_values (
            period_grain varchar, period_start date, next_period_start date, is_closed boolean,
            owner_kind varchar, owner_id varchar, kpi_id varchar, sample_size bigint,
            value double
        );
        create or replace table kpi_catalog (
            kpi_id varchar, name varchar, name_zh varchar, perspective varchar, purpose varchar,
            direction varchar, counter_kpi_id varchar, valid_from date, valid_to date
        );
        create or replace table strategy_links (
            cause_kind varchar, cause_id varchar, effect_id varchar, relation varchar,
            expected_sign bigint, lag_weeks bigint, valid_from date, valid_to date
        );
        create or replace table int_kpi_periods (
            period_grain varchar, period_start date, next_period_start date, elapsed_until date,
            is_closed boolean
        );
        create or replace table promotion_calendar (starts_on date, ends_on date);
        """
    )
    weeks = [FIRST_WEEK + timedelta(weeks=week) for week in range(WEEKS)]
    periods = [("week", week, week + timedelta(7), week + timedelta(7), True) for week in weeks]
    periods.append(("quarter", QUARTER, CLOSED, CLOSED, True))
    connection.executemany("insert into int_kpi_periods values (?, ?, ?, ?, ?)", periods)
    long_ago = date(2000, 1, 1)
    connection.executemany(
        "insert into kpi_catalog values (?, ?, ?, 'customer', ?, ?, ?, ?, null)",
        [
            (
                kpi,
                kpi,
                kpi,
                panel.purposes.get(kpi, "driver"),
                panel.directions.get(kpi, "higher"),
                panel.counters.get(kpi),
                long_ago,
            )
            for kpi in panel.values
        ],
    )
    connection.execute(
        "create or replace table dim_kpis as"
        " select kpi_id, 'ratio' as kind, 30 as minimum_sample from kpi_catalog"
    )
    if panel.links:
        connection.executemany(
            "insert into strategy_links values ('kpi', ?, ?, 'drives', ?, ?, ?, null)",
            [(*link, long_ago) for link in panel.links],
        )
    connection.executemany("insert into promotion_calendar values (?, ?)", PROMOTIONS)
    columns = {
        "week_start": np.tile(np.array(weeks, dtype="datetime64[D]"), len(panel.values)),
        "kpi_id": np.repeat(np.array(list(panel.values), dtype=object), WEEKS),
        "value": np.concatenate(list(panel.values.values())),
    }
    connection.execute(
        """
        insert into kpi_values
        select 'week', week_start, week_start + 7, true, 'company', 'shop', kpi_id, 30, value
        from (select unnest($week_start::date[]) as week_start,
            unnest($kpi_id::varchar[]) as kpi_id, unnest($value::double[]) as value)
        """,
        {name: column.tolist() for name, column in columns.items()},
    )
    seed = PROJECT.parent / "seeds" / "effectiveness_thresholds.csv"
    connection.execute(
        "create or replace table effectiveness_thresholds as"
        f" select * replace (cast(value as decimal(18, 6)) as value) from read_csv('{seed}')"
    )


@cache
def _sql(name: str) -> str:
    return model_sql(name)


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the models over what is loaded."""
    for name in MODELS:
        connection.execute(f"create or replace table {name} as {_sql(name)}")
