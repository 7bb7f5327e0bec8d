"""`steelyard explain`: asks for an explanation and a what-if, and puts what is wrong in words."""

from collections.abc import Sequence

from rich.console import Console

from orchestration.paths import Home
from orchestration.reviews.quarters import UnknownQuarterError
from orchestration.serving.build import Build, NothingPublishedError
from orchestration.serving.explain import ExplainError, explain
from orchestration.serving.explain_print import LANGUAGES, Printer
from orchestration.serving.scoring_rules import NoScoringRulesError
from orchestration.serving.what_if import WhatIfError, parse_change, what_if
from orchestration.session import FAILED, WRONG_USE, fail


def explain_quarter(
    home: Home,
    console: Console,
    employee_id: str,
    label: str,
    language: str,
    tried: Sequence[str],
    all_files: bool,
) -> None:
    """Print the explanation of a quarter, and what the changed values would make of it."""
    if language not in LANGUAGES:
        fail(f"--language {language!r} is not one of {', '.join(LANGUAGES)}", WRONG_USE)
    try:
        changes = [parse_change(text) for text in tried]
        build = Build.current(home)
        found = explain(home, build, employee_id, label)
        day = found.quarter.first_day
        outcome = what_if(build, employee_id, day, changes) if changes else None
    except (ExplainError, UnknownQuarterError, WhatIfError) as error:
        fail(str(error), WRONG_USE)
    except (NothingPublishedError, NoScoringRulesError) as error:
        fail(str(error), FAILED)
    printer = Printer(console, language)
    printer.explanation(found, all_files)
    if outcome:
        printer.what_if(outcome)
