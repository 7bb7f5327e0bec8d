"""The frozen quarters as a Dagster asset, one partition a fiscal quarter."""

from collections.abc import Mapping

import dagster as dg

from orchestration.paths import Home
from orchestration.reviews.chain import Review, read_chain
from orchestration.reviews.freeze import (
    AlreadyFrozenError,
    NotDueError,
    Wish,
    freeze_quarter,
    revisions,
)
from orchestration.reviews.quarters import Quarter, quarter_partitions
from orchestration.reviews.verification import verify
from orchestration.serving.assets import PUBLISHED_BUILD
from orchestration.settings import Settings
from orchestration.warehouse.assets import POOL

_FORCE, _REVISE, _REASON = "steelyard/force", "steelyard/revise", "steelyard/reason"
_SHOWN = "scorecards"  # totals of pay are nobody's business in the UI
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
        wish = wish_of(context.run.tags)
        try:
            review = freeze_quarter(home, settings, quarter, wish)
        except AlreadyFrozenError as frozen:
            if wish.reason is not None:
                raise dg.Failure(str(frozen), allow_retries=False) from frozen
            context.log.info(str(frozen))
            review = revisions(home, quarter, settings)[-1]
        except NotDueError as early:
            raise dg.Failure(str(early), allow_retries=False) from early
        return dg.MaterializeResult(metadata=_metadata(review))

    return review_snapshot


def review_chain_check(home: Home) -> dg.AssetChecksDefinition:
    """The check that no frozen file was touched and the chain ends where it should."""

    @dg.asset_check(asset=REVIEW_SNAPSHOT, blocking=False)
    def chain_holds() -> dg.AssetCheckResult:
        """Every frozen file and every link of the chain is as it was written."""
        problems = verify(home)
        chain = read_chain(home)
        metadata = {
            "reviews": dg.MetadataValue.int(len(chain)),
            "head": dg.MetadataValue.text(chain[-1].sha256 if chain else "(nothing frozen)"),
            **({"problem": dg.MetadataValue.text("\n".join(problems))} if problems else {}),
        }
        return dg.AssetCheckResult(passed=not problems, metadata=metadata)

    return chain_holds


def wish_tags(wish: Wish) -> dict[str, str]:
    """A run's tags that ask for a freeze in this way; the UI can set the same."""
    tags = {_FORCE: str(wish.force).lower(), _REVISE: str(wish.revise).lower()}
    return {**tags, **({_REASON: wish.reason} if wish.reason else {})}


def wish_of(tags: Mapping[str, str]) -> Wish:
    """How a run's tags ask for a freeze; without tags, plainly."""
    return Wish(
        force=tags.get(_FORCE) == "true",
        revise=tags.get(_REVISE) == "true",
        reason=tags.get(_REASON),
    )


def _metadata(review: Review) -> dict[str, dg.MetadataValue]:
    """What vouches for the review outside its folder; nothing about one employee."""
    totals = review.content["totals"]
    rows = {name: each["rows"] for name, each in totals.items()}
    sums = {name: each["sums"] for name, each in totals.items() if _SHOWN in name}
    return {
        "quarter": dg.MetadataValue.text(review.quarter),
        "revision": dg.MetadataValue.int(review.revision),
        "sequence": dg.MetadataValue.int(review.sequence),
        "review_sha256": dg.MetadataValue.text(review.sha256),
        "folder": dg.MetadataValue.path(review.folder),
        "rows": dg.MetadataValue.json(rows),
        "control_totals": dg.MetadataValue.json(sums),
        "reason": dg.MetadataValue.text(review.content["reason"]),
    }
