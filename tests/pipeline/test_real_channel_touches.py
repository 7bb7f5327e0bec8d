"""Ad touches, conversions and spend of July 2018 through the whole main job.

Every figure of the issue is met. A conversion row is a touch at the instant of its own order, so
each order has at least that one touch on its path and nothing is unattributed. Paths start anew
after each conversion (`rules/attribution_models.csv`): the touches that follow 1,610 of the
conversions are the way to the next one, or to none.
"""

import pytest
from real_sets import (
    Published,
    assert_company_scorecards_add_up,
    assert_row_identities,
    money,
)

# A run of its own takes most of a minute, which the ordinary tests do not have left.
pytestmark = pytest.mark.slow

CONVERSIONS = 1_838
VALUE = money("11423.50")
SPEND = money("4856.739")
MODELS = {
    "first_touch", "last_touch", "last_non_direct", "linear", "u_shaped", "time_decay", "shapley",
}  # fmt: skip
CHANNELS = {"facebook", "instagram", "online_display", "online_video", "paid_search"}


def test_every_raw_row_is_accounted_for(channel_touches: Published) -> None:
    assert assert_row_identities(channel_touches.home) == {
        "channel_budget": 155,
        "channel_touches": 62_483,
    }


def test_touches_stay_touches_of_five_channels(channel_touches: Published) -> None:
    raw = channel_touches.rows(
        "select replace(lower(channel), ' ', '_'), count(*)"
        f" from {channel_touches.raw('channel_touches')} group by all order by all"
    )
    touches = channel_touches.rows(
        "select channel, count(*) from core.fct_touches group by all order by all"
    )

    assert touches == raw
    assert {channel for channel, _ in touches} == CHANNELS
    assert channel_touches.row(
        "select count(*), count(distinct customer_key),"
        " count(*) filter (where touch_kind = 'ad_click') from core.fct_touches"
    ) == (62_483, 7_896, CONVERSIONS)


def test_a_conversion_row_is_an_order_as_well(channel_touches: Published) -> None:
    assert channel_touches.row("select count(*), sum(revenue) from core.fct_orders") == (
        CONVERSIONS,
        VALUE,
    )
    assert (
        channel_touches.value(
            "select count(*) from core.fct_orders as orders inner join core.fct_touches as touches"
            " on orders.customer_key = touches.customer_key"
            " and orders.ordered_at = touches.touched_at and touches.touch_kind = 'ad_click'"
        )
        == CONVERSIONS
    )


def test_every_model_attributes_everything(channel_touches: Published) -> None:
    rows = channel_touches.rows(
        """
        select model_id, sum(conversions), sum(revenue), array_agg(distinct channel)
        from attribution.channel_attribution_daily
        where conversion_type = 'purchase'
        group by model_id
        """
    )

    assert {model for model, *_ in rows} == MODELS
    for model, conversions, revenue, channels in rows:
        assert float(conversions) == pytest.approx(CONVERSIONS, abs=1e-6), model
        assert revenue == VALUE, model
        assert set(channels) == CHANNELS, model


def test_credits_of_each_conversion_sum_to_one_and_to_its_value(
    channel_touches: Published,
) -> None:
    wrong = channel_touches.rows(
        """
        select model_id, orders.order_id, sum(credit), sum(attributed_revenue)
        from attribution.fct_touch_credits as credits
        inner join core.fct_orders as orders on credits.order_id = orders.order_id
        where conversion_type = 'purchase'
        group by model_id, orders.order_id, orders.revenue
        having abs(sum(credit) - 1) > 1e-9 or sum(attributed_revenue) <> orders.revenue
        """
    )

    assert wrong == []


def test_last_touch_credits_the_conversion_row_itself(channel_touches: Published) -> None:
    """The strongest check against the file: its own channel is what last touch must say."""
    raw = channel_touches.rows(
        """
        select
            replace(lower(channel), ' ', '_') as channel,
            cast(count(*) as double),
            sum(cast(conversion_value as decimal(18, 2)))
        """
        f" from {channel_touches.raw('channel_touches')} where conversion = '1'"
        " group by all order by all"
    )
    last = channel_touches.rows(
        """
        select channel, cast(sum(conversions) as double), sum(revenue)
        from attribution.channel_attribution_daily
        where conversion_type = 'purchase' and model_id = 'last_touch'
        group by all order by all
        """
    )

    assert last == raw


def test_spend_is_kept_in_full(channel_touches: Published) -> None:
    assert channel_touches.row("select count(*), sum(spend) from core.fct_ad_spend") == (155, SPEND)
    rows = channel_touches.rows(
        """
        select model_id, basis, sum(spend), sum(revenue), array_agg(distinct channel)
        from attribution.channel_performance_daily
        where conversion_type = 'purchase'
        group by model_id, basis
        """
    )
    bases = ("conversion_date", "touch_date")
    assert {row[:2] for row in rows} == {(model, basis) for model in MODELS for basis in bases}
    for model, basis, spend, revenue, channels in rows:
        assert (spend, revenue) == (SPEND, VALUE), (model, basis)
        assert set(channels) == CHANNELS, (model, basis)


def test_spend_by_channel_is_the_files_to_six_decimals(channel_touches: Published) -> None:
    raw = channel_touches.rows(
        "select replace(lower(channel), ' ', '_'),"
        " sum(cast(round(cast(cost as decimal(28, 15)), 6) as decimal(18, 6)))"
        f" from {channel_touches.raw('channel_budget')} group by all order by all"
    )

    assert (
        channel_touches.rows(
            "select channel, sum(spend) from core.fct_ad_spend group by all order by all"
        )
        == raw
    )


def test_journeys_start_anew_after_each_conversion(channel_touches: Published) -> None:
    assert channel_touches.rows(
        """
        select
            count(*),
            count(journeys.conversion_id),
            count(*) filter (where journeys.is_converting),
            sum(journeys.touch_count)
        from warehouse.intermediate.int_journeys as journeys
        inner join warehouse.intermediate.int_journey_specifications as specifications
            on journeys.journey_specification_id = specifications.journey_specification_id
        where specifications.conversion_type = 'purchase' and specifications.look_back_days = 31
        group by journeys.journey_specification_id
        """
    ) == [(9_506, CONVERSIONS, CONVERSIONS, 62_483)]


def test_the_company_is_scored_on_what_the_files_say(channel_touches: Published) -> None:
    """All the way: return on ad spend and acquisition cost of the quarter, against its targets."""
    assert set(assert_company_scorecards_add_up(channel_touches)) == {"2018-07-01"}

    scores = {
        kpi: (value, score)
        for kpi, value, score in channel_touches.rows(
            "select kpi_id, value, score from scorecards.kpi_scores"
            " where period_grain = 'quarter' and period_start = '2018-07-01'"
        )
    }
    roas = float(VALUE) / float(SPEND)
    assert scores["roas"] == pytest.approx((roas, 100 * roas / 2.5), rel=1e-9)
    assert scores["cac"][0] == pytest.approx(float(SPEND) / 1_642)
