"""500 posts of a brand's page, semicolons and latin-1, through the whole main job.

Every figure of the issue is met. What the file does not tell is not made up: its figures are of a
post's whole life, so that they all stand on the last day of the year that it covers, and a post's
month is all that `posted_at` may be read for.
"""

import pytest
from real_sets import Published, assert_row_identities

FEED = "facebook_page"
LIKES, COMMENTS, SHARES = 88_795, 3_741, 13_524
REACH, IMPRESSIONS = 6_951_680, 14_792_974


@pytest.fixture(scope="session")
def posts(facebook_posts: Published) -> str:
    """The raw posts, each with its place in the file."""
    raw = facebook_posts.raw(FEED, ", delim = ';', encoding = 'latin-1'")
    return f"(select *, 'post-' || row_number() over () as post_id from {raw})"


def test_every_post_gives_a_post_and_its_figures(facebook_posts: Published) -> None:
    assert assert_row_identities(facebook_posts.home, FEED) == {FEED: 500}
    assert facebook_posts.rows(
        "select entity, rows_read, rows_accepted, rows_rejected from core.admitted_files"
        f" where feed = '{FEED}' order by entity"
    ) == [("content_metrics", 500, 500, 0), ("content_posts", 500, 500, 0)]


def test_totals_are_the_files_own(facebook_posts: Published, posts: str) -> None:
    raw = facebook_posts.row(
        f"""
        select
            count(*),
            sum(cast("Lifetime Post Total Impressions" as bigint)),
            sum(cast("Lifetime Post Total Reach" as bigint)),
            sum(cast("like" as bigint)),
            sum(cast(comment as bigint)),
            sum(cast(compartir as bigint)),
            sum(cast("Total Interactions" as bigint))
        from {posts}
        """
    )
    published = facebook_posts.row(
        "select count(*), sum(impressions), sum(reach), sum(likes), sum(comments), sum(shares),"
        " sum(engagements) from core.fct_content_daily"
    )

    assert published == raw
    assert raw == (500, IMPRESSIONS, REACH, LIKES, COMMENTS, SHARES, LIKES + COMMENTS + SHARES)


def test_each_post_is_what_the_file_says_of_it(facebook_posts: Published, posts: str) -> None:
    differing = facebook_posts.rows(
        f"""
        select coalesce(raw.post_id, content.post_id)
        from {posts} as raw
        full join core.fct_content_daily as content on raw.post_id = content.post_id
        where
            lower(raw."Tipo") is distinct from content.post_kind
            or cast(raw."Lifetime Post Total Impressions" as bigint)
                is distinct from content.impressions
            or cast(raw."Lifetime Post Total Reach" as bigint) is distinct from content.reach
            or coalesce(cast(raw."like" as bigint), 0) is distinct from content.likes
            or cast(raw.comment as bigint) is distinct from content.comments
            or coalesce(cast(raw.compartir as bigint), 0) is distinct from content.shares
            or cast(raw."Total Interactions" as bigint) is distinct from content.engagements
        """
    )
    assert differing == []
    assert facebook_posts.rows(
        "select post_kind, count(*) from core.fct_content_daily group by all order by all"
    ) == [("link", 22), ("photo", 426), ("status", 45), ("video", 7)]


def test_what_was_not_counted_is_not_known_to_be_nothing(facebook_posts: Published) -> None:
    """The lake keeps the file's gaps; in the mart, whose figures add up, they weigh nothing."""
    lake = facebook_posts.home.lake / "content_metrics" / f"{FEED}-*.parquet"
    assert facebook_posts.row(
        "select count(*) - count(likes), count(*) - count(shares), count(*) - count(comments)"
        f" from read_parquet('{lake}')"
    ) == (1, 4, 0)


def test_figures_of_a_life_stand_on_one_day(facebook_posts: Published) -> None:
    assert facebook_posts.rows(
        "select cast(measured_on as varchar), platform, content_account, count(*)"
        " from core.fct_content_daily group by all"
    ) == [("2014-12-31", "facebook", "cosmetics_brand", 500)]
    assert facebook_posts.rows(
        "select cast(measured_on as varchar), numerator, denominator from kpis.kpi_daily"
        " where kpi_id = 'content_engagement_rate'"
    ) == [("2014-12-31", LIKES + COMMENTS + SHARES, IMPRESSIONS)]


def test_posts_keep_their_month_and_hour(facebook_posts: Published, posts: str) -> None:
    lake = facebook_posts.home.lake / "content_posts" / f"{FEED}-*.parquet"
    differing = facebook_posts.rows(
        f"""
        select coalesce(raw.post_id, posts.post_id)
        from {posts} as raw
        full join read_parquet('{lake}') as posts on raw.post_id = posts.post_id
        where
            year(posts.posted_at) is distinct from 2014
            or cast(raw."Publicar Mes" as bigint) is distinct from month(posts.posted_at)
            or cast(raw."Post Hour" as bigint) is distinct from hour(posts.posted_at)
            or day(posts.posted_at) is distinct from 1
        """
    )
    assert differing == []
