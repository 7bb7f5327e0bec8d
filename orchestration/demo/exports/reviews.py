"""Exports around reviews: ratings that came apart from the rest, objections, approved targets.

The ratings of those who were there all quarter are in `growth.py`. Targets are those of the rules,
as a planning round would confirm them, but for a few planted ones.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from orchestration.demo.calendar import AS_OF, date_of, day_of, month_ends
from orchestration.demo.people import Employee, Held
from orchestration.demo.stage import write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World
from orchestration.paths import SEEDS

TARGETS = SEEDS / "kpi_targets.csv"
HEAD_OF_HR, GENERAL_MANAGER, CHAIR = "E009", "E001", "CHAIR"
WITHOUT_RATING = {("2025-07-01", "E011", "manager"), ("2025-10-01", "E023", "self"),
                  ("2026-04-01", "E031", "hr")}  # fmt: skip
"""Planted gaps: quarter, employee and kind of rating that nobody gave."""
LATE_RATING = ("2026-01-01", "E021", "manager")
"""The one rating that came after the days of grace."""

_RATINGS = ("rating_id", "employee_no", "quarter_start", "rater_kind", "rater_no", "rating",
            "remark", "rated_at")  # fmt: skip
_OBJECTIONS = ("objection_id", "employee_no", "quarter_start", "raised_at", "kpi", "reason",
               "outcome", "decided_at", "decided_by", "correction", "last_modified")  # fmt: skip
_TARGETS = ("approval_id", "kpi", "owner_kind", "owner", "period", "period_start", "target",
            "red_flag", "approved_by", "approved_at", "comment", "last_modified")  # fmt: skip
_KPI_OF_ROLE = {
    "channel_manager": "multi_touch_contribution", "content_creator": "content_engagement_rate",
    "shop_operator": "conversion_rate", "category_manager": "gross_margin_rate",
    "service_agent": "first_response_within_target", "warehouse_planner": "on_time_delivery_rate",
}  # fmt: skip
_REASONS = (
    "Two returned parcels were the carrier's, not ours.",
    "投诉的工单转自其他队列，不应计入我的达标率。",
    '=SUM(my hours) does not match: "training" of June is missing 🎯',
    "<b>The promotion week</b> was staffed with half the team.",
    "The shop was offline for three hours; nobody could have converted.",
)
_RATED_APART_AFTER_DAYS = 8


def quarters() -> list[tuple[date, date]]:
    """First day and first day after of every quarter that lies whole in the span."""
    firsts = [date_of(d) for d in range(day_of(AS_OF.date())) if date_of(d).day == 1
              and date_of(d).month % 3 == 1]  # fmt: skip
    return list(pairwise(firsts))


def write(world: World, landing: Path, truth: Truth) -> None:
    """Write the three tools' files of the span."""
    _write_ratings_apart(world, landing / "review_ratings")
    _write_peers(world, landing / "review_ratings")
    _write_objections(world, landing / "review_objections", truth)
    _write_targets(world, landing / "target_approvals", truth)


def _mark(employee: Employee, lean: float, spread: float, random: np.random.Generator) -> str:
    mark = 82 + lean + 6.5 * employee.skill + float(random.normal(0, spread))
    return f"{min(100.0, max(30.0, mark)):.1f}"


def _last_post(employee: Employee, first: date, after: date) -> Held | None:
    """The post held at the quarter's end, or when the employee left within the quarter."""
    last = after - timedelta(days=1)
    if employee.left_on is not None and first < employee.left_on <= last:
        last = employee.left_on - timedelta(days=1)
    return employee.post_on(last)


def _write_ratings_apart(world: World, folder: Path) -> None:
    """Ratings of joiners and leavers, which HR collects, and the chair's of the general manager."""
    random = world.streams("reviews.ratings_apart")
    for first, after in quarters():
        rows: list[tuple[object, ...]] = []
        for employee in world.roster.employees:
            post = _last_post(employee, first, after)
            if post is None:
                continue
            stayed = employee.hired_on <= first and (
                employee.left_on is None or employee.left_on >= after
            )
            manager = world.roster.manager_of(employee, post)
            if stayed:
                raters = [("manager", CHAIR, 0.0, 3.0)] if not manager else []
            else:
                raters = [("self", employee.employee_id, 5.0, 5.0), ("manager", manager, -1.0, 4.0),
                          ("hr", HEAD_OF_HR, 0.0, 3.0)]  # fmt: skip
            for kind, rater, lean, spread in raters:
                rated = f"{after + timedelta(days=int(random.integers(1, 8)))} 17:30:00"
                rows.append((f"R-{first}-{employee.employee_id}-{kind}", employee.employee_id,
                             first, kind, rater, _mark(employee, lean, spread, random), "",
                             rated))  # fmt: skip
        name = f"ratings_{after + timedelta(days=_RATED_APART_AFTER_DAYS):%Y%m%d}.csv"
        write_csv(folder / name, _RATINGS, rows)
    first = date.fromisoformat(LATE_RATING[0])
    after = next(end for start, end in quarters() if start == first)
    who, kind, rated_on = LATE_RATING[1], LATE_RATING[2], after + timedelta(days=15)
    late = (f"R-{first}-{who}-late", who, first, kind, _manager(world, who, after), "84.0", "",
            f"{rated_on} 10:00:00")  # fmt: skip
    write_csv(folder / f"ratings_{after + timedelta(days=20):%Y%m%d}.csv", _RATINGS, [late])


def _manager(world: World, employee_id: str, after: date) -> str:
    employee = next(e for e in world.roster.employees if e.employee_id == employee_id)
    post = employee.post_on(after - timedelta(days=1))
    return world.roster.manager_of(employee, post) if post else ""


def _write_peers(world: World, folder: Path) -> None:
    """Two colleagues of the team rate one employee in five; nobody has to."""
    random = world.streams("reviews.peers")
    for first, after in quarters():
        last, rows = after - timedelta(days=1), []
        teams: dict[str, list[Employee]] = {}
        for employee in world.roster.employees:
            post = employee.post_on(last)
            if post is not None and employee.hired_on <= first:
                teams.setdefault(post.what, []).append(employee)
        for members in teams.values():
            for employee in members:
                peers = [e for e in members if e is not employee]
                wanted, rank = random.random() < 0.2, random.permutation(len(peers))[:2]
                for place in rank if wanted else ():
                    peer = peers[int(place)]
                    day = after + timedelta(days=int(random.integers(1, 7)))
                    rows.append((
                        f"R-{first}-{employee.employee_id}-{peer.employee_id}",
                        employee.employee_id, first, "peer", peer.employee_id,
                        _mark(employee, 3.0, 6.0, random), "", f"{day} 12:00:00",
                    ))  # fmt: skip
        write_csv(folder / f"ratings_{after + timedelta(days=7):%Y%m%d}.csv", _RATINGS, rows)


@dataclass(frozen=True)
class _Objection:
    row: tuple[object, ...]  # up to the reason
    raised: datetime
    decided: datetime
    decision: tuple[str, str, str]  # outcome, who decided, what was put right


def _objections(world: World) -> Iterator[_Objection]:
    random = world.streams("reviews.objections")
    for first, after in quarters():
        for employee in world.roster.employees:
            post = employee.post_on(after)
            wants, reason = random.random() < 0.07, int(random.integers(0, len(_REASONS)))
            raised_on = after + timedelta(days=int(random.integers(11, 22)))
            took, upheld = int(random.integers(2, 21)), random.random() < 0.35
            if after == quarters()[-1][1]:
                took += 14  # of the last quarter, some are not decided yet
            if post is None or not wants:
                continue
            raised = datetime.combine(raised_on, time(11, 20))
            decided = datetime.combine(raised_on + timedelta(days=took), time(16, 40))
            manager = world.roster.manager_of(employee, post) or CHAIR
            decision = (
                ("upheld", HEAD_OF_HR, "Facts corrected, score worked out again.")
                if upheld
                else ("rejected", manager, "")
            )
            row = (f"O-{first}-{employee.employee_id}", employee.employee_id, first, raised,
                   _KPI_OF_ROLE.get(post.role), _REASONS[reason])  # fmt: skip
            yield _Objection(row, raised, decided, decision)


def _write_objections(world: World, folder: Path, truth: Truth) -> None:
    """A file a month with what was raised or decided in it; months without are left out."""
    objections, start, is_first = list(_objections(world)), datetime.min, True
    for end in (datetime.combine(date_of(d), time()) for d in month_ends()):
        rows: list[tuple[object, ...]] = []
        for each in objections:
            if start <= each.decided < end:
                outcome, by, correction = each.decision
                rows.append((*each.row, outcome, each.decided, by, correction, each.decided))
            elif start <= each.raised < end:
                rows.append((*each.row, "pending", None, None, None, each.raised))
        name = f"objections_{end:%Y%m%d}.csv"
        if rows and is_first:
            is_first = False
            rows.append(("O-X", "E002", quarters()[0][0], end - timedelta(days=2), None, "",
                         "under review", None, None, None, end - timedelta(days=2)))  # fmt: skip
            truth.dirty("review_objections", name, "review_objections", "outcome_none", "rejected")
        if rows:
            write_csv(folder / name, _OBJECTIONS, rows)
        start = end


def _targets_of(first: date) -> list[dict[str, str]]:
    """The rules' own targets that a planning round of a quarter confirms."""
    with TARGETS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        row for row in rows
        if row["owner_id"] != "*" and row["owner_kind"] != "role"
        and row["period_grain"] in ("*", "quarter") and row["valid_from"] <= f"{first}"
        and (not row["valid_to"] or row["valid_to"] > f"{first}")
    ]  # fmt: skip


def _head_of(world: World, owner_kind: str, owner: str, day: date) -> str | None:
    """Who approves an owner's targets on a day; None for an owner that is not there then."""
    if owner_kind in ("company", "department"):
        return GENERAL_MANAGER
    for employee in world.roster.employees:
        post = employee.post_on(day)
        if post is None:
            continue
        if owner == (employee.employee_id if owner_kind == "employee" else post.what):
            return world.roster.manager_of(employee, post) or None
    return None


def _write_targets(world: World, folder: Path, truth: Truth) -> None:
    random = world.streams("reviews.targets")
    for first in (*(first for first, _ in quarters()), quarters()[-1][1]):
        agreed = datetime.combine(first - timedelta(days=int(random.integers(6, 13))), time(15))
        rows: list[tuple[object, ...]] = []
        for row in _targets_of(first):
            kind, owner = row["owner_kind"], row["owner_id"]
            head = _head_of(world, kind, owner, agreed.date())
            at = agreed + timedelta(hours=int(random.integers(0, 48)))
            if head is not None:
                rows.append((f"A-{first}-{row['kpi_id']}-{owner}", row["kpi_id"], kind, owner,
                             "quarter", first, row["target"], row["red_flag"], head, at,
                             "As planned.", at))  # fmt: skip
        name = f"targets_{first - timedelta(days=3):%Y%m%d}.csv"
        rows += _planted(first, agreed)
        if first == quarters()[0][0]:
            rows.append(("A-X", "csat", "team", "service_presale", "quarter", first, "as before",
                         "", "E006", agreed, "", agreed))  # fmt: skip
            truth.dirty(
                "target_approvals", name, "target_approvals", "target_no_number", "rejected"
            )
        write_csv(folder / name, _TARGETS, rows)
    first, after = quarters()[-1]
    late = datetime.combine(after + timedelta(days=5), time(9))
    write_csv(folder / f"targets_{after + timedelta(days=6):%Y%m%d}.csv", _TARGETS, [
        (f"A-{first}-late", "conversion_rate", "team", "own_shop", "quarter", first, "0.080",
         "0.060", "E004", late, "Adjusted for the outage.", late),
    ])  # fmt: skip


def _planted(first: date, agreed: datetime) -> list[tuple[object, ...]]:
    """What the checks of targets are there to find."""
    if first == date(2025, 10, 1):
        again = agreed + timedelta(days=4)
        return [(f"A-{first}-again", "csat", "team", "service_presale", "quarter", first, "0.68",
                 "0.56", "E006", again, "Raised after the summer.", again)]  # fmt: skip
    if first == date(2026, 1, 1):
        return [
            (f"A-{first}-unknown", "likes_per_post", "team", "content_studio", "quarter", first,
             "120", "80", "E003", agreed, "", agreed),
            (f"A-{first}-nobody", "csat", "team", "service_night", "quarter", first, "0.7", "0.6",
             "E006", agreed, "", agreed),
            (f"A-{first}-proposed", "content_engagement_rate", "team", "content_studio", "quarter",
             first, "0.050", "0.035", None, None, "To be agreed.", agreed),
            (f"A-{first}-colleague", "order_to_delivery_hours", "department", "supply_chain",
             "quarter", first, "95", "120", "E021", agreed, "", agreed),
        ]  # fmt: skip
    return []
