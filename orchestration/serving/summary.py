"""What a run came to, on one screen, read from the published build alone.

It shows stored numbers and sums of them; it computes no KPI. Nothing about one employee is shown:
of people.duckdb only how many stand in each tier.
"""

import json
from collections.abc import Sequence
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from orchestration.paths import PROJECT_ROOT, Home
from orchestration.reviews.chain import read_chain
from orchestration.serving.build import BUILD_FILE, RULES_FOLDER, SOURCES_FILE, Build

SHOWN_MODELS = ("first_touch", "last_touch", "u_shaped")
_MODELS_SQL = """
    select channel, model_id, sum(revenue)
    from public.attribution.channel_attribution_daily
    where conversion_type = 'purchase'
    group by channel, model_id
"""
_DEFAULT_MODEL_SQL = "select model_id from read_csv(?) where is_default"
# Spend stands beside every conversion type, whole: it is summed over one.
PERFORMANCE_SQL = """
    select
        channel,
        sum(spend) filter (where conversion_type = 'purchase') as spend,
        sum(revenue) filter (where conversion_type = 'purchase') as revenue,
        sum(new_customers) filter (where conversion_type = 'first_purchase') as new_customers
    from public.attribution.channel_performance_daily
    where model_id = ? and basis = 'conversion_date' and is_paid
    group by channel
"""
_QUARTER_SQL = """
    select max(period_start) from public.scorecards.scorecards
    where period_grain = 'quarter' and owner_kind = 'company' and is_closed
"""
_COMPANY_SQL = """
    select kpis.name, scores.value, scores.target, scores.score, scores.weight, scores.contribution,
        scores.status
    from public.scorecards.kpi_scores as scores
    left join public.kpis.dim_kpis as kpis on scores.kpi_id = kpis.kpi_id
    where scores.period_grain = 'quarter' and scores.owner_kind = 'company'
        and scores.period_start = ?
    order by scores.weight desc, kpis.name
"""
_TOTAL_SQL = """
    select final_score, coverage, status from public.scorecards.scorecards
    where period_grain = 'quarter' and owner_kind = 'company' and period_start = ?
"""
_TIERS_SQL = """
    select coalesce(tier_name, '(no tier: ' || status || ')'), tier_name_zh, count(*)
    from people.scorecards.scorecards
    where period_grain = 'quarter' and owner_kind = 'employee' and period_start = ?
    group by all order by min(final_score) desc nulls last
"""


def print_summary(home: Home, console: Console) -> None:
    """Print the published build's summary; raises NothingPublishedError where there is none."""
    build = Build.current(home)
    currency = str(build.content["settings"]["base_currency"])
    console.rule(f"[bold]Results as of {build.content['as_of'][:16]} UTC")
    console.print(_admitted_rows(build))
    with build.open() as connection:
        console.print(_revenue_by_model(connection, currency))
        console.print(_performance(build, connection, currency))
        found = connection.execute(_QUARTER_SQL).fetchone()
        if found and found[0]:
            console.print(_company_scorecard(connection, found[0]))
            console.print(_tiers(connection, found[0]))
    print_places(home, console)


def _admitted_rows(build: Build) -> Table:
    """Rows by feed, over all files that the build was made from."""
    table = _table(
        "Rows admitted", "feed", "files", "rows read", "filtered", "accepted", "rejected"
    )
    sums = [0, 0, 0, 0, 0]
    for feed, manifest in json.loads((build.folder / SOURCES_FILE).read_bytes()).items():
        counts = [file["counts"] for file in manifest["files"].values()]
        entities = [entity for each in counts for entity in each["entities"].values()]
        row = [
            len(counts),
            sum(each["read"] for each in counts),
            sum(each["filtered"] for each in counts),
            sum(each["accepted"] for each in entities),
            sum(each["rejected"] for each in entities),
        ]
        sums = [total + value for total, value in zip(sums, row, strict=True)]
        table.add_row(feed, *(f"{value:,}" for value in row))
    table.add_section()
    table.add_row("all", *(f"{value:,}" for value in sums))
    return table


def _revenue_by_model(connection: duckdb.DuckDBPyConnection, currency: str) -> Table:
    """Purchase revenue by channel, one column an attribution model."""
    rows = connection.execute(_MODELS_SQL).fetchall()
    known = sorted({model for _, model, _ in rows})
    models = [model for model in SHOWN_MODELS if model in known] or known[:3]
    by_cell = {(channel, model): float(revenue or 0) for channel, model, revenue in rows}
    channels = sorted(
        {channel for channel, _, _ in rows},
        key=lambda channel: (-by_cell.get((channel, models[-1]), 0.0), channel),
    )
    table = _table(f"Revenue by channel and attribution model, {currency}", "channel", *models)
    for channel in channels:
        table.add_row(channel, *(f"{by_cell.get((channel, each), 0.0):,.0f}" for each in models))
    table.add_section()
    sums = (sum(by_cell.get((channel, each), 0.0) for channel in channels) for each in models)
    table.add_row("all", *(f"{total:,.0f}" for total in sums))
    return table


def _performance(build: Build, connection: duckdb.DuckDBPyConnection, currency: str) -> Table:
    """Spend, revenue on spend and cost of a new customer by paid channel, by the default model."""
    rules = str(build.folder / RULES_FOLDER / "attribution_models.csv")
    default = connection.execute(_DEFAULT_MODEL_SQL, [rules]).fetchone()
    model = default[0] if default else ""
    rows = connection.execute(PERFORMANCE_SQL, [model]).fetchall()
    title = f"Return on spend by paid channel, {currency}, {model}"
    table = _table(title, "channel", "spend", "ROAS", "paid CAC")
    for channel, spend, revenue, new_customers in sorted(rows, key=lambda row: -(row[1] or 0)):
        if spend:
            table.add_row(
                channel,
                f"{spend:,.0f}",
                _number(float(revenue or 0) / float(spend), 2),
                _number(float(spend) / float(new_customers), 0) if new_customers else "",
            )
    return table


def _company_scorecard(connection: duckdb.DuckDBPyConnection, quarter: Any) -> Table:
    """The company's lines of the last closed quarter, and its total."""
    heads = ("KPI", "value", "target", "score", "weight", "points", "status")
    table = _table(f"Company scorecard of the quarter from {quarter}", *heads)
    for name, value, target, score, weight, points, status in connection.execute(
        _COMPANY_SQL, [quarter]
    ).fetchall():
        table.add_row(
            name,
            _measured(value),
            _measured(target),
            _number(score, 1),
            _number(weight, 0),
            _number(points, 1),
            status,
        )
    total = connection.execute(_TOTAL_SQL, [quarter]).fetchone()
    if total:
        table.add_section()
        table.add_row(
            "final score", "", "", _number(total[0], 2), _number(100 * total[1], 0), "", total[2]
        )
    return table


def _tiers(connection: duckdb.DuckDBPyConnection, quarter: Any) -> Table:
    """How many employees stand in each tier; no names."""
    table = _table(f"Employees by tier, quarter from {quarter}", "tier", "等级", "employees")
    for name, name_zh, count in connection.execute(_TIERS_SQL, [quarter]).fetchall():
        table.add_row(name, name_zh or "", str(count))
    return table


def print_places(home: Home, console: Console) -> None:
    """Where the results lie and the command that opens them; nothing, where there are none."""
    if not (home.serving / BUILD_FILE).exists():
        return
    build = Build.current(home)
    frozen = [f"{review.quarter} r{review.revision}" for review in read_chain(home)]
    python = PROJECT_ROOT / ".venv" / "bin" / "python"
    file = home.serving / "steelyard.duckdb"
    console.print(f"Build     {build.build_id}", highlight=False, soft_wrap=True)
    console.print(f"Results   {home.serving}", highlight=False, soft_wrap=True)
    console.print(f"Frozen    {', '.join(frozen) or 'no quarter yet'}", highlight=False)
    console.print("Open them:", highlight=False)
    opening = (
        f"{python} -c \"import duckdb; duckdb.connect('{file}', read_only=True)"
        ".sql('select * from scorecards.scorecards').show()\""
    )
    console.print(f"  {opening}", highlight=False, soft_wrap=True, markup=False)


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        min_width=len(title) + 2,  # a title is never broken by a narrow table
    )
    table.add_column(first)
    for each in others:
        table.add_column(each, justify="right" if each not in _LEFT else "left")
    return table


_LEFT: Sequence[str] = ("status", "等级")


def _measured(value: Any) -> str:
    """A KPI's value: shares to four places, hours and ratios to two, money whole."""
    size = abs(float(value or 0))
    return _number(value, 4 if size < 1 else 2 if size < 1000 else 0)


def _number(value: Any, digits: int) -> str:
    return "" if value is None else f"{float(value):,.{digits}f}"
