"""What holds for everybody in the demo: demand, goods, skills of owners, shocks of months.

Drawn once from the seed, before any person; behaviour reads it and changes nothing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.demo import calendar, company
from orchestration.demo.calendar import DAYS, Floats, Ints
from orchestration.demo.people import Roster
from orchestration.demo.streams import Streams

MONTHS = 24


@dataclass(frozen=True)
class Products:
    """Goods, ordered by category; arrays have one entry a product."""

    category: Ints
    price: Floats  # CNY
    cost: Floats  # CNY
    is_flagship: Ints
    popularity: Floats
    names: tuple[str, ...]
    brands: tuple[str, ...]


class World:
    """The company and its surroundings under one seed."""

    def __init__(self, seed: int, disabled: frozenset[str] = frozenset()) -> None:
        self.streams = Streams(seed)
        self.disabled = disabled
        self.roster = Roster(self.streams)

    @cached_property
    def intensity(self) -> Floats:
        """Relative demand of each day."""
        return calendar.intensity()

    @cached_property
    def month(self) -> Ints:
        """Month number of each day."""
        return calendar.month_of_day()

    @cached_property
    def promotion(self) -> Ints:
        """Promotion number of each day, or -1."""
        return calendar.promotion_of_day()

    def skills(self, dimension: str, values: tuple[str, ...]) -> Floats:
        """Owners' skill by value and day: shape (values, DAYS)."""
        return np.stack([self.roster.skill(f"{dimension}={value}") for value in values])

    @cached_property
    def warehouse_slowness(self) -> Floats:
        """Log factor on delivery time by warehouse and day: owner's skill, month and promotion."""
        shocks = self.streams("world.warehouses").normal(0, 0.10, (len(company.WAREHOUSES), MONTHS))
        rush = np.where(self.promotion[:DAYS] >= 0, 0.14, 0.0)
        return shocks[:, self.month] + rush - 0.09 * self.skills("warehouse", company.WAREHOUSES)

    @cached_property
    def queue_slowness(self) -> Floats:
        """Log factor on the first answer by queue and day: owner's skill, month and promotion."""
        shocks = self.streams("world.queues").normal(0, 0.22, (len(company.QUEUES), MONTHS))
        rush = np.where(self.promotion[:DAYS] >= 0, 0.25, 0.0)
        return shocks[:, self.month] + rush - 0.3 * self.skills("queue", company.QUEUES)

    @cached_property
    def shop_skill(self) -> Floats:
        """Skill of the shop's owner by shop and day."""
        return self.skills("shop", tuple(shop.shop for shop in company.SHOPS))

    @cached_property
    def category_skill(self) -> Floats:
        """Skill of the category's owner by category and day."""
        return self.skills("category", tuple(c.category for c in company.CATEGORIES))

    @cached_property
    def channel_skill(self) -> Floats:
        """Skill of the channel's owner by channel and day."""
        return self.skills("channel", company.CHANNEL_IDS)

    @cached_property
    def products(self) -> Products:
        """The product master."""
        random = self.streams("world.products")
        per = company.PRODUCTS_PER_CATEGORY
        category = np.repeat(np.arange(len(company.CATEGORIES)), per)
        base = np.array([c.price for c in company.CATEGORIES])[category]
        spread = np.array([c.spread for c in company.CATEGORIES])[category]
        share = np.array([c.cost_share for c in company.CATEGORIES])[category]
        price = np.round(base * np.exp(random.normal(0, 1, len(category)) * spread)) + 0.0
        price = np.maximum(price, 19.0)
        cost = np.round(price * share * random.uniform(0.9, 1.1, len(category)), 2)
        popularity = random.gamma(1.2, 1.0, len(category)) + 0.1
        flagship = (np.arange(len(category)) % per < 3).astype(np.int64)
        names, brands = [], []
        for number, which in enumerate(category):
            goods = company.CATEGORIES[which]
            brand, noun = goods.brands[number % len(goods.brands)], goods.nouns[number % 5]
            names.append(f"{brand} {noun} {number % per + 1:02d}")
            brands.append(brand)
        return Products(category, price, cost, flagship, popularity, tuple(names), tuple(brands))

    @property
    def payment_down(self) -> tuple[calendar.BrokenHours, ...]:
        """Hours in which the own sites' payment page was down."""
        return tuple(b for b in calendar.BROKEN if b.cause == "payment_down")
