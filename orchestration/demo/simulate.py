"""One block of people from their traits to the rows that systems record, as Arrow tables.

Belongs here: putting causes together and choosing what each system sees. Does not belong here: the
shape of any vendor's export (`exports/`).
"""

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from orchestration.demo import behaviour, company
from orchestration.demo.baskets import MAX_LINES, NEVER, Baskets, draw_baskets, line_refunds
from orchestration.demo.behaviour import Bools, Journey, Needs, People
from orchestration.demo.calendar import AS_OF_US, HOUR, SECOND, Ints, day_index
from orchestration.demo.fulfilment import (
    PRESALE,
    Experience,
    draw_experience,
    packaging,
    recommendation,
    response_seconds,
    satisfaction,
)  # fmt: skip
from orchestration.demo.streams import pick
from orchestration.demo.world import World

GA4, MARKETPLACE_LOG, MAIL, AD_SERVER = range(4)
KIND = {name: number for number, name in enumerate(company.TOUCH_KINDS)}
PATH_KINDS = ("visit", "ad_click", "email_click", "content_view")


@dataclass
class Block:
    """The rows of one block of people by table, and what is known to be true of them."""

    tables: dict[str, pa.Table]
    lost: dict[str, dict[str, int]]
    counts: Counter[str] = field(default_factory=Counter)


def simulate(world: World, number: int, people_count: int, first: int) -> Block:
    """Simulate `people_count` people whose numbers start at `first`."""
    streams = world.streams.block(number)
    people = behaviour.draw_people(streams, people_count, first)
    needs = behaviour.draw_needs(streams, world, people)
    journey = behaviour.draw_journeys(streams, people, needs)
    experience = draw_experience(streams, world, people, needs)
    baskets = draw_baskets(streams, world, people, needs, experience)
    needs = replace(needs, blocked=needs.blocked | (baskets.ordered_at >= AS_OF_US))
    push = behaviour.push_of(journey, needs)
    off = behaviour.channel_numbers(world.disabled)
    converted = behaviour.decide(world, people, needs, push, experience, off)
    lost = behaviour.lost_by_channel(world, people, needs, push, experience)
    touches = _Touches(world, number, people, needs, journey, converted)
    tables = {
        "touches": touches.table(),
        "orders": _orders(world, number, people, needs, experience, baskets, converted, touches),
        "lines": _lines(needs, baskets, converted),
        "tickets": _tickets(world, number, people, needs, experience, converted),
        "customers": _customers(people, needs, converted),
    }
    return Block(tables, lost, _counts(needs, journey, converted, baskets))


def _counts(needs: Needs, journey: Journey, converted: Bools, baskets: Baskets) -> Counter[str]:
    landed = np.bincount(journey.need[journey.landed], minlength=len(converted))
    own = needs.is_own
    return Counter({
        "needs": len(converted),
        "own_site_orders": int((converted & own).sum()),
        "marketplace_orders": int((converted & ~own).sum()),
        "own_site_buyer_touches": int(landed[converted & own].sum()),
        "marketplace_buyer_touches": int(landed[converted & ~own].sum()),
    })  # fmt: skip


class _Touches:
    """The touches of a block: which system sees each, on which device, of which kind."""

    def __init__(
        self, world: World, block: int, people: People, needs: Needs, journey: Journey,
        converted: Bools,
    ) -> None:  # fmt: skip
        self._random = world.streams.block(block)("touches")
        random, total = self._random, len(journey.at)
        person = needs.person[journey.need]
        self.person, self.needs, self.journey = person, needs, journey
        self.own = needs.is_own[journey.need]
        self.number = people.number[person]
        other = (random.random(total) * people.devices[person]).astype(np.int64)
        self.device_place = np.where(random.random(total) < 0.7, 0, other)
        self.system, self.kind = self._seen(random.random(total), people.has_account[person])
        self.account = people.has_account[person]
        visitor = self.number * 4 + np.where(self.own, self.device_place, 3)
        self.visitor = np.where(self.system == MAIL, -1, visitor)
        known = (self.system == MAIL) | (~self.own & (random.random(total) < 0.9))
        self.customer = np.where(known, self.number, -1)
        buys = journey.is_last & converted[journey.need]
        tracked = self.account & (self.system == GA4)
        self.login = tracked & (buys | (random.random(total) < 0.15))
        self.region = people.region[person]
        main = pick(((self.number * 7919) % 1000) / 1000, np.array([0.68, 0.27, 0.05]))
        self.device = (main + self.device_place) % 3
        jitter = random.integers(0, SECOND, total)
        self.at = np.minimum(journey.at // SECOND * SECOND + jitter, AS_OF_US - 1)
        self.last_visitor = self.visitor[journey.is_last]

    def _seen(self, uniform: np.ndarray, account: Bools) -> tuple[Ints, Ints]:
        journey = self.journey
        ids = company.CHANNEL_IDS
        mail = (journey.channel == ids.index("email")) & account
        shown = journey.channel == ids.index("display")
        content = np.isin(journey.channel, list(_accounts_by_channel())) & (uniform < 0.55)
        system = np.where(self.own, GA4, MARKETPLACE_LOG)
        system = np.where(mail, MAIL, np.where(shown, AD_SERVER, system))
        kind = np.where(content, KIND["content_view"], KIND["visit"])
        kind = np.where(mail, KIND["email_click"], kind)
        clicked = np.where(uniform < 0.6, KIND["ad_impression"], KIND["ad_click"])
        return system, np.where(shown, clicked, kind)

    def _campaign(self, uniform: np.ndarray) -> Ints:
        found = np.full(len(uniform), -1)
        for channel in range(len(company.CHANNELS)):
            numbers = [n for n, (of, _) in enumerate(company.CAMPAIGNS) if of == channel]
            if numbers:
                here = self.journey.channel == channel
                weights = np.arange(len(numbers), 0, -1, dtype=np.float64)
                found[here] = np.array(numbers)[pick(uniform[here], weights)]
        return found

    def _post(self, uniform: np.ndarray) -> Ints:
        """Number of the post seen: one of the account's posts of the month before, or -1."""
        found = np.full(len(uniform), -1)
        viewed = self.kind == KIND["content_view"]
        for channel, account in _accounts_by_channel().items():
            here = viewed & (self.journey.channel == channel)
            each = company.ACCOUNTS[account].posts_a_month
            found[here] = account * 1000 + (uniform[here] * each).astype(np.int64)
        return found

    def _extra(self, which: Bools, kind: str, seconds: Ints) -> Ints:
        """Places of touches that are followed by one of another kind in the same session."""
        return np.flatnonzero(which & (self.at + seconds * SECOND < AS_OF_US))

    def table(self) -> pa.Table:
        """Every touch that landed, baskets and leads included, ordered by instant."""
        random, total = self._random, len(self.at)
        campaign, post = self._campaign(random.random(total)), self._post(random.random(total))
        after = random.integers(90, 900, total)
        keen = self.needs.noise[self.journey.need] > 0.4
        visit = self.kind == KIND["visit"]
        landed = self.journey.landed
        cart = self._extra(landed & visit & self.journey.is_last & keen, "add_to_cart", after)
        is_lead = landed & visit & self.own & (random.random(total) < 0.015)
        lead = self._extra(is_lead, "lead", after)
        base = np.flatnonzero(landed)
        place = np.concatenate([base, cart, lead])
        kind = self.kind[place]
        kind[len(base) : len(base) + len(cart)] = KIND["add_to_cart"]
        kind[len(base) + len(cart) :] = KIND["lead"]
        follows = np.arange(len(place)) >= len(base)
        at = self.at[place] + np.where(follows, after[place] * SECOND, 0)
        order = np.lexsort((kind, self.visitor[place], at))
        place, kind, follows, at = place[order], kind[order], follows[order], at[order]
        columns = {
            "touched_at": at, "visitor": self.visitor[place], "customer": self.customer[place],
            "person": self.number[place], "system": self.system[place].astype(np.int8),
            "kind": kind.astype(np.int8), "channel": self.journey.channel[place].astype(np.int8),
            "campaign": campaign[place].astype(np.int16),
            "abroad": self.region[place] >= company.FIRST_REGION_ABROAD,
            "shop": self.needs.shop[self.journey.need[place]].astype(np.int8),
            "category": self.needs.category[self.journey.need[place]].astype(np.int8),
            "region": self.region[place].astype(np.int8),
            "device": self.device[place].astype(np.int8), "post": post[place].astype(np.int32),
            "login": self.login[place] & ~follows,
        }  # fmt: skip
        return pa.table(columns)


def _accounts_by_channel() -> dict[int, int]:
    ids = company.CHANNEL_IDS
    return {ids.index(name): account for name, account in company.ACCOUNT_OF_CHANNEL.items()}


def _orders(
    world: World, block: int, people: People, needs: Needs, experience: Experience,
    baskets: Baskets, converted: Bools, touches: _Touches,
) -> pa.Table:  # fmt: skip
    here = np.flatnonzero(converted)
    here = here[np.argsort(baskets.ordered_at[here], kind="stable")]
    person = needs.person[here]
    account = people.has_account[person] | ~needs.is_own[here]
    visitor = np.where(needs.is_own[here], touches.last_visitor[here], -1)
    streams = world.streams.block(block)
    score, answered_at = recommendation(streams("recommendation"), world, needs, experience)
    packed = packaging(streams("packaging"), world, needs, experience.warehouse)
    delivered = baskets.cancelled_at[here] == NEVER
    return pa.table({
        "number": needs.number[here], "person": people.number[person],
        "customer": np.where(account, people.number[person], -1), "visitor": visitor,
        "shop": needs.shop[here].astype(np.int8), "region": people.region[person].astype(np.int8),
        "day": needs.day[here], "ordered_at": baskets.ordered_at[here],
        "cancelled_at": baskets.cancelled_at[here], "refunded_at": baskets.refunded_at[here],
        "approved_at": experience.approved_at[here],
        "handed_over_at": experience.handed_over_at[here],
        "promised_at": experience.promised_at[here],
        "delivered_at": experience.delivered_at[here],
        "warehouse": experience.warehouse[here].astype(np.int8),
        "export_delay_days": baskets.export_delay_days[here],
        "tax": baskets.tax[here], "freight": baskets.freight[here],
        "nps_score": np.where(delivered, score[here], -1).astype(np.int8),
        "nps_at": answered_at[here], "packaging": packed[here].astype(np.int8),
    })  # fmt: skip


def _lines(needs: Needs, baskets: Baskets, converted: Bools) -> pa.Table:
    need, line = np.nonzero(
        converted[:, None] & (np.arange(MAX_LINES)[None, :] < baskets.line_count[:, None])
    )
    return pa.table({
        "number": needs.number[need], "line": line + 1, "product": baskets.product[need, line],
        "ordered_at": baskets.ordered_at[need],
        "quantity": baskets.quantity[need, line], "price": baskets.price[need, line],
        "discount": baskets.discount[need, line],
        "refund": np.where(baskets.refunded_at[need] < NEVER, line_refunds(baskets)[need, line], 0),
    })  # fmt: skip


def _customers(people: People, needs: Needs, converted: Bools) -> pa.Table:
    buyers = np.unique(needs.person[converted])
    bought = np.bincount(needs.person[converted], minlength=len(people.number))
    firsts = np.full(len(people.number), NEVER)
    np.minimum.at(firsts, needs.person[converted], needs.ends_at[converted])
    kept = buyers[people.has_account[buyers]]
    return pa.table({
        "customer": people.number[kept], "region": people.region[kept].astype(np.int8),
        "vip": people.is_vip[kept], "orders": bought[kept], "created_at": firsts[kept],
    })  # fmt: skip


def _tickets(
    world: World, block: int, people: People, needs: Needs, experience: Experience,
    converted: Bools,
) -> pa.Table:  # fmt: skip
    """Questions before buying (any need) and after it (orders only)."""
    random = world.streams.block(block)("tickets")
    total = len(converted)
    before = random.random(total) < 0.05
    early = needs.ends_at - (random.exponential(5, total) * HOUR).astype(np.int64)
    presale = response_seconds(
        random.normal(0, 0.65, total), world, np.full(total, PRESALE), needs.day)  # fmt: skip
    luck, answered = random.random((2, total)), random.random((2, total)) < 0.42
    effort = np.exp(random.normal(0, 0.8, (2, total)))
    parts = []
    for after, chosen in enumerate((before, converted & experience.asks)):
        here = np.flatnonzero(chosen)
        queue = experience.queue[here] if after else np.full(len(here), PRESALE)
        response = experience.response_seconds[here] if after else presale[here]
        asked = experience.asked_at[here] if after else early[here]
        day = np.clip(day_index(asked), 0, len(world.month) - 1)
        skill = world.skills("queue", company.QUEUES)[queue, day]
        resolution = response + (np.array([1500, 70_000, 120_000, 30_000])[queue]
                                 * effort[after, here]).astype(np.int64)  # fmt: skip
        score = satisfaction(luck[after, here], response, queue, skill)
        parts.append({
            "number": needs.number[here] * 2 + after, "after": np.full(len(here), bool(after)),
            "order_number": np.where(bool(after), needs.number[here], -1),
            "customer": np.where(people.has_account[needs.person[here]],
                                 people.number[needs.person[here]], -1),
            "queue": queue, "opened_at": asked, "responded_at": asked + response * SECOND,
            "resolved_at": asked + resolution * SECOND,
            "score": np.where(answered[after, here], score, 0),
        })  # fmt: skip
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["number"], columns["opened_at"]))
    inside = order[columns["opened_at"][order] >= 0]
    return pa.table({name: values[inside] for name, values in columns.items()})
