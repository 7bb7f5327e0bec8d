"""The published build as a Dagster asset: it comes after every mart and after their checks."""

import dagster as dg

from orchestration.paths import Home
from orchestration.serving.build import Build
from orchestration.serving.publish import PUBLIC_SCHEMAS, publish
from orchestration.settings import Settings
from orchestration.warehouse.assets import POOL
from orchestration.warehouse.record import read_record

PUBLISHED_BUILD = dg.AssetKey(["serving", "published_build"])


def published_build_asset(
    home: Home, settings: Settings, warehouse: dg.AssetsDefinition
) -> dg.AssetsDefinition:
    """The asset that publishes; a failed model or error-severity test fails the step before it."""
    marts = sorted(key for key in warehouse.keys if key.path[0] in PUBLIC_SCHEMAS)

    @dg.asset(
        key=PUBLISHED_BUILD,
        deps=marts,
        group_name="serving",
        pool=POOL,
        kinds={"duckdb", "parquet"},
        required_resource_keys={"run_lock"},
        description="The build that readers open: steelyard.duckdb, people.duckdb and Parquet.",
    )
    def published_build() -> dg.MaterializeResult:  # type: ignore[type-arg]
        """Publishes what the warehouse holds."""
        return dg.MaterializeResult(metadata=_metadata(publish(home, settings, read_record(home))))

    return published_build


def _metadata(build: Build) -> dict[str, dg.MetadataValue]:
    tables = build.content["tables"]
    rows = sum(count for files in tables.values() for count in files.values())
    return {
        "build_id": dg.MetadataValue.text(build.build_id),
        "folder": dg.MetadataValue.path(build.folder),
        "tables": dg.MetadataValue.int(len(tables)),
        "rows": dg.MetadataValue.int(rows),
        "as_of": dg.MetadataValue.text(build.content["as_of"]),
        "known_until": dg.MetadataValue.text(build.content["known_until"]),
        "code_version": dg.MetadataValue.text(build.content["code_version"]),
    }
