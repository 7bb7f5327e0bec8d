"""Freeze closed quarters: scorecards, KPI values, the rules and sources they came from.

A frozen quarter is read from one published build and from nothing else. Frozen files know employees
only by `employee_key`; names and free text are sealed. A frozen revision is never rewritten: a
correction is a further revision, with a reason and the rows that differ. Which rows are frozen is
in `frozen_tables.py`.
"""

import hashlib
import json
import logging
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.faults import during
from orchestration.paths import PRIVATE_FOLDER, Home, make_folder
from orchestration.reviews.chain import (
    REVIEW_FILE,
    Review,
    read_chain,
    seal,
    write_head,
)
from orchestration.reviews.durable import sync_folder, write_durably
from orchestration.reviews.frozen_tables import (
    describe_files,
    differences,
    key_of,
    relations,
    teach_keys,
    write_changes,
    write_rules,
    write_tables,
)
from orchestration.reviews.people_file import SEALED_FILE, seal_people
from orchestration.reviews.quarters import Quarter
from orchestration.reviews.readiness import findings
from orchestration.reviews.signing import public_key, sign
from orchestration.serving.build import SOURCES_FILE, Build
from orchestration.settings import Settings
from orchestration.warehouse.record import last_record

logger = logging.getLogger("steelyard.reviews")

SCHEMA_VERSION = 2
FIRST_FREEZE = "first freeze"


class AlreadyFrozenError(RuntimeError):
    """The quarter has a frozen revision, and a frozen revision is never rewritten."""


class NotDueError(RuntimeError):
    """The published build cannot be frozen for this quarter; the message says why."""


class NoReasonError(ValueError):
    """Forcing and revising need a reason, which the review keeps."""


@dataclass(frozen=True)
class Wish:
    """How a freeze was asked for: past its findings, or as a further revision, and why."""

    force: bool = False
    revise: bool = False
    reason: str | None = None

    def __post_init__(self) -> None:
        if (self.force or self.revise) and not (self.reason or "").strip():
            raise NoReasonError("say why: --reason TEXT is kept in the review")


def due_quarters(home: Home, settings: Settings) -> list[Quarter]:
    """Quarters that the published build has scorecards of, closed, past their grace days, unfrozen.

    A build counts only what it knew: both of its clocks must be past the grace days. Raises
    NothingPublishedError where nothing is published.
    """
    build = Build.current(home)
    known = min(build.clocks.as_of, build.clocks.known_until)
    return [
        quarter
        for quarter in scored_quarters(build)
        if quarter.due_at(settings) <= known and not revisions(home, quarter, settings)
    ]


def ready_quarters(home: Home, settings: Settings) -> list[Quarter]:
    """Due quarters of which nothing is missing; the log says what others wait for."""
    ready, build = [], None
    for quarter in due_quarters(home, settings):
        build = build or Build.current(home)
        missing = findings(home, settings, build, quarter)
        if missing:
            logger.warning("%s waits to be frozen: %s", quarter.label(settings), "; ".join(missing))
        else:
            ready.append(quarter)
    return ready


def freeze_quarter(
    home: Home, settings: Settings, quarter: Quarter, wish: Wish | None = None
) -> Review:
    """Freeze a quarter from the published build; returns the review that now stands for it.

    Where the build says what the newest revision says, that one is returned and nothing is written.
    Raises AlreadyFrozenError where it says something else and no revision was asked for, and
    NotDueError with what is missing where the quarter may not be frozen; `wish.force` freezes with
    these findings inside.
    """
    asked = wish or Wish()
    label = quarter.label(settings)
    build = Build.current(home)
    if quarter not in scored_quarters(build):
        raise NotDueError(f"{label} cannot be frozen: the published build has no scorecards of it")
    missing = findings(home, settings, build, quarter)
    if missing and not asked.force:
        listed = "\n".join(f"  {finding}" for finding in missing)
        raise NotDueError(
            f"{label} is not ready to be frozen:\n{listed}\n"
            "mend that and run again, or freeze with these findings inside: --force --reason TEXT"
        )
    with during(f"freezing {label} (nothing is frozen of it)"):
        return _freeze(home, settings, build, quarter, asked, missing)


def scored_quarters(build: Build) -> list[Quarter]:
    """Quarters of which the build has any scorecard, oldest first."""
    with build.open() as connection:
        days: set[date] = set()
        for relation in relations(connection, "scorecards", "scorecards"):
            rows = connection.execute(
                f"select distinct period_start from {relation} where period_grain = 'quarter'"
            ).fetchall()
            days.update(row[0] for row in rows)
    return sorted(Quarter(day) for day in days)


def revisions(home: Home, quarter: Quarter, settings: Settings) -> list[Review]:
    """The quarter's frozen revisions, oldest first."""
    label = quarter.label(settings)
    return sorted(
        (review for review in read_chain(home) if review.quarter == label),
        key=lambda review: review.revision,
    )


def _freeze(
    home: Home,
    settings: Settings,
    build: Build,
    quarter: Quarter,
    wish: Wish,
    missing: list[str],
) -> Review:
    """Write the revision under a hidden name, and leave nothing of it where that fails."""
    make_folder(home.reviews, PRIVATE_FOLDER)
    label = quarter.label(settings)
    unfinished = home.reviews / f".{label}"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished, PRIVATE_FOLDER)
    try:
        totals = _write_content(home, build, quarter, label, unfinished)
        earlier = revisions(home, quarter, settings)
        if earlier:
            newest = earlier[-1]
            changed = differences(newest.folder, unfinished)
            if not changed:
                logger.info(
                    "%s is frozen as revision %d, and nothing differs", label, newest.revision
                )
                return newest
            _refuse_unless_revised(label, newest, changed, wish)
            write_changes(newest.folder, unfinished)
        review = _finish(home, settings, build, quarter, unfinished, wish, missing, totals, earlier)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    logger.info("froze %s, revision %d: head %s", label, review.revision, review.sha256)
    return review


def _refuse_unless_revised(
    label: str, newest: Review, changed: dict[str, dict[str, int]], wish: Wish
) -> None:
    if wish.revise:
        return
    told = ", ".join(f"{name}: {sum(sides.values()):,} rows" for name, sides in changed.items())
    raise AlreadyFrozenError(
        f"{label} is frozen as revision {newest.revision} and is not rewritten; the published "
        f"build says something else ({told}). To freeze that beside it: --revise --reason TEXT"
    )


def _write_content(
    home: Home, build: Build, quarter: Quarter, label: str, folder: Path
) -> dict[str, dict[str, Any]]:
    """Tables, rules, sources and the sealed people file; returns the tables' control totals."""
    with build.open() as connection:
        teach_keys(connection, home)
        totals = write_tables(connection, quarter, folder)
        sealed = seal_people(home, connection, quarter, label, key_of(home))
    write_rules(home, build, folder)
    write_durably(folder / SOURCES_FILE, (build.folder / SOURCES_FILE).read_bytes())
    write_durably(folder / SEALED_FILE, sealed)
    return totals


def _finish(
    home: Home,
    settings: Settings,
    build: Build,
    quarter: Quarter,
    unfinished: Path,
    wish: Wish,
    missing: list[str],
    totals: dict[str, dict[str, Any]],
    earlier: list[Review],
) -> Review:
    """Write review.json, sign it, and rename the folder into its place in the chain."""
    chain = read_chain(home)
    previous = chain[-1].sha256 if chain else None
    revision = earlier[-1].revision + 1 if earlier else 1
    content = seal(
        {
            "schema_version": SCHEMA_VERSION,
            "sequence": len(chain) + 1,
            "quarter": quarter.label(settings),
            "first_day": quarter.key,
            "revision": revision,
            "reason": (wish.reason or FIRST_FREEZE).strip(),
            "was_forced": bool(missing),
            "findings": missing,
            "as_of": build.content["as_of"],
            "known_until": build.content["known_until"],
            "code_version": build.content["code_version"],
            "manifest_sha256": _manifest_sha256(home),
            "settings": settings.model_dump(),
            "employees_are": "employee_key: HMAC-SHA-256 of the employee id",
            "totals": totals,
            "files": describe_files(unfinished),
            "signed_by": public_key(home),
            "previous_sha256": previous,
        }
    )
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_durably(unfinished / REVIEW_FILE, text.encode())
    final = home.reviews / f"quarter={quarter.label(settings)}" / f"revision={revision}"
    make_folder(final.parent, PRIVATE_FOLDER)
    review = Review(final, content)
    sign(home, unfinished, review.sha256)
    write_head(home, previous, following=review.sha256)
    unfinished.rename(final)
    sync_folder(final.parent)
    sync_folder(home.reviews)
    write_head(home, review.sha256)
    return review


def _manifest_sha256(home: Home) -> str | None:
    """Hash of what dbt's manifest of the build holds: each node's checksum, each macro's text.

    Instants of parsing are left out, so that the same project is the same hash. None where the
    warehouse was rebuilt by something else since.
    """
    record = last_record(home)
    if record is None or not record.manifest.exists():
        return None
    manifest = json.loads(record.manifest.read_bytes())
    parts = sorted(
        [name, node.get("checksum", {}).get("checksum", "")]
        for name, node in manifest.get("nodes", {}).items()
    )
    parts += sorted(
        [name, macro["macro_sql"]] for name, macro in manifest.get("macros", {}).items()
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
