"""What the door refused, read from lake/rejected: grouped for reading, or row by row as CSV.

Values of personal columns are masked there already. Files that were set aside whole are in
`quarantine.py`; admitting them again is in `retry.py`.
"""

import csv
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.checks import literal
from orchestration.landing.reasons import each_reason_sql, kind_sql
from orchestration.paths import PRIVATE_FILE, Home

COLUMNS = ("_feed", "_file", "_row", "_item", "entity", "reasons", "mapped", "raw", "_exported_at",
           "_loaded_at")  # fmt: skip
"""Columns of the CSV, in its order."""

# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MANY = 10_000  # rows fetched at once

_GROUPED = """
    with reasons as (
        select _feed, _file, _row, _item, entity, raw, unnest({each}) as reason from rejected
    ),

    kinds as (
        select *, {kind} as kind, row_number() over (
            partition by _feed, entity, {kind} order by _file, _row, _item
        ) as place
        from reasons
    )

    select
        _feed,
        entity,
        kind,
        count(*) as times,
        list(distinct _file order by _file) as files,
        min(reason) filter (where place = 1) as reason,
        coalesce(min(raw) filter (where place = 1), '') as raw,
        min(_file) filter (where place = 1) as file,
        min(_row) filter (where place = 1) as row_number
    from kinds
    group by _feed, entity, kind
    order by _feed, entity, times desc, kind
"""


@dataclass(frozen=True)
class Refusal:
    """One kind of reason for which rows of one feed and entity were refused.

    `count` counts rows with it, and a row with two reasons stands in two refusals. `reason`, `raw`
    and `row` are of the first such row in `file`; `row` is None where it could not be numbered.
    """

    feed: str
    entity: str
    kind: str
    count: int
    files: tuple[str, ...]
    reason: str
    raw: str
    file: str
    row: int | None


def refusals(
    home: Home, feed: str | None = None, files: Collection[tuple[str, str]] | None = None
) -> list[Refusal]:
    """Refused rows by feed, entity and kind of reason; with `files` those of these alone.

    `files` holds pairs of feed and file.
    """
    with _rejected(home, feed, files) as connection:
        if connection is None:
            return []
        sql = _GROUPED.format(each=each_reason_sql("reasons"), kind=kind_sql("reason"))
        rows = connection.execute(sql).fetchall()
    return [Refusal(f, e, k, n, tuple(fs), *rest) for f, e, k, n, fs, *rest in rows]


def write_csv(home: Home, path: Path, feed: str | None = None) -> int:
    """Write every refused row as it is kept to a new CSV file, mode 0600; returns how many.

    A value that a spreadsheet would take for a formula gets a ' in front. Raises FileExistsError
    where there is such a file already.
    """
    order = "_feed, _file, _row nulls last, _item, entity"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with (
        os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file,
        _rejected(home, feed) as connection,
    ):
        writer, written = csv.writer(file), 0
        writer.writerow([name.removeprefix("_") for name in COLUMNS])
        if connection is None:
            return 0
        cursor = connection.execute(f"select {', '.join(COLUMNS)} from rejected order by {order}")
        while rows := cursor.fetchmany(_MANY):
            writer.writerows([_cell(value) for value in row] for row in rows)
            written += len(rows)
    return written


@contextmanager
def _rejected(
    home: Home, feed: str | None, files: Collection[tuple[str, str]] | None = None
) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection with a view `rejected`; None where nothing was ever refused."""
    paths = sorted(home.rejected.glob("*.parquet"))
    if not paths:
        yield None
        return
    named = ", ".join(literal(str(path)) for path in paths)
    wanted = ["true" if feed is None else f"_feed = {literal(feed)}"]
    if files is not None:
        pairs = ", ".join(f"({literal(f)}, {literal(name)})" for f, name in sorted(files))
        wanted.append(f"(_feed, _file) in ({pairs})" if pairs else "false")
    with duckdb.connect() as connection:
        connection.execute(
            f"create view rejected as select * from read_parquet([{named}], union_by_name = true) "
            f"where {' and '.join(wanted)}"
        )
        yield connection


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
