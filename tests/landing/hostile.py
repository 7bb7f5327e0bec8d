"""What makes a hostile case: what lands, and word for word what the user then sees.

The cases stand in `cases_*.py` beside this file, by subject. `test_hostile_cases.py` runs each of
them; `python tests/landing/hostile_table.py` writes docs/hostile_input.md from the same list.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from landing_home import Landing

from orchestration.landing.report import AdmissionReport

ACCEPTED = "accepted as it is"


@dataclass(frozen=True)
class Case:
    """One hostile thing.

    `arrange` lands feeds and files, and may admit earlier ones; the admission that counts comes
    after it. `sees` is all that admission tells of it, as `told` puts it.
    """

    title: str
    arrange: Callable[[Landing], None]
    sees: str


def told(landing: Landing, report: AdmissionReport) -> str:
    """What one admission tells: stopped feeds, files set aside or left, row reasons, notes."""
    lines = [f"feed stopped: {wrong}" for wrong in report.wrong]
    lines += [f"set aside: {aside.reason}" for aside in report.quarantined]
    lines += [f"left for later: {pending}" for pending in report.pending]
    admitted = {(each.feed, each.file) for each in report.files}
    rejected = landing.rows("rejected", "reasons, _feed, _file", "_feed, _file, _row, _item")
    lines += [f"row reason: {reasons}" for reasons, *place in rejected if tuple(place) in admitted]
    lines += [f"note: {note}" for note in report.notes]
    return "<br>".join(lines) or ACCEPTED


def all_cases() -> list[Case]:
    """Every case, by the module that it stands in."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("cases_*.py"))
    return [case for name in modules for case in importlib.import_module(name).CASES]
