"""One run at a time; the second says who holds the lock, and a dead one blocks nobody."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.landing.lock import RunLockHeld, read_holder, run_lock
from orchestration.paths import PROJECT_ROOT, Home

HOLD = """
import sys, time
from pathlib import Path
from orchestration.landing.lock import run_lock
from orchestration.paths import Home
with run_lock(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""
TRY = HOLD.replace("sys.stdin.read()", "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def start(home: Home) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_ROOT,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_lock(home: Home) -> None:
    process = start(home)
    try:
        with (
            pytest.raises(RunLockHeld, match=f"held by pid {process.pid} on .*since 20"),
            run_lock(home),
        ):
            pass
    finally:
        process.communicate("")
    with run_lock(home):
        holder = read_holder(home)
        assert holder and holder.pid != process.pid
    assert read_holder(home) is None


def test_a_killed_run_blocks_nobody(home: Home) -> None:
    process = start(home)
    process.kill()
    process.wait()
    assert read_holder(home)
    with run_lock(home):
        pass


def test_the_holder_and_what_it_starts_may_enter_again(home: Home) -> None:
    with run_lock(home), run_lock(home):
        child = [sys.executable, "-c", TRY, str(home.root)]
        done = subprocess.run(child, capture_output=True, text=True, cwd=PROJECT_ROOT)
        assert done.stdout == "held\n", done.stderr
        assert read_holder(home)
    assert read_holder(home) is None


def test_a_note_that_cannot_be_read_is_none(home: Home) -> None:
    note = home.root / "run.lock.json"
    for content in ("", "[]", json.dumps({"pid": 1})):
        note.write_text(content)
        assert read_holder(home) is None
