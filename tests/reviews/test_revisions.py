"""A frozen quarter is corrected by a further revision, with a reason and the rows that differ."""

from datetime import UTC, datetime

import duckdb
import pytest
from built_homes import make_record

from orchestration.landing.admission import admit
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.freeze import (
    AlreadyFrozenError,
    NoReasonError,
    NotDueError,
    Wish,
    freeze_quarter,
    ready_quarters,
)
from orchestration.reviews.quarters import Quarter, UnknownQuarterError
from orchestration.reviews.verification import verify
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()
Q1, Q2 = Quarter.labelled("2026-Q1", SETTINGS), Quarter.labelled("2026-Q2", SETTINGS)
DAILY_FEED = """
feed: till
expected_every: 1 day
files: "*.csv"
exported_at: "orders_(%Y%m%d).csv"
read: {format: csv, delimiter: ","}
entities:
  orders:
    select: {order_id: id, ordered_at: moment, status: "'paid'", currency: "'EUR'", shop: "'s'"}
"""


@pytest.fixture
def home(built_home: Home) -> Home:
    publish(built_home, SETTINGS, make_record(built_home))
    freeze_quarter(built_home, SETTINGS, Q1)
    return built_home


def _correct(home: Home, score: float) -> None:
    """Another final score of one employee in 2026-Q1, published."""
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute(
            "update scorecards.scorecards set final_score = ? "
            "where owner_id = 'employee3' and period_start = date '2026-01-01'",
            [score],
        )
    publish(home, SETTINGS, make_record(home))


def test_freezing_again_what_did_not_change_writes_nothing(home: Home) -> None:
    (before,) = read_chain(home)
    assert freeze_quarter(home, SETTINGS, Q1).sha256 == before.sha256
    wish = Wish(revise=True, reason="looked at it again")
    assert freeze_quarter(home, SETTINGS, Q1, wish).sha256 == before.sha256
    assert [review.revision for review in read_chain(home)] == [1]


def test_what_changed_is_refused_until_a_revision_is_asked_for(home: Home) -> None:
    _correct(home, 70.0)
    with pytest.raises(AlreadyFrozenError, match=r"scorecards.parquet: 2 rows.*--revise"):
        freeze_quarter(home, SETTINGS, Q1)
    assert [review.revision for review in read_chain(home)] == [1]


def test_a_revision_says_why_and_which_rows_differ(home: Home) -> None:
    first_file = home.reviews / "quarter=2026-Q1" / "revision=1" / "scorecards.parquet"
    before = first_file.read_bytes()
    _correct(home, 70.0)
    wish = Wish(revise=True, reason="a refund came late")
    review = freeze_quarter(home, SETTINGS, Q1, wish)
    assert (review.revision, review.content["reason"]) == (2, "a refund came late")
    changes = duckdb.sql(
        f"select change, final_score from '{review.folder}/changes/scorecards.parquet' order by all"
    ).fetchall()
    assert changes == [("after", 70.0), ("before", 81.5)]
    assert first_file.read_bytes() == before
    assert review.content["previous_sha256"] == read_chain(home)[0].sha256
    assert verify(home) == []


@pytest.mark.parametrize("wish", [{"force": True}, {"revise": True, "reason": "  "}])
def test_forcing_and_revising_need_a_reason(wish: dict[str, object]) -> None:
    with pytest.raises(NoReasonError, match="--reason"):
        Wish(**wish)  # type: ignore[arg-type]


def test_a_feed_that_did_not_come_keeps_a_quarter_open_and_force_keeps_the_finding(
    home: Home,
) -> None:
    feed = home.landing / "till"
    feed.mkdir(parents=True)
    (feed / "feed.yml").write_text(DAILY_FEED)
    assert ready_quarters(home, SETTINGS) == []
    with pytest.raises(NotDueError, match=r"till does not reach .*none has been admitted yet"):
        freeze_quarter(home, SETTINGS, Q2)
    wish = Wish(force=True, reason="the till was closed")
    review = freeze_quarter(home, SETTINGS, Q2, wish)
    assert review.content["was_forced"] and "till" in review.content["findings"][0]
    assert review.content["reason"] == "the till was closed"


def test_a_file_that_came_late_counts_once_it_is_known(home: Home) -> None:
    """Exported and admitted only at the end of July: the quarter is whole by then."""
    feed = home.landing / "till"
    feed.mkdir(parents=True)
    (feed / "feed.yml").write_text(DAILY_FEED)
    (feed / "orders_20260730.csv").write_text("id,moment\na,2026-06-01 10:00:00\n")
    (home.manifest / "shop.json").unlink()  # written by hand for other tests, of no feed
    admit(home, make_record(home).known_until)
    assert ready_quarters(home, SETTINGS) == [Q2]


def test_a_build_that_does_not_reach_past_the_grace_days_is_named(built_home: Home) -> None:
    early = datetime(2026, 7, 5, tzinfo=UTC)
    publish(built_home, SETTINGS, make_record(built_home, as_of=early))
    with pytest.raises(NotDueError, match="as_of is 2026-07-05 00:00 UTC, before 2026-07-11"):
        freeze_quarter(built_home, SETTINGS, Q2)


def test_a_quarter_without_data_is_not_frozen(home: Home) -> None:
    with pytest.raises(NotDueError, match="no scorecards"):
        freeze_quarter(home, SETTINGS, Quarter.labelled("2024-Q1", SETTINGS))


def test_labels_follow_the_fiscal_year() -> None:
    april = Settings(fiscal_year_start=4)
    for label in ("2025-Q1", "2025-Q3", "2025-Q4"):
        assert Quarter.labelled(label, april).label(april) == label
    assert Quarter.labelled("2025-Q4", april).key == "2026-01-01"
    with pytest.raises(UnknownQuarterError, match="2026-Q3"):
        Quarter.labelled("Q3/2026", april)
