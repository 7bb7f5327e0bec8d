"""What others say, and what promotions cost: would they recommend us, what is said in public.

Who answers and how is drawn with the orders (`fulfilment.py`); mentions follow the account's owner
and the rush of promotions.
"""

import json
from pathlib import Path

import numpy as np

from orchestration.demo.calendar import PROMOTIONS, date_of, day_of, instant_of, month_ends
from orchestration.demo.company import ACCOUNTS, SHOPS
from orchestration.demo.stage import Stage, dated, write_bytes, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World

_ANSWERS = """
select 'N' || (5000000000 + o.number) as answer, order_id(o.number) as order_no,
    case when o.customer >= 0 then customer_id(o.customer) end as customer_no, s.shop,
    o.nps_score as score, wall(o.nps_at) as answered
from orders o join shops s on s.idx = o.shop
where o.nps_score >= 0 and o.nps_at >= {since} and o.nps_at < {until}
order by o.nps_at, o.number
"""
_BRAND_PLATFORMS = ("zhihu", "weibo", "xiaohongshu", "douyin")
_MENTIONS_A_MONTH = 32
_RUSH = 0.14
"""How much the rush of a promotion darkens what is said."""
_COSTS = (("platform_fee", 0.55), ("gifts", 0.25), ("live_hosts", 0.20))
_PROMOTION_BUDGET = 210_000.0
"""CNY that a promotion costs beside advertising and discounts, at the scale `medium`."""


def write_recommendations(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write a month's answers to the question whether one would recommend the shop."""
    start = 0
    for end in month_ends():
        sql = _ANSWERS.format(since=instant_of(start), until=instant_of(end))
        name = f"nps_{dated(end)}.csv"
        if start == 0:
            spoilt = f"'N-X', null, null, 'own_cn', 11, '{date_of(3)} 10:00:00'"
            sql = f"({sql}) union all select {spoilt}"
            truth.dirty("nps_answers", name, "surveys", "score_too_high", "rejected")
        stage.copy_csv(sql, landing / "nps_answers" / name)
        start = end


def write_mentions(world: World, landing: Path, truth: Truth) -> None:
    """Write what a listening tool found in each month: of every account, and of the brand alone."""
    start = 0
    for place, end in enumerate(month_ends()):
        found = [
            mention
            for account in ACCOUNTS
            for mention in _mentions(world, place, start, end, account.account, account.platform)
        ]
        found += _mentions(world, place, start, end, None, None)
        found.sort(key=lambda mention: (str(mention["at"]), str(mention["id"])))
        name = f"mentions_{dated(end)}.json"
        if start == 0:
            found.append({**found[0], "id": "M-X", "sentiment": 5})
            truth.dirty("social_mentions", name, "mentions", "sentiment_too_high", "rejected")
        content = json.dumps({"mentions": found}, ensure_ascii=False, indent=0) + "\n"
        write_bytes(landing / "social_mentions" / name, content.encode())
        start = end


def _mentions(
    world: World, place: int, start: int, end: int, account: str | None, platform: str | None
) -> list[dict[str, object]]:
    random = world.streams(f"voice.mentions.{account}.{place}")
    skill = world.roster.skill(f"content_account={account}")
    mood = 0.2 + random.normal(0, 0.05)
    found: list[dict[str, object]] = []
    for number in range(int(random.poisson(_MENTIONS_A_MONTH))):
        day, minute = int(random.integers(start, end)), int(random.integers(0, 840))
        rush = _RUSH if world.promotion[day] >= 0 else 0.0
        heard = random.normal(mood + 0.07 * skill[day] - rush, 0.42)
        where = platform or _BRAND_PLATFORMS[int(random.integers(0, len(_BRAND_PLATFORMS)))]
        found.append({
            "id": f"M{place:02d}-{account or 'brand'}-{number:03d}",
            "at": f"{date_of(day)}T{8 + minute // 60:02d}:{minute % 60:02d}:00+08:00",
            "platform": where, "account": account, "brand": "Steelyard",
            "sentiment": round(float(np.clip(heard, -1, 1)), 2),
        })  # fmt: skip
    return found


def write_promotion_costs(world: World, landing: Path, truth: Truth, size: float) -> None:
    """Write what each promotion cost, a month's end after it; `size` is 1 at `medium`."""
    header = ("cost_no", "promotion", "day", "shop", "kind", "amount", "currency")
    for place, (promotion, first, last) in enumerate(PROMOTIONS):
        random = world.streams(f"voice.promotion_costs.{promotion}")
        rows: list[tuple[object, ...]] = []
        for shop in SHOPS:
            for kind, share in _COSTS:
                day = date_of(int(random.integers(day_of(first), day_of(last) + 1)))
                yuan = _PROMOTION_BUDGET * size * share / len(SHOPS) * random.uniform(0.7, 1.3)
                rate = {"USD": 7.18, "EUR": 7.82}.get(shop.currency, 1.0)
                rows.append((f"PC-{promotion}-{shop.shop}-{kind}", promotion, day, shop.shop, kind,
                             f"{yuan / rate:.2f}", shop.currency))  # fmt: skip
        end = next(end for end in month_ends() if end > day_of(last))
        name = f"promotion_costs_{dated(end)}.csv"
        if place == 0:
            rows.append(("PC-X", promotion, first, "own_cn", "gifts", "-50.00", "CNY"))
            truth.dirty("promotion_costs", name, "promotion_costs", "amount_negative", "rejected")
        write_csv(landing / "promotion_costs" / name, header, rows)
