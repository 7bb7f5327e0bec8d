"""Assembles the Dagster definitions of one home; nothing else belongs here.

`dagster dev`, `dagster job execute` and the `steelyard` command all load these.
"""

import dagster as dg

from orchestration.jobs import RunLock, freeze_job, refresh_job
from orchestration.landing.assets import feed_assets, lake_assets
from orchestration.landing.feeds import load_feeds
from orchestration.paths import Home
from orchestration.reviews.assets import review_chain_check, review_snapshot_asset
from orchestration.schedules import refresh_schedules
from orchestration.sensors import freeze_after_refresh_sensor, new_landing_files_sensor
from orchestration.serving.assets import published_build_asset
from orchestration.settings import load_settings
from orchestration.warehouse.assets import warehouse_assets
from orchestration.warehouse.project import prepare_manifest


def assemble(home: Home) -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors of a home, by its feeds and settings."""
    home.prepare()
    settings = load_settings(home)
    feeds = load_feeds(home.landing)
    warehouse = warehouse_assets(home, settings, prepare_manifest(home, settings))
    refresh, freeze = refresh_job(), freeze_job()
    return dg.Definitions(
        assets=[
            *feed_assets(home, feeds),
            lake_assets(home, feeds),
            warehouse,
            published_build_asset(home, settings, warehouse),
            review_snapshot_asset(home, settings),
        ],
        asset_checks=[review_chain_check(home)],
        jobs=[refresh, freeze],
        schedules=refresh_schedules(settings),
        sensors=[
            new_landing_files_sensor(home),
            freeze_after_refresh_sensor(home, settings, refresh, freeze),
        ],
        resources={"run_lock": RunLock(home=str(home.root))},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The home that STEELYARD_HOME names."""
    return assemble(Home.from_environment())
