"""What is in the orders: lines, prices, discounts, cancellations, refunds.

Drawn for every need, so that an order's content does not depend on who else buys. Amounts are whole
cents of the order's currency.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.demo import company
from orchestration.demo.behaviour import Bools, Needs, People
from orchestration.demo.calendar import DAY, HOUR, SECOND, Floats, Ints, date_of, day_of
from orchestration.demo.fulfilment import Experience
from orchestration.demo.streams import Streams, pick
from orchestration.demo.world import World

MAX_LINES = 3
NEVER = np.iinfo(np.int64).max
"""An instant that does not come."""


@dataclass(frozen=True)
class Baskets:
    """One entry a need for headers; lines have shape (needs, MAX_LINES)."""

    ordered_at: Ints
    cancelled_at: Ints  # NEVER where it is not
    refunded_at: Ints  # NEVER where it is not
    refund_whole: Bools
    export_delay_days: Ints
    line_count: Ints
    product: Ints
    quantity: Ints
    price: Ints  # cents a unit
    discount: Ints  # cents of the line
    tax: Ints
    freight: Ints

    @property
    def line_amount(self) -> Ints:
        """Cents of each line after discount; 0 beyond line_count."""
        exists = np.arange(MAX_LINES)[None, :] < self.line_count[:, None]
        return np.where(exists, self.price * self.quantity - self.discount, 0)


def draw_baskets(
    streams: Streams, world: World, people: People, needs: Needs, experience: Experience
) -> Baskets:
    """What an order made of each need holds and what becomes of it."""
    random = streams("baskets")
    total = len(needs.number)
    ordered = needs.ends_at + ((4 + 30 * random.random(total)) * 60 * SECOND).astype(np.int64)
    ordered = np.minimum(ordered, experience.approved_at)
    product = _products(random, world, needs, total)
    vip = people.is_vip[needs.person]
    count = 1 + pick(random.random(total), np.array([0.66, 0.25, 0.09]))
    quantity = 1 + pick(random.random((total, MAX_LINES)), np.array([0.84, 0.12, 0.04]))
    price = _prices(world, needs, product)
    skill = world.category_skill[needs.category, needs.day]
    share = 0.05 + 0.025 * random.random(total) - 0.012 * skill
    share = share + np.where(world.promotion[needs.day] >= 0, 0.13, 0.0) + 0.02 * vip
    discount = (price * quantity * np.maximum(share, 0)[:, None]).astype(np.int64)
    amount = (price * quantity - discount).sum(axis=1)
    tax = np.where(needs.shop == 2, amount * 19 // 119, np.where(needs.shop == 1, amount // 12, 0))
    freight = np.where(needs.shop == 1, 900, np.where(needs.shop == 2, 690, 0))
    refunded, whole = _refunds(random, needs, experience, total)
    cancelled = np.where(
        random.random(total) < np.where(needs.is_own, 0.025, 0.04),
        ordered + (random.exponential(5, total) * HOUR).astype(np.int64) + 300 * SECOND, NEVER,
    )  # fmt: skip
    cancelled = np.where(cancelled < experience.handed_over_at, cancelled, NEVER)
    return Baskets(
        ordered, cancelled, np.where(cancelled < NEVER, NEVER, refunded), whole,
        _delays(random, needs, total), count, product, quantity, price, discount, tax, freight,
    )  # fmt: skip


def _products(random: np.random.Generator, world: World, needs: Needs, total: int) -> Ints:
    uniform = random.random((total, MAX_LINES))
    strays = pick(
        random.random((total, MAX_LINES)), np.array([c.share for c in company.CATEGORIES])
    )
    stays = random.random((total, MAX_LINES)) < 0.75
    stays[:, 0] = True
    category = np.where(stays, needs.category[:, None], strays)
    found = np.zeros((total, MAX_LINES), dtype=np.int64)
    per = company.PRODUCTS_PER_CATEGORY
    for number in range(len(company.CATEGORIES)):
        here = category == number
        weights = world.products.popularity[number * per : (number + 1) * per]
        found[here] = number * per + pick(uniform[here], weights)
    return found


def _prices(world: World, needs: Needs, product: Ints) -> Ints:
    """Cents a unit in the shop's currency; prices abroad end in .90."""
    yuan = world.products.price[product]
    rates = np.array([company.FX.get(shop.currency, 1.0) for shop in company.SHOPS])
    abroad = np.floor(yuan * 1.15 / rates[needs.shop][:, None]) * 100 + 90
    return np.where((rates[needs.shop] == 1.0)[:, None], yuan * 100, abroad).astype(np.int64)


def _refunds(
    random: np.random.Generator, needs: Needs, experience: Experience, total: int
) -> tuple[Ints, Bools]:
    shares = np.array([shop.refund_share for shop in company.SHOPS])[needs.shop]
    factors = np.array([c.refund_factor for c in company.CATEGORIES])[needs.category]
    late = experience.delivered_at > experience.promised_at
    refunded = random.random(total) < shares * factors * np.where(late, 1.6, 1.0)
    days = np.minimum(0.5 + np.exp(random.normal(np.log(9), 0.8, total)), 60)
    at = experience.delivered_at + (days * DAY).astype(np.int64)
    return np.where(refunded, at, NEVER), random.random(total) < 0.45


# Stores whose export stood still: orders of these days came out only on the day after the arrow.
_STANDSTILLS = (("tmall_flagship", "2026-03-22", "2026-03-31", "2026-04-15"),
                ("jd_store", "2026-06-18", "2026-06-30", "2026-07-15"))  # fmt: skip


def _delays(random: np.random.Generator, needs: Needs, total: int) -> Ints:
    """Days by which the order's export lags: mostly none, now and then up to 18."""
    delay = np.where(random.random(total) < 0.03, random.integers(1, 19, total), 0)
    shops = [shop.shop for shop in company.SHOPS]
    for shop, first, last, out in _STANDSTILLS:
        days = [day_of(date_of(0).fromisoformat(text)) for text in (first, last, out)]
        stuck = (needs.shop == shops.index(shop)) & (needs.day >= days[0]) & (needs.day <= days[1])
        delay = np.where(stuck, np.maximum(delay, days[2] - needs.day), delay)
    return delay


def line_refunds(baskets: Baskets) -> Floats:
    """Cents given back on each line: the first line, or all of them."""
    first = np.arange(MAX_LINES)[None, :] == 0
    given_back = baskets.refund_whole[:, None] | first
    return np.where(given_back, baskets.line_amount, 0)
