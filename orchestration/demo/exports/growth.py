"""Tools of people's growth: trainings, quarterly ratings, performance diaries, OKR check-ins."""

import csv
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from orchestration.demo.calendar import AS_OF, date_of, day_of, month_ends
from orchestration.demo.company import DEPARTMENT_OF_TEAM
from orchestration.demo.people import Employee
from orchestration.demo.stage import dated, write_bytes, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World
from orchestration.paths import SEEDS

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
_DONE_AT = 0.7
_FORGOTTEN = 0.05
_FRACTIONS_BELOW = 2


def write(world: World, landing: Path, truth: Truth) -> None:
    """Write every tool's files of the span."""
    _write_trainings(world, landing / "training_records", truth)
    _write_ratings(world, landing / "review_ratings", truth)
    _write_diaries(world, landing / "performance_diary")
    _write_check_ins(world, landing / "okr_check_ins", truth)


def _employed(employee: Employee, day: date) -> bool:
    return employee.hired_on <= day and (employee.left_on is None or day < employee.left_on)


def _write_trainings(world: World, folder: Path, truth: Truth) -> None:
    random, number, start = world.streams("growth.trainings"), 0, 0
    header = ("record_id", "employee_no", "course", "completed", "hours")
    for end in month_ends():
        rows: list[tuple[object, ...]] = []
        for employee in world.roster.employees:
            for _ in range(int(random.poisson(0.5 * (1 + 0.3 * max(-2, employee.diligence))))):
                day = date_of(start + int(random.integers(0, end - start)))
                course = _COURSES[int(random.integers(0, len(_COURSES)))]
                hours = float(random.choice([2, 3, 4, 6, 8, 14]))
                if _employed(employee, day):
                    number += 1
                    rows.append((f"T{number:05d}", employee.employee_id, course, day, hours))
        name = f"trainings_{dated(end)}.csv"
        if start == 0:
            rows.append(("T-X", "E001", "Endless course", date_of(2), 4000))
            truth.dirty("training_records", name, "training_records", "hours_too_many", "rejected")
        write_csv(folder / name, header, rows)
        start = end


def _quarters() -> list[tuple[date, date]]:
    """First day and first day after of every quarter that lies whole in the span."""
    firsts = [date_of(d) for d in range(day_of(AS_OF.date())) if date_of(d).day == 1
              and date_of(d).month % 3 == 1]  # fmt: skip
    return list(pairwise(firsts))


def _write_ratings(world: World, folder: Path, truth: Truth) -> None:
    random = world.streams("growth.ratings")
    header = ("rating_id", "employee_no", "quarter_start", "rater_kind", "rater_no", "rating",
              "remark", "rated_at")  # fmt: skip
    for first, after in _quarters():
        rows: list[tuple[object, ...]] = []
        for employee in world.roster.employees:
            post = employee.post_on(after - timedelta(days=1))
            if post is None or employee.hired_on > first:
                continue
            raters = (("self", employee.employee_id, 6.0, 5.0),
                      ("manager", world.roster.manager_of(employee, post), 0.0, 4.0),
                      ("hr", "E009", 1.0, 3.0))  # fmt: skip
            for kind, rater, lean, spread in raters:
                if not rater:
                    continue
                mark = 82 + lean + 6.5 * employee.skill + float(random.normal(0, spread))
                rated = f"{after + timedelta(days=int(random.integers(1, 9)))} 17:30:00"
                rows.append((f"R-{first}-{employee.employee_id}-{kind}", employee.employee_id,
                             first, kind, rater, f"{min(100.0, max(30.0, mark)):.1f}",
                             _NOTES[int(random.integers(0, len(_NOTES)))], rated))  # fmt: skip
        name = f"ratings_{after + timedelta(days=_RATED_AFTER_DAYS):%Y%m%d}.csv"
        if first == _quarters()[0][0]:
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


def _key_results() -> list[dict[str, str]]:
    """The company's key results with owner and quarter, as its rules have them."""
    with (SEEDS / "okr_objectives.csv").open(encoding="utf-8") as file:
        objectives = {row["objective_id"]: row for row in csv.DictReader(file)}
    with (SEEDS / "key_results.csv").open(encoding="utf-8") as file:
        return [{**objectives[row["objective_id"]], **row} for row in csv.DictReader(file)]


def _skill_of(world: World, owner: str, day: date) -> float:
    """Mean skill of those who hold a post in a team, or in any team of a department, on a day."""
    posts = ((e.skill, e.post_on(day)) for e in world.roster.employees)
    skills = [skill for skill, post in posts
              if post and owner in (post.what, DEPARTMENT_OF_TEAM.get(post.what))]  # fmt: skip
    return sum(skills) / len(skills) if skills else 0.0


def _reached(key_result: dict[str, str], progress: float) -> str:
    """What the owner reports at so much of the way, on the key result's own scale."""
    start, target = float(key_result["start_value"]), float(key_result["target_value"])
    if key_result["kind"] == "binary":
        return "1" if progress >= _DONE_AT else "0"
    if key_result["kind"] == "milestone":
        return str(int(start + (target - start) * min(progress, 1.0)))
    places = 3 if abs(target) < _FRACTIONS_BELOW else 0
    return f"{start + (target - start) * progress:.{places}f}"


def _write_check_ins(world: World, folder: Path, truth: Truth) -> None:
    """One check-in a key result and month of its quarter; one in twenty is forgotten."""
    random = world.streams("growth.key_results")
    header = ("check_in_id", "key_result", "owner", "checked_in_at", "current", "confidence",
              "note")  # fmt: skip
    key_results, progress = _key_results(), dict[str, float]()
    for place, end in enumerate(month_ends()):
        last = date_of(end - 1)
        first = date(last.year, last.month - (last.month - 1) % 3, 1)
        rows: list[tuple[object, ...]] = []
        for each in key_results:
            if each["quarter_start"] != str(first):
                continue
            key, skill = each["key_result_id"], _skill_of(world, each["owner_id"], last)
            gain = max(0.0, float(random.normal(0.27 + 0.05 * skill, 0.09)))
            gained = min(progress.get(key, 0.0) + gain, 1.15)
            forgotten, progress[key] = random.random() < _FORGOTTEN, gained
            if forgotten:
                continue
            sure = min(1.0, max(0.05, 0.35 + 0.5 * gained + float(random.normal(0, 0.06))))
            rows.append((f"C-{place:02d}-{key}", key, each["owner_id"], f"{last} 16:00:00",
                         _reached(each, gained), f"{sure:.2f}", ""))  # fmt: skip
        name = f"check_ins_{dated(end)}.csv"
        if place == 0:
            key = key_results[0]["key_result_id"]
            rows.append(
                ("C-X", key, key_results[0]["owner_id"], f"{date_of(3)} 10:00:00", "0.3", "7", "")
            )
            truth.dirty("okr_check_ins", name, "okr_check_ins", "confidence_too_high", "rejected")
        write_csv(folder / name, header, rows)
