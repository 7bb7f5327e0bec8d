"""Every dbt model and seed as a Dagster asset, every data test as an asset check.

dbt's unit tests are no statement about data: `make test` runs them, Dagster does not.
"""

import contextlib
import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCliEventMessage
from packaging.version import Version

from orchestration.clocks import clocks_of
from orchestration.faults import fault_in_text
from orchestration.paths import DBT_PROJECT, PRIVATE_FILE, Home
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.health import ensure_usable_warehouse, remove_damaged_warehouse
from orchestration.warehouse.increments import increments
from orchestration.warehouse.inputs import (
    is_up_to_date,
    lake_fingerprint,
    rules_fingerprint,
    why_whole,
)
from orchestration.warehouse.project import (
    DBT,
    code_version,
    location_arguments,
    process_environment,
    target_path,
)
from orchestration.warehouse.record import BuildRecord, last_record, remove_record, write_record
from orchestration.warehouse.samples import table_metadata

logger = logging.getLogger("steelyard.warehouse")

# Whatever opens warehouse.duckdb or changes what it is built from stands in this one pool.
POOL = "warehouse"
NOT_UNIT_TESTS = "resource_type:unit_test"
RUN_RESULTS: Final = "run_results.json"
RUN_VARIABLE: Final = "STEELYARD_RUN_ID"  # noted in the warehouse when dbt ends
# An increment follows only on a whole build with the same rules: they stand, and were tested.
_EXCEPT_RULES: Final = ("--exclude", "resource_type:seed", "fqn:steelyard.seeds")
_FAILED = {"error", "fail", "runtime error"}
_RESULTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}


class Translator(DagsterDbtTranslator):
    """Names assets `<schema>/<model>` and groups them by schema."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema that the node is built into; sources belong to the lake."""
        if dbt_resource_props["resource_type"] == "source":
            return "lake"
        return str(dbt_resource_props["schema"])


def warehouse_assets(home: Home, settings: Settings, manifest: Path) -> dg.AssetsDefinition:
    """The dbt project of this home as assets; the whole project, or what the run selects."""

    @dbt_assets(
        manifest=manifest,
        exclude=NOT_UNIT_TESTS,
        name="warehouse",
        dagster_dbt_translator=Translator(),
        required_resource_keys={"run_lock"},
        pool=POOL,
    )
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
        """Runs dbt on what the run selects."""
        yield from _build(context, home, settings, manifest)

    return warehouse


def _build(
    context: dg.AssetExecutionContext, home: Home, settings: Settings, manifest: Path
) -> Iterator[Any]:
    """Run dbt build; yield its events, and fail the run if any model or error-severity test did."""
    clocks, selection = clocks_of(context), _selection(context)
    ensure_usable_warehouse(home)
    record = last_record(home)
    whole = "models were chosen" if selection else why_whole(home, settings, clocks, record)
    if record and whole is None and is_up_to_date(home, settings, clocks, record):
        logger.info("nothing new since the build that is published: it stands")
        return
    logger.info("dbt computes %s", f"everything: {whole}" if whole else "what changed")
    rules, lake = rules_fingerprint(home, settings), lake_fingerprint(home, clocks.known_until)
    remove_record(home)
    (target_path(home) / RUN_RESULTS).unlink(missing_ok=True)
    arguments = [*selection, *(["--full-refresh"] if whole else _EXCEPT_RULES)]
    invocation = _start_dbt(context, home, settings, clocks, manifest, arguments)
    said: list[str] = []
    events = list(_follow(invocation, context, said))
    if home.warehouse.exists():
        home.warehouse.chmod(PRIVATE_FILE)
    if invocation.process.returncode:
        yield from events
        told = _what_failed(home, invocation, said)
        removed = remove_damaged_warehouse(home, told)
        raise dg.Failure(description="\n".join(filter(None, [told, removed])), allow_retries=False)
    if not selection:
        write_record(
            home,
            BuildRecord(
                as_of=clocks.as_of,
                known_until=clocks.known_until,
                code_version=code_version(),
                run_id=context.run_id,
                rules_sha256=rules,
                lake_sha256=lake,
                manifest=manifest,
                finished_at=datetime.now(UTC),
            ),
        )
    yield from _with_metadata(events, home, invocation.manifest)


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """dbt's arguments for the selected assets; none when the run selects the whole project."""
    if not context.is_subset:
        return []
    names = sorted({key.path[-1] for key in context.selected_asset_keys})
    return ["--select", *names]


def _start_dbt(
    context: dg.AssetExecutionContext,
    home: Home,
    settings: Settings,
    clocks: Clocks,
    manifest: Path,
    arguments: Sequence[str],
) -> DbtCliInvocation:
    """Start dbt as a child process that is told everything by its arguments and environment.

    DbtCliResource is passed over: before each command it starts dbt once more to ask its version,
    and loads the adapter into this process, seconds that every refresh would pay for nothing.
    """
    logs = ["--log-format", "json", "--log-format-file", "text", "--log-level-file", "info"]
    command = [*DBT, *logs, "build", "--exclude-resource-type", "unit_test"]
    command += [*arguments, *location_arguments(home)]
    return DbtCliInvocation.run(
        args=command,
        env={
            **process_environment(home, settings, clocks),
            RUN_VARIABLE: context.run_id,
            "PYTHONUNBUFFERED": "1",
        },
        manifest=json.loads(manifest.read_bytes()),
        dagster_dbt_translator=Translator(),
        project_dir=DBT_PROJECT,
        target_path=target_path(home),
        raise_on_error=False,
        context=context,
        adapter=None,
        cli_version=Version(version("dbt-core")),
    )


def _follow(
    invocation: DbtCliInvocation, context: dg.AssetExecutionContext, said: list[str]
) -> Iterator[Any]:
    """Log how far dbt has come, gather its errors in `said`, yield its results as events."""
    raw_events = invocation.stream_raw_events()
    fifths = 0
    try:
        while (event := _next_quietly(raw_events)) is not None:
            if event.raw_event.get("info", {}).get("level") == "error":
                said.append(" ".join(str(event.raw_event["info"].get("msg", "")).split()))
            fifths = _log_progress(event.raw_event, fifths)
            yield from event.to_default_asset_events(
                manifest=invocation.manifest,
                dagster_dbt_translator=invocation.dagster_dbt_translator,
                context=context,
                target_path=invocation.target_path,
            )
    finally:
        _stop(invocation, raw_events)


def _next_quietly(raw_events: Iterator[DbtCliEventMessage]) -> DbtCliEventMessage | None:
    """The next event; dagster-dbt writes each line to stdout, and dbt's own log has them all."""
    with contextlib.redirect_stdout(io.StringIO()):
        return next(raw_events, None)


def _stop(invocation: DbtCliInvocation, raw_events: Iterator[DbtCliEventMessage]) -> None:
    """End dbt where whatever ended this step did not; its events cannot be closed, only read."""
    if invocation.process.poll() is None:
        invocation.process.terminate()
        invocation.process.wait()
    while _next_quietly(raw_events) is not None:
        pass


def _log_progress(raw_event: Mapping[str, Any], said: int) -> int:
    """Log each further fifth of the nodes that is done; returns the fifths logged so far."""
    data, info = raw_event.get("data", {}), raw_event.get("info", {})
    index, total = int(data.get("index", 0)), int(data.get("total", 0))
    if info.get("name") not in _RESULTS or not total:
        return said
    fifths = 5 * index // total
    if fifths > said:
        logger.info("dbt: %d of %d models, seeds and tests", index, total)
    return max(said, fifths)


def _what_failed(home: Home, invocation: DbtCliInvocation, said: Sequence[str]) -> str:
    """A line a failed node, from dbt's own run results, else all the errors that it told."""
    lines = []
    with contextlib.suppress(FileNotFoundError, ValueError):  # a full disk leaves it half written
        for result in invocation.get_artifact(RUN_RESULTS)["results"]:
            if result["status"] in _FAILED:
                name = str(result["unique_id"]).split(".", 2)[-1]
                lines.append(f"  {name}: {' '.join(str(result['message']).split())}")
    head = f"dbt build failed (exit {invocation.process.returncode}), nothing is published:"
    return "\n".join([head, *(_faults(home, [*lines, *said]) or lines or said)])


def _faults(home: Home, said: Sequence[str]) -> list[str]:
    """Faults of the machine among what dbt said, each once, and what dbt was writing then."""
    faults = sorted({words for line in said if (words := fault_in_text(line))})
    return [f"writing {home.warehouse} and {home.dbt}:", *faults] if faults else []


def _with_metadata(events: Sequence[Any], home: Home, manifest: Mapping[str, Any]) -> Iterator[Any]:
    """The events, with row count and sample beside each materialized table."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        tables = table_metadata(connection, manifest)
        for increment in increments(connection, manifest):
            logger.info("%s", increment)
            whole = increment.computed is None
            tables.setdefault(increment.unique_id, {}).update({
                f"{increment.units}_computed": "all" if whole else increment.computed,
                "rows_written": increment.rows_written,
                "rows_removed": increment.rows_removed,
            })  # fmt: skip
    for event in events:
        if isinstance(event, dg.Output):
            unique_id = event.metadata.get("unique_id")
            found = tables.get(str(unique_id.value), {}) if unique_id else {}
            yield event.with_metadata({**event.metadata, **found})
        else:
            yield event
