"""Feeds and lake entities as Dagster assets: each feed is admitted in a step of its own.

How a file is admitted belongs in `admission.py`; here it is only started and reported.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import dagster as dg
import duckdb

from orchestration.clocks import clocks_of
from orchestration.faults import during
from orchestration.landing.admission import admit_feed
from orchestration.landing.admitted import write_admitted_files
from orchestration.landing.contracts import Contract, ensure_typed_lake, load_contracts
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.freshness import Freshness, freshness
from orchestration.landing.names import shown
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home
from orchestration.reviews.frozen import FROZEN_LAKE_TABLES, write_frozen_tables
from orchestration.warehouse.assets import POOL
from orchestration.warehouse.samples import sample

logger = logging.getLogger("steelyard.landing")

FEED_CHECK = "feed_can_be_admitted"
FRESH_CHECK = "feed_is_fresh"
SYSTEM = ("admitted_files", "rejected")  # written by admission, whatever the feeds are
# Entities of which no row is ever shown, and columns of other entities that name an employee.
_PEOPLE = {
    "employees",
    "assignments",
    "salaries",
    "training_records",
    "skill_assessments",
    "certifications",
    "idea_submissions",
    "knowledge_articles",
    "pulse_surveys",
    "review_ratings",
    "diary_entries",
    "okr_check_ins",
    "review_objections",
    "target_approvals",
}
_EMPLOYEE_COLUMNS = {"agent_id", "employee_id", "manager_id"}


def feed_key(feed: str) -> dg.AssetKey:
    """Asset key of a feed; Dagster's names have letters, digits and underscores only."""
    return dg.AssetKey(["landing", re.sub(r"[^A-Za-z0-9_]", "_", feed)])


def feed_assets(home: Home, feeds: Sequence[Feed | WrongFeed]) -> list[dg.AssetsDefinition]:
    """One asset a feed folder, wrong feeds too, so that the check that fails has a place."""
    return [_feed_asset(home, name, feeds) for name in sorted({_name(feed) for feed in feeds})]


def _name(feed: Feed | WrongFeed) -> str:
    return feed.name if isinstance(feed, Feed) else feed.feed


def _feed_asset(home: Home, name: str, feeds: Sequence[Feed | WrongFeed]) -> dg.AssetsDefinition:
    key = feed_key(name)

    @dg.asset(
        key=key,
        group_name="landing",
        pool=POOL,
        required_resource_keys={"run_lock"},
        check_specs=[
            dg.AssetCheckSpec(FEED_CHECK, asset=key),
            dg.AssetCheckSpec(FRESH_CHECK, asset=key, description=_rhythm(name, feeds)),
        ],
        description=f"What landing/{name} holds, admitted to the lake.",
    )
    def feed(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """Admits the feed at the run's clock."""
        known_until = clocks_of(context).known_until
        report = admit_one(home, name, known_until, feeds)
        return dg.MaterializeResult(
            metadata=_feed_metadata(report),
            check_results=[
                dg.AssetCheckResult(
                    check_name=FEED_CHECK,
                    passed=not report.wrong,
                    metadata={"problem": "; ".join(str(wrong) for wrong in report.wrong)},
                ),
                _fresh_check(home, _feed_of(name, feeds), known_until),
            ],
        )

    return feed


def _feed_of(name: str, feeds: Sequence[Feed | WrongFeed]) -> Feed | None:
    """The usable feed of that name; None where it is wrong."""
    return next((f for f in feeds if isinstance(f, Feed) and f.name == name), None)


def _rhythm(name: str, feeds: Sequence[Feed | WrongFeed]) -> str:
    feed = _feed_of(name, feeds)
    every = feed.spec.expected_every if feed else None
    return f"A new file every {every}." if every else "No rhythm is declared: always passes."


def _fresh_check(home: Home, feed: Feed | None, known_until: datetime) -> dg.AssetCheckResult:
    """Whether the feed's files come as often as expected; late files are a warning, no failure."""
    judged = freshness(home, feed, known_until) if feed else None
    return dg.AssetCheckResult(
        check_name=FRESH_CHECK,
        passed=judged is None or not judged.is_late,
        severity=dg.AssetCheckSeverity.WARN,
        description=str(judged) if judged else "the feed is wrong: its rhythm is not judged",
        metadata=_instants(judged) if judged else {},
    )


def _instants(judged: Freshness) -> dict[str, Any]:
    named = {"newest_export": judged.newest, "due": judged.due}
    texts = {name: f"{at:%Y-%m-%d %H:%M:%S} UTC" for name, at in named.items() if at}
    return {"state": str(judged.state), "expected_every": judged.expected_every or "", **texts}


def admit_one(
    home: Home, name: str, known_until: datetime, feeds: Sequence[Feed | WrongFeed]
) -> AdmissionReport:
    """Admit one feed and log what is done; a wrong feed is told and admits nothing."""
    return admit_feed(home, name, known_until, logger.info, feeds)


def _feed_metadata(report: AdmissionReport) -> dict[str, Any]:
    """Counts of this run and a table of its files."""
    header = "| file | rows read | filtered | unreadable | accepted | rejected | top reason |"
    lines = [header, "| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {_cell(shown(each.file))} | {each.rows_read} | {each.filtered} | {each.unreadable} "
        f"| {each.accepted} | {each.rejected} | {_cell(each.top_kind or '')} |"
        for each in report.files
    ]
    return {
        "files": len(report.files),
        "files_unchanged": report.unchanged,
        "files_pending": len(report.pending),
        "files_set_aside": len(report.quarantined),
        "rows_read": sum(each.rows_read for each in report.files),
        "filtered": sum(each.filtered for each in report.files),
        "accepted": sum(each.accepted for each in report.files),
        "rejected": sum(each.rejected for each in report.files),
        "by_file": dg.MetadataValue.md("\n".join(lines)),
    }


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def lake_assets(home: Home, feeds: Sequence[Feed | WrongFeed]) -> dg.AssetsDefinition:
    """Every entity of the lake, each behind the feeds that are mapped to it."""
    contracts = load_contracts()
    good = [feed for feed in feeds if isinstance(feed, Feed)]
    specs = [
        dg.AssetSpec(
            dg.AssetKey(["lake", entity]),
            deps=[feed_key(feed.name) for feed in good if entity in feed.spec.entities],
            group_name="lake",
            kinds={"parquet"},
        )
        for entity in sorted(contracts)
    ]
    everything = sorted({feed_key(_name(feed)) for feed in feeds})
    specs += [
        dg.AssetSpec(
            dg.AssetKey(["lake", table]), deps=everything, group_name="lake", kinds={"parquet"}
        )
        for table in SYSTEM
    ]
    specs.extend(
        dg.AssetSpec(dg.AssetKey(["lake", table]), group_name="lake", kinds={"parquet"})
        for table in FROZEN_LAKE_TABLES
    )
    known = {_name(feed) for feed in feeds}

    @dg.multi_asset(
        specs=specs,
        name="lake",
        pool=POOL,
        required_resource_keys={"run_lock"},
        can_subset=True,
    )
    def lake(context: dg.AssetExecutionContext) -> Iterator[Any]:
        """Counts each entity, and admits feeds that came since the definitions were loaded."""
        ensure_typed_lake(home.lake)
        # A feed that was put down after these definitions were loaded must not wait for a reload.
        found = load_feeds(home.landing)
        for name in sorted({_name(feed) for feed in found} - known):
            admit_one(home, name, clocks_of(context).known_until, found)
        with during("writing the lake's tables of admitted files and of what is frozen"):
            write_admitted_files(home)
            write_frozen_tables(home)
        with duckdb.connect() as connection:
            for key in sorted(context.selected_asset_keys):
                metadata = _entity_metadata(connection, home, key.path[-1], contracts)
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)

    return lake


def _entity_metadata(
    connection: duckdb.DuckDBPyConnection, home: Home, entity: str, contracts: dict[str, Contract]
) -> dict[str, Any]:
    """Rows of an entity by feed and, unless it is about people or is the rejects, a sample."""
    files = str(home.lake / entity / "**" / "*.parquet").replace("'", "''")
    relation = f"read_parquet('{files}', union_by_name = true)"
    if entity in FROZEN_LAKE_TABLES:
        found = connection.execute(f"select count(*) from {relation}").fetchone()
        return {"dagster/row_count": found[0] if found else 0}
    by_feed = dict(
        connection.execute(
            f"select _feed, count(*) from {relation} group by _feed order by _feed"
        ).fetchall()
    )
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(by_feed.values()),
        "by_feed": dg.MetadataValue.json(by_feed),
    }
    if entity in contracts and entity not in _PEOPLE:
        shown = [
            f'"{column.name}"'
            for column in contracts[entity].columns
            if not column.masked and column.name not in _EMPLOYEE_COLUMNS
        ]
        metadata["sample"] = sample(connection, relation, "false", ", ".join(shown))
    return metadata
