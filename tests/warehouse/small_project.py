"""dbt, in this process, on a project of a few models with the real macros."""

import os
from pathlib import Path

from orchestration.paths import DBT_PROJECT, Home


def build_project(home: Home, project: Path, *options: str) -> dict[str, str]:
    """Build the project into the home; the status of each node by its name."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    places = ["--profiles-dir", str(DBT_PROJECT), "--target-path", str(home.dbt), "--quiet"]
    places += ["--log-path", str(home.dbt), "--project-dir", str(project)]
    done = dbtRunner().invoke(["build", *places, *options])
    DuckDBConnectionManager.close_all_connections()
    assert done.exception is None, done.exception
    os.chdir(project)
    return {result.node.name: str(result.status) for result in done.result}
