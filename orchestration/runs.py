"""Start the jobs in this process, on the home's own Dagster instance, so that its UI shows them.

What the jobs do is defined by the assets; here they are only started and their outcome told.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import dagster as dg
import yaml
from dagster._core.errors import DagsterExecutionInterruptedError
from sqlalchemy.exc import DBAPIError

from orchestration.clocks import clock_tags
from orchestration.definitions import assemble
from orchestration.demo import AS_OF, PLAY_DATES, generate
from orchestration.faults import MachineFault, fault_in_words
from orchestration.history import unhurried_history
from orchestration.jobs import FREEZE, REFRESH
from orchestration.landing.lock import run_lock
from orchestration.past_runs import step_failures
from orchestration.paths import HOME_VARIABLE, PRIVATE_FILE, Home
from orchestration.reviews.assets import wish_tags
from orchestration.reviews.chain import Review, read_chain
from orchestration.reviews.freeze import Wish, ready_quarters
from orchestration.reviews.quarters import Quarter
from orchestration.settings import NO_TELEMETRY, Clocks, Settings, load_settings

logger = logging.getLogger("steelyard.runs")
# A build that stands as it is checks nothing anew, and Dagster would warn of each check.
logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)

# Dagster's own lines say much to those who debug it; its event log keeps them all.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_INSTANCE = {
    "telemetry": {"enabled": False},
    "concurrency": {
        "pools": {"default_limit": 1, "granularity": "op"},
        "runs": {"max_concurrent_runs": 1},
    },
    "python_logs": {"managed_python_loggers": ["steelyard"], "python_log_level": "INFO"},
}


@dataclass
class Outcome:
    """How a job ended: `failures` stopped it, `wrong` feeds failed beside it."""

    failures: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing at all went wrong."""
        return not self.failures and not self.wrong


def write_instance_file(home: Home) -> Path:
    """Write dagster.yaml of the home where it differs from what the project needs; its path.

    A company may point Dagster at another storage: keys that are not the project's are kept.
    """
    home.prepare()
    path = home.dagster / "dagster.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    wanted = {**(found or {}), **_INSTANCE}
    if wanted != found:
        path.write_text(yaml.safe_dump(wanted, sort_keys=True), encoding="utf-8")
        path.chmod(PRIVATE_FILE)
    return path


@contextmanager
def dagster_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance, with the environment that its runs expect."""
    os.environ.update(dagster_environment(home))
    folder = write_instance_file(home).parent
    try:
        with unhurried_history(), dg.DagsterInstance.from_config(str(folder)) as instance:
            yield instance
    except DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    except DBAPIError as error:
        words = fault_in_words(error.orig) if error.orig else None
        if words is None:
            raise
        raise MachineFault(words) from error


def dagster_environment(home: Home) -> dict[str, str]:
    """Environment variables of every Dagster process of this home."""
    return {
        **NO_TELEMETRY,
        HOME_VARIABLE: str(home.root),
        "DAGSTER_HOME": str(home.dagster),
    }


def refresh(home: Home, clocks: Clocks) -> Outcome:
    """Admit, build, check and publish at these clocks; raises RunLockHeld if another run is on."""
    with run_lock(home), dagster_instance(home) as instance:
        job = assemble(home).resolve_job_def(REFRESH)
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=_QUIET,
            tags=clock_tags(clocks),
        )
    return Outcome(failures=_failures(result), wrong=_failed_checks(result))


def refresh_and_freeze(home: Home, settings: Settings, clocks: Clocks) -> list[str]:
    """One refresh and the freezes that it makes due; returns what went wrong, in words.

    Raises RunLockHeld if another run is on.
    """
    with run_lock(home):
        outcome = refresh(home, clocks)
        if not outcome.failures:
            outcome.failures += freeze_due(home, settings).failures
    return [*outcome.wrong, *outcome.failures]


def play_demo(home: Home, scale: str) -> list[str]:
    """Generate the example's exports, then refresh and freeze at each instant of its history.

    Instants whose quarter is frozen already are passed over: the second run is one refresh. Returns
    what went wrong, in words; raises DemoError where the home cannot hold the example, and
    RunLockHeld if another run is on.
    """
    with run_lock(home.prepare()):
        generate(home, scale, report=logger.info)
        settings = load_settings(home)
        frozen_at = max((_known_until(review) for review in read_chain(home)), default=None)
        for instant in PLAY_DATES:
            if instant != AS_OF and frozen_at and instant <= frozen_at:
                continue
            logger.info("as known on %s", f"{instant:%Y-%m-%d}")
            problems = refresh_and_freeze(home, settings, Clocks.at(instant))
            if problems:
                return problems
    return []


def _known_until(review: Review) -> datetime:
    return datetime.fromisoformat(review.content["known_until"])


def freeze_due(home: Home, settings: Settings) -> Outcome:
    """Run the freeze job for every quarter that is ready, oldest first, until one fails."""
    with run_lock(home):
        return freeze(home, ready_quarters(home, settings))


def freeze(home: Home, quarters: Sequence[Quarter], wish: Wish | None = None) -> Outcome:
    """Run the freeze job for these quarters in their order, until one fails."""
    outcome = Outcome()
    with run_lock(home), dagster_instance(home) as instance:
        job = assemble(home).resolve_job_def(FREEZE) if quarters else None
        for quarter in quarters:
            if job is None or outcome.failures:
                break
            result = job.execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config=_QUIET,
                partition_key=quarter.key,
                tags=wish_tags(wish) if wish else None,
            )
            outcome.failures += _failures(result)
            outcome.wrong += _failed_checks(result)
    return outcome


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """What each failed step said, in its own words; a run that failed says something.

    Raises KeyboardInterrupt where a step was told to stop, which Dagster calls a failure too.
    """
    said = step_failures(result.all_events)
    if any(DagsterExecutionInterruptedError.__name__ in words for words in said):
        raise KeyboardInterrupt
    return said or ([] if result.success else ["the run failed before its first step"])


def _failed_checks(result: dg.ExecuteInProcessResult) -> list[str]:
    """Error-severity checks that failed without stopping the run, such as a wrong feed."""
    return [
        str(check.metadata["problem"].value)
        for check in result.get_asset_check_evaluations()
        if not check.passed
        and check.severity == dg.AssetCheckSeverity.ERROR
        and "problem" in check.metadata
    ]
