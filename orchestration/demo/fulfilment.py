"""What would follow if a need became an order: delivery, a question to service, its answer.

Drawn for every need, bought or not, so that the streams do not depend on who buys. How well it goes
sets the person's mood at the next need: these are the planted drivers of repurchase.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestration.demo import company
from orchestration.demo.calendar import DAY, DAYS, HOUR, SECOND, Floats, Ints
from orchestration.demo.streams import Streams, pick
from orchestration.demo.world import World

if TYPE_CHECKING:
    from orchestration.demo.behaviour import Bools, Needs, People

DELIVERY_MOOD = 1.1
"""How much a delivery that takes twice as long as usual darkens the next need (tanh scale)."""
RESPONSE_MOOD = 0.8
USUAL_HOURS = (58.0, 92.0, 104.0)
PROMISED_HOURS = (72, 120, 144)
EUROPE_EXTRA_HOURS = 84
RESPONSE_SECONDS = (6, 1700, 3300, 210)
RESPONSE_TARGETS = (30, 3600, 7200, 480)
RESOLUTION_TARGETS = (3600, 172_800, 259_200, 86_400)
PRESALE, AFTERSALE, RETURNS, VIP = range(4)
ANSWERED_SHARE = 0.2
"""Share of buyers who say whether they would recommend the shop."""
PACKAGINGS = ("carton", "paper_bag", "plastic_bag", "foam_box")
RECYCLABLE_SHARES = (0.58, 0.46, 0.64)
"""Share of parcels in carton or paper at the span's start, by warehouse."""


@dataclass(frozen=True)
class Experience:
    """One entry a need: what an order made of it would go through."""

    warehouse: Ints
    approved_at: Ints
    handed_over_at: Ints
    delivered_at: Ints
    promised_at: Ints
    asks: "Bools"
    queue: Ints
    asked_at: Ints
    response_seconds: Ints
    mood: Floats


def draw_experience(streams: Streams, world: World, people: "People", needs: "Needs") -> Experience:
    """Delivery and service of every need."""
    random = streams("experience")
    total = len(needs.number)
    warehouse = _warehouse(random.random(total), needs)
    europe = np.where(needs.shop == 2, EUROPE_EXTRA_HOURS, 0)
    usual = np.array(USUAL_HOURS)[warehouse] + europe
    slowness = world.warehouse_slowness[warehouse, needs.day]
    hours = usual * np.exp(slowness + random.normal(0, 0.26, total))
    ordered = needs.ends_at + 12 * 60 * SECOND
    approved = ordered + (random.exponential(0.7, total) * HOUR).astype(np.int64)
    handed_over = ordered + ((0.2 + 0.15 * random.random(total)) * hours * HOUR).astype(np.int64)
    handed_over = np.maximum(handed_over, approved + 600 * SECOND)
    delivered = np.maximum(ordered + (hours * HOUR).astype(np.int64), handed_over + HOUR)
    promised = ordered + (np.array(PROMISED_HOURS)[warehouse] + europe) * HOUR
    late = delivered > promised
    asks = random.random(total) < np.where(late, 0.26, 0.10)
    is_return = random.random(total) < 0.35
    vip = people.is_vip[needs.person]
    queue = np.where(vip, VIP, np.where(is_return, RETURNS, AFTERSALE))
    wait = (random.exponential(30, total) * HOUR).astype(np.int64)
    asked = np.where(late, promised, delivered) + wait
    response = response_seconds(random.normal(0, 0.65, total), world, queue, needs.day)
    targets = np.array(RESPONSE_TARGETS)[queue]
    mood = -DELIVERY_MOOD * np.tanh(1.6 * (hours / usual - 1))
    mood = mood - RESPONSE_MOOD * np.where(asks, np.tanh(np.log(response / targets)), 0.0)
    return Experience(warehouse, approved, handed_over, delivered, promised, asks, queue, asked,
                      response, mood)  # fmt: skip


def _warehouse(uniform: Floats, needs: "Needs") -> Ints:
    bonded = np.isin(needs.category, (1, 2)) & (uniform < 0.45)
    at_home = np.where(bonded, 1, 0)
    return np.where(needs.shop == 1, 2, np.where(needs.shop == 2, 1, at_home))


def response_seconds(normal: Floats, world: World, queue: Ints, day: Ints) -> Ints:
    """Seconds to the first answer: the queue's usual, its owner, its month, and luck."""
    usual = np.array(RESPONSE_SECONDS)[queue]
    slowness = world.queue_slowness[queue, np.minimum(day, DAYS - 1)]
    return np.asarray(np.maximum(5, usual * np.exp(slowness + normal)), dtype=np.int64)


def recommendation(
    random: np.random.Generator, world: World, needs: "Needs", experience: Experience
) -> tuple[Ints, Ints]:
    """Answer 0 to 10 on recommending the shop (-1: none), and its instant after delivery."""
    total = len(needs.number)
    answers = random.random(total) < ANSWERED_SHARE
    late = experience.delivered_at > experience.promised_at
    liking = 8.5 + 0.35 * world.shop_skill[needs.shop, needs.day] + 0.9 * experience.mood
    liking = liking - np.where(late, 1.2, 0.0) + random.normal(0, 1.7, total)
    score = np.clip(np.round(liking), 0, 10).astype(np.int64)
    at = experience.delivered_at + ((4 + 4 * random.random(total)) * DAY).astype(np.int64)
    return np.where(answers, score, -1), at


def packaging(random: np.random.Generator, world: World, needs: "Needs", warehouse: Ints) -> Ints:
    """What goods are packed in, by place in PACKAGINGS: ever less plastic, where owners care."""
    total = len(needs.number)
    skill = world.skills("warehouse", company.WAREHOUSES)[warehouse, needs.day]
    share = np.array(RECYCLABLE_SHARES)[warehouse] + 0.18 * needs.day / DAYS + 0.05 * skill
    recyclable = random.random(total) < share
    second = random.random(total) < 0.35
    return np.where(recyclable, 0, 2) + second.astype(np.int64)


def satisfaction(uniform: Floats, response: Ints, queue: Ints, skill: Floats) -> Ints:
    """Score 1 to 5 of an answered survey: a quick answer and a skilled owner please."""
    targets = np.array(RESPONSE_TARGETS)[queue]
    pleased = 1 / (1 + np.exp(-(1.35 - 1.3 * np.log(response / targets) * 0.5 + 0.45 * skill)))
    good = uniform < pleased
    return np.where(
        good,
        np.where(uniform < pleased * 0.7, 5, 4),
        1 + pick(np.mod(uniform * 997, 1), np.array([0.3, 0.3, 0.4])),
    )
