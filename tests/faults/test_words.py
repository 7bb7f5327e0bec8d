"""What a fault of the machine is, and that it is told plainly wherever it struck."""

import errno
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.faults import MachineFault, during, fault_in_text, fault_in_words
from orchestration.landing.contracts import load_contracts
from orchestration.landing.feed_file import EntityMapping
from orchestration.landing.mapping import Mapped, run
from orchestration.paths import Home
from orchestration.runs import _failures
from orchestration.settings import Settings, SettingsError, load_settings
from orchestration.warehouse import dbt_process


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "x", "/a/b"), "/a/b: the disk is full; free some space, then run"),
        (OSError(errno.EROFS, "x", "/a"), "/a: the file system is read-only"),
        (OSError(errno.EFBIG, "x"), "the file may not grow any further"),
        (PermissionError(errno.EACCES, "x", "/a", None, "/b"), "/b: permission denied"),
        (duckdb.IOException('IO Error: Could not write file "/w.duckdb": File too large'),
         "/w.duckdb: the file may not grow any further"),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"),
         "memory_limit in steelyard.yml is too low"),
        (duckdb.OutOfMemoryException("Out of Memory Error: … by the 'max_temp_directory_size'"),
         "the disk is full"),
        (MemoryError(), "memory_limit in steelyard.yml is too low"),
    ],
)  # fmt: skip
def test_faults_of_the_machine_have_words(error: Exception, words: str) -> None:
    told = fault_in_words(error)
    assert told is not None and words in told
    with pytest.raises(MachineFault, match=r"^publishing: "), during("publishing"):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "x", "/a"),
        duckdb.ConversionException("Conversion Error: could not cast 'full' to INT"),
        duckdb.IOException("IO Error: no files found that match the pattern"),
        ValueError("the disk is full"),
    ],
)
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    assert fault_in_words(error) is None
    with pytest.raises(type(error)), during("publishing"):
        raise error


def test_a_full_run_history_is_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "history.db") as history:
        history.execute("create table events (event)")
        history.execute("pragma max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            history.execute("insert into events values (zeroblob(100000))")
    words = fault_in_words(full.value)
    assert words is not None and "run history: the disk is full" in words


def test_a_step_tells_a_fault_without_the_kind_of_error() -> None:
    @dg.op
    def publishing() -> None:
        with during("publishing build 1"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/builds/1")

    @dg.op
    def reading() -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), "/lake/x")

    @dg.job
    def both() -> None:
        publishing()
        reading()

    told = sorted(_failures(both.execute_in_process(raise_on_error=False)))
    assert told == [
        "publishing: publishing build 1: /builds/1: the disk is full; free some space, "
        "then run again",
        "reading: /lake/x: permission denied; let the user who runs this write there, "
        "then run again",
    ]


def test_a_full_disk_is_not_taken_for_a_wrong_expression() -> None:
    """Looking for the expression that fails would find each of them failing."""

    class FullDisk:
        def execute(self, *_: object) -> None:
            raise duckdb.IOException(
                'IO Error: Could not write file "/lake/.tmp/spill": No space left on device'
            )

    mapping = EntityMapping(select={"order_id": "id"})
    mapped = Mapped(load_contracts()["orders"], mapping, {"order_id": "VARCHAR"})
    with pytest.raises(duckdb.IOException, match="No space left"):
        run(FullDisk(), mapped, "create temp table typed_orders as select 1")


def test_a_traceback_is_not_where_the_disk_is_full() -> None:
    told = fault_in_text('File "/lib/dbt/requires.py", line 5, in run [Errno 28] No space left on')
    assert told is None
    told = fault_in_text("File \"/lib/dbt.py\", line 5, in run No space left on device: '/h/log'")
    assert told == "/h/log: the disk is full; free some space, then run again"


def test_dbt_says_it_in_many_words_and_steelyard_in_few() -> None:
    told = fault_in_text(
        'Runtime Error in model x IO Error: Could not write file "/h/warehouse.duckdb": '
        "No space left on device"
    )
    assert told == "/h/warehouse.duckdb: the disk is full; free some space, then run again"


def test_dbt_does_not_outlive_its_run() -> None:
    """The parent is killed as by `kill -9`; the child must end though nobody tells it."""
    child = (
        "import os, sys, time; sys.path.insert(0, os.path.dirname(sys.argv[1])); "
        "import dbt_process; dbt_process.end_with_parent(); print(os.getpid(), flush=True); "
        "time.sleep(60)"
    )
    parent = (
        "import subprocess, sys, time; "
        "subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[2]]); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent, child, dbt_process.__file__],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("limit", ["512MB", "1.5GB"])
def test_a_memory_limit_is_a_size(tmp_path: Path, limit: str) -> None:
    home = Home(tmp_path).prepare()
    assert load_settings(home) == Settings()
    home.settings.write_text(f"memory_limit: {limit}\n")
    assert load_settings(home).memory_limit == limit


@pytest.mark.parametrize("limit", ["lots", "-1GB", "80%", "4 GB", "4"])
def test_what_is_no_size_is_refused(tmp_path: Path, limit: str) -> None:
    home = Home(tmp_path).prepare()
    home.settings.write_text(f"memory_limit: '{limit}'\n")
    with pytest.raises(SettingsError, match="memory_limit"):
        load_settings(home)
