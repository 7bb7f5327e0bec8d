"""Write docs/hostile_input.md from the hostile cases: `python tests/landing/hostile_table.py`.

What the table says a user sees is what `test_hostile_cases.py` holds each run to.
"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "hostile_input.md"


def table() -> str:
    """The page: one section a subject, one row a case."""
    parts = [
        "# Hostile, broken and awkward input",
        "What lands at the door and what the user sees of it. Nothing is dropped silently: each "
        "case ends in a reason at its row, a file set aside in `landing/_quarantine` with a "
        "`.reason` beside it, a stopped feed, a file left for the next run, or rows that are "
        "accepted and, where that is worth knowing, a note. This page is written by "
        "`python tests/landing/hostile_table.py` from the cases that the tests run, word for word.",
    ]
    for path in sorted(HERE.glob("cases_*.py")):
        module = importlib.import_module(path.stem)
        rows = [f"| {_cell(case.title)} | {_cell(case.sees)} |" for case in module.CASES]
        parts += [f"## {module.TITLE}", "\n".join(["| what lands | what the user sees |",
                                                  "| --- | --- |", *rows])]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(table(), encoding="utf-8")
