"""dbt's unit tests, all of them, in a home whose lake is typed and empty."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.project import DbtError, run_dbt, target_path

CLOCKS = Clocks.at(datetime(2026, 8, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Each unit test's result by its name."""
    home = Home(tmp_path_factory.mktemp("unit_tests") / "home").prepare()
    ensure_typed_lake(home.lake)
    settings = Settings()
    # Unit tests take the types of their given rows from the relations, which must exist.
    tables = ("build", "--empty", "--exclude-resource-type", "unit_test", "test", "--no-write-json")
    run_dbt(home, settings, CLOCKS, *tables)
    try:
        run_dbt(home, settings, CLOCKS, "test", "--select", "test_type:unit")
    except DbtError as failed:
        print(failed)  # shown with the failing test: the rows that differ
    content = json.loads((target_path(home) / "run_results.json").read_text())
    ids = ((result["unique_id"].partition(".steelyard."), result) for result in content["results"])
    return {name: result for (kind, _, name), result in ids if kind == "unit_test"}


def test_all_pass(results: dict[str, dict[str, Any]]) -> None:
    failed = {name: each["message"] for name, each in results.items() if each["status"] != "pass"}
    assert failed == {}


def test_every_one_that_is_written_was_run(results: dict[str, dict[str, Any]]) -> None:
    models = Path(__file__).parents[2] / "dbt_project" / "models"
    written = sum(
        line.startswith("  - name:")
        for path in models.rglob("*.yml")
        for line in _section(path.read_text(encoding="utf-8"), "unit_tests:")
    )
    assert written > 50
    assert len(results) == written


def _section(text: str, head: str) -> list[str]:
    """Lines of a top-level YAML section."""
    lines, inside = [], False
    for line in text.splitlines():
        if line and not line.startswith((" ", "#")):
            inside = line.strip() == head
        elif inside:
            lines.append(line)
    return lines
