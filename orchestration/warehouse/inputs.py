"""What a build is made from: whether the next build may go on from it, and whether one is needed.

Belongs here: fingerprints of rules, settings, code and lake, and the two questions asked of them.
Which tables an increment touches is decided in dbt (`macros/increments`).
"""

import hashlib
import json
from datetime import datetime

import duckdb

from orchestration.landing.manifest import admitted_feeds, read_manifest
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.serving.build import Build, NothingPublishedError
from orchestration.settings import Clocks, Settings
from orchestration.warehouse.project import code_version
from orchestration.warehouse.record import BuildRecord


def rules_fingerprint(home: Home, settings: Settings) -> str:
    """SHA-256 (hex) over the settings and rules of a home, and the code that applies them."""
    digest = hashlib.sha256(code_version().encode())
    digest.update(settings.model_dump_json().encode())
    for path in sorted(home.rules.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def lake_fingerprint(home: Home, known_until: datetime) -> str:
    """SHA-256 (hex) over all that a build at `known_until` reads: admitted files, frozen quarters.

    Files exported after `known_until` are not read and do not count.
    """
    until = Clocks.at(known_until).known_until.replace(tzinfo=None)
    seen = [
        [feed, name, file.sha256, file.feed_hash, file.batch]
        for feed in admitted_feeds(home)
        for name, file in read_manifest(home, feed).files.items()
        if datetime.fromisoformat(file.exported_at) <= until
    ]
    chain = [review.sha256 for review in read_chain(home)]
    return hashlib.sha256(json.dumps([seen, chain]).encode()).hexdigest()


def why_whole(
    home: Home, settings: Settings, clocks: Clocks, record: BuildRecord | None
) -> str | None:
    """Why everything must be computed, in words; None where the last build can be gone on from."""
    if record is None:
        return "the warehouse holds no whole build to go on from"
    if record.rules_sha256 != rules_fingerprint(home, settings):
        return "rules, settings or code changed"
    if clocks.as_of < record.as_of or clocks.known_until < record.known_until:
        return "a clock is earlier than the last build's"
    if _built_by(home) != record.run_id:
        return "the warehouse was changed by something else since"
    return None


def is_up_to_date(home: Home, settings: Settings, clocks: Clocks, record: BuildRecord) -> bool:
    """Whether the published build would come out again: nothing landed, and the day is the same.

    Asked only where nothing makes a build whole (`why_whole`). Within a day only deadlines pass,
    and their rows count from the next build on.
    """
    days = {each.as_of.astimezone(settings.zone).date() for each in (record.clocks, clocks)}
    if len(days) > 1 or record.lake_sha256 != lake_fingerprint(home, clocks.known_until):
        return False
    try:
        return str(Build.current(home).content["run_id"]) == record.run_id
    except NothingPublishedError:
        return False


def _built_by(home: Home) -> str | None:
    """The run that dbt last noted in the warehouse; None where it noted none."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select 1 from duckdb_tables() where schema_name = 'lake' and table_name = '_built'"
        ).fetchone()
        row = connection.execute("select run_id from lake._built").fetchone() if found else None
    return str(row[0]) if row else None
