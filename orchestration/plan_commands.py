"""`steelyard plan`: the next quarter's proposals from the command line.

Belongs here: arguments and words. What a plan holds is in `reviews/plan.py`.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.session import WRONG_USE, HomeOption, fail, session
from orchestration.settings import load_settings


def plan(
    quarter: Annotated[str, typer.Argument(help="The fiscal quarter, such as 2026-Q4.")],
    out: Annotated[Path, typer.Option("--out", help="A new CSV file, for a spreadsheet.")],
    home: HomeOption = None,
) -> None:
    """Write what is proposed for a quarter as a CSV that a manager edits and drops back in.

    Fill in approved, approver (an employee id), approved_on and comment, save as CSV UTF-8, and put
    the file into landing/plan_approvals/ under a name like plan_2026Q4.csv, beside the ready
    feed.yml of that name: the next run admits it, and the quarter is scored by it. The file says
    who answers for what and is readable for its owner alone.
    """
    with session(home) as (place, console):
        from orchestration.reviews.plan import NotPlannedError, PlanExistsError, write_plan
        from orchestration.reviews.quarters import Quarter, UnknownQuarterError
        from orchestration.serving.build import NothingPublishedError

        settings = load_settings(place.prepare())
        try:
            written = write_plan(place, settings, Quarter.labelled(quarter, settings), out)
        except (
            UnknownQuarterError,
            NothingPublishedError,
            NotPlannedError,
            PlanExistsError,
        ) as error:
            fail(str(error), WRONG_USE)
        except OSError as error:
            fail(f"{out} cannot be written: {error.strerror}; name a new file", WRONG_USE)
        told = ", ".join(f"{count:,} of {kind}" for kind, count in written.counts.items())
        console.print(f"{out}: rows {told}", highlight=False, markup=False, soft_wrap=True)
