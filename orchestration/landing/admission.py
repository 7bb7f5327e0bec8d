"""Admission: everything new in the landing zone goes through the door, feed by feed.

Belongs here: the order of work, and the commit of a feed's state. Which files are new is told by
`candidates.py`; what happens to the rows of one batch is in `batch.py`.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.landing.admitted import write_admitted_files
from orchestration.landing.batch import BatchResult, admit_batch
from orchestration.landing.candidates import (
    LATER,
    VANISHED,
    Candidate,
    find,
    moved,
    tell_moved,
)
from orchestration.landing.contracts import ensure_typed_lake
from orchestration.landing.drift import Export, is_standing, judge, shape_id, standing
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.hashing import HashKey, load_hash_key
from orchestration.landing.lake import conform, without_files
from orchestration.landing.limits import exhausting_key, memory_limited, time_limited
from orchestration.landing.manifest import (
    AdmittedFile,
    FileCounts,
    Manifest,
    admitted_feeds,
    read_manifest,
    recover,
    scratch_folder,
    sync,
    write_manifest,
)
from orchestration.landing.mapping import MappingError, misfit
from orchestration.landing.names import plain_path, shown
from orchestration.landing.quarantine import set_aside
from orchestration.landing.reading import (
    FileUnreadable,
    RawFile,
    batches,
    inspect,
    open_sandbox,
    weight,
)
from orchestration.landing.report import (
    AdmissionReport,
    FileReport,
    PendingFile,
    QuarantinedFile,
)
from orchestration.landing.varying import presented
from orchestration.paths import Home
from orchestration.settings import load_settings, size_in_bytes

__all__ = ["admit", "admit_feed", "recover"]

_BATCH_BYTES = 256 * 2**20  # of content, read at once

Progress = Callable[[str], None]


@dataclass
class _Run:
    """One feed on its way through the door."""

    home: Home
    feed: Feed
    feed_hash: str
    key: HashKey | None
    known_until: datetime
    loaded_at: datetime
    memory_limit: str
    progress: Progress
    manifest: Manifest
    report: AdmissionReport = field(default_factory=AdmissionReport)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    unfit: list[tuple[list[RawFile], MappingError]] = field(default_factory=list)
    waiting: list[tuple[list[RawFile], BatchResult]] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        """Where this feed's files are written first."""
        return scratch_folder(self.home, self.feed.name)


class _TooLarge(Exception):
    """Several files together take more memory than there is."""


class _FeedStopped(Exception):
    def __init__(self, wrong: WrongFeed) -> None:
        super().__init__(str(wrong))
        self.wrong = wrong


def admit(
    home: Home, known_until: datetime, report: Callable[[str], None] = lambda line: None
) -> AdmissionReport:
    """Admit every file that is new in the landing zone and was exported by `known_until`.

    A naive `known_until` is in UTC. `report` is called with one line of progress at a time. A feed
    that is wrong stops alone and keeps its earlier state; the report is not `ok` then.
    """
    recover(home)
    ensure_typed_lake(home.lake)
    feeds, total = load_feeds(home.landing), AdmissionReport()
    for feed in feeds:
        total.add(_admit_one(home, feed, known_until, report))
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
    home: Home, feed: Feed | WrongFeed, known_until: datetime, progress: Progress
) -> AdmissionReport:
    if isinstance(feed, WrongFeed):
        progress(str(feed))
        return AdmissionReport(wrong=[feed])
    key = load_hash_key(home) if feed.hashes_values else None
    run = _Run(
        home=home,
        feed=feed,
        feed_hash=feed.content_hash(key.key_id if key else ""),
        key=key,
        known_until=_naive_utc(known_until),
        loaded_at=datetime.now(UTC).replace(tzinfo=None),
        memory_limit=load_settings(home).memory_limit,
        progress=progress,
        manifest=read_manifest(home, feed.name),
    )
    try:
        _admit_new_files(run)
    except _FeedStopped as stopped:
        progress(str(stopped.wrong))
        run.report.wrong.append(stopped.wrong)
    recover(home, feed.name)
    return run.report


def _admit_new_files(run: _Run) -> None:
    """Everything of one feed. Raises _FeedStopped when the feed does not fit its files."""
    _find_new_files(run)
    withdrawn = _withdrawn(run)
    if run.candidates:
        counted = f"{len(run.candidates)} new files, {len(run.report.pending)} pending"
        run.progress(f"{run.feed.name}: {counted}")
        with (
            memory_limited(size_in_bytes(run.memory_limit)),
            open_sandbox(run.feed, run.scratch, run.memory_limit) as connection,
        ):
            files = [file for name in run.candidates if (file := _inspect(run, name, connection))]
            with _stopping(run, connection, files):
                files = _fitting(run, connection, files)
            work = list(batches(files, _BATCH_BYTES))
            for number, batch in enumerate(work, start=1):
                _try_batch(run, connection, batch, f"batch {number} of {len(work)}")
        _settle_unfit(run)
    if run.waiting or withdrawn:
        _commit(run, run.waiting, withdrawn)
    _conform_kept(run)


def _find_new_files(run: _Run) -> None:
    found = find(run.feed, run.manifest, run.feed_hash, run.known_until)
    run.candidates = found.candidates
    run.report.unchanged += found.unchanged
    run.report.notes += found.notes
    for pending in found.pending:
        _leave(run, pending)
    for name, reason in found.odd:
        _quarantine(run, name, reason)


def _withdrawn(run: _Run) -> set[str]:
    """Admitted files that lie in the folder but that the feed claims no longer.

    A file that is gone stays admitted: cleaning the landing zone is no retraction.
    """
    claimed = set(run.feed.files())
    unclaimed = set(run.manifest.files) - claimed
    gone = {name for name in unclaimed if not (run.feed.folder / name).is_file()}
    stale = sum(run.manifest.files[name].feed_hash != run.feed_hash for name in gone)
    if stale:
        run.report.notes.append(
            f"{run.feed.name}: {stale} admitted files are gone from the landing zone; "
            "they stay as they were mapped before the feed or its contracts changed"
        )
    return unclaimed - gone


def _inspect(run: _Run, name: str, connection: duckdb.DuckDBPyConnection) -> RawFile | None:
    try:
        with _stopping(run, connection, []):
            file = inspect(run.feed, name, connection, run.scratch)
    except FileUnreadable as error:
        if _unmoved(run, [name]):
            _quarantine(run, name, str(error))
        return None
    return file


def _fitting(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: list[RawFile]
) -> list[RawFile]:
    """The files that the mapping fits and whose columns have not drifted; the others are told."""
    varying = run.feed.spec.read.varying_columns
    misfits = {
        shape: misfit(connection, run.feed, presented(shape, varying))
        for shape in {file.shape for file in files}
    }
    new = [_export(run, file, fits=misfits[file.shape] is None) for file in files]
    judgement = judge(new, standing(run.manifest), varying)
    run.report.notes += [f"{run.feed.name}: {note}" for note in judgement.notes]
    fitting = []
    for file in files:
        drifted = judgement.drifted.get(file.name, "")
        if problem := misfits[file.shape]:
            run.unfit.append(([file], problem.of_file(drifted)))
        elif drifted:
            if _unmoved(run, [file.name]):
                _quarantine(run, file.name, drifted)
        else:
            fitting.append(file)
    return fitting


def _export(run: _Run, file: RawFile, fits: bool) -> Export:
    candidate = run.candidates[file.name]
    stands = is_standing(candidate.sha256, run.manifest.files.get(file.name))
    return Export(file.name, candidate.exported_at, file.shape, fits, stands)


def _unmoved(run: _Run, names: Sequence[str]) -> set[str]:
    """Those files that are still what they were when they were looked at; the others are told."""
    unmoved = set()
    for name in names:
        if problem := moved(run.feed.folder / name, run.candidates[name]):
            pending: list[PendingFile] = []
            tell_moved(pending, run.report.notes, run.feed, name, problem)
            for each in pending:
                _leave(run, each)
        else:
            unmoved.add(name)
    return unmoved


def _try_batch(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: list[RawFile], label: str
) -> None:
    """Admit a batch; where a file of it cannot be read, file by file to find which.

    Files that changed or vanished since they were looked at are left out, and the others read anew.
    """
    problem: Exception | None = None
    try:
        with _stopping(run, connection, files):
            result = admit_batch(
                connection,
                run.feed,
                files,
                [run.candidates[file.name].exported_at for file in files],
                run.loaded_at,
                run.key,
                _fresh_scratch(run, files),
            )
    except (FileUnreadable, MappingError, _TooLarge) as error:
        problem = error
    unmoved = _unmoved(run, [file.name for file in files])
    if len(unmoved) < len(files):
        if left := [file for file in files if file.name in unmoved]:
            _try_batch(run, connection, left, label)
    elif isinstance(problem, MappingError):
        run.unfit.append((files, problem))
    elif problem and len(files) > 1:
        for number, file in enumerate(files, start=1):
            _try_batch(run, connection, [file], f"{label}, file {number} of {len(files)}")
    elif problem:
        _quarantine(run, files[0].name, str(problem))
    else:
        _done(run, files, result, label)


def _done(run: _Run, files: list[RawFile], result: BatchResult, label: str) -> None:
    _tell(run, label, result)
    run.waiting.append((files, result))
    if not any(file.name in run.manifest.files for file in files):
        # Nothing is replaced: what is done is safe at once. Replacements wait for the last batch,
        # so that a feed that stops half-way keeps its whole earlier state.
        _commit(run, [run.waiting.pop()], set())


@contextmanager
def _stopping(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]
) -> Iterator[None]:
    """Stop the feed where its SQL takes more time or memory than it may.

    Raises _TooLarge instead where several files together were too much: one may not be.
    """
    parts = max(1, sum(weight(file) for file in files) // _BATCH_BYTES)
    try:
        with time_limited(connection, run.feed.time_limit.total_seconds() * parts):
            yield
    except duckdb.InterruptException as error:
        raise _FeedStopped(_endless(run, connection, files)) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        if len(files) > 1:
            raise _TooLarge from error
        raise _FeedStopped(_too_large(run, connection, files)) from error


def _endless(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]
) -> WrongFeed:
    limit = run.feed.spec.read.time_limit
    if key := exhausting_key(connection, run.feed):
        return run.feed.wrong(
            key, f"does not end on one row; nothing may run longer than read.time_limit ({limit})"
        )
    fix = "look for SQL that multiplies rows (a join, generate_series), or allow more time"
    return run.feed.wrong("read.time_limit", f"{limit} were not enough{_at(files)}; {fix}")


def _too_large(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]
) -> WrongFeed:
    limit = f"memory_limit of steelyard.yml ({run.memory_limit})"
    if key := exhausting_key(connection, run.feed):
        return run.feed.wrong(key, f"takes more memory on one row than {limit}; make less of it")
    fix = "raise it, land smaller files, or look for SQL that multiplies rows"
    return run.feed.wrong("entities", f"take more memory than {limit}{_at(files)}; {fix}")


def _at(files: Sequence[RawFile]) -> str:
    return f" at {', '.join(shown(file.name) for file in files)}" if files else ""


def _settle_unfit(run: _Run) -> None:
    """Files that the mapping does not fit: odd files if it fits others, else a wrong feed."""
    if not run.unfit:
        return
    fits = any(known.feed_hash == run.feed_hash for known in run.manifest.files.values())
    problem = run.unfit[0][1]
    if not (fits or run.waiting) or "fails on a row" in problem.problem:
        raise _FeedStopped(run.feed.wrong(problem.key, problem.problem))
    for files, error in run.unfit:
        for file in files:
            _quarantine(run, file.name, f"does not fit the feed: {error}")


def _commit(
    run: _Run, done: Sequence[tuple[list[RawFile], BatchResult]], withdrawn: Iterable[str]
) -> None:
    """Make batches part of the feed's state; what they replace leaves it in the same instant."""
    replaced = {file.name for files, _ in done for file in files} | set(withdrawn)
    before = run.manifest
    kept = {name: file for name, file in before.files.items() if name not in replaced}
    state = without_files(run.home, before, kept)
    files, lake, shapes = dict(state.files), dict(state.batches), dict(state.shapes)
    for batch, result in done:
        batch_id = _batch_id(run, [file.name for file in batch])
        lake[batch_id] = _move_into_lake(run, batch_id, result)
        for file in batch:
            shapes[shape_id(file.shape)] = file.shape
            counts = result.counts[file.name]
            files[file.name] = _admitted(run, file, batch_id, counts)
            run.report.files.append(_file_report(run, file.name, counts, before))
    files = dict(sorted(files.items()))
    run.manifest = replace(state, files=files, batches=lake, shapes=shapes)
    write_manifest(run.home, run.manifest)


def _move_into_lake(run: _Run, batch_id: str, result: BatchResult) -> dict[str, str]:
    placed = {}
    for entity, written in result.written.items():
        target = run.home.lake / entity / f"{run.feed.name}-{batch_id}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        sync(written)
        written.replace(target)
        sync(target.parent)
        placed[entity] = target.name
    return placed


def _batch_id(run: _Run, names: Iterable[str]) -> str:
    """Told by what is in the batch, so that a run repeated after a crash writes the same files."""
    content = [run.feed_hash, *(f"{name}\0{run.candidates[name].sha256}" for name in names)]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]


def _admitted(run: _Run, file: RawFile, batch_id: str, counts: FileCounts) -> AdmittedFile:
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


def _file_report(run: _Run, name: str, counts: FileCounts, before: Manifest) -> FileReport:
    return FileReport(
        feed=run.feed.name,
        file=name,
        rows_read=counts.read,
        filtered=counts.filtered,
        unreadable=counts.unreadable,
        entities=counts.entities,
        top_reason=counts.top_reason,
        replaced=name in before.files,
    )


def _conform_kept(run: _Run) -> None:
    """Files that stay though their contract changed: their lake files take on its columns."""
    if any(known.feed_hash != run.feed_hash for known in run.manifest.files.values()):
        conformed = conform(run.home, run.manifest)
        if conformed != run.manifest:
            run.manifest = conformed
            write_manifest(run.home, conformed)


def _quarantine(run: _Run, name: str, reason: str) -> None:
    """Set a file aside; where it cannot be moved it is left where it lies, and that is told."""
    feed = run.feed
    linked = str(plain_path(feed.folder / name, name, run.scratch))
    for place, word in ((linked, name), (f"{feed.folder}/", ""), (f"{run.scratch}/", "")):
        reason = reason.replace(place, word)
    reason = shown(reason)
    try:
        set_aside(run.home, feed.name, feed.folder, name, reason)
    except FileNotFoundError:
        run.report.notes.append(f"{feed.name}: {shown(name)} {VANISHED}")
        return
    except OSError as error:
        stays = f"it cannot be moved to landing/_quarantine ({error.strerror}) and stays"
        _leave(run, PendingFile(feed.name, name, None, f"{reason}; {stays}"))
        return
    run.report.quarantined.append(QuarantinedFile(feed.name, name, reason))
    run.progress(f"{feed.name}: {shown(name)} is set aside in landing/_quarantine: {reason}")


def _leave(run: _Run, pending: PendingFile) -> None:
    run.report.pending.append(pending)
    if pending.reason != LATER:
        run.progress(f"left for a later run: {pending}")


def _fresh_scratch(run: _Run, files: Sequence[RawFile]) -> Path:
    folder = run.scratch / _batch_id(run, [file.name for file in files])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tell(run: _Run, label: str, result: BatchResult) -> None:
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
