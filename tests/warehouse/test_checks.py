"""Every data test of dbt is a check of an asset."""

import yaml

from orchestration.paths import DBT_PROJECT


def test_every_singular_test_names_its_table() -> None:
    pages = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (DBT_PROJECT / "tests").rglob("*.yml")
    ]
    named = {
        test["name"]: test["config"]["meta"]["dagster"]["ref"]["name"]
        for page in pages
        for test in page["data_tests"]
    }
    written = {path.stem for path in (DBT_PROJECT / "tests").rglob("assert_*.sql")}
    models = {path.stem for path in (DBT_PROJECT / "models").rglob("*.sql")}
    seeds = {path.stem for path in (DBT_PROJECT.parent / "seeds").glob("*.csv")}
    assert set(named) == written
    assert set(named.values()) <= models | seeds
