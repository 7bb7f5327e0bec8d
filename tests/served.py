"""What a home holds and serves, as figures that can be compared, and a reader who looks all along.

Rows are compared whatever their order; what says when or by which run a thing was made is left out.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.verification import verify

# When and by which run: never the same twice.
_OF_THE_RUN = ("_loaded_at", "build_id", "frozen_at")

Content = dict[str, tuple[int, str]]
"""Rows and their hash, by the name of what holds them."""


def lake_content(home: Home) -> Content:
    """Every entity's Parquet files as one set of rows."""
    found: Content = {}
    with duckdb.connect() as connection:
        for folder in sorted(path for path in home.lake.iterdir() if any(path.glob("*.parquet"))):
            rows = f"read_parquet('{folder}/*.parquet', union_by_name = true)"
            found[f"lake/{folder.name}"] = _summed(connection, rows)
    return found


def served_content(home: Home) -> Content:
    """Every table and view of both files, every Parquet file, and the rules."""
    found: Content = {}
    with duckdb.connect() as connection:
        for name in ("steelyard", "people"):
            connection.execute(f"attach '{home.serving / name}.duckdb' as {name} (read_only)")
        relations = connection.execute(
            "select database_name, schema_name, table_name from duckdb_tables() "
            "union all select database_name, schema_name, view_name from duckdb_views() "
            "where not internal order by all"
        ).fetchall()
        for database, schema, name in relations:
            connection.execute(f"use {database}")
            relation = f'{database}."{schema}"."{name}"'
            found[f"{database}/{schema}.{name}"] = _summed(connection, relation)
        for file in sorted((home.serving / "parquet").rglob("*.parquet")):
            found[f"parquet/{file.parent.name}/{file.name}"] = _summed(connection, f"'{file}'")
    for file in sorted((home.serving / "rules").glob("*.csv")):
        found[f"rules/{file.name}"] = (1, file.read_text(encoding="utf-8"))
    return found


def frozen_content(home: Home) -> Content:
    """Rows of every frozen file; a chain that does not hold is an error."""
    assert verify(home) == []
    found: Content = {}
    with duckdb.connect() as connection:
        for review in read_chain(home):
            for file in sorted(review.folder.glob("*.parquet")):
                found[f"{review.quarter}/{file.name}"] = _summed(connection, f"'{file}'")
    return found


def leftovers(home: Home) -> list[str]:
    """Unfinished files and folders that a finished run must not leave where readers look."""
    places = (home.builds, home.reviews, *(path for path in home.lake.iterdir() if path.is_dir()))
    found = (path for place in places if place.name != ".tmp" for path in place.iterdir())
    return [str(path) for path in found if path.name.startswith(".")]


def _summed(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    columns = [row[0] for row in connection.execute(f"describe from {relation}").fetchall()]
    shown = [f'"{name}"' for name in columns if name not in _OF_THE_RUN]
    row = connection.execute(
        f"select count(*), sum(cast(hash({', '.join(shown)}) as hugeint)) from {relation}"
    ).fetchone()
    assert row is not None
    return int(row[0]), f"{row[1]} of {', '.join(shown)}"


@dataclass
class Seen:
    """What a reader saw: how many whole builds it read, their ids, and every error."""

    looks: int = 0
    builds: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


@contextmanager
def watched(home: Home, pause: float = 0.02) -> Iterator[Seen]:
    """Read `serving` in a loop, as a BI tool would, for as long as the block lasts.

    A home that has published nothing has no reader.
    """
    seen, done = Seen(), threading.Event()

    def look_on() -> None:
        while home.serving.is_symlink() and not done.wait(pause):
            _look(home.serving, seen)

    reader = threading.Thread(target=look_on)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()


def _look(serving: Path, seen: Seen) -> None:
    """Open a build by its path and count every table: each as build.json beside it says."""
    try:
        build = serving.resolve(strict=True)
        told = json.loads((build / "build.json").read_text(encoding="utf-8"))
        with duckdb.connect(str(serving / "steelyard.duckdb"), read_only=True) as reader:
            counted = _counts(reader)
        if serving.resolve(strict=True) != build:
            return  # switched between opening one file and the other: two builds, each whole
        wanted = {name: rows["public"] for name, rows in told["tables"].items() if "public" in rows}
        if counted != wanted:
            seen.errors.append(f"{told['build_id']}: {counted} instead of {wanted}")
    except (OSError, ValueError, duckdb.Error) as error:
        seen.errors.append(f"{type(error).__name__}: {error}")
        return
    seen.looks += 1
    seen.builds.add(told["build_id"])


def _counts(reader: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = reader.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    counted = {}
    for schema, name in tables:
        row = reader.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
        counted[f"{schema}.{name}"] = int(row[0]) if row else 0
    return counted
