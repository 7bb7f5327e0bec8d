"""What Dagster's history says of the runs of a home: how they ended and what failed in them.

Starting runs belongs in `runs.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
from dagster._core.events import DagsterEvent
from dagster._core.execution.plan.objects import StepFailureData
from dagster_shared.error import SerializableErrorInfo

from orchestration.faults import MachineFault, fault_in_text

_LOOK_BACK = 50  # runs searched for one that went well
_UNFINISHED = {
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.CANCELING,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
}
_OF_INTEREST = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}


@dataclass(frozen=True)
class FailedCheck:
    """A check that did not pass; `asset` with slashes, `severity` ERROR or WARN."""

    asset: str
    name: str
    severity: str
    problem: str


@dataclass(frozen=True)
class PastRun:
    """One run as history knows it; `seconds` is None where it never ended."""

    job: str
    began: datetime
    seconds: float | None
    succeeded: bool
    unfinished: bool
    failures: tuple[str, ...]
    failed_checks: tuple[FailedCheck, ...]

    @property
    def is_good(self) -> bool:
        """Whether it ended well and no check failed that is more than a warning."""
        return self.succeeded and all(check.severity == "WARN" for check in self.failed_checks)


def last_run(instance: dg.DagsterInstance, job: str) -> PastRun | None:
    """The newest run of `job`; None where it has never run."""
    return next(_runs(instance, 1, dg.RunsFilter(job_name=job)), None)


def last_good_run(instance: dg.DagsterInstance, job: str) -> PastRun | None:
    """The newest run of `job` that went well, among the last fifty."""
    filters = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.SUCCESS])
    return next((run for run in _runs(instance, _LOOK_BACK, filters) if run.is_good), None)


def step_failures(events: Iterable[DagsterEvent]) -> list[str]:
    """What each failed step said, in its own words."""
    said = []
    for event in events:
        if event.is_step_failure:
            said.append(f"{event.step_key}: {_cause(event.step_failure_data)}")
    return said


def _cause(data: StepFailureData) -> str:
    described = data.user_failure_data.description if data.user_failure_data else None
    cause = data.error.cause if data.error and data.error.cause else data.error
    return described or (_message(cause) if cause else "")


def _message(error: SerializableErrorInfo) -> str:
    """What an error says; a fault of the machine in plain words, any other with its kind."""
    message = error.message.strip()
    plain = f"{MachineFault.__module__}.{MachineFault.__qualname__}: "
    if message.startswith(plain):
        return message.removeprefix(plain)
    return fault_in_text(message) or message


def _runs(instance: dg.DagsterInstance, limit: int, filters: dg.RunsFilter) -> Iterator[PastRun]:
    for record in instance.get_run_records(filters=filters, limit=limit):
        run, began = record.dagster_run, record.start_time or record.create_timestamp.timestamp()
        logs = instance.all_logs(run.run_id, of_type=_OF_INTEREST)
        events = [log.dagster_event for log in logs if log.dagster_event]
        succeeded = run.status == dg.DagsterRunStatus.SUCCESS
        unfinished = run.status in _UNFINISHED
        failures = step_failures(events)
        if not (failures or succeeded or unfinished):
            failures = ["it failed before its first step"]
        yield PastRun(
            job=run.job_name,
            began=datetime.fromtimestamp(began, UTC),
            seconds=record.end_time - began if record.end_time else None,
            succeeded=succeeded,
            unfinished=unfinished,
            failures=tuple(failures),
            failed_checks=tuple(_failed_checks(events)),
        )


def _failed_checks(events: Sequence[DagsterEvent]) -> Iterator[FailedCheck]:
    for event in events:
        if event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        check = event.asset_check_evaluation_data
        if not check.passed:
            problem = check.metadata.get("problem")
            words = str(problem.value) if problem else check.description or ""
            asset = "/".join(check.asset_key.path)
            yield FailedCheck(asset, check.check_name, check.severity.value, words)
