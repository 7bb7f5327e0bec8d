"""Outside figures: exchange rates (no rate at weekends) and benchmarks of the trade."""

from pathlib import Path

import numpy as np

from orchestration.demo.calendar import DAYS, date_of, intensity, month_ends
from orchestration.demo.company import CATEGORIES
from orchestration.demo.stage import dated, write_csv
from orchestration.demo.streams import Streams
from orchestration.demo.truth import Truth

_BENCHMARKS = {  # KPI: usual figure of the trade, gap of the best three
    "conversion_rate": (0.11, 0.04), "gross_margin_rate": (0.44, 0.07), "roas": (6.0, 2.0),
    "repurchase_rate": (0.24, 0.06), "csat": (0.80, 0.08), "on_time_delivery_rate": (0.86, 0.07),
    "order_to_delivery_hours": (82.0, -18.0), "content_engagement_rate": (0.042, 0.015),
    "first_response_within_target": (0.89, 0.06), "cac": (95.0, -25.0),
}  # fmt: skip
_MORE_BENCHMARKS = {  # drawn apart, so that the figures above stay what they are
    "nps": (34.0, 16.0), "refund_rate": (0.11, -0.04), "average_order_value": (455.0, 120.0),
    "paid_cac": (190.0, -45.0), "marketing_efficiency": (7.5, 2.5),
    "vip_response_within_target": (0.74, 0.12), "resolution_within_target": (0.82, 0.08),
    "mention_sentiment": (0.14, 0.12), "stock_out_rate": (0.05, -0.025),
    "inventory_turnover": (1.6, 0.7), "on_time_in_full": (0.83, 0.08),
    "training_hours": (28.0, 14.0), "talent_retention": (0.82, 0.06),
    "pulse_engagement": (0.58, 0.12), "recyclable_packaging_share": (0.55, 0.2),
}  # fmt: skip
_MARKET_SIZE = 240_000_000.0
"""CNY that the trade sells in an average quarter, at the demo's scale `medium`."""
_MARKET_GROWTH = 0.10
_COMPANY_GROWTH = 0.35


def write_rates(streams: Streams, landing: Path, truth: Truth) -> None:
    """Write daily rates to CNY, a file a month; markets are closed on Saturday and Sunday."""
    random, margin = streams("reference.rates"), 10
    paths = {
        currency: start * np.exp(np.cumsum(random.normal(0, 0.0018, DAYS + margin)))
        for currency, start in (("USD", 7.19), ("EUR", 7.81))
    }
    start = -margin
    for end in month_ends():
        rows: list[tuple[object, ...]] = [
            (date_of(day), currency, "CNY", f"{path[day + margin]:.4f}")
            for day in range(start, end)
            if date_of(day).weekday() < 5
            for currency, path in paths.items()
        ]
        name = f"rates_{dated(end)}.csv"
        if start < 0:
            rows.append((date_of(3), "USD", "CNY", "0"))
            rows.append((date_of(4), "US$", "CNY", "7.2"))
            truth.dirty("fx_rates", name, "fx_rates", "rate_zero", "rejected")
            truth.dirty("fx_rates", name, "fx_rates", "currency_wrong", "rejected")
        write_csv(landing / "fx_rates" / name, ("date", "base", "quote", "rate"), rows)
        start = end


def write_benchmarks(streams: Streams, landing: Path, size: float) -> None:
    """Write the trade's figures of each quarter, published a month after its end.

    `size` is the company's: 1 at the scale `medium`.
    """
    random, more = streams("reference.benchmarks"), streams("reference.benchmarks.more")
    header = ("kpi", "category", "statistic", "quarter_start", "value", "publisher")
    quarter_starts = [d for d in range(DAYS) if date_of(d).day == 1 and date_of(d).month % 3 == 1]
    for start in quarter_starts:
        published = next((e for e in month_ends() if e >= start + 115), None)
        rows: list[tuple[object, ...]] = []
        for kpi, (usual, gap) in _BENCHMARKS.items():
            for category in ("all", *(c.category for c in CATEGORIES)):
                value = usual * float(random.normal(1, 0.04))
                for statistic, figure in (("category_average", value),
                                          ("industry_top3_mean", value + gap)):  # fmt: skip
                    rows.append((kpi, category, statistic, date_of(start), f"{figure:.4f}",
                                 "Retail Panel"))  # fmt: skip
        rows += _more_benchmarks(more, start)
        rows += _market(more, start, size)
        if published is not None:
            write_csv(landing / "benchmarks" / f"panel_{dated(published)}.csv", header, rows)


def _more_benchmarks(random: np.random.Generator, start: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for kpi, (usual, gap) in _MORE_BENCHMARKS.items():
        value = usual * float(random.normal(1, 0.04))
        for statistic, figure in (("category_average", value), ("industry_top3_mean", value + gap)):
            rows.append((kpi, "all", statistic, date_of(start), f"{figure:.4f}", "Retail Panel"))
    return rows


def _market(random: np.random.Generator, start: int, size: float) -> list[tuple[object, ...]]:
    """What the trade sold in the quarter: the company's own seasons, and slower growth."""
    demand, year = intensity(), start / DAYS
    season = float(demand[start : start + 91].mean() / demand.mean()) / (1 + _COMPANY_GROWTH * year)
    growth, luck = 1 + _MARKET_GROWTH * year, float(random.normal(1, 0.02))
    whole = _MARKET_SIZE * size * season * growth * luck
    sizes = {"all": whole, **{c.category: whole * c.share for c in CATEGORIES}}
    return [
        ("net_revenue", category, "market_size", date_of(start), f"{sold:.2f}", "Retail Panel")
        for category, sold in sizes.items()
    ]
