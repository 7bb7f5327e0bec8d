"""A company that fills only some entities, with rules of its own; then with a wrong rule."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pytest
from command import said, steelyard
from partial_company import CLOCKS, FEED

from orchestration.paths import Home
from orchestration.serving.build import Build

TIERS_WITH_A_GAP = """tier_id,name,name_zh,period_grain,score_from,score_to,valid_from,valid_to
high,High,高,quarter,90.00,,2000-01-01,
low,Low,低,quarter,,50.00,2000-01-01,
"""


@dataclass(frozen=True)
class Company:
    """A home with orders alone, refreshed once, and its build."""

    home: Home
    build: Build

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query over the public file."""
        with self.build.open() as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def company(ran_company: Home, tmp_path_factory: pytest.TempPathFactory) -> Company:
    home = Home(tmp_path_factory.mktemp("partial") / "home")
    shutil.copytree(ran_company.root, home.root, symlinks=True)
    return Company(home, Build.current(home))


def test_what_happened_and_was_known_by_the_clocks_is_counted(company: Company) -> None:
    rows = company.rows("select order_id, revenue::varchar from public.core.fct_orders order by 1")
    assert rows == [("R1", "9.90"), ("R2", "6.50"), ("R3", "6.50")]


def test_orders_without_touches_are_unattributed_under_every_model(company: Company) -> None:
    rows = company.rows(
        "select model_id, channel, sum(revenue)::varchar "
        "from public.attribution.channel_attribution_daily "
        "where conversion_type = 'purchase' group by all"
    )
    assert {(channel, revenue) for _, channel, revenue in rows} == {("(unattributed)", "22.90")}
    assert {"first_touch", "last_touch", "u_shaped"} <= {model for model, _, _ in rows}


def test_what_is_not_there_is_an_empty_table(company: Company) -> None:
    for table in ("core.fct_touches", "core.fct_tickets", "core.fct_ad_spend"):
        assert company.rows(f"select count(*) from public.{table}") == [(0,)], table
    assert company.rows("select count(*) from people.core.dim_employees") == [(0,)]


def test_the_homes_settings_hold(company: Company) -> None:
    assert company.build.content["settings"]["base_currency"] == "EUR"
    assert company.build.clocks.as_of == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_the_homes_rules_take_the_place_of_the_seeds(company: Company) -> None:
    rows = company.rows(
        "select distinct promotion_id from public.core.dim_dates where promotion_id is not null"
    )
    assert rows == [("carnival",)]
    used = (company.build.folder / "rules" / "promotion_calendar.csv").read_text(encoding="utf-8")
    assert "狂欢节" in used and "p1111_2024" not in used


def test_other_rules_are_the_projects_still(company: Company) -> None:
    used = (company.build.folder / "rules" / "performance_tiers.csv").read_text(encoding="utf-8")
    assert "talent_pool" in used


def test_a_test_that_fails_publishes_nothing_and_says_which(company: Company) -> None:
    """Readers keep the earlier build; the rule that was right before is used again."""
    rule = company.home.rules / "performance_tiers.csv"
    rule.write_text(TIERS_WITH_A_GAP, encoding="utf-8")
    wrong = company.home.landing / "mail"
    wrong.mkdir()
    (wrong / "feed.yml").write_text(
        FEED.replace("feed: till", "feed: mail").replace("orders:", "ordrs:")
    )
    failed = steelyard("run", company.home, *CLOCKS)
    rule.unlink()
    shutil.rmtree(wrong)
    assert failed.returncode == 1, said(failed)
    assert "assert_tiers_cover_every_score_once" in failed.stderr
    assert "nothing is published" in failed.stderr
    assert "landing/mail/feed.yml" in failed.stderr
    assert Build.current(company.home).build_id == company.build.build_id
    with duckdb.connect(str(company.home.serving / "steelyard.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from core.fct_orders").fetchone() == (3,)
