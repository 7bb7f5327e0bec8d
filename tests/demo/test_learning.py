"""What the demo says of people's growth and of what others say: effects, and no names."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orchestration.demo.calendar import PROMOTIONS
from orchestration.demo.exports.learning import CERTIFICATES
from orchestration.demo.people import Employee
from orchestration.demo.world import World
from orchestration.paths import SEEDS, Home

SEED = 20_240_801


@pytest.fixture(scope="module")
def employees() -> dict[str, Employee]:
    return {employee.employee_id: employee for employee in World(SEED).roster.employees}


def rows_of(home: Home, feed: str) -> list[dict[str, str]]:
    found = []
    for path in sorted((home.landing / feed).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


def halves(employees: dict[str, Employee], trait: str) -> tuple[set[str], set[str]]:
    """The lower and the upper half of the employees by a trait that nobody exports."""
    ordered = sorted(employees, key=lambda each: float(getattr(employees[each], trait)))
    return set(ordered[: len(ordered) // 2]), set(ordered[len(ordered) // 2 :])


def test_roles_are_asked_for_what_the_seed_says() -> None:
    asked: dict[str, list[str]] = defaultdict(list)
    with (SEEDS / "role_certificates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            asked[row["role_id"]].append(row["certificate"])
    assert {role: tuple(names) for role, names in asked.items()} == CERTIFICATES


def test_the_diligent_gain_more_and_write_more(tiny: Home, employees: dict[str, Employee]) -> None:
    low, high = halves(employees, "diligence")
    levels: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in rows_of(tiny, "skill_assessments"):
        if row["record_id"]:
            levels[(row["employee_no"], row["record_id"])][row["stage"]] = float(row["level"])
    gains = [(who, pair["after"] - pair["before"]) for (who, _), pair in levels.items()
             if len(pair) == 2]  # fmt: skip
    assert mean(gain for who, gain in gains if who in high) > 0.1 + mean(
        gain for who, gain in gains if who in low
    )
    articles = {row["article_no"]: row["author_no"] for row in rows_of(tiny, "knowledge_articles")}
    written = Counter(who in high for key, who in articles.items() if key != "K-X")
    assert written[True] > 1.3 * written[False]


def test_ideas_of_the_skilled_are_adopted_more_often(
    tiny: Home, employees: dict[str, Employee]
) -> None:
    low, high = halves(employees, "skill")
    newest = {row["idea_no"]: row for row in rows_of(tiny, "idea_submissions")}
    decided = [row for row in newest.values() if row["state"] in ("adopted", "declined")]
    adopted = {
        name: mean(
            float(row["state"] == "adopted") for row in decided if row["employee_no"] in half
        )
        for name, half in (("low", low), ("high", high))
    }
    assert adopted["high"] > adopted["low"] + 0.1


def test_a_pulse_answer_leads_to_nobody(tiny: Home, employees: dict[str, Employee]) -> None:
    paths = sorted((tiny.landing / "pulse_surveys").glob("*.csv"))
    assert len(paths) == 24
    for path in paths:
        text = path.read_text(encoding="utf-8")
        header = text.splitlines()[0]
        assert header == "answer,wave,last_day,answered,team,engaged"
        assert not any(who in text or each.name in text for who, each in employees.items())
        answers = [line.split(",")[0] for line in text.splitlines()[1:]]
        assert answers == sorted(answers)  # the order tells nothing either


def test_the_rush_of_a_promotion_is_heard(tiny: Home) -> None:
    calm, rush = [], []
    for path in sorted((tiny.landing / "social_mentions").glob("*.json")):
        for mention in json.loads(path.read_text(encoding="utf-8"))["mentions"]:
            day = date.fromisoformat(mention["at"][:10])
            if mention["sentiment"] <= 1:
                (rush if in_promotion(day) else calm).append(mention["sentiment"])
    assert mean(calm) > mean(rush) + 0.08


def test_every_promotion_has_costs_after_its_end(tiny: Home) -> None:
    rows = [row for row in rows_of(tiny, "promotion_costs") if row["cost_no"] != "PC-X"]
    spans = {promotion: (first, last) for promotion, first, last in PROMOTIONS}
    assert {row["promotion"] for row in rows} == set(spans)
    for row in rows:
        first, last = spans[row["promotion"]]
        assert first <= date.fromisoformat(row["day"]) <= last


def test_the_market_is_published_for_every_quarter(tiny: Home) -> None:
    sizes = [row for row in rows_of(tiny, "benchmarks") if row["statistic"] == "market_size"]
    assert len({row["quarter_start"] for row in sizes}) == 7
    for quarter, of_quarter in by(sizes, "quarter_start").items():
        figures = {row["category"]: float(row["value"]) for row in of_quarter}
        parts = sum(size for category, size in figures.items() if category != "all")
        assert parts == pytest.approx(figures["all"], rel=1e-6), quarter


def test_buyers_answer_once_and_on_the_scale(tiny: Home) -> None:
    rows = [row for row in rows_of(tiny, "nps_answers") if row["answer"] != "N-X"]
    assert len(rows) > 15
    assert len({row["answer"] for row in rows}) == len(rows)
    assert {int(row["score"]) for row in rows} <= set(range(11))
    assert Path(tiny.landing / "nps_answers" / "nps_20260801.csv").is_file()


def in_promotion(day: date) -> bool:
    return any(first <= day <= last for _, first, last in PROMOTIONS)


def by(rows: list[dict[str, str]], column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def mean(figures: Any) -> float:
    return float(np.mean(list(figures)))
