"""How people come to buy: needs, the touches on the way, and whether a need becomes an order.

Causes only. Touches do not depend on whether a channel has an effect, and a need's noise is drawn
before its outcome, so that switching a channel's effect off loses conversions and changes nothing
else. Everything is arrays: one entry a person, a need or a touch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.demo import company
from orchestration.demo.calendar import (
    AS_OF_US,
    BROKEN,
    DAY,
    DAYS,
    HOUR,
    START_US,
    Floats,
    Ints,
    hour_weights,
)  # fmt: skip
from orchestration.demo.fulfilment import Experience
from orchestration.demo.streams import Streams, pick
from orchestration.demo.world import World

Bools = npt.NDArray[np.bool_]

SLOTS = 6
_SLOT_WEIGHTS = np.array([0.36, 0.24, 0.16, 0.11, 0.08, 0.05])
_READINESS_OWN = -2.2
_READINESS_MARKETPLACE = -1.18
BOUGHT_BEFORE = 0.25
SECOND_LOOK = 0.5
"""A channel's second touch in a journey counts this much of its first, further ones nothing."""
TOUCHES_A_PERSON = 7.12
"""Mean touches that land a person; found by counting, sets how many people a scale needs."""


@dataclass(frozen=True)
class People:
    """One entry a person; numbers are global."""

    number: Ints
    region: Ints
    home_shop: Ints
    devices: Ints
    has_account: Bools
    is_vip: Bools
    readiness: Floats
    favourite: Ints


@dataclass(frozen=True)
class Needs:
    """One entry a need, ordered by person and time; `number` is global and names the order."""

    number: Ints
    person: Ints  # place in People
    slot: Ints
    ends_at: Ints
    day: Ints
    shop: Ints
    category: Ints
    noise: Floats
    blocked: Bools  # an outage keeps it from ending in an order

    @property
    def is_own(self) -> Bools:
        """Whether the need looks at an own site."""
        return self.shop < company.OWN_SHOPS


@dataclass(frozen=True)
class Journey:
    """One entry a touch on the way, ordered by need and time."""

    need: Ints
    at: Ints
    channel: Ints
    landed: Bools
    is_last: Bools
    position: Ints


def draw_people(streams: Streams, count: int, first: int) -> People:
    """`count` people with their lasting traits."""
    random = streams("people")
    region = pick(random.random(count), np.array(company.REGION_SHARES))
    home = pick(random.random(count), np.array(company.SHOP_SHARES_CN))
    home = np.where(region == 4, 1, np.where(region == 5, 2, home))
    return People(
        number=np.arange(first, first + count),
        region=region,
        home_shop=home,
        devices=1 + pick(random.random(count), np.array([0.45, 0.4, 0.15])),
        has_account=(random.random(count) < 0.85) | (home >= company.OWN_SHOPS),
        is_vip=random.random(count) < 0.07,
        readiness=random.normal(0, 0.7, count),
        favourite=pick(random.random(count), np.array([c.share for c in company.CATEGORIES])),
    )


def draw_needs(streams: Streams, world: World, people: People) -> Needs:
    """Every need that people will have; busy days have more of them."""
    random = streams("needs")
    count = len(people.number)
    slots = 1 + pick(random.random(count), _SLOT_WEIGHTS)
    first_day = pick(random.random(count), world.intensity)
    gaps = 4 + np.exp(random.normal(np.log(34), 0.75, (count, SLOTS)))
    gaps[:, 0] = 0
    day = (first_day[:, None] + np.cumsum(gaps, axis=1)).astype(np.int64)
    exists = (np.arange(SLOTS)[None, :] < slots[:, None]) & (day < DAYS)
    level = world.intensity[np.minimum(day, DAYS - 1)] / 1.55
    later_happens = random.random((count, SLOTS)) < level
    later_happens[:, 0] = True
    person, slot = np.nonzero(exists & later_happens)
    total = len(person)
    hour = _hours(random, people.region[person])
    ends = START_US + day[person, slot] * DAY + (hour * HOUR).astype(np.int64)
    elsewhere = (random.random(total) < 0.15) & (people.region[person] < 4)
    other = pick(random.random(total), np.array(company.SHOP_SHARES_CN))
    shop = np.where(elsewhere, other, people.home_shop[person])
    strays = pick(random.random(total), np.array([c.share for c in company.CATEGORIES]))
    category = np.where(random.random(total) < 0.55, people.favourite[person], strays)
    return Needs(
        number=people.number[person] * SLOTS + slot, person=person, slot=slot, ends_at=ends,
        day=day[person, slot], shop=shop, category=category, noise=random.logistic(0, 1, total),
        blocked=_blocked(random.random(total), ends, shop, people.region[person]),
    )  # fmt: skip


def _hours(random: np.random.Generator, region: Ints) -> Floats:
    """Hour of the day in Shanghai, with fraction, for people of each region."""
    uniform, found = random.random(len(region)), np.zeros(len(region))
    fraction = random.random(len(region))
    shifts = np.array(company.REGION_SHIFTS)[region]
    for shift in set(company.REGION_SHIFTS):
        of_shift = shifts == shift
        found[of_shift] = pick(uniform[of_shift], hour_weights(shift))
    return found + fraction


def _blocked(uniform: Floats, at: Ints, shop: Ints, region: Ints) -> Bools:
    blocked = np.zeros(len(at), dtype=bool)
    own = shop < company.OWN_SHOPS
    for broken in BROKEN:
        if broken.cause == "payment_down":
            blocked |= own & broken.hits(at) & (uniform < broken.share_lost)
        elif broken.cause == "region_down":
            here = region == company.REGIONS.index(broken.what)
            blocked |= own & here & broken.hits(at) & (uniform < broken.share_lost)
    return blocked


def draw_journeys(streams: Streams, people: People, needs: Needs) -> Journey:
    """The touches of every need: content early, search and direct at the end."""
    random = streams("journeys")
    own = needs.is_own
    count = 1 + random.poisson(np.where(own, 3.4, 0.86))
    need = np.repeat(np.arange(len(count)), count)
    total = len(need)
    starts = np.cumsum(count) - count
    rank = np.arange(total) - starts[need]  # 0 is drawn as the touch that ends the need
    gap = np.minimum(random.exponential(np.where(own, 4.5, 1.4)[need], total), 28.0)
    ends = needs.ends_at[need]
    hours = _hours(random, people.region[needs.person[need]])
    earlier_day = (ends - START_US - (gap * DAY).astype(np.int64)) // DAY
    at = START_US + earlier_day * DAY + (hours * HOUR).astype(np.int64)
    at = np.minimum(at, ends - ((0.1 + 5 * random.random(total)) * HOUR).astype(np.int64))
    at = np.where(rank == 0, ends, at)
    order = np.lexsort((at, need))
    at = at[order]
    last = rank == count[need] - 1
    early = rank < (count[need] - 1) / 2
    region = people.region[needs.person[need]]
    channel = _channels(random.random(total), own[need], region, early, last)
    landed = _landed(random.random(total), at, channel, own[need], region)
    return Journey(need, at, channel, landed, last, rank)


def _channels(uniform: Floats, own: Bools, region: Ints, early: Bools, last: Bools) -> Ints:
    mixes = np.array([channel.mixes for channel in company.CHANNELS], dtype=np.float64)
    abroad = region >= company.FIRST_REGION_ABROAD
    stage = np.where(last, 2, np.where(early, 0, 1))
    mix = np.where(own, np.where(abroad, 3, 0) + stage, np.where(last, 7, 6))
    found = np.zeros(len(uniform), dtype=np.int64)
    for number in range(mixes.shape[1]):
        of_mix = mix == number
        found[of_mix] = pick(uniform[of_mix], mixes[:, number])
    return found


def _landed(uniform: Floats, at: Ints, channel: Ints, own: Bools, region: Ints) -> Bools:
    """Touches that happened: before the span there is no record, in an outage most are lost."""
    landed = (at >= START_US) & (at < AS_OF_US)
    for broken in BROKEN:
        if broken.cause == "channel_down":
            hit = channel == company.CHANNEL_IDS.index(broken.what)
        elif broken.cause == "region_down":
            hit = own & (region == company.REGIONS.index(broken.what))
        else:
            continue
        landed &= ~(hit & broken.hits(at) & (uniform < broken.share_lost))
    return landed


@dataclass(frozen=True)
class Push:
    """How far channels push each need: by channel, and by content that search follows."""

    by_channel: Floats  # shape (needs, channels)
    warmed: Bools
    warmed_without: dict[int, Bools]  # channel number: warmed if that channel had no effect
    last_landed: Bools

    def total(self, off: frozenset[int]) -> Floats:
        """The push on each need with the effects of some channels off."""
        on = [n for n in range(self.by_channel.shape[1]) if n not in off]
        warmed = self.warmed
        for number in off & self.warmed_without.keys():
            warmed = warmed & self.warmed_without[number]
        pushed = self.by_channel[:, on].sum(axis=1) + company.WARM_UP_EFFECT * warmed
        return np.asarray(pushed)


def push_of(journey: Journey, needs: Needs) -> Push:
    """What the touches that landed do to each need."""
    channels, total = len(company.CHANNELS), len(needs.number)
    place = journey.need[journey.landed] * channels + journey.channel[journey.landed]
    counts = np.bincount(place, minlength=total * channels).reshape(total, channels)
    effects = np.array([channel.effect for channel in company.CHANNELS])
    felt = np.minimum(counts, 1) + SECOND_LOOK * (counts > 1)
    content = np.array([c.is_content for c in company.CHANNELS])
    search = np.array([c.is_search for c in company.CHANNELS])
    without = {
        number: _warmed(journey, content, search, number)
        for number in np.flatnonzero(content | search).tolist()
    }
    last_landed = journey.landed[journey.is_last]
    return Push(felt * effects, _warmed(journey, content, search, -1), without, last_landed)


def _warmed(journey: Journey, content: Bools, search: Bools, without: int) -> Bools:
    """Whether a search came after content, leaving one channel out."""
    counts = journey.landed & (journey.channel != without)
    starts = np.flatnonzero(journey.position == 0)
    first_content = np.where(counts & content[journey.channel], journey.position, 999)
    last_search = np.where(counts & search[journey.channel], journey.position, -1)
    earliest = np.minimum.reduceat(first_content, starts)
    return np.asarray(earliest < np.maximum.reduceat(last_search, starts))


def decide(
    world: World, people: People, needs: Needs, push: Push, experience: Experience,
    off: frozenset[int],
) -> Bools:  # fmt: skip
    """Which needs become orders. A good or bad delivery or answer moves the next need."""
    base = np.where(needs.is_own, _READINESS_OWN, _READINESS_MARKETPLACE)
    base = base + people.readiness[needs.person] + 0.5 * people.is_vip[needs.person]
    base = base + 0.16 * world.shop_skill[needs.shop, needs.day]
    base = base + np.where(world.promotion[needs.day] >= 0, 0.35, 0.0)
    readiness = base + push.total(off) + needs.noise
    possible = ~needs.blocked & push.last_landed
    converted = np.zeros(len(needs.number), dtype=bool)
    mood = np.zeros(len(people.number))
    for slot in range(SLOTS):
        now = np.flatnonzero(needs.slot == slot)
        who = needs.person[now]
        bought = possible[now] & (readiness[now] + mood[who] > 0)
        converted[now] = bought
        lasting = BOUGHT_BEFORE + experience.mood[now]
        mood[who] = np.where(bought, lasting, mood[who])
    return converted


def channel_numbers(channels: frozenset[str]) -> frozenset[int]:
    """The numbers of channels by id. Raises ValueError for a channel that is not the demo's."""
    unknown = sorted(channels - set(company.CHANNEL_IDS))
    if unknown:
        raise ValueError(
            f"no such channel: {unknown[0]}; there are {', '.join(company.CHANNEL_IDS)}"
        )
    return frozenset(company.CHANNEL_IDS.index(channel) for channel in channels)


def lost_by_channel(
    world: World, people: People, needs: Needs, push: Push, experience: Experience
) -> dict[str, dict[str, int]]:
    """For every channel the conversions lost when its effect alone is switched off.

    A lost order also takes its effect on the person's next need along, so that now and then an
    order is gained: `conversions_lost` is the difference of the totals.
    """
    now = decide(world, people, needs, push, experience, frozenset())
    lost = {}
    for number, channel in enumerate(company.CHANNEL_IDS):
        then = decide(world, people, needs, push, experience, frozenset({number}))
        own = needs.is_own
        lost[channel] = {
            "conversions_lost": int(now.sum() - then.sum()),
            "own_site_lost": int(now[own].sum() - then[own].sum()),
            "marketplace_lost": int(now[~own].sum() - then[~own].sum()),
        }
    return lost
