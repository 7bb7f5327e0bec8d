"""How dbt opens the warehouse."""

import yaml

from orchestration.paths import DBT_PROJECT


def test_the_spill_folder_is_given_once_when_the_file_is_opened() -> None:
    """As a setting dbt would give it at each node, and DuckDB refuses that once it has spilled."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    output = profile["steelyard"]["outputs"]["duckdb"]
    assert "temp_directory" in output["config_options"]
    assert "temp_directory" not in output.get("settings", {})
