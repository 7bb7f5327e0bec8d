"""The manifest of a feed: which files make its present state, and which lake files hold them.

Its atomic replacement is the commit of an admission. A lake file that no manifest names is an
orphan of a run that died, and `recover` removes it.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from orchestration.landing.contracts import load_contracts
from orchestration.paths import Home

_VERSION = 2
_READABLE = (1, 2)  # version 1 recorded no columns

Shape = tuple[tuple[str, str], ...]


class ManifestError(RuntimeError):
    """A manifest cannot be read; the message says what to do."""


@dataclass(frozen=True)
class EntityCounts:
    """Rows of one file that were mapped to one entity: mapped = accepted + rejected."""

    mapped: int = 0
    accepted: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class FileCounts:
    """Raw rows of one file: read = used + filtered + unreadable."""

    read: int
    used: int
    filtered: int
    unreadable: int
    entities: dict[str, EntityCounts] = field(default_factory=dict)
    top_reason: str | None = None
    top_kind: str | None = None  # the same without the value that the example shows


@dataclass(frozen=True)
class AdmittedFile:
    """A file whose rows are in the lake. `exported_at` is ISO 8601, UTC.

    `mtime_ns` is None while the file may still change within one tick of the clock. `shape` names
    the file's columns in the manifest's `shapes`, None where they were not recorded.
    """

    sha256: str
    size: int
    mtime_ns: int | None
    exported_at: str
    feed_hash: str
    batch: str
    counts: FileCounts
    shape: str | None = None


@dataclass(frozen=True)
class Manifest:
    """The present state of one feed."""

    feed: str
    files: dict[str, AdmittedFile] = field(default_factory=dict)
    batches: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per batch: entity (or `rejected`) to the name of its lake file."""
    shapes: dict[str, Shape] = field(default_factory=dict)
    """Raw columns, name and DuckDB type in the file's order, by a hash of them."""

    def lake_files(self) -> set[tuple[str, str]]:
        """(entity folder, file name) of everything that belongs in the lake."""
        return {item for batch in self.batches.values() for item in batch.items()}


def read_manifest(home: Home, feed: str) -> Manifest:
    """The manifest of a feed, empty where there is none yet."""
    path = home.manifest / f"{feed}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] not in _READABLE:
            raise ManifestError(f"{path} has version {content['version']}, not {_VERSION}")
        shapes = content["shapes"] if content["version"] > 1 else {}
        return Manifest(
            feed=content["feed"],
            files={name: _admitted(item) for name, item in content["files"].items()},
            batches=content["batches"],
            shapes={name: tuple((c, kind) for c, kind in s) for name, s in shapes.items()},
        )
    except FileNotFoundError:
        return Manifest(feed)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        fix = "restore it, or remove it to admit the feed's files again"
        raise ManifestError(f"{path} cannot be read ({error}); {fix}") from error


def write_manifest(home: Home, manifest: Manifest) -> None:
    """Commit a feed's state, then remove its lake files that belong to it no longer."""
    home.manifest.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.manifest / f"{manifest.feed}.json"
    scratch = scratch_folder(home, manifest.feed) / "manifest.json"
    used = {file.shape for file in manifest.files.values()}
    shapes = {name: shape for name, shape in manifest.shapes.items() if name in used}
    content = {"version": _VERSION, **asdict(replace(manifest, shapes=shapes))}
    scratch.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    sync(scratch)
    scratch.replace(path)
    sync(path.parent)
    _remove_orphans(home, manifest)


def admitted_feeds(home: Home) -> list[str]:
    """Names of the feeds that have a manifest."""
    return sorted(path.stem for path in home.manifest.glob("*.json"))


def recover(home: Home, feed: str | None = None) -> None:
    """Remove what a run that died left behind: scratch files and lake files without a manifest.

    With `feed` only what is that feed's.
    """
    scratch = home.lake / ".tmp"
    shutil.rmtree(scratch / feed if feed else scratch, ignore_errors=True)
    known = {feed} if feed else {*admitted_feeds(home), *_feeds_in_lake(home)}
    for name in sorted(known):
        _remove_orphans(home, read_manifest(home, name))


def scratch_folder(home: Home, feed: str) -> Path:
    """The folder in which a feed's files are written before they are renamed into the lake."""
    folder = home.lake / ".tmp" / feed
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def sync(path: Path) -> None:
    """Force a file, or a folder's entries, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folders(home: Home) -> Iterable[Path]:
    return (home.lake / entity for entity in (*load_contracts(), "rejected"))


def _feeds_in_lake(home: Home) -> set[str]:
    # A feed's name holds no "-", so what stands before the first one is the feed.
    found = (path for folder in _folders(home) for path in folder.glob("*-*.parquet"))
    return {path.name.split("-", 1)[0] for path in found}


def _remove_orphans(home: Home, manifest: Manifest) -> None:
    wanted = manifest.lake_files()
    for folder in _folders(home):
        for path in folder.glob(f"{manifest.feed}-*.parquet"):
            if (folder.name, path.name) not in wanted:
                path.unlink()


def _admitted(item: dict[str, Any]) -> AdmittedFile:
    counts = item["counts"]
    entities = {name: EntityCounts(**c) for name, c in counts["entities"].items()}
    return AdmittedFile(**{**item, "counts": FileCounts(**{**counts, "entities": entities})})
