"""A what-if runs the build's own rules on another value, and nothing else."""

from datetime import date
from pathlib import Path

import pytest
from explained_homes import MANIFEST, make_explained_home, make_warehouse, scoring_file

from orchestration.paths import Home
from orchestration.serving.build import Build
from orchestration.serving.scoring_rules import (
    NoScoringRulesError,
    scoring_chain,
    write_scoring_rules,
)
from orchestration.serving.what_if import Change, WhatIfError, parse_change, what_if

QUARTER = date(2026, 4, 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = make_explained_home(tmp_path / "home")
    make_warehouse(home)
    write_scoring_rules(home, MANIFEST, scoring_file(home), "v1.0.0")
    return home


def test_the_chain_is_what_lies_between_a_value_and_a_scorecard() -> None:
    chain = scoring_chain(MANIFEST)
    assert [model["name"] for model in chain.models] == ["kpi_scores", "scorecards"]
    assert [node["name"] for node in chain.inputs] == ["kpi_values", "scorecard_rules"]


def test_another_value_goes_through_the_rules(home: Home) -> None:
    tried = what_if(Build.current(home), "E1", QUARTER, [Change("revenue", 8.5)])
    (before,), (after,) = tried.before.lines, tried.after.lines
    assert (before.columns["value"], before.columns["score"]) == (5.0, 50.0)
    assert (after.columns["value"], after.columns["score"]) == (8.5, 85.0)
    assert (tried.before.card["tier_name"], tried.after.card["tier_name"]) == ("Low", "Good")


def test_the_present_value_changes_nothing(home: Home) -> None:
    tried = what_if(Build.current(home), "E1", QUARTER, [Change("revenue", 5.0)])
    assert tried.before == tried.after


def test_a_what_if_is_forgotten(home: Home) -> None:
    written = scoring_file(home).read_bytes()
    what_if(Build.current(home), "E1", QUARTER, [Change("revenue", 8.5)])
    assert scoring_file(home).read_bytes() == written
    assert what_if(Build.current(home), "E1", QUARTER, []).after.lines[0].columns["value"] == 5.0


def test_the_rules_are_private(home: Home) -> None:
    assert scoring_file(home).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("csat=0.9", Change("csat", 0.9)),
        (" csat = 1e-3 ", Change("csat", 0.001)),
        ("csat@team=-2", Change("csat", -2.0, "team")),
        ("csat@own=1", Change("csat", 1.0, "employee")),
    ],
)
def test_a_change_is_read(text: str, change: Change) -> None:
    assert parse_change(text) == change


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("csat", "not of the form kpi=value"),
        ("csat=high", "'high' is not a number"),
        ("csat=85%", "shares are fractions"),
        ("csat=nan", "'nan' is not a number"),
        ("csat=inf", "'inf' is not a number"),
        ("csat=0;drop table x", "not of the form"),
    ],
)
def test_what_is_no_change_is_said(text: str, words: str) -> None:
    with pytest.raises(WhatIfError, match=words):
        parse_change(text)


def test_a_kpi_that_is_not_measured_is_said_with_those_that_are(home: Home) -> None:
    build = Build.current(home)
    with pytest.raises(WhatIfError, match=r"'roas' is not on this scorecard.*revenue"):
        what_if(build, "E1", QUARTER, [Change("roas", 1)])
    with pytest.raises(WhatIfError, match=r"measured for employee .*, not for 'team'"):
        what_if(build, "E1", QUARTER, [Change("revenue", 1, "team")])


def test_a_build_without_rules_says_what_to_run(tmp_path: Path) -> None:
    home = make_explained_home(tmp_path / "home")
    with pytest.raises(NoScoringRulesError, match="steelyard run"):
        what_if(Build.current(home), "E1", QUARTER, [])
