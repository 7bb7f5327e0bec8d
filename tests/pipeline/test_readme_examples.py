"""What README.md shows a reader to do is done here, to a copy of the project, and has to work.

All examples are applied to one copy, its home is run once as of the examples' own dates, and each
is then looked for in what was published. See `readme_examples.py` for how a block is marked.
"""

import csv
from pathlib import Path

import pytest
import yaml
from readme_examples import Example, read_examples
from real_sets import Published, assert_row_identities

from orchestration.paths import PROJECT_ROOT

EXAMPLES = read_examples((PROJECT_ROOT / "README.md").read_text(encoding="utf-8"))
SHOWN = {"add-a-feed", "add-an-attribution-model", "add-a-kpi"}


def shown(name: str) -> list[Example]:
    """The blocks of one example."""
    return [example for example in EXAMPLES if example.name == name]


def test_the_readme_shows_how_to_add_each_kind() -> None:
    assert {example.name for example in EXAMPLES} == SHOWN
    assert all(example.text.strip() for example in EXAMPLES)


@pytest.mark.slow
def test_the_shown_feed_lands(readme: Published) -> None:
    feeds = [
        yaml.safe_load(example.text)["feed"]
        for example in shown("add-a-feed")
        if example.file.endswith("/feed.yml")
    ]
    rows = {
        Path(example.file).parent.name: len(example.text.splitlines()) - 1
        for example in shown("add-a-feed")
        if example.file.endswith(".csv")
    }

    assert feeds
    assert assert_row_identities(readme.home) == {feed: rows[feed] for feed in feeds}


@pytest.mark.slow
def test_the_shown_feed_becomes_orders(readme: Published) -> None:
    orders = readme.rows(
        """
        select
            order_id,
            shop,
            line_count,
            cast(revenue as varchar),
            cast(ordered_on as varchar),
            cast(ordered_at as varchar)
        from core.fct_orders
        order by order_id
        """
    )

    assert orders == [
        ("R1", "high_street", 2, "26.30", "2026-02-27", "2026-02-27 09:15:00"),
        ("R2", "high_street", 1, "9.90", "2026-02-28", "2026-02-28 15:40:00"),
    ]


@pytest.mark.slow
def test_the_shown_attribution_model_attributes(readme: Published) -> None:
    added = [
        row[0]
        for example in shown("add-an-attribution-model")
        for row in csv.reader(example.text.splitlines())
    ]
    models = readme.rows(
        "select model_id, sum(revenue) from attribution.channel_attribution_daily"
        " where conversion_type = 'purchase' group by model_id"
    )

    assert added
    assert set(added) < {model for model, _ in models}
    assert {str(revenue) for _, revenue in models} == {"36.20"}


@pytest.mark.slow
def test_the_shown_kpi_is_measured(readme: Published) -> None:
    added = [
        Path(example.file).stem
        for example in shown("add-a-kpi")
        if example.file.endswith(".sql") and example.mode == "create"
    ]

    assert added
    for kpi in added:
        days, company = readme.row(
            f"""
            select
                (select count(*) from kpis.kpi_daily where kpi_id = '{kpi}'),
                (
                    select count(*) from kpis.kpi_values
                    where kpi_id = '{kpi}' and owner_kind = 'company' and value is not null
                )
            """
        )
        assert days > 0, f"{kpi} has no day"
        assert company > 0, f"{kpi} has no value for the company"
