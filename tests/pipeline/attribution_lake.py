"""A lake of random customers, written past the door, for the reference check of attribution.

The same each time. Instants fall on whole hours, so that touches tie with each other, with orders
and with the edges of windows.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home

BEGINS = datetime(2026, 1, 1)
AS_OF = datetime(2026, 6, 1)
SOURCES = (
    ("(direct)", "(none)"),
    ("(direct)", "(none)"),
    ("google", "cpc"),
    ("newsletter", "email"),
    ("blog", "referral"),
    (None, None),
)
KINDS = ("visit", "visit", "visit", "ad_click", "lead", "ad_impression", "add_to_cart")
STATUSES = ("delivered", "delivered", "delivered", "paid", "cancelled")

Row = dict[str, Any]

# source, medium, campaign, referrer, click_id and the channel that the default rules give.
ORIGINS = (
    ("(direct)", "(none)", None, None, None, "direct"),
    ("(direct)", "(not set)", None, None, None, "direct"),
    (None, None, None, None, None, "direct"),
    ("google", "organic", None, None, None, "organic_search"),
    ("baidu", "organic", None, None, None, "organic_search"),
    ("Google", "CPC", "brand", None, "gclid=1", "paid_search"),
    ("baidu", "cpc", None, None, None, "paid_search"),
    ("baidu", "brandzone", None, None, None, "paid_search"),
    ("facebook", "paid_social", None, None, None, "paid_social"),
    ("m.facebook.com", "paid_social", None, None, None, "paid_social"),
    ("instagram", "cpm", None, None, None, "paid_social"),
    ("meta", "paid_social", None, None, None, "paid_social"),
    ("youtube", "cpc", None, None, None, "paid_video"),
    ("criteo", "cpc", None, None, None, "paid_other"),
    ("google", "cpc", "summer-shopping", None, None, "paid_shopping"),
    ("google", "cpc", "x cross-network y", None, None, "cross_network"),
    ("amazon", "referral", None, None, None, "organic_shopping"),
    ("bilibili", "referral", None, None, None, "organic_video"),
    ("zhihu", "referral", None, None, None, "organic_social"),
    ("anything", "social", None, None, None, "organic_social"),
    ("retargeting", "display", None, None, None, "display"),
    ("newsletter", "email", None, None, None, "email"),
    ("crm", "email", None, None, None, "email"),
    ("network", "affiliate", None, None, None, "affiliates"),
    ("podcast", "audio", None, None, None, "audio"),
    ("crm", "sms", None, None, None, "sms"),
    ("app", "webpush", None, None, None, "mobile_push"),
    ("blog.example.com", "referral", None, None, None, "referral"),
    ("x.example.com", "referral", None, None, None, "referral"),
    ("douyin", "cpc", None, None, None, "douyin_ads"),
    ("douyin", "video", None, None, None, "douyin_content"),
    ("xiaohongshu", "paid", None, None, None, "xiaohongshu_ads"),
    ("xiaohongshu", "social", None, None, None, "xiaohongshu_content"),
    ("wechat", "social", None, None, None, "wechat"),
    ("weixin", "cpm", None, None, None, "wechat_ads"),
    ("weibo", "social", None, None, None, "weibo"),
    ("kuaishou", "cpc", None, None, None, "kuaishou_ads"),
    ("tmall", "referral", None, None, None, "tmall"),
    ("taobao", "cpc", None, None, None, "tmall_ads"),
    ("jd", None, None, None, None, "jd"),
    (None, None, None, "https://www.google.co.uk/search?q=x", None, "organic_search"),
    (None, None, None, "https://s.weibo.com/a", None, "weibo"),
    (None, None, None, "https://mp.weixin.qq.com/s/1", None, "wechat"),
    (None, None, None, "https://blog.example.com/post", None, "referral"),
    (None, None, None, "https://www.google.com/", "gclid=2", "paid_search"),
    (None, None, None, None, "Cj0KCQ", "paid_other"),
    ("strange", "odd", None, None, None, "(other)"),
)


def random_rows() -> dict[str, list[Row]]:
    """The rows of the lake by entity."""
    dice = random.Random(20260601)
    rows: dict[str, list[Row]] = {
        entity: []
        for entity in ("touchpoints", "identity_links", "orders", "order_lines", "refunds")
    }
    for number in range(300):
        _customer(dice, number, rows)
    for number, (source, medium, campaign, referrer, click_id, _) in enumerate(ORIGINS):
        rows["touchpoints"].append({
            "touch_id": f"origin{number}", "touch_kind": "visit", "touched_at": BEGINS,
            "visitor_id": f"origin{number}", "customer_id": None, "source": source,
            "medium": medium, "campaign": campaign, "referrer": referrer, "click_id": click_id,
        })  # fmt: skip
    return rows


def write_lake(
    home: Home, rows: dict[str, list[Row]], files: int = 1, name: str = "random"
) -> None:
    """Write the rows, each entity's dealt out to so many files."""
    ensure_typed_lake(home.lake)
    for entity, entity_rows in rows.items():
        for number in range(files):
            _write(home.lake / entity / f"{name}-{number}.parquet", entity_rows[number::files])


def early_part(rows: dict[str, list[Row]]) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """What was exported a day earlier, and what came after it.

    Of everything a third comes late; orders that were cancelled had been paid for, and some
    amounts were other ones.
    """
    dice, early, late = random.Random(11), {}, {}
    for entity, entity_rows in rows.items():
        early[entity], late[entity] = [], []
        for row in entity_rows:
            if dice.random() < 0.35:
                late[entity].append(row)
                continue
            before = {**row, "_exported_at": AS_OF - timedelta(days=1)}
            if row.get("status") == "cancelled":
                before["status"] = "paid"
            elif entity == "order_lines" and dice.random() < 0.1:
                before["line_amount"] = row["line_amount"] + 1
            early[entity].append(before)
            if any(before[name] != row[name] for name in row):
                late[entity].append(row)
    return early, late


def relabelled(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The same shop told otherwise: rows shuffled, every id another, every amount twice as much.

    Ids keep their order, which breaks ties of instants.
    """
    dice, changed = random.Random(7), {}
    for entity, entity_rows in rows.items():
        changed[entity] = [{name: _told(name, value) for name, value in row.items()}
                           for row in entity_rows]  # fmt: skip
        dice.shuffle(changed[entity])
    return changed


def _told(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("touch_id", "visitor_id", "customer_id", "order_id", "refund_id"):
        return f"other-{value}"
    return value * 2 if name in ("line_amount", "unit_cost", "amount") else value


def _customer(dice: random.Random, number: int, rows: dict[str, list[Row]]) -> None:
    visitors = [f"v{number}{letter}" for letter in "ab"[: dice.randint(1, 2)]]
    customer_id = f"c{number}" if dice.random() < 0.8 else None
    if customer_id:
        for visitor_id in visitors:
            if dice.random() < 0.7:
                rows["identity_links"].append(
                    {"visitor_id": visitor_id, "customer_id": customer_id, "linked_at": _hour(dice)}
                )
    if dice.random() < 0.1:  # a shared device, whose later login moves all its touches
        rows["identity_links"].append(
            {"visitor_id": visitors[0], "customer_id": f"c{number + 1}", "linked_at": _hour(dice)}
        )
    ordered = [_hour(dice) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
    for place, ordered_at in enumerate(ordered):
        _order(dice, f"{number}-{place}", ordered_at, customer_id, dice.choice(visitors), rows)
    for place in range(dice.randint(0, 24)):
        touched_at = _hour(dice)
        if ordered and dice.random() < 0.7:
            back = dice.choice((0, 0, 1, 5, 24, 24, 24 * 7, 24 * 30, 24 * 30 - 1, 24 * 31))
            touched_at = dice.choice(ordered) - timedelta(hours=back)
        source, medium = dice.choice(SOURCES)
        known = customer_id is not None and dice.random() < 0.2
        rows["touchpoints"].append({
            "touch_id": f"t{dice.randrange(10**9)}-{number}-{place}",
            "touch_kind": dice.choice(KINDS), "touched_at": touched_at,
            "visitor_id": dice.choice(visitors), "customer_id": customer_id if known else None,
            "source": source, "medium": medium, "campaign": None, "referrer": None,
            "click_id": None,
        })  # fmt: skip


def _order(
    dice: random.Random,
    order_id: str,
    ordered_at: datetime,
    customer_id: str | None,
    visitor_id: str,
    rows: dict[str, list[Row]],
) -> None:
    rows["orders"].append({
        "order_id": order_id, "ordered_at": ordered_at, "status": dice.choice(STATUSES),
        "shop": "web", "customer_id": customer_id, "visitor_id": visitor_id, "currency": "USD",
    })  # fmt: skip
    cents = dice.choice((0, 1, 2, 7, 100, 999, dice.randrange(100_000)))
    rows["order_lines"].append({
        "order_id": order_id, "line_id": "1", "quantity": 1,
        "line_amount": Decimal(cents) / 100,
        "unit_cost": Decimal(dice.randrange(60_000)) / 100,
    })  # fmt: skip
    if dice.random() < 0.3:
        rows["refunds"].append({
            "refund_id": f"r{order_id}", "order_id": order_id,
            "refunded_at": ordered_at + timedelta(days=1),
            "amount": Decimal(dice.randrange(cents + 1)) / 100, "currency": "USD",
        })  # fmt: skip


def _hour(dice: random.Random) -> datetime:
    return BEGINS + timedelta(hours=dice.randrange(24 * 120))


def _write(path: Path, rows: list[Row]) -> None:
    """Append rows to a copy of the entity's typed empty file; columns not given are NULL."""
    own: Row = {
        "_feed": "random", "_file": "random.csv", "_row": 1, "_item": None,
        "_exported_at": AS_OF, "_loaded_at": AS_OF,
    }  # fmt: skip
    names = list({**own, **rows[0]})
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rows as select * from read_parquet('{path.parent / '_empty.parquet'}')"
        )
        connection.executemany(
            f"insert into rows ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [list({**own, **row}.values()) for row in rows],
        )
        connection.execute(f"copy rows to '{path}' (format parquet)")
