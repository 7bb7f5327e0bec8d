"""Ratings, diaries and approved targets as people write them."""

from collections.abc import Callable

from hostile import ACCEPTED, Case
from landing_home import Landing

TITLE = "Ratings, diaries and targets"

RATING = {
    "rating_id": "id", "employee_id": "'E1'", "quarter_start": "'2026-04-01'",
    "rater_kind": "kind", "rating": "rating", "rated_at": "'2026-07-05 09:00:00'",
}  # fmt: skip
OBJECTION = {
    "objection_id": "id", "employee_id": "'E1'", "quarter_start": "'2026-04-01'",
    "raised_at": "'2026-07-12 09:00:00'", "reason": "reason", "outcome": "outcome",
}  # fmt: skip
TARGET = {
    "approval_id": "id", "kpi_id": "'csat'", "owner_kind": "kind", "owner_id": "'t1'",
    "period_grain": "'quarter'", "period_start": "'2026-04-01'", "target": "target",
    "approved_by": "'E2'", "approved_at": "'2026-07-05 09:00:00'",
}  # fmt: skip
DIARY = {
    "entry_id": "json->>'$.id'", "employee_id": "'E1'", "entry": "json->>'$.text'",
    "written_at": "'2026-05-05 09:00:00'",
}  # fmt: skip

ENTRIES = (
    r'=HYPERLINK(\"https://x.example\", \"click\")', "<script>alert('x')</script> <b>bold</b>",
    "帮助同事完成了大促 🎉", r'She said \"it\'s done\" -- twice'.replace(r"\'", "'"),
    "# a heading\\n* a list; a, b", "-5 % returns", "@all +1",
)  # fmt: skip
"""Texts of diary entries, as JSON writes them."""


def _rows(name: str, entity: str, select: dict[str, str], text: str) -> Callable[[Landing], None]:
    def arrange(landing: Landing) -> None:
        folder = landing.feed(name, {entity: {"select": select}})
        (folder / "a.csv").write_text(text, encoding="utf-8")

    return arrange


def ratings(*rows: str) -> Callable[[Landing], None]:
    """Lands ratings, each as kind and rating."""
    lines = [f"{number},{row}" for number, row in enumerate(rows)]
    return _rows("ratings", "review_ratings", RATING, "\n".join(["id,kind,rating", *lines, ""]))


def diary(landing: Landing) -> None:
    """Lands the entries."""
    read = {"format": "json_lines"}
    folder = landing.feed("diary", {"diary_entries": {"select": DIARY}}, read=read, files="*.jsonl")
    rows = [f'{{"id": "d{number}", "text": "{text}"}}' for number, text in enumerate(ENTRIES)]
    (folder / "a.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


CASES = [
    Case(
        "a rating out of scale (its value is masked)",
        ratings("manager,112", "hr,-1", "self,100"),
        "row reason: rating: *** is above 100<br>row reason: rating: *** is below 0",
    ),
    Case(
        "text in a rating (masked, too)",
        ratings("manager,very good", "hr,B+"),
        "row reason: rating: '***' is not a number<br>row reason: rating: '***' is not a number",
    ),
    Case(
        "a rating in nobody's capacity",
        ratings("friend,80"),
        "row reason: rater_kind: 'friend' is not one of self, manager, hr, peer",
    ),
    Case("a rating that is missing", ratings("manager,"), "row reason: rating: missing"),
    Case(
        "diary entries of markup, Chinese, emoji, quotes and a leading =, kept to the letter",
        diary,
        ACCEPTED,
    ),
    Case(
        "an objection with an outcome that is none",
        _rows(
            "objections",
            "review_objections",
            OBJECTION,
            "id,reason,outcome\n1,=1+1,under review\n2,不同意,pending\n",
        ),
        "row reason: outcome: 'under review' is not one of upheld, rejected, pending",
    ),
    Case(
        "a target approved after its quarter closed, listed in scorecards.target_findings",
        _rows("targets", "target_approvals", TARGET, "id,kind,target\n1,team,0.5\n"),
        ACCEPTED,
    ),
    Case(
        "a target that is no number, and one of an owner of no kind",
        _rows(
            "targets",
            "target_approvals",
            TARGET,
            "id,kind,target\n1,team,as before\n2,guild,1\n",
        ),
        "row reason: target: 'as before' is not a number<br>row reason: owner_kind: 'guild' is not "
        "one of employee, role, team, department, company",
    ),
]
