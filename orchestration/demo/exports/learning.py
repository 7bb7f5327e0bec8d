"""What employees learn, hold, suggest and write, and how they feel: five more tools of HR.

Assessments around trainings, certificates, ideas, articles, and the anonymous pulse survey.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from orchestration.demo.calendar import DAYS, date_of, day_of, month_ends
from orchestration.demo.exports.growth import Training, employed, trainings
from orchestration.demo.people import Employee, Roster
from orchestration.demo.stage import dated, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World

Row = tuple[object, ...]

CERTIFICATES = {
    "channel_manager": ("advertising_law", "data_protection"),
    "content_creator": ("advertising_law", "live_host"),
    "shop_operator": ("platform_rules", "data_protection"),
    "category_manager": ("product_safety", "platform_rules"),
    "service_agent": ("service_quality", "data_protection"),
    "warehouse_planner": ("warehouse_safety", "customs"),
    "engineer": ("data_protection",),
    "specialist": ("data_protection",),
}
"""Certificates that each role is asked for, as the seed role_certificates says."""
_HELD_DAYS = 365
_NEVER_CERTIFIED = 0.06
_IDEAS = ("Shorter packing list", "Answer template for sizes", "Earlier cut-off for parcels",
          "Bundle of care goods", "Quiet hour for tickets", "Fewer checkout fields")  # fmt: skip
_ARTICLES = ("How we read returns", "Checking an ad account", "Promotion day by the hour",
             "Answering about delays", "Counting twice", "Writing captions")  # fmt: skip
_WAVE_DAYS = (20, 26)
"""First and last day of the month on which a wave of the pulse survey takes answers."""


def write(world: World, landing: Path, truth: Truth) -> None:
    """Write every tool's files of the span."""
    _write_assessments(world, landing / "skill_assessments", truth)
    _write_certificates(world, landing / "certifications", truth)
    _write_ideas(world, landing / "idea_submissions", truth)
    _write_articles(world, landing / "knowledge_articles", truth)
    _write_pulse(world, landing / "pulse_surveys", truth)


def _by_month(rows: Iterable[tuple[date, Row]]) -> dict[int, list[Row]]:
    """Rows by the end of their day's month; those from before the span in its first."""
    found: dict[int, list[Row]] = defaultdict(list)
    ends = month_ends()
    for day, row in rows:
        index = day_of(day)
        if index < DAYS:
            found[next(end for end in ends if index < end)].append(row)
    return found


def _write_assessments(world: World, folder: Path, truth: Truth) -> None:
    random = world.streams("learning.assessments")
    people = {employee.employee_id: employee for employee in world.roster.employees}
    rows: list[tuple[date, Row]] = []
    for month in trainings(world):
        for training in month:
            rows += _assessed(random, people[training.employee_id], training)
    months = _by_month(rows)
    header = ("assessment_id", "employee_no", "skill", "stage", "assessed", "level", "record_id")
    for end in month_ends():
        name = f"assessments_{dated(end)}.csv"
        if end == month_ends()[0]:
            months[end].append(("A-X", "E002", "Negotiation", "after", date_of(3), "9.0", ""))
            truth.dirty("skill_assessments", name, "skill_assessments", "level_too_high",
                        "rejected")  # fmt: skip
        write_csv(folder / name, header, months[end])


def _assessed(
    random: np.random.Generator, employee: Employee, training: Training
) -> Iterator[tuple[date, Row]]:
    """The assessments around one training, if it is a longer one: diligent learners gain more."""
    before = training.day - timedelta(days=int(random.integers(1, 10)))
    after = training.day + timedelta(days=int(random.integers(14, 31)))
    level = float(np.clip(2.3 + 0.4 * employee.skill + random.normal(0, 0.5), 0.2, 4.2))
    gain = 0.25 + 0.05 * training.hours + 0.14 * employee.diligence + random.normal(0, 0.22)
    if training.hours < 4:
        return
    for stage, day, figure in (("before", before, level), ("after", after, level + gain)):
        if employed(employee, day):
            shown = f"{min(5.0, max(0.0, figure)):.1f}"
            yield day, (f"A-{training.record_id}-{stage}", employee.employee_id, training.course,
                        stage, day, shown, training.record_id)  # fmt: skip


def _write_certificates(world: World, folder: Path, truth: Truth) -> None:
    random = world.streams("learning.certificates")
    rows = [row for employee in world.roster.employees for row in _awards(random, employee)]
    months = _by_month(rows)
    header = ("award_no", "employee_no", "certificate", "awarded", "valid_until")
    for end in month_ends():
        name = f"certificates_{dated(end)}.csv"
        if end == month_ends()[0]:
            months[end].append(("CF-X", "", "customs", date_of(3), date_of(360)))
            truth.dirty("certifications", name, "certifications", "employee_missing", "rejected")
        write_csv(folder / name, header, months[end])


def _awards(random: np.random.Generator, employee: Employee) -> Iterator[tuple[date, Row]]:
    """Every award of an employee: the diligent renew in time, others let certificates lapse."""
    held_until: dict[str, date] = {}
    for post in employee.posts:
        gone = min(post.until or date_of(DAYS), employee.left_on or date_of(DAYS))
        for certificate in CERTIFICATES.get(post.role, ()):
            skipped = random.random() < _NEVER_CERTIFIED
            first = max(post.since, date_of(0) - timedelta(days=int(random.integers(370, 730))))
            if first == post.since:
                first += timedelta(days=int(random.exponential(22)))
            day = held_until.get(certificate, first)
            while day < gone and not skipped:
                until = day + timedelta(days=_HELD_DAYS)
                yield day, (f"CF-{employee.employee_id}-{certificate}-{day:%Y%m%d}",
                            employee.employee_id, certificate, day,
                            until - timedelta(days=1))  # fmt: skip
                late = random.normal(4 - 14 * employee.diligence, 22)
                day = until + timedelta(days=int(max(-10.0, late)))
            held_until[certificate] = day


def _write_ideas(world: World, folder: Path, truth: Truth) -> None:
    random, number, start = world.streams("learning.ideas"), 0, 0
    header = ("idea_no", "employee_no", "title", "submitted", "state", "decided", "last_modified")
    ideas: list[tuple[str, str, str, date, str, date]] = []
    for end in month_ends():
        for employee in world.roster.employees:
            rate = 0.3 * np.exp(0.2 * employee.skill + 0.25 * employee.diligence)
            for _ in range(int(random.poisson(rate))):
                day = date_of(start + int(random.integers(0, end - start)))
                decided = day + timedelta(days=int(random.integers(10, 55)))
                liked = random.random() < 1 / (1 + np.exp(0.5 - 0.7 * employee.skill))
                title = _IDEAS[int(random.integers(0, len(_IDEAS)))]
                if employed(employee, day):
                    number += 1
                    state = "adopted" if liked else "declined"
                    ideas.append((f"I{number:05d}", employee.employee_id, title, day, state,
                                  decided))  # fmt: skip
        since, until = date_of(start), date_of(end)
        rows: list[Row] = [
            (idea, who, title, day, *((state, decided, decided) if decided < until
                                      else ("submitted", "", day)))
            for idea, who, title, day, state, decided in ideas
            if since <= day < until or since <= decided < until
        ]  # fmt: skip
        name = f"ideas_{dated(end)}.csv"
        if start == 0:
            rows.append(("I-X", "E003", "No state", date_of(3), "maybe", "", date_of(3)))
            truth.dirty("idea_submissions", name, "idea_submissions", "status_unknown", "rejected")
        write_csv(folder / name, header, rows)
        start = end


def _write_articles(world: World, folder: Path, truth: Truth) -> None:
    """A month's file holds the articles of the month, and those of the month before again."""
    random, number, start = world.streams("learning.articles"), 0, 0
    header = ("article_no", "author_no", "title", "published", "helpful", "last_modified")
    earlier: list[tuple[str, str, str, date, int]] = []
    for end in month_ends():
        fresh = []
        for employee in world.roster.employees:
            for _ in range(int(random.poisson(0.3 * np.exp(0.45 * employee.diligence)))):
                day = date_of(start + int(random.integers(0, end - start)))
                votes = int(random.poisson(5 * np.exp(0.4 * employee.skill)))
                title = _ARTICLES[int(random.integers(0, len(_ARTICLES)))]
                if employed(employee, day):
                    number += 1
                    fresh.append((f"K{number:05d}", employee.employee_id, title, day, votes))
        last = date_of(end - 1)
        rows: list[Row] = [(*article, last) for article in earlier]
        rows += [(*article[:4], article[4] // 3, last) for article in fresh]
        name = f"articles_{dated(end)}.csv"
        if start == 0:
            rows.append(("K-X", "E002", "Down-voted", date_of(3), -3, last))
            truth.dirty("knowledge_articles", name, "knowledge_articles", "votes_negative",
                        "rejected")  # fmt: skip
        write_csv(folder / name, header, rows)
        earlier, start = fresh, end


def _write_pulse(world: World, folder: Path, truth: Truth) -> None:
    """Answers in the order of ids that lead nowhere: neither name nor place tells who it was."""
    random = world.streams("learning.pulse")
    header = ("answer", "wave", "last_day", "answered", "team", "engaged")
    heads = {employee.employee_id: employee for employee in world.roster.employees}
    for place, end in enumerate(month_ends()):
        month = date_of(end - 1).replace(day=1)
        first, last = (month.replace(day=day) for day in _WAVE_DAYS)
        rows: list[Row] = []
        for number, employee in enumerate(world.roster.employees):
            post = employee.post_on(last)
            answers, day = random.random() < 0.86, int(random.integers(0, 7))
            feeling = 3.75 + random.normal(0, 0.85)
            if post is None or not answers:
                continue
            feeling += _climate(world.roster, heads, employee, last)
            key = hashlib.sha256(f"{place}/{number}/{random.random()}".encode()).hexdigest()[:12]
            rows.append((key, f"{month:%Y-%m}", last, first + timedelta(days=day), post.what,
                         min(5, max(1, round(feeling)))))  # fmt: skip
        rows.sort(key=lambda row: str(row[0]))
        name = f"pulse_{dated(end)}.csv"
        if place == 0:
            rows.append(("ffffffffffff", f"{month:%Y-%m}", last, first, "own_shop", 7))
            truth.dirty("pulse_surveys", name, "pulse_surveys", "score_too_high", "rejected")
        write_csv(folder / name, header, rows)


def _climate(roster: Roster, heads: dict[str, Employee], employee: Employee, day: date) -> float:
    """What a good head of department does to how people feel."""
    post = employee.post_on(day)
    head = heads.get(roster.manager_of(employee, post)) if post else None
    return 0.25 * head.skill if head else 0.0
