"""A warehouse that is gone, cut off, rubbish or of a newer DuckDB: said, removed and built anew."""

import logging
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from built_homes import make_record

from orchestration.faults import MachineFault
from orchestration.paths import Home
from orchestration.warehouse import health
from orchestration.warehouse.health import ensure_usable_warehouse, remove_damaged_warehouse
from orchestration.warehouse.record import NoBuildError, read_record

_HEADER = 4096  # bytes: a checksum, the magic word, the storage version, and flags
_VERSION_AT = slice(12, 20)


def _cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _rubbish(file: Path) -> None:
    file.write_bytes(random.Random(0).randbytes(50_000))


def _of_a_newer_duckdb(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[_VERSION_AT] = struct.pack("<Q", 1_000)
    content[:8] = struct.pack("<Q", _checksum(content[8:_HEADER]))
    file.write_bytes(content)


def _checksum(block: bytes | bytearray) -> int:
    """DuckDB's own: each word times a constant, all in one exclusive or."""
    result = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        result ^= word * 0xBF58476D1CE4E5B9 & (2**64 - 1)
    return result


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_cut_off, "is cut off at"),
        (_emptied, "not a valid DuckDB database file"),
        (_rubbish, "not a valid DuckDB database file"),
        (_of_a_newer_duckdb, "newer version of DuckDB"),
    ],
)
def test_a_spoilt_warehouse_is_removed_with_its_record(
    built_home: Home, spoil: Callable[[Path], None], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_record(built_home)
    spoil(built_home.warehouse)
    with caplog.at_level(logging.WARNING, "steelyard.warehouse"):
        words = ensure_usable_warehouse(built_home)
    assert words is not None and told in words
    assert str(built_home.warehouse) in words and "built anew from the lake" in words
    assert words in caplog.text
    assert not built_home.warehouse.exists()
    with pytest.raises(NoBuildError):
        read_record(built_home)


def test_a_good_warehouse_and_its_record_stay(built_home: Home) -> None:
    record = make_record(built_home)
    before = built_home.warehouse.read_bytes()
    assert ensure_usable_warehouse(built_home) is None
    assert built_home.warehouse.read_bytes() == before and read_record(built_home) == record


def test_the_journal_of_a_killed_build_is_replayed(built_home: Home) -> None:
    make_record(built_home)
    script = (
        "import duckdb, os, sys; w = duckdb.connect(sys.argv[1]); "
        "w.execute(\"set checkpoint_threshold = '1GB'\"); "
        "w.execute('create table late as select 1 as x'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(built_home.warehouse)], check=False)
    journal = built_home.warehouse.with_name("warehouse.duckdb.wal")
    assert journal.stat().st_size > 0
    assert ensure_usable_warehouse(built_home) is None
    with duckdb.connect(str(built_home.warehouse)) as warehouse:
        assert warehouse.execute("select x from late").fetchall() == [(1,)]


def test_a_file_that_duckdb_itself_made_shorter_is_kept(built_home: Home) -> None:
    """Where tables were replaced by smaller ones, the file ends before the last block counted."""
    make_record(built_home)
    with duckdb.connect(str(built_home.warehouse)) as warehouse:
        warehouse.execute("create table large as select hash(range) as x from range(600000)")
    with duckdb.connect(str(built_home.warehouse)) as warehouse:
        warehouse.execute("create or replace table large as select 1 as x")
        sizes = "select block_size * total_blocks from pragma_database_size()"
        counted = warehouse.execute(sizes).fetchall()[0][0]
    assert built_home.warehouse.stat().st_size < counted
    assert ensure_usable_warehouse(built_home) is None
    assert read_record(built_home) is not None


def test_a_journal_without_its_file_is_removed(built_home: Home) -> None:
    make_record(built_home)
    journal = built_home.warehouse.with_name("warehouse.duckdb.wal")
    built_home.warehouse.rename(journal)
    words = ensure_usable_warehouse(built_home)
    assert words is not None and "journal" in words
    assert not journal.exists()


def test_a_missing_warehouse_has_no_record(built_home: Home) -> None:
    make_record(built_home)
    built_home.warehouse.unlink()
    assert ensure_usable_warehouse(built_home) is None
    with pytest.raises(NoBuildError):
        read_record(built_home)


def test_a_warehouse_that_somebody_has_open_is_kept_and_said(
    built_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 0.3)
    script = (
        "import duckdb, sys; w = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(built_home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None and other.stdout.readline() == "open\n"
    with pytest.raises(MachineFault, match=f"open in another process.*{other.pid}"):
        ensure_usable_warehouse(built_home)
    other.communicate("")
    assert built_home.warehouse.exists()


def test_a_damaged_block_that_dbt_came_upon_is_removed(built_home: Home) -> None:
    content = bytearray(built_home.warehouse.read_bytes())
    content[len(content) // 2] ^= 0xFF
    built_home.warehouse.write_bytes(content)
    said = _what_reading_says(built_home.warehouse)
    assert remove_damaged_warehouse(built_home, "Catalog Error: no such table") is None
    assert built_home.warehouse.exists()
    words = remove_damaged_warehouse(built_home, said)
    assert words is not None and "built anew" in words and not built_home.warehouse.exists()


def _what_reading_says(file: Path) -> str:
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall():
                connection.execute(f'select columns(*) from "{schema}"."{name}"').fetchall()
    except duckdb.Error as error:
        return str(error)
    raise AssertionError("the flipped bit was not found")
