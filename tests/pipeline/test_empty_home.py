"""A home in which nothing has landed: empty marts and no error, by Dagster's own command."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from command import said, steelyard

from orchestration.paths import PROJECT_ROOT, Home
from orchestration.serving.build import Build

DEFINITIONS = ("-m", "orchestration.definitions")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Refreshed by Dagster's own command, which runs the same job as `steelyard run`."""
    home = Home(tmp_path_factory.mktemp("empty") / "home").prepare()
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "job", "execute", *DEFINITIONS, "-j", "refresh"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "STEELYARD_HOME": str(home.root), "DAGSTER_HOME": str(home.dagster)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, said(done)
    return home


def test_a_run_without_clocks_reads_up_to_its_own_start(home: Home) -> None:
    clocks = Build.current(home).clocks
    assert clocks.as_of == clocks.known_until
    assert timedelta(0) < datetime.now(UTC) - clocks.as_of < timedelta(hours=1)


def test_every_fact_is_an_empty_table(home: Home) -> None:
    tables = Build.current(home).content["tables"]
    facts = {name: sum(files.values()) for name, files in tables.items() if ".fct_" in name}
    assert len(facts) > 15
    assert not any(facts.values()), facts


def test_empty_tables_have_their_columns_and_descriptions(home: Home) -> None:
    with duckdb.connect(str(home.serving / "steelyard.duckdb"), read_only=True) as reader:
        columns = reader.execute(
            "select column_name from duckdb_columns() where table_name = 'fct_orders' "
            "and comment is not null"
        ).fetchall()
    assert ("revenue",) in columns and len(columns) > 15


def test_nothing_is_frozen_of_nothing(home: Home) -> None:
    assert not list(home.reviews.iterdir())


def test_the_documentation_is_one_page_that_asks_no_network(home: Home) -> None:
    done = steelyard("docs", home)
    assert done.returncode == 0, said(done)
    page = (home.docs / "index.html").read_text(encoding="utf-8")
    assert "fct_orders" in page
    assert '<script src="http' not in page and '<link href="http' not in page
