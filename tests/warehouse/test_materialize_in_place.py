"""A model takes the place of what stands under its name, or leaves it as it is."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import duckdb
import pytest
from small_project import build_project

from orchestration.paths import DBT_PROJECT, Home

PROJECT = """
name: steelyard
version: "1.0"
profile: steelyard
flags: {send_anonymous_usage_stats: false}
models: {+persist_docs: {relation: true, columns: true}, +contract: {enforced: true}}
"""
MODELS = """
models:
  - name: prices
    description: What it costs, $1 or 'two'.
    columns:
      - {name: article, data_type: varchar, description: "Tea; or \\"mug\\"."}
      - {name: price, data_type: "decimal(9,2)"}
"""
Build = Callable[[str, str], dict[str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home").prepare()
    monkeypatch.setenv("STEELYARD_HOME", str(home.root))
    return home


@pytest.fixture
def build(home: Home, tmp_path: Path) -> Build:
    """Builds the one model, materialized as told, from a query; the status of each node."""
    project = tmp_path / "project"
    copytree(DBT_PROJECT / "macros" / "dbt", project / "macros" / "dbt")
    (project / "models").mkdir()
    (project / "dbt_project.yml").write_text(PROJECT)
    (project / "models" / "_models.yml").write_text(MODELS)

    def run(materialized: str, query: str) -> dict[str, str]:
        config = f"{{{{ config(materialized='{materialized}') }}}}\n"
        (project / "models" / "prices.sql").write_text(config + query)
        return build_project(home, project)

    return run


def _standing(home: Home) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows of the model, and the kind, name and comment of all that stands in the schema."""
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        rows = warehouse.execute("from main.prices").fetchall()
        kinds = warehouse.execute(
            "select 'table' as kind, table_name, comment from duckdb_tables() union all "
            "select 'view', view_name, comment from duckdb_views() where not internal"
        ).fetchall()
    return rows, kinds


def test_a_model_takes_the_place_of_what_stands_as_table_or_view(home: Home, build: Build) -> None:
    said = "What it costs, $1 or 'two'."
    for materialized, price in [("table", 1), ("table", 2), ("view", 3), ("view", 4), ("table", 5)]:
        query = f"select 'tea' as article, {price}::decimal(9, 2) as price"
        assert build(materialized, query) == {"prices": "success"}
        rows, kinds = _standing(home)
        assert rows == [("tea", price)]
        assert kinds == [(materialized, "prices", said)]


def test_columns_bear_their_descriptions(home: Home, build: Build) -> None:
    build("table", "select 'tea' as article, 1::decimal(9, 2) as price")
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        comments = warehouse.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'prices'"
        ).fetchall()
    assert dict(comments)["article"] == 'Tea; or "mug".'


@pytest.mark.parametrize(
    "query",
    [
        "select 'tea' as article, error('no price')::decimal(9, 2) as price",
        "select 'tea' as article, 1::bigint as price",
        "select 'tea' as article",
    ],
)
def test_a_model_that_fails_leaves_what_stood(home: Home, build: Build, query: str) -> None:
    build("table", "select 'tea' as article, 1::decimal(9, 2) as price")
    before = _standing(home)
    assert build("table", query) == {"prices": "error"}
    assert _standing(home) == before


@pytest.mark.parametrize(("standing", "failing"), [("table", "view"), ("view", "table")])
def test_a_model_that_fails_to_change_its_kind_leaves_what_stood(
    home: Home, build: Build, standing: str, failing: str
) -> None:
    build(standing, "select 'tea' as article, 1::decimal(9, 2) as price")
    before = _standing(home)
    assert build(failing, "select 'tea' as article, 1::bigint as price") == {"prices": "error"}
    assert _standing(home) == before
    assert build(failing, "select * from main.not_there") == {"prices": "error"}
    assert _standing(home) == before
