"""Journeys against plain Python, on customers with ties, gaps of exactly the look-back and all kinds of type."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from rendered_models import build

BEGINS = datetime(2026, 1, 1)
AS_OF = datetime(2026, 6, 1)
KINDS = ("visit", "visit", "ad_click", "lead", "ad_impression")
CHANNELS = ("direct", "direct", "email", "paid_search", "referral")
# id, specification, direct policy, type, look-back, kinds, newest, at risk by first order (until,
# after), until the first conversion.
SPECIFICATIONS = (
    (1, 1, "keep", "purchase", 30, "visit|ad_click|lead", 200, False, False, False),
    (2, 1, "drop_if_other", "purchase", 30, "visit|ad_click|lead", 200, False, False, False),
    (3, 2, "drop", "first_purchase", 7, "visit|lead", 3, True, False, False),
    (4, 3, "keep", "first_purchase", 30, "visit|ad_click|lead", 2, True, False, False),
    (5, 4, "drop_if_other", "repeat_purchase", 30, "visit|ad_click|lead", 4, False, True, False),
    (6, 5, "keep", "lead", 30, "visit|ad_click|lead", 200, False, False, True),
)
Journey = tuple[int, str, str | None, datetime, datetime, int, str]


@dataclass(frozen=True)
class Touch:
    touch_id: str
    customer: str
    at: datetime
    kind: str
    channel: str


@dataclass(frozen=True)
class Conversion:
    conversion_id: str
    kind: str
    customer: str
    at: datetime


class World:
    """Random customers, their touches, orders and conversions, as rows and as tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        dice = random.Random(7)
        self.touches: list[Touch] = []
        self.orders: list[tuple[str, str, datetime, bool]] = []
        for number in range(250):
            self._customer(dice, f"c{number}")
        self.conversions = list(self._conversions())
        self._write()

    def _customer(self, dice: random.Random, customer: str) -> None:
        times = [
            BEGINS + timedelta(hours=dice.randrange(24 * 120)) for _ in range(dice.randrange(4))
        ]
        first = min(times, default=None)
        for place, at in enumerate(sorted(times)):
            is_first = at == first and place == 0
            self.orders.append((f"o{customer}-{place}", customer, at, is_first))
        for _ in range(dice.choice((0, 1, 3, 8, 20))):
            at = BEGINS + timedelta(hours=dice.randrange(24 * 140))
            if times and dice.random() < 0.6:
                at = dice.choice(times) - timedelta(days=dice.choice((0, 0, -1, 1, 7, 29, 30, 31)))
            self.touches.append(
                Touch(
                    f"t{dice.randrange(10**9)}-{len(self.touches)}", customer, at,
                    dice.choice(KINDS), dice.choice(CHANNELS),
                )
            )  # fmt: skip

    def _conversions(self) -> Iterator[Conversion]:
        for order_id, customer, at, is_first in self.orders:
            if order_id.endswith("7-0"):
                continue  # An order that is held: it is the first, and converts nothing.
            for kind in ("purchase", "first_purchase" if is_first else "repeat_purchase"):
                yield Conversion(f"{kind}:{order_id}", kind, customer, at)
        leads: dict[str, Touch] = {}
        for touch in sorted(self.touches, key=lambda one: (one.at, one.touch_id)):
            if touch.kind == "lead":
                leads.setdefault(touch.customer, touch)
        for customer, touch in leads.items():
            yield Conversion(f"lead:{touch.touch_id}", "lead", customer, touch.at)

    def _write(self) -> None:
        execute = self.connection.execute
        execute(
            "create table int_journey_specifications (journey_specification_id bigint,"
            " specification_id bigint, direct_policy varchar, conversion_type varchar,"
            " look_back_days bigint, touch_kinds varchar, max_path_touches bigint,"
            " ends_at_first_order boolean, begins_after_first_order boolean,"
            " ends_at_first_conversion boolean, lowest_order bigint default 1)"
        )
        execute(
            "create table fct_touches (touch_id varchar, customer_key varchar, touched_at timestamp,"
            " touched_on date, touch_kind varchar, channel varchar, channel_group varchar)"
        )
        execute(
            "create table fct_orders (order_id varchar, customer_key varchar,"
            " ordered_at timestamp, is_first_order boolean)"
        )
        execute(
            "create table fct_conversions (conversion_id varchar, conversion_type varchar,"
            " customer_key varchar, converted_at timestamp, converted_on date,"
            " revenue decimal(18, 2) default 1.50, refunds decimal(18, 2) default 0,"
            " margin decimal(18, 2) default 1, new_customers bigint default 0)"
        )
        execute("create table int_affected_journey_customers (customer_key varchar)")
        self._insert("int_journey_specifications", [(*row, 1) for row in SPECIFICATIONS])
        self._insert("fct_touches", [
            (one.touch_id, one.customer, one.at, one.at.date(), one.kind, one.channel,
             "direct" if one.channel == "direct" else "other")
            for one in self.touches
        ])  # fmt: skip
        self._insert("fct_orders", self.orders)
        self.connection.executemany(
            "insert into fct_conversions (conversion_id, conversion_type, customer_key,"
            " converted_at, converted_on) values (?, ?, ?, ?, ?)",
            [
                (one.conversion_id, one.kind, one.customer, one.at, one.at.date())
                for one in self.conversions
            ],
        )

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        self.connection.executemany(f"insert into {table} values ({marks})", rows)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with duckdb.connect() as connection:
        made = World(connection)
        build(connection, "int_journeys", "int_markov_paths", as_of=AS_OF)
        yield made


def _path(touches: list[Touch], newest: int, policy: str) -> str:
    kept = touches[-newest:]
    others = [touch for touch in kept if touch.channel != "direct"]
    if policy == "drop" or (policy == "drop_if_other" and others):
        kept = others
    return " > ".join(touch.channel for touch in kept)


def _expected(world: World) -> list[Journey]:
    """Walk each customer's touches and conversions in time, closing a journey at each cut."""
    journeys: list[Journey] = []
    for number, _, policy, kind, days, kinds, newest, until, after, once in SPECIFICATIONS:
        for customer in sorted(
            {one.customer for one in world.touches} | {one[1] for one in world.orders}
        ):
            first = min((at for _, who, at, _ in world.orders if who == customer), default=None)
            conversions = sorted(
                (one.at, one.conversion_id)
                for one in world.conversions
                if one.customer == customer and one.kind == kind
            )
            events: list[tuple[datetime, int, str, Touch | None]] = [
                (at, 1, conversion_id, None) for at, conversion_id in conversions
            ]
            for touch in world.touches:
                is_at_risk = (
                    touch.customer == customer
                    and touch.kind in kinds.split("|")
                    and not (until and first is not None and touch.at > first)
                    and not (after and (first is None or touch.at <= first))
                    and not (once and conversions and touch.at > conversions[0][0])
                )
                if is_at_risk:
                    events.append((touch.at, 0, touch.touch_id, touch))
            journey: list[Touch] = []

            def close(conversion: tuple[datetime, str] | None) -> None:
                ends = conversion or (journey[-1].at, None)
                journeys.append(
                    (
                        number, customer, ends[1], journey[0].at if journey else ends[0], ends[0],
                        len(journey), _path(journey, newest, policy),
                    )
                )  # fmt: skip
                journey.clear()

            for at, is_conversion, event_id, touched in sorted(events, key=lambda one: one[:3]):
                if journey and at > journey[-1].at + timedelta(days=days):
                    close(None)
                if is_conversion:
                    close((at, event_id))
                elif touched:
                    journey.append(touched)
            if journey:
                close(None)
    return journeys


def test_journeys_are_the_references(world: World) -> None:
    rows = world.connection.execute(
        "select journey_specification_id, customer_key, conversion_id, started_at, ended_at,"
        " touch_count, path from int_journeys"
    ).fetchall()

    expected = _expected(world)
    assert sorted(rows, key=str) == sorted(expected, key=str)
    lengths = [length for *_, length, _ in expected]
    assert len(expected) > 1000 and max(lengths) > 8 and lengths.count(0) > 50


def test_paths_are_those_of_closed_journeys(world: World) -> None:
    expected: dict[tuple[str, date, int, str], list[int]] = {}
    look_backs = {row[0]: row[4] for row in SPECIFICATIONS}
    for number, _, conversion_id, _, ended_at, _, path in _expected(world):
        if conversion_id is None:
            if not path or ended_at + timedelta(days=look_backs[number]) >= AS_OF:
                continue
        month = ended_at.date().replace(day=1)
        for grain, start in (
            ("month", month),
            ("quarter", month.replace(month=(month.month - 1) // 3 * 3 + 1)),
        ):
            counts = expected.setdefault((grain, start, number, path), [0, 0])
            counts[conversion_id is None] += 1

    rows = world.connection.execute(
        "select period_grain, period_start, journey_specification_id, path, conversions, nulls"
        " from int_markov_paths"
    ).fetchall()
    assert {tuple(key): counts for *key, a, b in rows for counts in [[a, b]]} == expected
    assert world.connection.execute(
        "select count(*) > 20 from int_journeys as journeys"
        " inner join int_journey_specifications as specifications"
        " using (journey_specification_id) where not is_converting"
        f" and ended_at + look_back_days * interval '1' day >= timestamp '{AS_OF}'"
    ).fetchall() == [(True,)]
