"""The frozen quarters as a Dagster asset, one partition a fiscal quarter."""

import dagster as dg

from orchestration.paths import Home
from orchestration.reviews.chain import Review, read_chain
from orchestration.reviews.freeze import AlreadyFrozenError, freeze_quarter
from orchestration.reviews.quarters import Quarter, quarter_partitions
from orchestration.serving.assets import PUBLISHED_BUILD
from orchestration.settings import Settings
from orchestration.warehouse.assets import POOL

REVIEW_SNAPSHOT = dg.AssetKey(["reviews", "review_snapshot"])


def review_snapshot_asset(home: Home, settings: Settings) -> dg.AssetsDefinition:
    """The asset that freezes; materializing a frozen quarter again leaves it as it is."""
    partitions = quarter_partitions(settings)

    @dg.asset(
        key=REVIEW_SNAPSHOT,
        deps=[PUBLISHED_BUILD],
        partitions_def=partitions,
        group_name="reviews",
        pool=POOL,
        kinds={"parquet"},
        required_resource_keys={"run_lock"},
        description="A closed quarter's scorecards, KPI values, rules and sources, written once.",
    )
    def review_snapshot(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """Freezes the quarter of the partition, or shows it where it is frozen."""
        quarter = Quarter(context.partition_time_window.start.date())
        label = quarter.label(settings)
        try:
            review = freeze_quarter(home, settings, quarter)
        except AlreadyFrozenError as frozen:
            context.log.info(str(frozen))
            review = [each for each in read_chain(home) if each.quarter == label][-1]
        return dg.MaterializeResult(metadata=_metadata(review))

    return review_snapshot


def _metadata(review: Review) -> dict[str, dg.MetadataValue]:
    """What vouches for the review outside its folder; nothing about one employee."""
    rows = {name: each["rows"] for name, each in review.content["totals"].items()}
    return {
        "quarter": dg.MetadataValue.text(review.quarter),
        "revision": dg.MetadataValue.int(review.revision),
        "sequence": dg.MetadataValue.int(review.sequence),
        "review_sha256": dg.MetadataValue.text(review.sha256),
        "folder": dg.MetadataValue.path(review.folder),
        "rows": dg.MetadataValue.json(rows),
    }
