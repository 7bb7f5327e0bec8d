"""The two jobs: refresh and freeze. How they are started from the command line is in `runs.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.history import end_dead_runs, unhurried_history
from orchestration.landing.lock import run_lock
from orchestration.paths import Home
from orchestration.reviews.assets import REVIEW_SNAPSHOT

REFRESH = "refresh"
FREEZE = "freeze"
REVIEWS = dg.AssetSelection.assets(REVIEW_SNAPSHOT)


class RunLock(dg.ConfigurableResource[None]):
    """Holds the home's run lock while steps run, so that two processes never share a warehouse.

    The pool keeps apart the runs of one Dagster instance; only the lock also keeps out a run of
    another instance, and the `steelyard` command.
    """

    home: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[None]:
        """Take the lock for the run; a run under a process that holds it already goes on."""
        with run_lock(Home(Path(self.home))), unhurried_history():
            if context.instance is not None and context.run_id is not None:
                end_dead_runs(context.instance, context.run_id)
            yield


def refresh_job() -> UnresolvedAssetJobDefinition:
    """Admit, build, check, publish: in one process, since most steps are shorter than a start."""
    return dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all() - REVIEWS,
        executor_def=dg.in_process_executor,
        description="Admit what landed, build and check the warehouse, publish it.",
    )


def freeze_job() -> UnresolvedAssetJobDefinition:
    """Freeze one quarter, the partition."""
    return dg.define_asset_job(
        FREEZE,
        selection=REVIEWS,
        executor_def=dg.in_process_executor,
        description="Freeze one closed quarter from the published build.",
    )
