"""What Dagster sees: an asset for each thing, a check for each data test, one pool."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.definitions import assemble
from orchestration.jobs import FREEZE, REFRESH
from orchestration.landing.contracts import load_contracts
from orchestration.paths import PROJECT_ROOT, Home
from orchestration.reviews.assets import REVIEW_SNAPSHOT
from orchestration.serving.assets import PUBLISHED_BUILD
from orchestration.serving.publish import PUBLIC_SCHEMAS
from orchestration.settings import Settings
from orchestration.warehouse.assets import POOL
from orchestration.warehouse.project import prepare_manifest, project_fingerprint

FEED = """
feed: {name}
files: "*.csv"
exported_at: file_modified
read: {{format: csv}}
entities:
  {entity}: {{select: {{shop: shop, shop_name: shop, shop_kind: "'own_site'"}}}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("definitions") / "home").prepare()
    for name, entity in (("till", "shops"), ("mail", "shoppes")):
        (home.landing / name).mkdir()
        (home.landing / name / "feed.yml").write_text(FEED.format(name=name, entity=entity))
    home.settings.write_text("fiscal_year_start: 2\nbusiness_timezone: Asia/Shanghai\n")
    return home


@pytest.fixture(scope="module")
def definitions(home: Home) -> dg.Definitions:
    return assemble(home)


@pytest.fixture(scope="module")
def manifest(home: Home, definitions: dg.Definitions) -> dict[str, Any]:
    (path,) = home.dbt.glob("manifest-*.json")
    content: dict[str, Any] = json.loads(path.read_text())
    return content


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> Any:
    return definitions.resolve_asset_graph()


def _nodes(manifest: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == kind]


def test_every_model_and_seed_is_an_asset(manifest: dict[str, Any], graph: Any) -> None:
    nodes = [*_nodes(manifest, "model"), *_nodes(manifest, "seed")]
    assert len(nodes) > 50
    keys = {dg.AssetKey([node["schema"], node["name"]]) for node in nodes}
    assert keys <= graph.get_all_asset_keys()


def test_every_data_test_of_a_model_is_a_check(manifest: dict[str, Any], graph: Any) -> None:
    attached = [node for node in _nodes(manifest, "test") if node.get("attached_node")]
    models = [node for node in attached if not node["attached_node"].startswith("source.")]
    names = {key.name for key in graph.asset_check_keys}
    missing = {node["name"] for node in models} - names
    assert len(models) > 50 and not missing


def test_no_unit_test_is_a_check(manifest: dict[str, Any], graph: Any) -> None:
    names = {key.name for key in graph.asset_check_keys}
    assert not names & {test["name"] for test in manifest["unit_tests"].values()}


def test_every_entity_is_an_asset_behind_its_feeds(graph: Any) -> None:
    entities = {*load_contracts(), "rejected"}
    assert {dg.AssetKey(["lake", entity]) for entity in entities} <= graph.get_all_asset_keys()
    assert graph.get(dg.AssetKey(["lake", "shops"])).parent_keys == {
        dg.AssetKey(["landing", "till"])
    }


def test_models_follow_the_lake(graph: Any) -> None:
    parents = graph.get(dg.AssetKey(["staging", "stg_orders"])).parent_keys
    assert dg.AssetKey(["lake", "orders"]) in parents


def test_a_wrong_feed_has_an_asset_whose_check_can_say_so(graph: Any) -> None:
    key = dg.AssetKey(["landing", "mail"])
    assert key in graph.get_all_asset_keys()
    assert dg.AssetCheckKey(key, "feed_can_be_admitted") in graph.asset_check_keys


def test_publishing_follows_every_public_mart(manifest: dict[str, Any], graph: Any) -> None:
    marts = {
        dg.AssetKey([node["schema"], node["name"]])
        for node in _nodes(manifest, "model")
        if node["schema"] in PUBLIC_SCHEMAS
    }
    assert graph.get(PUBLISHED_BUILD).parent_keys == marts


def test_whatever_opens_the_warehouse_stands_in_one_pool(definitions: dg.Definitions) -> None:
    for asset in definitions.assets or []:
        assert isinstance(asset, dg.AssetsDefinition)
        assert asset.op.pool == POOL, asset.keys


def test_refresh_does_everything_but_freezing(definitions: dg.Definitions, graph: Any) -> None:
    refresh = definitions.resolve_job_def(REFRESH).asset_layer.executable_asset_keys
    assert refresh == graph.get_all_asset_keys() - {REVIEW_SNAPSHOT}
    freeze = definitions.resolve_job_def(FREEZE)
    assert freeze.asset_layer.executable_asset_keys == {REVIEW_SNAPSHOT}


def test_quarters_follow_the_fiscal_year_of_the_settings(definitions: dg.Definitions) -> None:
    partitions = definitions.resolve_job_def(FREEZE).partitions_def
    assert isinstance(partitions, dg.TimeWindowPartitionsDefinition)
    assert partitions.cron_schedule == "0 0 1 2,5,8,11 *"
    assert partitions.timezone == "Asia/Shanghai"


def test_schedules_and_sensors_are_there_and_off(definitions: dg.Definitions) -> None:
    schedules = {each.name: each for each in definitions.schedules or []}
    assert schedules.keys() == {"daily_refresh", "hourly_refresh"}
    sensors = {each.name: each for each in definitions.sensors or []}
    assert sensors.keys() == {"new_landing_files", "freeze_after_refresh"}
    for schedule in schedules.values():
        assert isinstance(schedule, dg.ScheduleDefinition)
        assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
        assert schedule.execution_timezone == "Asia/Shanghai"


def test_the_project_is_parsed_once_a_state_of_its_files(
    home: Home, definitions: dg.Definitions
) -> None:
    manifest = prepare_manifest(home, Settings())
    before = manifest.stat()
    assert project_fingerprint()[:16] in manifest.name
    assert prepare_manifest(home, Settings()).stat() == before
    assert not list((PROJECT_ROOT / "dbt_project").glob("target*"))


def test_definitions_stay_a_page() -> None:
    lines = (PROJECT_ROOT / "orchestration" / "definitions.py").read_text().splitlines()
    assert len(lines) < 60


def test_dagster_finds_the_definitions_clean_without_a_home(tmp_path: Path) -> None:
    """As a newcomer would check them, in a process of its own."""
    done = subprocess.run(
        f"{sys.executable} -m dagster definitions validate -m orchestration.definitions".split(),
        cwd=tmp_path,
        env={
            **os.environ,
            "STEELYARD_HOME": str(tmp_path / "nothing_yet"),
            "PYTHONPATH": str(PROJECT_ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All code locations passed validation" in done.stdout + done.stderr
