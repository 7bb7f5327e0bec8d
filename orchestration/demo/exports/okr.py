"""The OKR tool: monthly check-ins on the key results that the example company's rules name.

Objectives and key results are rules (`seeds/`), read from there so that both always agree.
"""

import csv
from datetime import date
from pathlib import Path

from orchestration.demo.calendar import date_of, month_ends
from orchestration.demo.company import DEPARTMENT_OF_TEAM
from orchestration.demo.stage import dated, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import World
from orchestration.paths import SEEDS

_OBJECTIVES = SEEDS / "okr_objectives.csv"
_KEY_RESULTS = SEEDS / "key_results.csv"
RULES = (_OBJECTIVES, _KEY_RESULTS)
_DONE_AT = 0.7
_FORGOTTEN = 0.05
_FRACTIONS_BELOW = 2


def write(world: World, landing: Path, truth: Truth) -> None:
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
        write_csv(landing / "okr_check_ins" / name, header, rows)


def _key_results() -> list[dict[str, str]]:
    """The company's key results with owner and quarter, as its rules have them."""
    with _OBJECTIVES.open(encoding="utf-8") as file:
        objectives = {row["objective_id"]: row for row in csv.DictReader(file)}
    with _KEY_RESULTS.open(encoding="utf-8") as file:
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
