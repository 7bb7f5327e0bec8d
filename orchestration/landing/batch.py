"""One batch through the door: raw rows in, lake files and counts out, both identities checked.

Everything happens in the feed's sandbox; files are written to its scratch folder only. Renaming
them into the lake is `admission.py`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.checks import literal, quoted
from orchestration.landing.contracts import system_tables
from orchestration.landing.feeds import Feed
from orchestration.landing.hashing import HashKey
from orchestration.landing.manifest import EntityCounts, FileCounts
from orchestration.landing.mapping import MappingError, bind, map_rows, raw_json_sql, run
from orchestration.landing.reading import ROW_BITS, RawRows, make_empty_raw, read_raw
from orchestration.landing.reasons import each_reason_sql, kind_sql
from orchestration.landing.sources import RawFile
from orchestration.landing.trimming import trimmed_notes
from orchestration.landing.typed_rows import (
    FileConstants,
    Mapped,
    file_number_sql,
    masked_reads,
    row_number_sql,
)
from orchestration.landing.varying import presented

UNREADABLE = "(unreadable)"
"""What stands for the entity of a rejected raw row that could not be read."""

PerFile = dict[int, int]
"""A count by the number of the file in the batch."""


class IdentityBroken(RuntimeError):
    """Rows were lost or made within the door: a fault of the door, never of a file or feed."""


@dataclass(frozen=True)
class BatchResult:
    """Counts by file name, the files written to scratch by entity (or `rejected`), and notes."""

    counts: dict[str, FileCounts]
    written: dict[str, Path]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Work:
    """What the steps of one batch share."""

    connection: duckdb.DuckDBPyConnection
    feed: Feed
    bound: list[Mapped]
    raw: RawRows
    files: FileConstants
    scratch: Path
    loaded_at: datetime


def admit_batch(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    files: Sequence[RawFile],
    exported_at: Sequence[datetime],
    loaded_at: datetime,
    key: HashKey | None,
    scratch: Path,
) -> BatchResult:
    """Read, map, cast and check files of one shape, and write them as Parquet to `scratch`.

    Raises FileUnreadable when a file cannot be read, MappingError when the feed does not fit.
    """
    make_empty_raw(connection, presented(files[0].shape, feed.spec.read.varying_columns))
    bound = bind(connection, feed)
    raw = read_raw(connection, feed, files, scratch)
    constants = FileConstants(tuple(file.name for file in files), tuple(exported_at))
    work = _Work(connection, feed, bound, raw, constants, scratch, loaded_at)
    for mapped in bound:
        map_rows(connection, feed, mapped, constants, key)
        _check_rows_exist(work, mapped)
    written = {}
    for mapped in bound:
        entity = mapped.contract.entity
        written[entity] = _write_accepted(work, mapped)
    written["rejected"] = _write_rejected(work, written)
    counts = _counts(work, written)
    kept = {
        entity: path
        for entity, path in written.items()
        if _rows(connection, f"read_parquet({literal(str(path))})")
    }
    notes = [note for mapped in bound for note in trimmed_notes(connection, mapped, constants)]
    return BatchResult(counts, kept, tuple(f"{feed.name}: {note}" for note in notes))


def _check_rows_exist(work: _Work, mapped: Mapped) -> None:
    """A query that makes up `_row` would hang its rows on a file that never held them."""
    if mapped.mapping.query is None:
        return
    if _rows(work.connection, f"{mapped.table} t anti join raw using (_row)"):
        key = f"entities.{mapped.contract.entity}.query"
        raise MappingError(key, "gives a _row that raw does not hold; carry it through unchanged")


def _write_accepted(work: _Work, mapped: Mapped) -> Path:
    columns = ", ".join(quoted(column.name) for column in mapped.contract.columns)
    path = work.scratch / f"{mapped.contract.entity}.parquet"
    query = (
        f"select {columns}, {literal(work.feed.name)} as _feed, {work.files.file_sql()} as _file, "
        f"{row_number_sql()} as _row, cast(_item as bigint) as _item, "
        f"{work.files.exported_sql()} as _exported_at, "
        f"timestamp '{work.loaded_at}' as _loaded_at "
        f"from {mapped.table} where _reasons is null"
    )
    run(work.connection, mapped, _copy_sql(query, path))
    return path


def _write_rejected(work: _Work, accepted: dict[str, Path]) -> Path:
    masked = masked_reads(work.feed, work.bound)
    shape = presented(work.raw.files[0].shape, work.feed.spec.read.varying_columns)
    raw_json = raw_json_sql(shape, masked, "r")
    feed, connection = literal(work.feed.name), work.connection
    types = ", ".join(f"{quoted(name)} {kind}" for name, kind in system_tables()["rejected"])
    connection.execute(f"create or replace temp table rejected ({types})")
    loaded = f"timestamp '{work.loaded_at}'"
    for mapped in work.bound:
        written = f"read_parquet({literal(str(accepted[mapped.contract.entity]))})"
        if _rows(connection, mapped.table) == _rows(connection, written):
            continue
        connection.execute(
            f"insert into rejected select {literal(mapped.contract.entity)}, _reasons, _mapped, "
            f"{raw_json}, {feed}, {work.files.file_sql()}, {row_number_sql()}, _item, "
            f"{work.files.exported_sql()}, {loaded} "
            f"from (select * from {mapped.table} where _reasons is not null) t "
            "join raw r using (_row) order by _row, _item"
        )
    # What could not be split into columns cannot be masked by column.
    shown = "raw" if not masked else "case when raw is not null then '***' end"
    of_file = f"(cast(file_number as bigint) << {ROW_BITS}) as _row, raw, problem, _row as own_row"
    connection.execute(
        f"insert into rejected select {literal(UNREADABLE)}, 'unreadable: ' || problem, null, "
        f"cast(to_json({shown}) as varchar), {feed}, {work.files.file_sql()}, "
        f"{row_number_sql('own_row')}, 1, {work.files.exported_sql()}, {loaded} "
        f"from (select {of_file} from unreadable) order by _row, own_row"
    )
    path = work.scratch / "rejected.parquet"
    connection.execute(_copy_sql("select * from rejected", path))
    return path


def _counts(work: _Work, written: dict[str, Path]) -> dict[str, FileCounts]:
    """Counts of every file, each measured where it arises, none as the rest of the others."""
    connection, number = work.connection, file_number_sql()
    mapped: dict[str, PerFile] = {}
    accepted: dict[str, dict[str, int]] = {}
    for item in work.bound:
        entity = item.contract.entity
        mapped[entity] = _grouped(connection, number, item.table)
        path = literal(str(written[entity]))
        accepted[entity] = _grouped(connection, "_file", f"read_parquet({path})")
    rejected = _rejected_counts(connection, written["rejected"])
    reasons = _top_reasons(connection)
    used, filtered = _used(work, mapped), _filtered(work)
    result = {}
    for index, file in enumerate(work.raw.files):
        entities = {
            entity: EntityCounts(
                mapped=mapped[entity].get(index, 0),
                accepted=accepted[entity].get(file.name, 0),
                rejected=rejected.get((file.name, entity), 0),
            )
            for entity in mapped
        }
        counts = FileCounts(
            read=work.raw.read[index],
            used=used.get(index, 0),
            filtered=filtered.get(index, 0),
            unreadable=work.raw.unreadable[index],
            entities=entities,
            top_reason=reasons.get(file.name, (None, None))[0],
            top_kind=reasons.get(file.name, (None, None))[1],
        )
        check_identities(f"{work.feed.name}/{file.name}", counts)
        result[file.name] = counts
    return result


def check_identities(place: str, counts: FileCounts) -> None:
    """Raise IdentityBroken unless every raw and every mapped row is accounted for."""
    if counts.read != counts.used + counts.filtered + counts.unreadable:
        raise IdentityBroken(
            f"{place}: {counts.read} rows read, but {counts.used} used, {counts.filtered} "
            f"filtered and {counts.unreadable} unreadable"
        )
    for entity, rows in counts.entities.items():
        if rows.mapped != rows.accepted + rows.rejected:
            raise IdentityBroken(
                f"{place}: {rows.mapped} rows mapped to {entity}, but {rows.accepted} accepted "
                f"and {rows.rejected} rejected"
            )


def _used(work: _Work, mapped: dict[str, PerFile]) -> PerFile:
    """Raw rows that at least one entity took."""
    if len(work.bound) == 1 and work.bound[0].mapping.query is None:
        return next(iter(mapped.values()))
    rows = " union all ".join(f"select _row from {item.table}" for item in work.bound)
    return _grouped(work.connection, file_number_sql(), f"({rows})", "count(distinct _row)")


def _filtered(work: _Work) -> PerFile:
    """Raw rows that no `where` let through and no query carried."""
    conditions = []
    for item in work.bound:
        if item.mapping.query is not None:
            conditions.append(f"_row not in (select _row from {item.table})")
        elif item.mapping.where is None:
            return {}
        else:
            conditions.append(f"(\n{item.mapping.where}\n) is not true")
    none = f"(select _row from raw where {' and '.join(conditions)})"
    return _grouped(work.connection, file_number_sql(), none)


def _rejected_counts(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        "select _file, entity, count(*) as rows from read_parquet($path) group by all",
        {"path": str(path)},
    ).fetchall()
    return {(file, entity): count for file, entity, count in rows}


def _top_reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Per file the most frequent kind of reason, told by an example and without any value."""
    rows = connection.execute(
        f"""
        select _file, min(reason) as example, {kind_sql("reason")} as kind, count(*) as times
        from (select _file, unnest({each_reason_sql("reasons")}) as reason from rejected)
        group by _file, kind
        order by _file, times desc, example
        """
    ).fetchall()
    top: dict[str, tuple[str, str]] = {}
    for file, example, kind, times in rows:
        counted = f" ({times} times)" if times > 1 else ""
        top.setdefault(file, (f"{example}{counted}", f"{kind}{counted}"))
    return top


def _grouped(
    connection: duckdb.DuckDBPyConnection, by: str, rows: str, measure: str = "count(*)"
) -> dict[Any, int]:
    found = connection.execute(f"select {by}, {measure} from {rows} group by 1").fetchall()
    return dict(found)


def _copy_sql(query: str, path: Path) -> str:
    return f"copy ({query}) to {literal(str(path))} (format parquet, compression zstd)"


def _rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    row = connection.execute(f"select count(*) from {source}").fetchone()
    return int(row[0]) if row else 0
