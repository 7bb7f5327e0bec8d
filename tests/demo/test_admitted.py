"""The demo through the door: what truth.json says was planted is what the lake holds."""

from collections import Counter
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from demo_homes import read_truth

from orchestration.demo import AS_OF, PLAY_DATES, generate
from orchestration.landing.admission import admit
from orchestration.landing.feeds import Feed, load_feeds
from orchestration.landing.freshness import freshness
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home
from orchestration.reviews.frozen import FROZEN_LAKE_TABLES

_KEYS = {
    "orders": "order_id", "order_lines": "order_id, line_id", "refunds": "refund_id",
    "ad_spend": "spend_id", "touchpoints": "touch_id", "customers": "customer_id",
}  # fmt: skip


class Admitted:
    """A small demo after admission, with the newest version of every row as a view."""

    def __init__(self, home: Home) -> None:
        self.home = home
        generate(home, 8_000)
        self.report: AdmissionReport = admit(home.prepare(), AS_OF, lambda line: None)
        self.truth = read_truth(home)
        self.connection = duckdb.connect()
        for entity, keys in _KEYS.items():
            self.connection.execute(f"""
                create view {entity} as
                select * from read_parquet('{home.lake}/{entity}/*.parquet')
                qualify row_number() over (
                    partition by {keys} order by updated_at desc nulls last, _exported_at desc
                ) = 1
            """)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def admitted(tmp_path_factory: pytest.TempPathFactory) -> Admitted:
    return Admitted(Home(tmp_path_factory.mktemp("admitted")))


def test_nothing_is_wrong_set_aside_or_left_for_later(admitted: Admitted) -> None:
    report = admitted.report
    assert [*report.wrong, *report.quarantined, *report.pending] == []


def test_every_feed_with_a_rhythm_is_fresh_at_the_end_and_stale_a_quarter_later(
    admitted: Admitted,
) -> None:
    feeds = [feed for feed in load_feeds(admitted.home.landing) if isinstance(feed, Feed)]
    watched = [feed for feed in feeds if feed.expected_every]
    assert len(watched) > 20
    late = AS_OF + timedelta(days=120)
    assert [f.name for f in watched if freshness(admitted.home, f, AS_OF).is_late] == []
    assert [f.name for f in watched if not freshness(admitted.home, f, late).is_late] == []


def test_every_dirty_row_is_refused_and_no_other(admitted: Admitted) -> None:
    planted: Counter[tuple[str, str]] = Counter()
    for row in admitted.truth["dirty_rows"]:
        if row["outcome"] == "rejected":
            planted[(row["feed"], row["entity"])] += row["rows"]
    lines = admitted.rows(f"""
        select _feed, entity, count(*) from read_parquet('{admitted.home.lake}/rejected/*.parquet')
        where not (entity = 'order_lines' and reasons = 'order_id: missing')
        group by all
    """)
    assert {(feed, entity): count for feed, entity, count in lines} == dict(planted)


def test_orders_are_those_that_were_placed(admitted: Admitted) -> None:
    totals = admitted.truth["totals"]
    assert admitted.rows("select count(*) from orders") == [(totals["orders_landed"],)]
    assert (
        dict(admitted.rows("select currency, count(*) from orders group by 1"))
        == totals["orders_by_currency"]
    )


def test_revenue_and_refunds_are_exact(admitted: Admitted) -> None:
    totals = admitted.truth["totals"]
    revenue = admitted.rows("""
        select o.currency, sum(l.line_amount)
        from orders o join order_lines l on l.order_id = o.order_id
        where o.status <> 'cancelled' group by 1
    """)
    assert {c: Decimal(a) for c, a in totals["revenue_by_currency"].items()} == dict(revenue)
    refunds = admitted.rows("""
        select r.currency, sum(r.amount) from refunds r
        join orders o on o.order_id = r.order_id group by 1
    """)
    assert {c: Decimal(a) for c, a in totals["refunds_by_currency"].items()} == dict(refunds)


def test_spend_is_exact_after_restatements(admitted: Admitted) -> None:
    spend = admitted.rows("select source || ':' || currency, sum(spend) from ad_spend group by 1")
    planted = {key: Decimal(amount) for key, amount in admitted.truth["totals"]["spend"].items()}
    assert dict(spend) == planted


def test_touches_are_those_that_landed(admitted: Admitted) -> None:
    kinds = dict(admitted.rows("select touch_kind, count(*) from touchpoints group by 1"))
    assert kinds == admitted.truth["totals"]["touches_by_kind"]


def test_every_entity_of_the_demo_has_rows(admitted: Admitted) -> None:
    def has_rows(folder: Path) -> bool:
        rows = admitted.rows(f"select count(*) from read_parquet('{folder}/*.parquet')")
        return bool(rows[0][0])

    folders = [p for p in admitted.home.lake.iterdir() if (p / "_empty.parquet").is_file()]
    # Nothing is frozen yet, and the example's people plan by its rules alone.
    empty = {*FROZEN_LAKE_TABLES, "quarter_decisions"}
    assert {p.name for p in folders if not has_rows(p)} == empty
    assert len(folders) == 40


def test_orders_come_to_light_after_a_quarter_was_frozen(admitted: Admitted) -> None:
    """What makes frozen and later numbers differ."""
    for play, quarter_end in zip(PLAY_DATES, ("2026-04-01", "2026-07-01"), strict=False):
        frozen_at = play.astimezone(UTC).replace(tzinfo=None)
        late = admitted.rows(f"""
            select count(*) from (
                select order_id from read_parquet('{admitted.home.lake}/orders/*.parquet')
                where ordered_at < timestamp '{quarter_end}' - interval 8 hour
                group by order_id having min(_exported_at) > timestamp '{frozen_at}'
            )
        """)
        assert late[0][0] > 0
    assert PLAY_DATES[-1] == AS_OF


def test_logins_link_the_devices_of_buyers(admitted: Admitted) -> None:
    lake = admitted.home.lake
    linked = admitted.rows(f"""
        select count(*), count(distinct customer_id) from (
            select distinct visitor_id, customer_id
            from read_parquet('{lake}/identity_links/*.parquet')
        )
    """)[0]
    assert linked[0] > linked[1] > 0
