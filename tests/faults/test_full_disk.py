"""A write that fails in the middle, a folder that may not be written: words, and nothing half done.

Whole runs on a full disk are in `test_company_faults.py`; here each part writes alone.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import said
from limits import as_anyone, part_as_anyone, part_with_small_files, read_only, with_small_files
from part_homes import PARTS, Part, admitted_content, before_admission, restored, run_part
from served import Content, leftovers, watched

from orchestration.paths import Home

ADMIT = PARTS[0]
MANY_ROWS = 20_000
SMALL = {"admit": 40_000, "publish": 200_000, "freeze": 900}  # bytes; more is written into one file
SAYS = {
    "admit": "admitting feed till",
    "publish": "publishing build",
    "freeze": "freezing 2026-Q1",
}


@dataclass(frozen=True)
class Stage:
    """One part, the home before it, and what it makes of it undisturbed."""

    part: Part
    before: Home
    expected: Content

    def made_good(self, home: Home) -> None:
        """Run the part again: all is as if nothing had happened."""
        done = run_part(self.part, home)
        assert done.returncode == 0, done.stderr
        assert self.part.content(home) == self.expected
        assert leftovers(home) == []

    def kept(self, home: Home) -> Content:
        """What a part that fails must leave as it was; files set aside are set aside."""
        found = self.part.content(home).items()
        return {name: rows for name, rows in found if not name.startswith("landing: ")}


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    found = {}
    for part in PARTS:
        folder = tmp_path_factory.mktemp(part.name)
        before = part.before(folder / "before")
        if part is ADMIT:
            _add_many_rows(before)
        after = restored(before, folder / "after")
        done = run_part(part, after)
        assert done.returncode == 0, done.stderr
        found[part.name] = Stage(part, before, part.content(after))
    return found


@pytest.fixture(params=SMALL)
def stage(request: pytest.FixtureRequest, stages: dict[str, Stage]) -> Stage:
    return stages[request.param]


def _add_many_rows(home: Home, encoding: str = "utf-8") -> None:
    feed = home.landing / "till" / "feed.yml"
    feed.write_text(feed.read_text().replace("format: csv", f"format: csv, encoding: {encoding}"))
    rows = (f"新{n * 7919 % 1_000_003},2025-12-05 10:00:00,{n}.50\n" for n in range(MANY_ROWS))
    file = home.landing / "till" / "till_20260105.csv"
    file.write_text("id,placed,amount\n" + "".join(rows), encoding=encoding)


def _failed_in_words(done: subprocess.CompletedProcess[str], *words: str) -> None:
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1, said(done)
    assert all(word in last for word in words), last


def _nothing_is_lost(stage: Stage, home: Home, earlier: Content) -> None:
    """All is as it was; of an admission, what else was new may have come in, file by file."""
    found = stage.kept(home)
    if stage.part is ADMIT:
        assert "till/till_20260105.csv" not in found
        files = {key: held for key, held in earlier.items() if not key.startswith("lake/")}
        assert files.items() <= found.items()
    else:
        assert found == earlier
    assert leftovers(home) == []


def test_a_disk_that_fills_up_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    home, name = restored(stage.before, tmp_path / "home"), stage.part.name
    earlier = stage.kept(home)
    with watched(home) as seen:
        done = part_with_small_files(stage.part, home, SMALL[name])
    _failed_in_words(done, SAYS[name], "may not grow any further")
    assert seen.errors == []
    _nothing_is_lost(stage, home, earlier)
    stage.made_good(home)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_full_disk_is_not_taken_for_an_unreadable_file(tmp_path: Path, encoding: str) -> None:
    """The command says it in one line; the good file stays where it is and is admitted later."""
    home = before_admission(tmp_path / "home")
    _add_many_rows(home, encoding)
    done = with_small_files(home, SMALL["admit"], "admit")
    _failed_in_words(done, "admitting feed till", "may not grow any further", "then run again")
    assert "Traceback" not in done.stderr
    assert (home.landing / "till" / "till_20260105.csv").is_file()
    assert run_part(ADMIT, home).returncode == 0
    assert admitted_content(home)["lake/orders"][0] > MANY_ROWS


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 32 MB large; root alone can mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small file system here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full(stage: Stage, tmp_path: Path, small_disk: Path) -> None:
    home = restored(stage.before, small_disk / "home")
    filler = small_disk / "filler"
    _fill(filler, leaving=SMALL[stage.part.name])
    earlier = stage.kept(home)
    done = run_part(stage.part, home)
    _failed_in_words(done, "the disk is full; free some space, then run again")
    _nothing_is_lost(stage, home, earlier)
    filler.unlink()
    stage.made_good(home)


def _fill(filler: Path, leaving: int) -> None:
    disk = os.statvfs(filler.parent)
    filler.write_bytes(bytes(max(0, disk.f_bavail * disk.f_frsize - max(leaving, 2**14))))


def _folders(root: Path) -> list[Path]:
    return [root, *(path for path in root.rglob("*") if path.is_dir())]


@pytest.mark.parametrize(
    ("name", "place"),
    [("admit", "lake"), ("publish", "builds"), ("freeze", "reviews")],
)
def test_a_folder_that_may_not_be_written(
    name: str, place: str, stages: dict[str, Stage], tmp_path: Path
) -> None:
    stage, home = stages[name], restored(stages[name].before, tmp_path / "home")
    earlier = stage.kept(home)
    with read_only(*_folders(home.root / place)):
        done = part_as_anyone(stage.part, home)
    _failed_in_words(done, f"{home.root / place}/", "permission denied; let the user")
    assert stage.kept(home) == earlier
    assert leftovers(home) == []
    stage.made_good(home)


@pytest.mark.parametrize("place", ["", "lake"])
def test_the_command_says_in_one_line_what_may_not_be_written(place: str, tmp_path: Path) -> None:
    home = before_admission(tmp_path / "home")
    with read_only(*_folders(home.root / place)):
        done = as_anyone(home, "admit")
    _failed_in_words(done, str(home.root / place), "permission denied; let the user")
    assert "Traceback" not in done.stderr


def test_a_landing_zone_that_may_only_be_read_keeps_what_cannot_be_set_aside(
    tmp_path: Path,
) -> None:
    """A mount for reading is a fair place for exports: the rest is admitted, and it is said."""
    home = before_admission(tmp_path / "home")
    with read_only(*_folders(home.landing)):
        done = as_anyone(home, "admit")
    assert done.returncode == 0, said(done)
    assert "it cannot be moved to landing/_quarantine (Permission denied) and stays" in done.stderr
    assert "Traceback" not in done.stderr
    assert admitted_content(home)["lake/orders"][0] > 0
