"""Journeys against plain Python: random customers with ties, and gaps of exactly the look-back."""

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
Specification = tuple[int, int, str, str, int, str, int, bool, bool, bool]
# id, specification, direct policy, type, look-back, kinds, newest, at risk by first order (until,
# after), until the first conversion.
SPECIFICATIONS: tuple[Specification, ...] = (
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
            "create table fct_touches (touch_id varchar, customer_key varchar,"
            " touched_at timestamp, touched_on date, touch_kind varchar, channel varchar,"
            " channel_group varchar)"
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
        build(connection, "int_journey_runs", "int_journeys", "int_markov_paths", as_of=AS_OF)
        yield made


def _path(touches: list[Touch], newest: int, policy: str) -> str:
    kept = touches[-newest:]
    others = [touch for touch in kept if touch.channel != "direct"]
    if policy == "drop" or (policy == "drop_if_other" and others):
        kept = others
    return " > ".join(touch.channel for touch in kept)


def _expected(world: World) -> list[Journey]:
    customers = {one.customer for one in world.touches} | {one[1] for one in world.orders}
    return [
        journey
        for specification in SPECIFICATIONS
        for customer in sorted(customers)
        for journey in _journeys(world, specification, customer)
    ]


def _journeys(world: World, specification: Specification, customer: str) -> list[Journey]:
    """Walk a customer's touches and conversions in time, closing a journey at each cut."""
    number, _, policy, kind, days, kinds, newest, until, after, once = specification
    first = min((at for _, who, at, _ in world.orders if who == customer), default=None)
    conversions = [
        one for one in world.conversions if one.customer == customer and one.kind == kind
    ]
    first_conversion = min((one.at for one in conversions), default=None)
    touches = [
        touch
        for touch in world.touches
        if touch.customer == customer
        and touch.kind in kinds.split("|")
        and not (until and first is not None and touch.at > first)
        and not (after and (first is None or touch.at <= first))
        and not (once and first_conversion is not None and touch.at > first_conversion)
    ]
    events: list[tuple[datetime, int, str, Touch | None]] = [
        *((touch.at, 0, touch.touch_id, touch) for touch in touches),
        *((one.at, 1, one.conversion_id, None) for one in conversions),
    ]
    journeys: list[tuple[list[Touch], datetime, str | None]] = []
    open_touches: list[Touch] = []
    for at, _, event_id, touched in sorted(events, key=lambda one: one[:3]):
        if open_touches and at > open_touches[-1].at + timedelta(days=days):
            journeys.append((open_touches, open_touches[-1].at, None))
            open_touches = []
        if touched is None:
            journeys.append((open_touches, at, event_id))
            open_touches = []
        else:
            open_touches.append(touched)
    if open_touches:
        journeys.append((open_touches, open_touches[-1].at, None))
    return [
        (
            number, customer, conversion_id, own[0].at if own else ended_at, ended_at, len(own),
            _path(own, newest, policy),
        )
        for own, ended_at, conversion_id in journeys
    ]  # fmt: skip


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
        is_closed = bool(path) and ended_at + timedelta(days=look_backs[number]) < AS_OF
        if conversion_id is None and not is_closed:
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
