"""The example company's employees: posts, moves, what each owns, and how good each is at it.

The roster and its changes are fixed facts plus a few drawn traits; the HR exports write them down.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from orchestration.demo.calendar import DAYS, Floats, date_of, day_of
from orchestration.demo.company import DEPARTMENT_OF_TEAM, POSTS
from orchestration.demo.streams import Streams

_SURNAMES = (
    ("Wang", "王"), ("Li", "李"), ("Zhang", "张"), ("Liu", "刘"), ("Chen", "陈"), ("Yang", "杨"),
    ("Zhao", "赵"), ("Huang", "黄"), ("Zhou", "周"), ("Wu", "吴"), ("Xu", "徐"), ("Sun", "孙"),
    ("Hu", "胡"), ("Zhu", "朱"), ("Gao", "高"), ("Lin", "林"), ("He", "何"), ("Guo", "郭"),
    ("Ma", "马"),
)  # fmt: skip
_GIVEN = (
    ("Jing", "静"), ("Lei", "磊"), ("Min", "敏"), ("Yan", "燕"), ("Tao", "涛"), ("Hao", "浩"),
    ("Xin", "欣"), ("Yuhan", "雨涵"), ("Zihan", "子涵"), ("Mingyu", "明宇"), ("Siqi", "思琪"),
    ("Junjie", "俊杰"), ("Ruoxi", "若溪"),
)  # fmt: skip

Place = tuple[str, int]  # team and the place in it at the span's start

_LEAVERS: tuple[tuple[Place, str, str], ...] = (  # who, first day gone, successor's first day
    (("warehouse_domestic", 1), "2025-02-10", "2025-03-03"),
    (("performance_marketing", 2), "2025-03-15", "2025-04-01"),
    (("service_aftersale", 0), "2025-05-20", "2025-06-03"),
    (("data_platform", 3), "2025-07-01", "2025-07-15"),
    (("content_studio", 1), "2025-09-01", "2025-09-08"),
    (("own_shop", 1), "2025-12-01", "2025-12-08"),
    (("people_finance_team", 4), "2026-01-10", "2026-02-02"),
    (("service_presale", 2), "2026-02-15", "2026-03-02"),
    (("hard_goods", 1), "2026-04-01", "2026-04-07"),
)
_JOINERS = (
    ("marketplace_shops", "shop_operator", "2025-09-01"),
    ("service_aftersale", "service_agent", "2025-10-09"),
)
_MOVES: tuple[tuple[Place, str, str, str], ...] = (  # who, from when, team, role
    (("warehouse_domestic", 2), "2025-05-06", "warehouse_crossborder", "warehouse_planner"),
    (("service_aftersale", 2), "2025-07-01", "service_presale", "service_agent"),
    (("service_presale", 1), "2025-07-01", "service_aftersale", "service_agent"),
    (("content_studio", 5), "2026-02-09", "brand_marketing", "channel_manager"),
    (("data_platform", 5), "2026-05-11", "people_finance_team", "specialist"),
)
_HANDOVERS: tuple[tuple[str, str, Place], ...] = (  # what, from when, to whom
    ("warehouse=los_angeles", "2025-05-06", ("warehouse_domestic", 2)),
    ("queue=vip", "2025-07-01", ("service_aftersale", 2)),
    ("channel=organic_social", "2026-02-09", ("content_studio", 5)),
    ("channel=referral", "2026-02-09", ("content_studio", 5)),
    ("shop=tmall_flagship", "2026-04-01", ("marketplace_shops", 3)),
)


@dataclass
class Held:
    """A post or an owned value, held from a day until before another (None: still)."""

    what: str
    role: str
    since: date
    until: date | None = None


@dataclass
class Employee:
    """One employee; `skill` and `diligence` are standard scores nobody exports."""

    employee_id: str
    name: str
    name_zh: str
    hired_on: date
    grade: int
    skill: float
    diligence: float
    left_on: date | None = None
    posts: list[Held] = field(default_factory=list)
    owns: list[Held] = field(default_factory=list)

    def post_on(self, day: date) -> Held | None:
        """The post held on a day."""
        return next((h for h in self.posts if _holds(h, day)), None)


def _holds(held: Held, day: date) -> bool:
    return held.since <= day and (held.until is None or day < held.until)


class Roster:
    """All employees of the span."""

    def __init__(self, streams: Streams) -> None:
        self._random = streams("people.traits")
        self.employees: list[Employee] = []
        self._places: dict[Place, Employee] = {}
        self._start()
        self._change()

    def owner_on(self, value: str, day: date) -> Employee | None:
        """Who owns `dimension=value` on a day; at most one employee does."""
        owners = (e for e in self.employees for h in e.owns if h.what == value and _holds(h, day))
        return next(owners, None)

    def skill(self, value: str) -> Floats:
        """The owner's skill on every day of the span; 0 while nobody owns the value."""
        found = np.zeros(DAYS)
        for employee in self.employees:
            for held in employee.owns:
                if held.what == value:
                    first = max(0, day_of(held.since))
                    last = DAYS if held.until is None else min(DAYS, day_of(held.until))
                    found[first:last] = employee.skill
        return found

    def manager_of(self, employee: Employee, post: Held) -> str:
        """The employee id of the head of the post's department; empty for the head of all."""
        if post.role == "general_manager":
            return ""
        if post.role == "department_head":
            return self._places[("management", 0)].employee_id
        return self._places[(f"{DEPARTMENT_OF_TEAM[post.what]}_office", 0)].employee_id

    def _hire(self, team: str, role: str, grade: int, hired_on: date) -> Employee:
        number = len(self.employees)
        surname = _SURNAMES[(number * 7) % len(_SURNAMES)]
        given = _GIVEN[(number * 5 + number // 13) % len(_GIVEN)]
        skill, diligence = self._random.normal(size=2)
        employee = Employee(
            f"E{number + 1:03d}", f"{given[0]} {surname[0]}", surname[1] + given[1], hired_on,
            grade, round(float(skill), 3), round(float(diligence), 3),
        )  # fmt: skip
        employee.posts.append(Held(team, role, hired_on))
        self.employees.append(employee)
        return employee

    def _start(self) -> None:
        counts: dict[str, int] = {}
        for post in POSTS:
            for values in post.owns:
                hired_on = date_of(-int(self._random.integers(40, 2400)))
                employee = self._hire(post.team, post.role, post.grade, hired_on)
                employee.owns += [
                    Held(value, "", max(hired_on, date(2024, 1, 1))) for value in values
                ]
                self._places[(post.team, counts.setdefault(post.team, 0))] = employee
                counts[post.team] += 1

    def _change(self) -> None:
        for place, since, team, role in _MOVES:
            employee, day = self._places[place], date.fromisoformat(since)
            employee.posts[-1].until = day
            employee.posts.append(Held(team, role, day))
        for value, since, place in _HANDOVERS:
            day = date.fromisoformat(since)
            before = self.owner_on(value, day - timedelta(days=1))
            if before is not None:
                next(h for h in before.owns if h.what == value and h.until is None).until = day
            self._places[place].owns.append(Held(value, "", day))
        for place, gone, successor in _LEAVERS:
            self._replace(
                self._places[place], date.fromisoformat(gone), date.fromisoformat(successor)
            )
        for team, role, since in _JOINERS:
            self._hire(team, role, 1, date.fromisoformat(since))

    def _replace(self, leaver: Employee, gone: date, successor_from: date) -> None:
        leaver.left_on = gone
        post = leaver.posts[-1]
        post.until = gone
        successor = self._hire(post.what, post.role, leaver.grade, successor_from)
        for held in [h for h in leaver.owns if h.until is None]:
            held.until = gone
            successor.owns.append(Held(held.what, "", successor_from))
