"""What README.md shows a reader to do is done here, to a copy of the project, and has to work.

All examples are applied to one copy, its home is run once as of the examples' own dates, and each
is then looked for in what was published. See `readme_examples.py` for how a block is marked.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from readme_examples import Example, apply, copy_project, read_examples
from real_sets import Published, assert_row_identities, run_home

from orchestration.paths import PROJECT_ROOT, Home

EXAMPLES = read_examples((PROJECT_ROOT / "README.md").read_text(encoding="utf-8"))
SHOWN = {"add-a-feed", "add-an-attribution-model", "add-a-kpi"}


@dataclass(frozen=True)
class Applied:
    """The copy with every example applied, and what its run published."""

    project: Path
    published: Published

    def examples(self, name: str) -> list[Example]:
        """The blocks of one example."""
        return [example for example in EXAMPLES if example.name == name]


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    project = copy_project(PROJECT_ROOT, tmp_path_factory.mktemp("readme") / "project")
    for example in EXAMPLES:
        apply(example, project)
    home = Home(project / "data")
    clocks = ("--as-of", "2026-04-01", "--known-until", "2026-04-11")
    result = run_home(home, *clocks, project=project)
    assert result.returncode == 0, f"{result.stdout[-8000:]}\n{result.stderr[-4000:]}"
    published = Published(home)
    yield Applied(project, published)
    published.close()


def test_the_readme_shows_how_to_add_each_kind() -> None:
    assert {example.name for example in EXAMPLES} == SHOWN
    assert all(example.text.strip() for example in EXAMPLES)


def test_the_shown_feed_lands(applied: Applied) -> None:
    feeds = [
        yaml.safe_load(example.text)["feed"]
        for example in applied.examples("add-a-feed")
        if example.file.endswith("/feed.yml")
    ]
    rows = {
        Path(example.file).parent.name: len(example.text.splitlines()) - 1
        for example in applied.examples("add-a-feed")
        if example.file.endswith(".csv")
    }

    assert feeds
    assert assert_row_identities(applied.published.home) == {feed: rows[feed] for feed in feeds}


def test_the_shown_feed_becomes_orders(applied: Applied) -> None:
    orders = applied.published.rows(
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


def test_the_shown_attribution_model_attributes(applied: Applied) -> None:
    shown = [
        row[0]
        for example in applied.examples("add-an-attribution-model")
        for row in csv.reader(example.text.splitlines())
    ]
    models = applied.published.rows(
        "select model_id, sum(revenue) from attribution.channel_attribution_daily"
        " where conversion_type = 'purchase' group by model_id"
    )

    assert shown
    assert set(shown) < {model for model, _ in models}
    assert {str(revenue) for _, revenue in models} == {"36.20"}


def test_the_shown_kpi_is_measured(applied: Applied) -> None:
    shown = [
        Path(example.file).stem
        for example in applied.examples("add-a-kpi")
        if example.file.endswith(".sql") and example.mode == "create"
    ]

    assert shown
    for kpi in shown:
        days, company = applied.published.row(
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
