"""In an increment data tests read what it changed, and miss nothing there.

On a project of one model with the real macros and generic tests: no file could make the real models
wrong, since the door and their own rules prevent it.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from small_project import build_project

from orchestration.paths import DBT_PROJECT, Home
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.project import process_environment

PROJECT = """
name: steelyard
version: "1.0"
profile: steelyard
flags: {send_anonymous_usage_stats: false}
models: {+materialized: incremental, +incremental_strategy: changed_rows, +on_schema_change: fail}
on-run-start: ["{{ note_lake_changes() }}"]
on-run-end: ["{{ note_lake_built() }}"]
"""
MODELS = """
models:
  - name: orders
    config: {unique_key: [order_id]}
    data_tests:
      - never_null: {arguments: {columns: [order_id, revenue]}}
      - row_holds: {arguments: {condition: "revenue >= 0"}}
      - unique_combination:
          name: grain
          arguments: {columns: [order_id, shop], required: [revenue]}
    columns: [{name: order_id, data_tests: [unique]}]
"""
ORDERS = "select * from raw.orders"
FOLDERS = ("macros/increments", "macros/clocks", "macros/lake", "macros/sql", "tests/generic")
NOON = Clocks.at(datetime(2026, 1, 1, 12, tzinfo=UTC))


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Builds the project on rows given as SQL values; returns the status of each node."""
    home, project = Home(tmp_path / "home").prepare(), tmp_path / "project"
    for folder in FOLDERS:
        shutil.copytree(DBT_PROJECT / folder, project / folder)
    (project / "models").mkdir()
    (project / "dbt_project.yml").write_text(PROJECT)
    (project / "models" / "_models.yml").write_text(MODELS)
    (project / "models" / "orders.sql").write_text(ORDERS)
    for name, value in process_environment(home, Settings(), NOON).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project)

    def run(rows: str, *options: str, standing: str = "") -> dict[str, str]:
        with duckdb.connect(str(home.warehouse)) as warehouse:
            warehouse.execute("create schema if not exists raw; create schema if not exists lake")
            warehouse.execute(
                "create or replace table raw.orders (order_id int, shop text, revenue int)"
            )
            warehouse.execute(f"insert into raw.orders values {rows}")
            if standing:
                warehouse.execute(f"insert into main.orders values {standing}")
        return build_project(home, project, *options)

    return run


def _failed(statuses: dict[str, str]) -> set[str]:
    return {name.split("_orders")[0] for name, status in statuses.items() if status == "fail"}


def test_what_an_increment_changed_is_tested_and_nothing_else(
    build: Callable[..., dict[str, str]],
) -> None:
    good = "(1, 'a', 5), (2, 'a', 6)"
    assert _failed(build(good, "--full-refresh")) == set()
    # The build before was tested: rows that it cannot have left are not looked for.
    beside = "(7, 'b', 1), (7, 'b', 1), (8, null, null)"
    assert _failed(build(f"{good}, {beside}, (3, 'a', 7)", standing=beside)) == set()
    assert _failed(build(f"{good}, {beside}, (3, 'a', 7), (4, 'a', 8), (4, 'a', 9)")) == {
        "unique",
        "grain",
    }
    assert _failed(build(f"{good}, (5, 'a', null)")) == {"never_null", "row_holds", "grain"}
    assert _failed(build(f"{good}, (5, null, 1)")) == {"grain"}
    assert _failed(build(f"{good}, (6, 'a', -1)")) == {"row_holds"}


def test_a_whole_build_tests_everything(build: Callable[..., dict[str, str]]) -> None:
    twice = "(1, 'a', 5), (1, 'a', 5), (2, null, null)"
    assert _failed(build(twice, "--full-refresh")) == {
        "unique",
        "grain",
        "never_null",
        "row_holds",
    }
