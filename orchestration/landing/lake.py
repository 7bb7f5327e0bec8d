"""Rewriting lake files of an earlier admission: without superseded files, or in a contract's shape.

Only files that admission itself wrote are read here, so this connection needs no sandbox.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing.checks import literal, quoted
from orchestration.landing.contracts import SYSTEM_COLUMNS, load_contracts, system_tables
from orchestration.landing.manifest import AdmittedFile, Manifest, scratch_folder, sync
from orchestration.paths import Home


def without_files(home: Home, manifest: Manifest, kept: Mapping[str, AdmittedFile]) -> Manifest:
    """The manifest with only the files `kept`; batches that held others are written anew.

    The caller commits it: until then the new lake files are orphans.
    """
    members: dict[str, list[str]] = {batch: [] for batch in manifest.batches}
    for name, file in kept.items():
        members[file.batch].append(name)
    files, lake = dict(kept), {}
    for batch, placed in manifest.batches.items():
        before = [name for name, file in manifest.files.items() if file.batch == batch]
        if len(members[batch]) == len(before):
            lake[batch] = placed
        elif members[batch]:
            name = _new_id(batch, members[batch])
            lake[name] = _rewrite(home, manifest.feed, placed, name, members[batch])
            files |= {member: replace(kept[member], batch=name) for member in members[batch]}
    return replace(manifest, files=files, batches=lake)


def conform(home: Home, manifest: Manifest) -> Manifest:
    """The manifest with every lake file in the columns that its contract has now.

    Columns that are new are empty, columns that left are dropped. The caller commits it.
    """
    files, lake = dict(manifest.files), {}
    for batch, placed in manifest.batches.items():
        if all(_has_shape(home.lake / e / n, _columns(e)) for e, n in placed.items()):
            lake[batch] = placed
            continue
        members = [name for name, file in manifest.files.items() if file.batch == batch]
        columns = [str(_columns(entity)) for entity in placed]
        name = _new_id(batch, [*members, *columns])
        lake[name] = _rewrite(home, manifest.feed, placed, name, members)
        files |= {member: replace(files[member], batch=name) for member in members}
    return replace(manifest, files=files, batches=lake)


def _rewrite(
    home: Home, feed: str, placed: Mapping[str, str], batch: str, members: Collection[str]
) -> dict[str, str]:
    """Copy a batch's lake files with the rows of `members` only; returns the new files' names."""
    written = {}
    for entity, name in placed.items():
        if not (columns := _columns(entity)):
            continue  # the entity has left the contracts
        scratch = scratch_folder(home, feed) / f"{batch}-{entity}.parquet"
        if _copy(home.lake / entity / name, scratch, columns, members):
            target = home.lake / entity / f"{feed}-{batch}.parquet"
            sync(scratch)
            scratch.replace(target)
            sync(target.parent)
            written[entity] = target.name
    return written


def _copy(
    source: Path, target: Path, columns: list[tuple[str, str]], members: Collection[str]
) -> int:
    present = dict(_shape(source))
    selected = ", ".join(
        f"cast({quoted(name) if name in present else 'null'} as {kind}) as {quoted(name)}"
        for name, kind in columns
    )
    names = ", ".join(literal(name) for name in members)
    with duckdb.connect() as connection:
        row = connection.execute(
            f"copy (select {selected} from read_parquet({literal(str(source))}) "
            f"where _file in ({names})) to {literal(str(target))} "
            "(format parquet, compression zstd)"
        ).fetchone()
    return int(row[0]) if row else 0


def _has_shape(path: Path, columns: list[tuple[str, str]]) -> bool:
    return _shape(path) == columns


def _shape(path: Path) -> list[tuple[str, str]]:
    with duckdb.connect() as connection:
        rows = connection.execute(f"describe from read_parquet({literal(str(path))})").fetchall()
    return [(row[0], row[1]) for row in rows]


def _columns(entity: str) -> list[tuple[str, str]]:
    if entity == "rejected":
        return system_tables()["rejected"]
    contract = load_contracts().get(entity)
    if contract is None:
        return []
    return [(c.name, c.sql_type) for c in contract.columns] + list(SYSTEM_COLUMNS)


def _new_id(batch: str, parts: Collection[str]) -> str:
    return hashlib.sha256("\n".join([batch, *sorted(parts)]).encode()).hexdigest()[:16]
