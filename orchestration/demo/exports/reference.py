"""Outside figures: exchange rates (no rate at weekends) and benchmarks of the trade."""

from pathlib import Path

import numpy as np

from orchestration.demo.calendar import DAYS, date_of, month_ends
from orchestration.demo.company import CATEGORIES
from orchestration.demo.stage import dated, write_csv
from orchestration.demo.streams import Streams
from orchestration.demo.truth import Truth

_BENCHMARKS = {  # KPI: usual figure of the trade, gap of the best three
    "conversion_rate": (0.11, 0.04), "gross_margin_rate": (0.44, 0.07), "roas": (6.0, 2.0),
    "repurchase_rate": (0.24, 0.06), "csat": (0.80, 0.08), "on_time_delivery_rate": (0.86, 0.07),
    "order_to_delivery_hours": (82.0, -18.0), "content_engagement_rate": (0.042, 0.015),
    "first_response_within_target": (0.78, 0.1), "cac": (95.0, -25.0),
}  # fmt: skip


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


def write_benchmarks(streams: Streams, landing: Path) -> None:
    """Write the trade's figures of each quarter, published a month after its end."""
    random = streams("reference.benchmarks")
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
        if published is not None:
            write_csv(landing / "benchmarks" / f"panel_{dated(published)}.csv", header, rows)
