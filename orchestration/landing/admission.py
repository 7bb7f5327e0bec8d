"""Admission: everything new in the landing zone goes through the door, feed by feed.

Belongs here: the order of work, and the commit of a feed's state. Which files are new is told by
`candidates.py`; what happens to the rows of one batch is in `batch.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from orchestration.faults import during
from orchestration.landing.admitted import write_admitted_files
from orchestration.landing.batch import BatchResult, admit_batch
from orchestration.landing.candidates import find
from orchestration.landing.contracts import ensure_typed_lake
from orchestration.landing.drift import shape_id
from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.exhaustion import TooLarge, stopping
from orchestration.landing.feed_run import Aside, FeedRun, FeedStopped, Progress
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.fitting import fitting
from orchestration.landing.hashing import load_hash_key
from orchestration.landing.lake import conform, without_files
from orchestration.landing.manifest import (
    AdmittedFile,
    FileCounts,
    Manifest,
    admitted_feeds,
    read_manifest,
    recover,
    sync,
    write_manifest,
)
from orchestration.landing.mapping import MappingError
from orchestration.landing.names import shown
from orchestration.landing.quarantine import set_aside
from orchestration.landing.reading import (
    BATCH_BYTES,
    batches,
    inspect,
    open_sandbox,
    weight,
)
from orchestration.landing.report import AdmissionReport, FileReport
from orchestration.landing.sources import RawFile
from orchestration.landing.sql_limits import memory_limited
from orchestration.paths import Home
from orchestration.settings import load_settings, size_in_bytes

__all__ = ["admit", "admit_feed", "recover"]

_BATCH_BYTES = BATCH_BYTES


def admit(
    home: Home,
    known_until: datetime,
    report: Callable[[str], None] = lambda line: None,
    aside: Aside = set_aside,
) -> AdmissionReport:
    """Admit every file that is new in the landing zone and was exported by `known_until`.

    A naive `known_until` is in UTC. `report` is called with one line of progress at a time. A feed
    that is wrong stops alone and keeps its earlier state; the report is not `ok` then. `aside` is
    called for each file that cannot be read.
    """
    recover(home)
    ensure_typed_lake(home.lake)
    feeds, total = load_feeds(home.landing), AdmissionReport()
    for feed in feeds:
        total.add(_admit_one(home, feed, known_until, report, aside))
    names = {feed.name if isinstance(feed, Feed) else feed.feed for feed in feeds}
    for name in sorted(set(admitted_feeds(home)) - names):
        kept = len(read_manifest(home, name).files)
        total.notes.append(f"{name}: has no feed.yml any more; its {kept} files stay admitted")
    write_admitted_files(home)
    return total


def admit_feed(
    home: Home,
    feed_name: str,
    known_until: datetime,
    report: Callable[[str], None] = lambda line: None,
    feeds: Sequence[Feed | WrongFeed] | None = None,
) -> AdmissionReport:
    """As `admit`, for one feed; it leaves alone what other feeds are doing.

    `feeds` are those of the landing zone where the caller has loaded them just now: loading them
    checks every expression of every feed.
    """
    recover(home, feed_name)
    ensure_typed_lake(home.lake)
    for feed in load_feeds(home.landing) if feeds is None else feeds:
        if (feed.name if isinstance(feed, Feed) else feed.feed) == feed_name:
            return _admit_one(home, feed, known_until, report)
    missing = WrongFeed(feed_name, f"landing/{feed_name}/feed.yml", "", "there is no such file")
    return AdmissionReport(wrong=[missing])


def _admit_one(
    home: Home,
    feed: Feed | WrongFeed,
    known_until: datetime,
    progress: Progress,
    aside: Aside = set_aside,
) -> AdmissionReport:
    if isinstance(feed, WrongFeed):
        progress(str(feed))
        return AdmissionReport(wrong=[feed])
    key = load_hash_key(home) if feed.hashes_values else None
    run = FeedRun(
        home=home,
        feed=feed,
        feed_hash=feed.content_hash(key.key_id if key else ""),
        key=key,
        known_until=_naive_utc(known_until),
        loaded_at=datetime.now(UTC).replace(tzinfo=None),
        memory_limit=load_settings(home).memory_limit,
        progress=progress,
        manifest=read_manifest(home, feed.name),
        aside=aside,
    )
    try:
        with during(f"admitting feed {feed.name} (its earlier state stays)"):
            _admit_new_files(run)
    except FeedStopped as stopped:
        progress(str(stopped.wrong))
        run.report.wrong.append(stopped.wrong)
    recover(home, feed.name)
    return run.report


def _admit_new_files(run: FeedRun) -> None:
    """Everything of one feed. Raises FeedStopped when the feed does not fit its files."""
    withdrawn = _withdrawn(run, _find_new_files(run))
    if run.candidates:
        counted = f"{len(run.candidates)} new files, {len(run.report.pending)} pending"
        run.progress(f"{run.feed.name}: {counted}")
        with (
            memory_limited(size_in_bytes(run.memory_limit)),
            open_sandbox(run.feed, run.scratch, run.memory_limit) as connection,
        ):
            files = [file for name in run.candidates if (file := _inspect(run, name, connection))]
            with stopping(run, connection, []):
                files = fitting(run, connection, files)
            work = list(batches(files, _BATCH_BYTES))
            for number, batch in enumerate(work, start=1):
                _try_batch(run, connection, batch, f"batch {number} of {len(work)}")
        _settle_unfit(run)
    if run.waiting or withdrawn:
        _commit(run, run.waiting, withdrawn)
    _conform_kept(run)


def _find_new_files(run: FeedRun) -> frozenset[str]:
    """Sort out what lies in the feed's folder; returns the names that the feed claims."""
    found = find(run.feed, run.manifest, run.feed_hash, run.known_until)
    run.candidates = found.candidates
    run.report.unchanged += found.unchanged
    run.report.notes += found.notes
    for pending in found.pending:
        run.leave(pending)
    _tell_of_the_future(run)
    for name, reason in found.odd:
        run.quarantine(name, reason)
    return found.claimed


def _tell_of_the_future(run: FeedRun) -> None:
    """Files of a later instant than now wait like others, but hardly anybody means them to."""
    future = [
        (file.exported_at, shown(file.file))
        for file in run.report.pending
        if file.exported_at and file.exported_at > run.loaded_at
    ]
    if future:
        exported_at, name = future[0]
        run.report.notes.append(
            f"{run.feed.name}: {len(future)} files say that they were exported later than this "
            f"computer's clock, {name} at {exported_at:%Y-%m-%d %H:%M} UTC; "
            "they wait until then. Is the clock right, and exported_at in feed.yml?"
        )
        run.progress(run.report.notes[-1])


def _withdrawn(run: FeedRun, claimed: frozenset[str]) -> set[str]:
    """Admitted files that lie in the folder but that the feed claims no longer.

    A file that is gone stays admitted: cleaning the landing zone is no retraction.
    """
    unclaimed = set(run.manifest.files) - claimed
    gone = {name for name in unclaimed if not (run.feed.folder / name).is_file()}
    stale = sum(run.manifest.files[name].feed_hash != run.feed_hash for name in gone)
    if stale:
        run.report.notes.append(
            f"{run.feed.name}: {stale} admitted files are gone from the landing zone; "
            "they stay as they were mapped before the feed or its contracts changed"
        )
    return unclaimed - gone


def _inspect(run: FeedRun, name: str, connection: duckdb.DuckDBPyConnection) -> RawFile | None:
    try:
        with stopping(run, connection, [name]):
            file = inspect(run.feed, name, connection, run.scratch)
    except FileUnreadable as error:
        if run.unmoved([name]):
            run.quarantine(name, str(error))
        return None
    return file


def _try_batch(
    run: FeedRun, connection: duckdb.DuckDBPyConnection, files: list[RawFile], label: str
) -> None:
    """Admit a batch; where a file of it cannot be read, file by file to find which.

    Files that changed or vanished since they were looked at are left out, and the others read anew.
    """
    problem: Exception | None = None
    try:
        with stopping(run, connection, [file.name for file in files], sum(map(weight, files))):
            result = admit_batch(
                connection,
                run.feed,
                files,
                [run.candidates[file.name].exported_at for file in files],
                run.loaded_at,
                run.key,
                run.batch_scratch([file.name for file in files]),
            )
    except (FileUnreadable, MappingError, TooLarge) as error:
        problem = error
    unmoved = run.unmoved([file.name for file in files])
    if len(unmoved) < len(files):
        if left := [file for file in files if file.name in unmoved]:
            _try_batch(run, connection, left, label)
    elif isinstance(problem, MappingError):
        run.unfit.append((files, problem))
    elif problem and len(files) > 1:
        for number, file in enumerate(files, start=1):
            _try_batch(run, connection, [file], f"{label}, file {number} of {len(files)}")
    elif problem:
        run.quarantine(files[0].name, str(problem))
    else:
        _done(run, files, result, label)


def _done(run: FeedRun, files: list[RawFile], result: BatchResult, label: str) -> None:
    _tell(run, label, result)
    run.report.notes += result.notes
    run.waiting.append((files, result))
    if not any(file.name in run.manifest.files for file in files):
        # Nothing is replaced: what is done is safe at once. Replacements wait for the last batch,
        # so that a feed that stops half-way keeps its whole earlier state.
        _commit(run, [run.waiting.pop()], set())


def _settle_unfit(run: FeedRun) -> None:
    """Files that the mapping does not fit: odd files if it fits others, else a wrong feed."""
    unmoved = run.unmoved([file.name for files, _ in run.unfit for file in files])
    run.unfit = [(files, e) for files, e in run.unfit if unmoved.issuperset(f.name for f in files)]
    if not run.unfit:
        return
    fits = any(known.feed_hash == run.feed_hash for known in run.manifest.files.values())
    problem = run.unfit[0][1]
    if not (fits or run.waiting) or "fails on a row" in problem.problem:
        raise FeedStopped(run.feed.wrong(problem.key, problem.problem))
    for files, error in run.unfit:
        for file in files:
            run.quarantine(file.name, f"does not fit the feed: {error}")


def _commit(
    run: FeedRun, done: Sequence[tuple[list[RawFile], BatchResult]], withdrawn: Iterable[str]
) -> None:
    """Make batches part of the feed's state; what they replace leaves it in the same instant."""
    replaced = {file.name for files, _ in done for file in files} | set(withdrawn)
    before = run.manifest
    kept = {name: file for name, file in before.files.items() if name not in replaced}
    state = without_files(run.home, before, kept)
    files, lake, shapes = dict(state.files), dict(state.batches), dict(state.shapes)
    for batch, result in done:
        batch_id = run.batch_id([file.name for file in batch])
        lake[batch_id] = _move_into_lake(run, batch_id, result)
        for file in batch:
            shapes[shape_id(file.shape)] = file.shape
            counts = result.counts[file.name]
            files[file.name] = _admitted(run, file, batch_id, counts)
            run.report.files.append(_file_report(run, file.name, counts, before))
    files = dict(sorted(files.items()))
    run.manifest = replace(state, files=files, batches=lake, shapes=shapes)
    write_manifest(run.home, run.manifest)


def _move_into_lake(run: FeedRun, batch_id: str, result: BatchResult) -> dict[str, str]:
    placed = {}
    for entity, written in result.written.items():
        target = run.home.lake / entity / f"{run.feed.name}-{batch_id}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        sync(written)
        written.replace(target)
        sync(target.parent)
        placed[entity] = target.name
    return placed


def _admitted(run: FeedRun, file: RawFile, batch_id: str, counts: FileCounts) -> AdmittedFile:
    candidate = run.candidates[file.name]
    return AdmittedFile(
        sha256=candidate.sha256,
        size=candidate.stamp.size,
        mtime_ns=candidate.mtime_ns,
        exported_at=candidate.exported_at.isoformat(sep=" "),
        feed_hash=run.feed_hash,
        batch=batch_id,
        counts=counts,
        shape=shape_id(file.shape),
    )


def _file_report(run: FeedRun, name: str, counts: FileCounts, before: Manifest) -> FileReport:
    return FileReport(
        feed=run.feed.name,
        file=name,
        rows_read=counts.read,
        filtered=counts.filtered,
        unreadable=counts.unreadable,
        entities=counts.entities,
        top_reason=counts.top_reason,
        top_kind=counts.top_kind,
        replaced=name in before.files,
    )


def _conform_kept(run: FeedRun) -> None:
    """Files that stay though their contract changed: their lake files take on its columns."""
    if any(known.feed_hash != run.feed_hash for known in run.manifest.files.values()):
        conformed = conform(run.home, run.manifest)
        if conformed != run.manifest:
            run.manifest = conformed
            write_manifest(run.home, conformed)


def _tell(run: FeedRun, label: str, result: BatchResult) -> None:
    counts = result.counts.values()
    entities = [entity for count in counts for entity in count.entities.values()]
    accepted, rejected = sum(e.accepted for e in entities), sum(e.rejected for e in entities)
    run.progress(
        f"{run.feed.name}: {label}: {len(result.counts)} files, "
        f"{sum(count.read for count in counts):,} rows read, "
        f"{accepted:,} accepted, {rejected:,} rejected"
    )


def _naive_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
