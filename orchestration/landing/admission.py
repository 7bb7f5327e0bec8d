"""Admission: everything new in the landing zone goes through the door, feed by feed.

Belongs here: which files are new, the order of work, and the commit of a feed's state. What happens
to the rows of one batch is in `batch.py`.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.faults import during
from orchestration.landing.admitted import write_admitted_files
from orchestration.landing.batch import BatchResult, admit_batch
from orchestration.landing.contracts import ensure_typed_lake
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.hashing import HashKey, file_sha256, load_hash_key
from orchestration.landing.lake import conform, without_files
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
from orchestration.landing.mapping import MappingError
from orchestration.landing.quarantine import set_aside
from orchestration.landing.reading import (
    FileUnreadable,
    RawFile,
    batches,
    inspect,
    open_sandbox,
)
from orchestration.landing.report import (
    AdmissionReport,
    FileReport,
    PendingFile,
    QuarantinedFile,
)
from orchestration.paths import Home

__all__ = ["admit", "admit_feed", "recover"]

_BATCH_BYTES = 256 * 2**20  # of content, read at once
_SETTLED_NS = 2 * 10**9  # a file changed more recently may change again within one clock tick

Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Candidate:
    """A file that is to be admitted, before it is opened; `exported_at` is naive UTC."""

    name: str
    sha256: str
    size: int
    mtime_ns: int | None
    exported_at: datetime


@dataclass
class _Run:
    """One feed on its way through the door."""

    home: Home
    feed: Feed
    feed_hash: str
    key: HashKey | None
    known_until: datetime
    loaded_at: datetime
    progress: Progress
    manifest: Manifest
    report: AdmissionReport = field(default_factory=AdmissionReport)
    candidates: dict[str, _Candidate] = field(default_factory=dict)
    unfit: list[tuple[list[RawFile], MappingError]] = field(default_factory=list)
    waiting: list[tuple[list[RawFile], BatchResult]] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        """Where this feed's files are written first."""
        return scratch_folder(self.home, self.feed.name)


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
        progress=progress,
        manifest=read_manifest(home, feed.name),
    )
    try:
        with during(f"admitting feed {feed.name} (its earlier state stays)"):
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
        with open_sandbox(run.feed, run.scratch) as connection:
            files = [file for name in run.candidates if (file := _inspect(run, name, connection))]
            work = list(batches(files, _BATCH_BYTES))
            for number, batch in enumerate(work, start=1):
                _try_batch(run, connection, batch, f"batch {number} of {len(work)}")
        _settle_unfit(run)
    if run.waiting or withdrawn:
        _commit(run, run.waiting, withdrawn)
    _conform_kept(run)


def _find_new_files(run: _Run) -> None:
    for name in run.feed.files():
        path, known = run.feed.folder / name, run.manifest.files.get(name)
        stat = path.stat()
        settled = stat.st_mtime_ns if time.time_ns() - stat.st_mtime_ns > _SETTLED_NS else None
        trusted = known and known.mtime_ns == stat.st_mtime_ns and known.size == stat.st_size
        sha256 = known.sha256 if known and trusted else file_sha256(path)
        if known and (known.sha256, known.feed_hash) == (sha256, run.feed_hash):
            run.report.unchanged += 1
            continue
        try:
            exported_at = run.feed.exported_at(name)
        except ValueError as error:
            _quarantine(run, name, str(error))
            continue
        if exported_at > run.known_until:
            run.report.pending.append(PendingFile(run.feed.name, name, exported_at))
            continue
        run.candidates[name] = _Candidate(name, sha256, stat.st_size, settled, exported_at)
    _tell_of_the_future(run)


def _tell_of_the_future(run: _Run) -> None:
    """Files of a later instant than now wait like others, but hardly anybody means them to."""
    future = [file for file in run.report.pending if file.exported_at > run.loaded_at]
    if future:
        run.report.notes.append(
            f"{run.feed.name}: {len(future)} files say that they were exported later than this "
            f"computer's clock, {future[0].file} at {future[0].exported_at:%Y-%m-%d %H:%M} UTC; "
            "they wait until then. Is the clock right, and exported_at in feed.yml?"
        )
        run.progress(run.report.notes[-1])


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
        return inspect(run.feed, name, connection)
    except FileUnreadable as error:
        _quarantine(run, name, str(error))
        return None


def _try_batch(
    run: _Run, connection: duckdb.DuckDBPyConnection, files: list[RawFile], label: str
) -> None:
    """Admit a batch; where a file of it cannot be read, file by file to find which."""
    try:
        result = admit_batch(
            connection,
            run.feed,
            files,
            [run.candidates[file.name].exported_at for file in files],
            run.loaded_at,
            run.key,
            _fresh_scratch(run, files),
        )
    except FileUnreadable as error:
        if len(files) > 1:
            for number, file in enumerate(files, start=1):
                _try_batch(run, connection, [file], f"{label}, file {number} of {len(files)}")
        else:
            _quarantine(run, files[0].name, str(error))
        return
    except MappingError as error:
        run.unfit.append((files, error))
        return
    _tell(run, label, result)
    run.waiting.append((files, result))
    if not any(file.name in run.manifest.files for file in files):
        # Nothing is replaced: what is done is safe at once. Replacements wait for the last batch,
        # so that a feed that stops half-way keeps its whole earlier state.
        _commit(run, [run.waiting.pop()], set())


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
    files, lake = dict(state.files), dict(state.batches)
    for batch, result in done:
        batch_id = _batch_id(run, [file.name for file in batch])
        lake[batch_id] = _move_into_lake(run, batch_id, result)
        for file in batch:
            counts = result.counts[file.name]
            files[file.name] = _admitted(run, run.candidates[file.name], batch_id, counts)
            run.report.files.append(_file_report(run, file.name, counts, before))
    run.manifest = replace(state, files=dict(sorted(files.items())), batches=lake)
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


def _admitted(run: _Run, candidate: _Candidate, batch_id: str, counts: FileCounts) -> AdmittedFile:
    return AdmittedFile(
        sha256=candidate.sha256,
        size=candidate.size,
        mtime_ns=candidate.mtime_ns,
        exported_at=candidate.exported_at.isoformat(sep=" "),
        feed_hash=run.feed_hash,
        batch=batch_id,
        counts=counts,
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
    reason = reason.replace(f"{run.feed.folder}/", "").replace(f"{run.scratch}/", "")
    set_aside(run.home, run.feed.name, run.feed.folder, name, reason)
    run.report.quarantined.append(QuarantinedFile(run.feed.name, name, reason))
    run.progress(f"{run.feed.name}: {name} is set aside in landing/_quarantine: {reason}")


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
