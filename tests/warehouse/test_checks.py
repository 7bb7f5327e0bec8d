"""Every data test of dbt is a check of an asset."""

import yaml

from orchestration.paths import DBT_PROJECT


def test_every_singular_test_names_its_table() -> None:
    pages = (DBT_PROJECT / "tests").rglob("*_tests.yml")
    named = {
        test["name"]: test["config"]["meta"]["dagster"]["ref"]["name"]
        for page in pages
        for test in yaml.safe_load(page.read_text(encoding="utf-8"))["data_tests"]
    }
    written = {path.stem for path in (DBT_PROJECT / "tests").rglob("assert_*.sql")}
    models = {path.stem for path in (DBT_PROJECT / "models").rglob("*.sql")}
    seeds = {path.stem for path in (DBT_PROJECT.parent / "seeds").glob("*.csv")}
    assert set(named) == written
    assert set(named.values()) <= models | seeds
