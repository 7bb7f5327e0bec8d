"""Causes show in effects: journeys, outages, drivers of repurchase, employees' places."""

import csv
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from orchestration.demo import behaviour, company
from orchestration.demo.calendar import BROKEN, DAYS, date_of, day_of
from orchestration.demo.exports.reviews import WITHOUT_RATING, quarters
from orchestration.demo.fulfilment import Experience, draw_experience, packaging, recommendation
from orchestration.demo.people import Roster
from orchestration.demo.simulate import Block, simulate
from orchestration.demo.streams import Streams
from orchestration.demo.world import World
from orchestration.paths import SEEDS, Home


@dataclass
class Simulated:
    """30,000 people, from needs to orders."""

    world: World
    people: behaviour.People
    needs: behaviour.Needs
    push: behaviour.Push
    experience: Experience
    converted: behaviour.Bools


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    world = World(11)
    streams = world.streams.block(0)
    people = behaviour.draw_people(streams, 30_000, 0)
    needs = behaviour.draw_needs(streams, world, people)
    push = behaviour.push_of(behaviour.draw_journeys(streams, people, needs), needs)
    experience = draw_experience(streams, world, people, needs)
    converted = behaviour.decide(world, people, needs, push, experience, frozenset())
    return Simulated(world, people, needs, push, experience, converted)


@pytest.fixture(scope="module")
def block() -> Block:
    return simulate(World(11), 0, 12_000, 0)


def test_own_site_buyers_take_five_touches_and_marketplace_buyers_two(block: Block) -> None:
    counts = block.counts
    own = counts["own_site_buyer_touches"] / counts["own_site_orders"]
    marketplace = counts["marketplace_buyer_touches"] / counts["marketplace_orders"]
    assert 4.6 < own < 5.4
    assert 1.8 < marketplace < 2.2


def test_a_tenth_of_the_touches_are_orders(block: Block) -> None:
    assert block.tables["orders"].num_rows / block.tables["touches"].num_rows == pytest.approx(
        0.1, abs=0.01
    )


def test_effects_order_the_channels(block: Block) -> None:
    lost = {channel: figures["conversions_lost"] for channel, figures in block.lost.items()}
    assert lost["direct"] == 0
    assert lost["paid_search"] > 5 * lost["display"]
    assert lost["xiaohongshu_content"] > 5 * lost["affiliates"]


def test_content_warms_up_what_search_closes(simulated: Simulated) -> None:
    """A content channel's loss is more than its own push: without it nothing is warmed up."""
    number = company.CHANNEL_IDS.index("xiaohongshu_content")
    needs, push = simulated.needs, simulated.push
    assert (push.warmed & ~push.warmed_without[number]).sum() > 100
    assert not (~push.warmed & push.warmed_without[number]).any()
    touched = push.by_channel[:, number] > 0
    fall = push.total(frozenset()) - push.total(frozenset({number}))
    assert fall[touched & needs.is_own].max() > company.CHANNELS[number].effect * 1.5


def test_an_outage_of_the_payment_page_stops_own_sites_only(simulated: Simulated) -> None:
    needs = simulated.needs
    hit = np.zeros(len(needs.number), dtype=bool)
    for broken in BROKEN:
        if broken.cause == "payment_down":
            hit |= broken.hits(needs.ends_at)
    own, elsewhere = hit & needs.is_own, hit & ~needs.is_own
    assert own.sum() > 50
    assert simulated.needs.blocked[own].mean() > 0.85
    assert not simulated.needs.blocked[elsewhere].any()
    assert not simulated.converted[simulated.needs.blocked].any()


def test_delivery_and_answers_drive_the_next_order(simulated: Simulated) -> None:
    needs, converted = simulated.needs, simulated.converted
    follows = np.flatnonzero((needs.person[1:] == needs.person[:-1]) & converted[:-1])
    mood, again = simulated.experience.mood[follows], converted[follows + 1]
    bad, good = np.quantile(mood, [0.25, 0.75])
    assert again[mood >= good].mean() > again[mood <= bad].mean() + 0.08


def test_late_parcels_are_recommended_less(simulated: Simulated) -> None:
    world, needs, experience = simulated.world, simulated.needs, simulated.experience
    score, at = recommendation(Streams(5)("any"), world, needs, experience)
    answered, late = score >= 0, experience.delivered_at > experience.promised_at
    assert answered.mean() == pytest.approx(0.2, abs=0.01)
    assert score[answered & ~late].mean() > score[answered & late].mean() + 1
    assert (at > experience.delivered_at).all()


def test_packaging_grows_greener(simulated: Simulated) -> None:
    world, needs, experience = simulated.world, simulated.needs, simulated.experience
    packed = packaging(Streams(5)("any"), world, needs, experience.warehouse)
    first, last = needs.day < DAYS // 4, needs.day >= DAYS * 3 // 4
    assert (packed[last] < 2).mean() > (packed[first] < 2).mean() + 0.08


def test_streams_do_not_depend_on_each_other() -> None:
    streams = Streams(3)
    first = streams("a").random(4)
    streams("b").random(100)
    assert (streams("a").random(4) == first).all()
    assert (streams.block(0)("a").random(4) != streams.block(1)("a").random(4)).all()


@pytest.fixture(scope="module")
def roster() -> Roster:
    return World(20_240_801).roster


def test_about_sixty_employees_on_every_day(roster: Roster) -> None:
    for day in range(0, DAYS, 30):
        there = [e for e in roster.employees if e.post_on(date_of(day))]
        assert 56 <= len(there) <= 66


def test_units_and_roles_are_those_of_the_seeds(roster: Roster) -> None:
    units = {row["org_unit_id"]: row for row in _seed("org_units")}
    roles = {row["role_id"] for row in _seed("roles")}
    posts = [post for employee in roster.employees for post in employee.posts]
    assert all(units[post.what]["kind"] == "team" for post in posts)
    assert {post.role for post in posts} == roles
    assert len({units[post.what]["parent_id"] for post in posts}) == 9  # 8 departments, company


def test_a_value_has_one_owner_at_most_and_mostly_one(roster: Roster) -> None:
    values = {held.what for employee in roster.employees for held in employee.owns}
    dimensions = {value.split("=")[0] for value in values}
    assert dimensions == {
        "channel", "shop", "category", "queue", "warehouse", "content_account"
    }  # fmt: skip
    for value in values:
        spans = sorted(
            (held.since, held.until or date_of(DAYS))
            for employee in roster.employees
            for held in employee.owns
            if held.what == value
        )
        gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
        assert all(timedelta(0) <= gap <= timedelta(days=31) for gap in gaps)
        assert spans[-1][1] == date_of(DAYS)


def test_owners_are_employed_while_they_own(roster: Roster) -> None:
    for employee in roster.employees:
        for held in employee.owns:
            last = (held.until or date_of(DAYS)) - timedelta(days=1)
            assert employee.post_on(max(held.since, date_of(0)))
            assert employee.post_on(last)
            assert day_of(held.since) < DAYS


def test_the_rules_name_the_channels_as_the_demo_does() -> None:
    rules = sorted(_seed("channel_rules"), key=lambda row: int(row["rule_order"]))
    for channel in company.CHANNELS:
        for source, medium in channel.sources:
            campaigns = [f"{channel.channel}_{name}" for name in channel.campaigns] or [""]
            for campaign in campaigns:
                assert _classify(rules, source, medium, campaign) == channel.channel


def _classify(rules: list[dict[str, str]], source: str, medium: str, campaign: str) -> str:
    for rule in rules:
        if rule["referrer_pattern"] or rule["click_id_pattern"] or rule["landing_page_pattern"]:
            continue
        values = (("source", source), ("medium", medium), ("campaign", campaign))
        patterns = [(rule[f"{name}_pattern"], value) for name, value in values]
        if all(not pattern or re.fullmatch(pattern, value) for pattern, value in patterns):
            return rule["channel"]
    return "(other)"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_review_but_the_planted_gaps_is_whole(tiny: Home, roster: Roster) -> None:
    given: dict[tuple[str, str], set[str]] = {}
    for path in (tiny.landing / "review_ratings").glob("ratings_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = (row["quarter_start"], row["employee_no"])
                given.setdefault(place, set()).add(row["rater_kind"])
    gaps: set[tuple[str, str, str]] = set()
    for first, after in quarters():
        for employee in roster.employees:
            days = (first + timedelta(days=n) for n in range((after - first).days))
            if any(employee.post_on(day) for day in days):
                kinds = given.get((f"{first}", employee.employee_id), set())
                gaps |= {
                    (f"{first}", employee.employee_id, kind)
                    for kind in {"self", "manager", "hr"} - kinds
                }
    assert gaps == WITHOUT_RATING
