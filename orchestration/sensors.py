"""What starts a job by what happened: new files in the landing zone, a refresh that ended well."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import time

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.jobs import REFRESH
from orchestration.paths import Home
from orchestration.reviews.freeze import ready_quarters
from orchestration.settings import Settings

# A file younger than this may still be written; the next look takes it.
SETTLE_SECONDS = 20


def new_landing_files_sensor(home: Home) -> dg.SensorDefinition:
    """Start a refresh when a file came or changed; the cursor is the newest modification time."""

    @dg.sensor(job_name=REFRESH, minimum_interval_seconds=30)
    def new_landing_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        """Looks at the landing zone's modification times."""
        newest = newest_change(home.landing)
        if newest <= int(context.cursor or 0):
            return dg.SkipReason("nothing new in the landing zone")
        if newest / 1e9 > time() - SETTLE_SECONDS:
            return dg.SkipReason("a file is too fresh: it may still be written")
        request = dg.RunRequest(run_key=f"landing-{newest}")
        return dg.SensorResult(run_requests=[request], cursor=str(newest))

    return new_landing_files


def newest_change(landing: Path) -> int:
    """The newest modification time (nanoseconds) of a file in the landing zone, 0 for none."""
    newest = 0
    for folder, folders, files in os.walk(landing):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        for name in files:
            try:
                newest = max(newest, (Path(folder) / name).stat().st_mtime_ns)
            except OSError:  # it vanished just now, or is a link to nothing: the door tells of it
                continue
    return newest


def freeze_after_refresh_sensor(
    home: Home,
    settings: Settings,
    refresh: UnresolvedAssetJobDefinition,
    freeze: UnresolvedAssetJobDefinition,
) -> dg.SensorDefinition:
    """Start the freeze job for each quarter that the refreshed build makes due."""

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        monitored_jobs=[refresh],
        request_job=freeze,
    )
    def freeze_after_refresh(context: dg.RunStatusSensorContext) -> Iterator[dg.RunRequest]:
        """Asks the published build which quarters are due."""
        for quarter in ready_quarters(home, settings):
            yield dg.RunRequest(
                run_key=f"{context.dagster_run.run_id}-{quarter.key}",
                partition_key=quarter.key,
            )

    return freeze_after_refresh
