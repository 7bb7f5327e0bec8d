"""Ad platforms' own reports: Meta-style insights, Google-Ads-style rows, Chinese consoles' CSV.

Each file restates the days before it: platforms correct their figures for some days, so a day's
newest export counts.
"""

import json
from decimal import Decimal
from pathlib import Path

from orchestration.demo.calendar import DAYS, day_of, month_ends, week_ends
from orchestration.demo.media import Spend
from orchestration.demo.stage import dated, write_bytes, write_csv
from orchestration.demo.truth import Truth

RESTATED_DAYS = 3
UNDERSTATED = Decimal("0.97")
"""What a report first shows of a day that the next report corrects."""
_CENT = Decimal("0.01")
_LATE_META = {"20260702": "20260716"}
"""A week whose Meta report came out two weeks late."""


def _figure(cost: float, day: int, end: int, rate: Decimal = Decimal(1)) -> Decimal:
    """The cost as a report of `end` shows it: low while young, final afterwards."""
    final = (Decimal(repr(cost)) / rate).quantize(_CENT)
    young = end - day <= RESTATED_DAYS and end != DAYS
    return (final * UNDERSTATED).quantize(_CENT) if young else final


def write(spends: list[Spend], landing: Path, truth: Truth) -> dict[str, str]:
    """Write every platform's reports; returns the final spend by source and currency."""
    by_source: dict[str, list[Spend]] = {}
    for spend in spends:
        by_source.setdefault(spend.source, []).append(spend)
    _write_meta(by_source, landing / "meta_ads", truth)
    _write_google(by_source["google"], landing / "google_ads", truth)
    for feed, source, header in _CONSOLES:
        _write_console(by_source[source], landing / feed, header, truth)
    partners = [s for source in _PARTNERS for s in by_source.get(source, [])]
    _write_partners(partners, landing / "partner_costs", truth)
    return _totals(by_source)


META_RATE = Decimal("7.18")


def _totals(by_source: dict[str, list[Spend]]) -> dict[str, str]:
    totals = {}
    for source, spends in sorted(by_source.items()):
        dollars = source in ("meta", "instagram", "google")
        rate, currency = (META_RATE, "USD") if dollars else (Decimal(1), "CNY")
        total = sum((_figure(cost, 0, DAYS, rate) for s in spends for _, _, _, cost in
                     s.rows(0, DAYS)), Decimal(0))  # fmt: skip
        totals[f"{source}:{currency}"] = str(total)
    return totals


def _write_meta(by_source: dict[str, list[Spend]], folder: Path, truth: Truth) -> None:
    start = 0
    for end in week_ends():
        name = f"insights_{_LATE_META.get(dated(end), dated(end))}.json"
        is_late = name[9:17] != dated(end)
        shown_at = min(end + 14, DAYS) if is_late else end
        rows = []
        for source, platform in (("meta", "facebook"), ("instagram", "instagram")):
            for spend in by_source.get(source, []):
                for day, shown, clicks, cost in spend.rows(start - RESTATED_DAYS, end):
                    figure = _figure(cost, day_of(day), shown_at, META_RATE)
                    rows.append(_meta_row(spend, platform, day.isoformat(), shown, clicks, figure))
        if start == 0:
            rows.append({**rows[0], "campaign_id": "0", "date_start": "2024-13-01"})
            rows.append({**rows[0], "campaign_id": "1", "spend": "-4.20"})
            truth.dirty("meta_ads", name, "ad_spend", "date_impossible", "rejected")
            truth.dirty("meta_ads", name, "ad_spend", "spend_negative", "rejected")
        # A late report must not take the name of the report that is due on its day.
        path = folder / (f"late/{name}" if is_late else name)
        write_bytes(path, (json.dumps({"data": rows}, indent=0) + "\n").encode())
        start = end


def _meta_row(
    spend: Spend, platform: str, day: str, shown: int, clicks: int, cost: Decimal
) -> dict[str, object]:
    return {
        "account_currency": "USD",
        "campaign_id": str(abs(hash_of(spend.campaign)) % 10**12),
        "campaign_name": spend.campaign,
        "adset_name": f"{spend.campaign}_all",
        "publisher_platform": platform,
        "date_start": day,
        "date_stop": day,
        "impressions": str(shown),
        "clicks": str(clicks),
        "spend": str(cost),
        "actions": [{"action_type": "link_click", "value": str(clicks)}],
    }


def hash_of(text: str) -> int:
    """A number that stays the same in every process, as Python's own hash does not."""
    return int.from_bytes(text.encode()[-8:], "big")


_GOOGLE = ("segments.date", "campaign.id", "campaign.name", "ad_group.name",
           "metrics.impressions", "metrics.clicks", "metrics.cost_micros",
           "customer.currency_code")  # fmt: skip


def _write_google(spends: list[Spend], folder: Path, truth: Truth) -> None:
    start = 0
    for end in week_ends():
        rows: list[tuple[object, ...]] = []
        for spend in spends:
            number = hash_of(spend.campaign) % 10**10
            for day, shown, clicks, cost in spend.rows(start - RESTATED_DAYS, end):
                micros = int(_figure(cost, day_of(day), end, META_RATE) * 1_000_000)
                rows.append((day, number, spend.campaign, "all", shown, clicks, micros, "USD"))
        name = f"campaign_stats_{dated(end)}.csv"
        if start == 0:
            rows.append((*rows[0][:1], 1, "brand", "all", -5, 0, 0, "USD"))
            rows.append((*rows[0][:1], 2, "brand", "all", 5, 1, 1000, "$"))
            truth.dirty("google_ads", name, "ad_spend", "impressions_negative", "rejected")
            truth.dirty("google_ads", name, "ad_spend", "currency_wrong", "rejected")
        write_csv(folder / name, _GOOGLE, rows)
        start = end


_CONSOLES = (
    ("baidu_ads", "baidu", ("日期", "推广计划", "展现", "点击", "消费")),
    ("ocean_engine_ads", "douyin", ("时间-天", "计划名称", "展示数", "点击数", "消耗")),
    ("alimama_ads", "tmall", ("日期", "计划名称", "展现量", "点击量", "花费")),
    ("jingzhuntong_ads", "jd", ("日期", "计划名称", "展现数", "点击数", "总费用")),
)
_PARTNERS = ("dealnet", "savvypartners", "retargeting")


def _write_console(
    spends: list[Spend], folder: Path, header: tuple[str, ...], truth: Truth
) -> None:
    start = 0
    for end in month_ends():
        rows: list[tuple[object, ...]] = [
            (day, spend.campaign, shown, clicks, _figure(cost, day_of(day), end))
            for spend in spends
            for day, shown, clicks, cost in spend.rows(start - RESTATED_DAYS, end)
        ]
        name = f"{folder.name}_{dated(end)}.csv"
        if start == 0:
            rows.append((*rows[0][:1], "合计", "", "", "--"))
            truth.dirty(folder.name, name, "ad_spend", "spend_unreadable", "rejected")
        write_csv(folder / name, header, rows, encoding="gb18030")
        start = end


def _write_partners(spends: list[Spend], folder: Path, truth: Truth) -> None:
    start = 0
    header = ("day", "partner", "medium", "campaign", "impressions", "clicks", "cost", "currency")
    for end in month_ends():
        rows: list[tuple[object, ...]] = [
            (day, s.source, s.medium, s.campaign, shown, clicks,
             _figure(cost, day_of(day), end), "CNY")
            for s in spends
            for day, shown, clicks, cost in s.rows(start - RESTATED_DAYS, end)
        ]  # fmt: skip
        write_csv(folder / f"partner_costs_{dated(end)}.csv", header, rows)
        start = end
