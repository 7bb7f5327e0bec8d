"""Every hostile case, each in a home of its own, and the page that lists them."""

import pytest
from hostile import Case, all_cases, told
from hostile_table import PAGE, table
from landing_home import Landing


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.title)
def test_the_user_sees(case: Case, landing: Landing) -> None:
    case.arrange(landing)
    report = landing.admit()
    assert told(landing, report) == case.sees
    for each in landing.manifest_counts():
        assert each["read"] == each["used"] + each["filtered"] + each["unreadable"]
        for rows in each["entities"].values():
            assert rows["mapped"] == rows["accepted"] + rows["rejected"]


def test_the_page_lists_what_the_runs_showed() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), "python tests/landing/hostile_table.py"
