"""HR's monthly snapshots: every post, owned value and salary as known that day, in full each time.

Trainings, ratings, diaries and check-ins come from tools of their own; see `growth.py`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from orchestration.demo.calendar import date_of, day_of, month_ends
from orchestration.demo.people import Employee, Held, Roster
from orchestration.demo.stage import dated, write_csv
from orchestration.demo.streams import Streams
from orchestration.demo.truth import Truth

_PAY_BY_GRADE = {1: 132_000, 2: 223_000, 3: 312_000, 4: 546_000, 5: 1_090_000}
_VARIABLE_SHARES = {
    "channel_manager": 0.35, "shop_operator": 0.35, "category_manager": 0.35,
    "department_head": 0.4, "general_manager": 0.4,
}  # fmt: skip
"""Of the whole pay, as the role's pay plan has it at the start of the contract; others 0.3."""
_RAISES_ON = (date(2025, 4, 1), date(2026, 4, 1))
KNOWN_AHEAD_DAYS = 14

_EMPLOYEES = ("employee_no", "effective_from", "effective_to", "name", "name_zh", "work_email",
              "team", "job_role", "manager_no", "hire_date", "leave_date",
              "last_modified")  # fmt: skip
_ASSIGNMENTS = ("employee_no", "dimension", "value", "from_date", "to_date", "last_modified")
_SALARIES = ("employee_no", "effective_from", "effective_to", "fixed_per_year",
             "variable_per_year", "currency", "last_modified")  # fmt: skip


def write(roster: Roster, streams: Streams, landing: Path, truth: Truth) -> None:
    """Write a snapshot at the span's start and at each month's end."""
    salaries = _salaries(roster, streams)
    for end in (1, *month_ends()):
        today = date_of(end)
        folder, suffix = landing / "hr_people", f"{dated(end)}.csv"
        posts: list[tuple[object, ...]] = list(_posts(roster, today))
        if end == 1:
            posts.append(
                ("", today, None, "", "", "", "own_shop", "shop_operator", "", today, "", "")
            )
            posts.append(("E900", "someday", None, "No Date", "", "", "own_shop", "shop_operator",
                          "", today, "", ""))  # fmt: skip
            truth.dirty("hr_people", f"employees_{suffix}", "employees", "id_missing", "rejected")
            truth.dirty("hr_people", f"employees_{suffix}", "employees", "date_wrong", "rejected")
        write_csv(folder / f"employees_{suffix}", _EMPLOYEES, posts)
        owned = list(_owned(roster, today))
        if end == 1:
            owned.append(("E002", "planet", "mars", today, None, today))
            name = f"assignments_{suffix}"
            truth.dirty("hr_assignments", name, "assignments", "dimension_unknown", "rejected")
        write_csv(landing / "hr_assignments" / f"assignments_{suffix}", _ASSIGNMENTS, owned)
        pay = [row for row in (_as_known(r, today) for r in salaries) if row is not None]
        write_csv(landing / "hr_salaries" / f"salaries_{suffix}", _SALARIES, pay)


def _known_end(held: Held, today: date) -> date | None:
    """An end is known some days ahead; before that the post looks open."""
    if held.until is None or day_of(held.until) > day_of(today) + KNOWN_AHEAD_DAYS:
        return None
    return held.until


def _posts(roster: Roster, today: date) -> Iterator[tuple[object, ...]]:
    for employee in roster.employees:
        left = employee.left_on
        if left is not None and day_of(left) > day_of(today) + KNOWN_AHEAD_DAYS:
            left = None
        for held in employee.posts:
            if held.since > today:
                continue
            until = _known_end(held, today)
            changed = (
                max(held.since, date_of(day_of(until) - KNOWN_AHEAD_DAYS)) if until else held.since
            )
            yield (
                employee.employee_id, held.since, until, employee.name, employee.name_zh,
                f"{employee.name.lower().replace(' ', '.')}@steelyard.example", held.what,
                held.role, roster.manager_of(employee, held), employee.hired_on, left, changed,
            )  # fmt: skip


def _owned(roster: Roster, today: date) -> Iterator[tuple[object, ...]]:
    for employee in roster.employees:
        for held in employee.owns:
            if held.since > today:
                continue
            dimension, value = held.what.split("=")
            until = _known_end(held, today)
            changed = (
                max(held.since, date_of(day_of(until) - KNOWN_AHEAD_DAYS)) if until else held.since
            )
            yield employee.employee_id, dimension, value, held.since, until, changed


def _salaries(roster: Roster, streams: Streams) -> list[tuple[Employee, Held, int, int]]:
    random, found = streams("hr.salaries"), []
    for employee in roster.employees:
        pay = _PAY_BY_GRADE[employee.grade] * float(random.uniform(0.9, 1.15))
        starts = [employee.hired_on, *(d for d in _RAISES_ON if d > employee.hired_on)]
        starts = [d for d in starts if employee.left_on is None or d < employee.left_on]
        for place, since in enumerate(starts):
            until = starts[place + 1] if place + 1 < len(starts) else employee.left_on
            amount = round(pay * (1.04 + 0.01 * employee.skill) ** place / 1200) * 1200
            post = employee.post_on(since) or employee.posts[0]
            variable = round(amount * _VARIABLE_SHARES.get(post.role, 0.3))
            found.append((employee, Held("salary", "", since, until), amount - variable, variable))
    return found


def _as_known(row: tuple[Employee, Held, int, int], today: date) -> tuple[object, ...] | None:
    employee, held, fixed, variable = row
    if held.since > today:
        return None
    until = _known_end(held, today)
    changed = max(held.since, date_of(day_of(until) - KNOWN_AHEAD_DAYS)) if until else held.since
    return employee.employee_id, held.since, until, f"{fixed}.00", f"{variable}.00", "CNY", changed
