"""Tools of people's growth: trainings, quarterly ratings, performance diaries.

Ratings of joiners, leavers and peers, objections and approved targets are in `reviews.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from orchestration.demo.calendar import date_of, month_ends
from orchestration.demo.exports.reviews import HEAD_OF_HR, LATE_RATING, WITHOUT_RATING, quarters
from orchestration.demo.people import Employee
from orchestration.demo.stage import dated, write_bytes, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World

_COURSES = ("Data literacy", "Customer interviews", "Negotiation", "Compliance basics",
            "Content craft", "Warehouse safety", "SQL for operators", "Giving feedback",
            "Cross-border tax", "Presentation")  # fmt: skip
_KPI_OF_ROLE = {
    "channel_manager": "roas", "content_creator": "content_engagement_rate",
    "shop_operator": "conversion_rate", "category_manager": "gross_margin_rate",
    "service_agent": "first_response_within_target", "warehouse_planner": "on_time_delivery_rate",
}  # fmt: skip
_NOTES = ("Handled a hard week calmly.", "Helped a colleague through the promotion.",
          "Missed a hand-over; agreed on a check-list.", "Found the cause of a recurring fault.",
          "Ran a small experiment and shared the result.")  # fmt: skip
_RATED_AFTER_DAYS = 9
_LEAN_OF_MANAGER = {"E003": 7.0, "E007": -5.0}  # one who is generous and one who is strict


def write(world: World, landing: Path, truth: Truth) -> None:
    """Write every tool's files of the span."""
    _write_trainings(world, landing / "training_records", truth)
    _write_ratings(world, landing / "review_ratings", truth)
    _write_diaries(world, landing / "performance_diary")


def employed(employee: Employee, day: date) -> bool:
    """Whether somebody is in the company on a day."""
    return employee.hired_on <= day and (employee.left_on is None or day < employee.left_on)


@dataclass(frozen=True)
class Training:
    """A completed training."""

    record_id: str
    employee_id: str
    course: str
    day: date
    hours: float


def trainings(world: World) -> Iterator[list[Training]]:
    """The trainings of each month."""
    random, number, start = world.streams("growth.trainings"), 0, 0
    for end in month_ends():
        found = []
        for employee in world.roster.employees:
            for _ in range(int(random.poisson(0.5 * (1 + 0.3 * max(-2, employee.diligence))))):
                day = date_of(start + int(random.integers(0, end - start)))
                course = _COURSES[int(random.integers(0, len(_COURSES)))]
                hours = float(random.choice([2, 3, 4, 6, 8, 14]))
                if employed(employee, day):
                    number += 1
                    found.append(
                        Training(f"T{number:05d}", employee.employee_id, course, day, hours)
                    )
        yield found
        start = end


def _write_trainings(world: World, folder: Path, truth: Truth) -> None:
    header = ("record_id", "employee_no", "course", "completed", "hours")
    for place, (end, month) in enumerate(zip(month_ends(), trainings(world), strict=True)):
        rows: list[tuple[object, ...]] = [
            (each.record_id, each.employee_id, each.course, each.day, each.hours) for each in month
        ]
        name = f"trainings_{dated(end)}.csv"
        if place == 0:
            rows.append(("T-X", "E001", "Endless course", date_of(2), 4000))
            truth.dirty("training_records", name, "training_records", "hours_too_many", "rejected")
        write_csv(folder / name, header, rows)


def _write_ratings(world: World, folder: Path, truth: Truth) -> None:
    random = world.streams("growth.ratings")
    header = ("rating_id", "employee_no", "quarter_start", "rater_kind", "rater_no", "rating",
              "remark", "rated_at")  # fmt: skip
    for first, after in quarters():
        rows: list[tuple[object, ...]] = []
        for employee in world.roster.employees:
            post = employee.post_on(after - timedelta(days=1))
            if post is None or employee.hired_on > first:
                continue
            manager = world.roster.manager_of(employee, post)
            of_hr = employee.employee_id == HEAD_OF_HR
            raters = (("self", employee.employee_id, 6.0, 5.0),
                      ("manager", manager, _LEAN_OF_MANAGER.get(manager, 0.0), 4.0),
                      ("hr", "E001" if of_hr else HEAD_OF_HR, 1.0, 3.0))  # fmt: skip
            for kind, rater, lean, spread in raters:
                if not rater:
                    continue
                mark = 82 + lean + 6.5 * employee.skill + float(random.normal(0, spread))
                rated = f"{after + timedelta(days=int(random.integers(1, 9)))} 17:30:00"
                note = _NOTES[int(random.integers(0, len(_NOTES)))]
                key = (f"{first}", employee.employee_id, kind)
                if key in WITHOUT_RATING or key == LATE_RATING:
                    continue
                rows.append((f"R-{first}-{employee.employee_id}-{kind}", employee.employee_id,
                             first, kind, rater, f"{min(100.0, max(30.0, mark)):.1f}",
                             note, rated))  # fmt: skip
        name = f"ratings_{after + timedelta(days=_RATED_AFTER_DAYS):%Y%m%d}.csv"
        if first == quarters()[0][0]:
            rows.append(("R-X", "E002", first, "manager", "E001", "112.0", "", f"{after} 09:00:00"))
            truth.dirty("review_ratings", name, "review_ratings", "rating_too_high", "rejected")
        write_csv(folder / name, header, rows)


def _write_diaries(world: World, folder: Path) -> None:
    random, start, number = world.streams("growth.diaries"), 0, 0
    for end in month_ends():
        entries = []
        for employee in world.roster.employees:
            day = date_of(start + int(random.integers(0, end - start)))
            note, wants = int(random.integers(0, len(_NOTES))), random.random() < 0.55
            post = employee.post_on(day)
            if post is None or not wants:
                continue
            number += 1
            author = world.roster.manager_of(employee, post) or employee.employee_id
            entries.append(json.dumps({
                "id": f"D{number:05d}", "employee": employee.employee_id, "author": author,
                "written_at": f"{day}T18:05:00+08:00", "kpi": _KPI_OF_ROLE.get(post.role),
                "text": _NOTES[note],
            }, ensure_ascii=False))  # fmt: skip
        content = "\n".join(entries) + "\n"
        write_bytes(folder / f"diary_{dated(end)}.jsonl", content.encode())
        start = end
