"""`steelyard explain`: names as they are, numbers down to the files, mistakes in words."""

import json
from pathlib import Path

import duckdb
import pytest
from explained_homes import (
    MANIFEST,
    NAME,
    NAME_ZH,
    SENTENCE,
    make_explained_home,
    make_warehouse,
    scoring_file,
)
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home
from orchestration.reviews.frozen_tables import key_of
from orchestration.serving.explain_print import plain
from orchestration.serving.scoring_rules import write_scoring_rules

ORDERS = """
    copy (select 'shop' as _feed, file as _file, timestamp '2026-07-20' as _exported_at,
        cast(ordered_at as timestamp) as ordered_at from (values
        ('orders_04.csv', '2026-03-31 23:59:59'), ('orders_04.csv', '2026-04-01 00:00:00'),
        ('orders_04.csv', '2026-06-30 23:59:59'), ('orders_07.csv', '2026-07-01 00:00:00')
    ) as orders (file, ordered_at)) to '{file}' (format parquet)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("COLUMNS", "200")
    home = make_explained_home(tmp_path / "home")
    (home.lake / "orders").mkdir(parents=True, exist_ok=True)
    file = home.lake / "orders" / "a.parquet"
    duckdb.connect().execute(ORDERS.format(file=file))
    make_warehouse(home)
    write_scoring_rules(home, MANIFEST, scoring_file(home), "v1.0.0")
    return home


def _explain(home: Home, *options: str, employee: str = "E1", quarter: str = "2026-Q2") -> Result:
    arguments = ["explain", "--home", str(home.root), "--employee", employee, "--quarter", quarter]
    return CliRunner().invoke(app, [*arguments, *options])


def test_names_and_sentences_are_printed_as_they_are(home: Home) -> None:
    result = _explain(home)
    assert result.exit_code == 0, result.output
    assert f"E1  {NAME}  ({NAME_ZH}), Seller" in result.output
    assert SENTENCE in result.output and "2026-Q2, closed, basis: live" in result.output


def test_in_chinese(home: Home) -> None:
    result = _explain(home, "--language", "zh")
    assert f"E1  {NAME_ZH}  ({NAME}), 销售" in result.output
    assert "收入说明" in result.output and "数据来源" in result.output


def test_files_are_counted_by_their_rows_in_the_quarter(home: Home) -> None:
    said = _explain(home).output
    assert "orders  (revenue)" in said
    assert "landing/shop/orders_04.csv: 2 rows in the quarter of 3" in said
    assert "orders_07.csv" not in said and "refunds" not in said


def test_without_a_lake_the_admitted_rows_are_told(home: Home) -> None:
    (home.lake / "orders" / "a.parquet").unlink()
    assert "orders_04.csv: 3 rows, without a time" in _explain(home).output


def test_an_empty_lake_has_no_rows_in_the_quarter(home: Home) -> None:
    (home.lake / "orders" / "a.parquet").unlink()
    ensure_typed_lake(home.lake)
    assert "no rows in the quarter" in _explain(home).output


def test_what_would_change_is_shown_and_what_would_not_is_said(home: Home) -> None:
    said = _explain(home, "--if", "revenue=8.5").output
    assert "revenue (own) score" in said and "50.0000 -> 85.0000" in said
    assert "Low -> Good" in said
    assert "Nothing would change." in _explain(home, "--if", "revenue=5").output


@pytest.mark.parametrize(
    ("options", "employee", "quarter", "words"),
    [
        ([], "E9", "2026-Q2", "nobody has the employee id 'E9'"),
        ([], "E1", "2026-Q1", "E1 has no scorecard of 2026-Q1; there are scorecards of 2026-Q2"),
        ([], "E1", "spring", "'spring' is no quarter: write a year and it, 2026-Q3"),
        (["--language", "fr"], "E1", "2026-Q2", "'fr' is not one of en, zh"),
        (["--if", "revenue=much"], "E1", "2026-Q2", "'much' is not a number"),
        (["--if", "roas=4"], "E1", "2026-Q2", "'roas' is not on this scorecard"),
    ],
)
def test_mistakes_are_told_in_words(
    home: Home, options: list[str], employee: str, quarter: str, words: str
) -> None:
    result = _explain(home, *options, employee=employee, quarter=quarter)
    assert result.exit_code == 2
    assert words in result.output and "Traceback" not in result.output


def test_nothing_published_ends_with_1(tmp_path: Path) -> None:
    result = _explain(Home(tmp_path / "empty").prepare())
    assert result.exit_code == 1 and "steelyard run" in result.output


@pytest.mark.parametrize(
    ("is_in_it", "words"),
    [
        (True, "Frozen as revision 1: final score 50.00, as explained here"),
        (False, "Frozen as revision 1: the employee is not in it"),
    ],
)
def test_a_frozen_quarter_says_so(tmp_path: Path, is_in_it: bool, words: str) -> None:
    root = tmp_path / "home"
    key = key_of(Home(root).prepare())("E1")
    home = make_explained_home(root, key if is_in_it else "someone")
    review = home.reviews / "quarter=2026-Q2" / "revision=1"
    review.mkdir(parents=True)
    content = {"sequence": 1, "quarter": "2026-Q2", "revision": 1, "review_sha256": "0"}
    (review / "review.json").write_text(json.dumps(content))
    assert words in _explain(home).output


def test_characters_that_a_terminal_obeys_are_spelt_out() -> None:
    assert plain("a\x1b[31mb\u202ec").plain == "a\\x1b[31mb\\u202ec"
    assert plain(NAME).plain == NAME
