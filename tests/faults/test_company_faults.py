"""Whole runs in trouble, one after the other on one home: readers notice nothing, all is made good.

Each test leaves the home as its fault left it; the last one runs undisturbed and finds what the
first run had made.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil
import pytest
from command import said, steelyard
from limits import finish, start
from partial_company import CLOCKS
from served import Content, frozen_content, lake_content, leftovers, served_content, watched

from orchestration.landing.lock import run_lock
from orchestration.paths import PROJECT_ROOT, Home
from orchestration.serving.build import Build
from orchestration.warehouse.record import NoBuildError, read_record, remove_record

SMALL_FILES = 100_000  # bytes


SHOW_WHAT_IS_FROZEN = (
    "frozen_", "review_scorecards", "review_chain", "review_pay", "review_restatements",
    "current_scorecards", "quarterly_payroll",
)  # fmt: skip


@dataclass(frozen=True)
class Company:
    """The home of the faults, and what an undisturbed run had made of it."""

    home: Home
    build_id: str
    content: Content


def _content(home: Home) -> Content:
    found = {**lake_content(home), **served_content(home), **frozen_content(home)}
    return {name: rows for name, rows in found.items() if not _shows_what_is_frozen(name)}


def _shows_what_is_frozen(name: str) -> bool:
    """The first run froze a quarter after it had built: only builds after it show what is."""
    return any(table in name for table in SHOW_WHAT_IS_FROZEN)


@pytest.fixture(scope="module")
def company(ran_company: Home, tmp_path_factory: pytest.TempPathFactory) -> Company:
    home = Home(tmp_path_factory.mktemp("faults") / "home")
    shutil.copytree(ran_company.root, home.root, symlinks=True)
    remove_record(home)  # else a run finds nothing new and builds nothing
    return Company(home, Build.current(home).build_id, _content(home))


def _nothing_changed_for_readers(company: Company) -> None:
    assert Build.current(company.home).build_id == company.build_id
    assert _content(company.home) == company.content
    assert leftovers(company.home) == []


def _ends_in_words(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, said(done)
    assert "Traceback" not in done.stderr, said(done)


def _until_dbt_builds(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until dbt has built its first fifth; the processes below the command."""
    assert process.stderr is not None
    for line in process.stderr:
        if "dbt: " in line:
            below = psutil.Process(process.pid).children(recursive=True)
            assert below
            return below
    raise AssertionError("dbt built nothing")


def _gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=5)
    return not alive


@pytest.mark.slow
def test_a_full_disk_under_dbt_is_said_to_be_that(company: Company) -> None:
    """From the first fifth on nothing that dbt writes may grow: neither warehouse nor log."""
    process = start(company.home, "run", *CLOCKS)
    for each in _until_dbt_builds(process):
        if "dbt_process.py" in " ".join(each.cmdline()):
            each.rlimit(psutil.RLIMIT_FSIZE, (SMALL_FILES, SMALL_FILES))
    done = finish(process)
    _ends_in_words(done)
    told = f"writing {company.home.warehouse} and {company.home.dbt}:"
    assert told in done.stderr and "the file may not grow any further" in done.stderr, said(done)
    _nothing_changed_for_readers(company)


@pytest.mark.slow
def test_dagsters_own_command_is_kept_out_of_a_home_that_is_held(company: Company) -> None:
    home = company.home
    with run_lock(home):
        places = {"STEELYARD_HOME": str(home.root), "DAGSTER_HOME": str(home.dagster)}
        environment = {**os.environ, **places}
        environment.pop("STEELYARD_RUN_LOCK")
        job = ("job", "execute", "-m", "orchestration.definitions", "-j", "refresh")
        done = subprocess.run(
            [sys.executable, "-m", "dagster", *job],
            cwd=PROJECT_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert f"is held by pid {os.getpid()} on " in done.stderr, said(done)
    _nothing_changed_for_readers(company)


@pytest.mark.slow
def test_too_little_memory_is_said_to_be_that(company: Company) -> None:
    settings = company.home.settings.read_text()
    company.home.settings.write_text(settings + "memory_limit: 1MB\n")
    done = steelyard("run", company.home, *CLOCKS)
    company.home.settings.write_text(settings)
    _ends_in_words(done)
    assert "memory_limit in steelyard.yml is too low" in done.stderr, said(done)
    _nothing_changed_for_readers(company)


@pytest.mark.slow
def test_a_run_told_to_stop_stops_dbt_and_frees_the_home(company: Company) -> None:
    process = start(company.home, "run", *CLOCKS)
    below = _until_dbt_builds(process)
    process.send_signal(signal.SIGTERM)
    done = finish(process)
    assert done.returncode == 130, said(done)
    assert "Traceback" not in done.stderr and "stopped" in done.stderr, said(done)
    assert _gone(below)
    with run_lock(company.home):
        _nothing_changed_for_readers(company)


@pytest.mark.slow
def test_a_killed_run_takes_dbt_with_it(company: Company) -> None:
    """The warehouse is rubbish at first: it is removed, and the kill hits a build from nothing."""
    company.home.warehouse.write_bytes(random.Random(0).randbytes(50_000))
    with watched(company.home) as seen:
        process = start(company.home, "run", *CLOCKS)
        below = _until_dbt_builds(process)
        process.kill()
        finish(process)
        assert _gone(below)
    assert seen.errors == [] and seen.looks > 5
    _nothing_changed_for_readers(company)
    with pytest.raises(NoBuildError):
        read_record(company.home)


@pytest.mark.slow
def test_the_next_run_makes_all_good(company: Company) -> None:
    with watched(company.home) as seen:
        done = steelyard("run", company.home, *CLOCKS)
    assert done.returncode == 0, said(done)
    assert seen.errors == []
    assert Build.current(company.home).build_id > company.build_id
    assert _content(company.home) == company.content
    frozen = frozen_content(company.home)["2026-Q1/scorecards.parquet"]
    assert lake_content(company.home)["lake/frozen_scorecards"][0] == frozen[0] > 0
    assert leftovers(company.home) == []


@pytest.mark.slow
def test_whole_runs_killed_at_any_time_are_made_good(company: Company) -> None:
    """Each kill falls into another eighth of a run that builds everything."""
    remove_record(company.home)
    began = time.monotonic()
    assert steelyard("run", company.home, *CLOCKS).returncode == 0
    lasts, chance, died = time.monotonic() - began, random.Random(3), 0
    for eighth in range(8):
        delay = (eighth + chance.random()) * lasts / 8
        remove_record(company.home)
        with watched(company.home) as seen:
            process = start(company.home, "run", *CLOCKS)
            time.sleep(delay)
            process.kill()
            died += finish(process).returncode == -signal.SIGKILL
            done = steelyard("run", company.home, *CLOCKS)
        assert done.returncode == 0, (delay, said(done))
        assert seen.errors == [], delay
        assert _content(company.home) == company.content, delay
        assert leftovers(company.home) == [], delay
    assert died >= 6
