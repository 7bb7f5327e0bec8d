"""`kill -9` at any moment: the next run gives what an undisturbed one gives.

The points of a kill are drawn with fixed seeds. Kills of a whole run, dbt in it, are in
`test_company_faults.py`.
"""

import random
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from part_homes import (
    GOOD,
    HEAD,
    KNOWN_UNTIL,
    PARTS,
    Part,
    before_admission,
    kill_part_after,
    restored,
    run_part,
)
from served import Content, lake_content, leftovers, watched

from orchestration.landing import admission
from orchestration.paths import Home
from orchestration.serving.build import Build


@dataclass(frozen=True)
class Undisturbed:
    """A part that ended by itself: the home before it, what came of it, its points and time."""

    part: Part
    before: Home
    content: Content
    points: int
    commits: int
    seconds: float


@pytest.fixture(scope="module", params=PARTS, ids=lambda part: part.name)
def undisturbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    part: Part = request.param
    folder = tmp_path_factory.mktemp(part.name)
    before = part.before(folder / "before")
    after = restored(before, folder / "after")
    done = run_part(part, after)
    assert done.returncode == 0, done.stderr
    content = part.content(after)
    assert sum(rows for rows, _ in content.values()) > 10
    assert part.name != "admit" or content["lake/orders"][0] == 12  # two each of six files
    points, commits, seconds = done.stdout.splitlines()[-1].split()
    return Undisturbed(part, before, content, int(points), int(commits), float(seconds))


def _at_point(undisturbed: Undisturbed, root: Path, point: str) -> None:
    home = restored(undisturbed.before, root)
    with watched(home) as seen:
        killed = run_part(undisturbed.part, home, point)
    assert seen.errors == []
    assert killed.returncode == -signal.SIGKILL, (point, killed.stderr)
    _mend(
        undisturbed,
        home,
        f"point {point} of {undisturbed.points}, {undisturbed.commits} of them commits",
    )


def _after(undisturbed: Undisturbed, root: Path, seconds: float) -> bool:
    """Kill after a time; whether it was still alive then."""
    home = restored(undisturbed.before, root)
    with watched(home) as seen:
        code = kill_part_after(undisturbed.part, home, seconds)
    assert seen.errors == []
    _mend(undisturbed, home, f"{seconds:.3f} s of {undisturbed.seconds:.3f} s")
    return code == -signal.SIGKILL


def _mend(undisturbed: Undisturbed, home: Home, when: str) -> None:
    """Run the part again: all is as if nothing had happened."""
    part = undisturbed.part
    mended = run_part(part, home)
    assert mended.returncode == 0, (when, mended.stderr)
    assert part.content(home) == undisturbed.content, when
    assert leftovers(home) == [], when
    if part.name == "publish":
        kept = sorted(path.name for path in home.builds.iterdir())
        assert len(kept) == 3 and kept[-1] == Build.current(home).build_id, (when, kept)
        assert kept == [Build.read(home.builds / name).build_id for name in kept], when


def _drawn(undisturbed: Undisturbed, among: int, kills: int) -> list[int]:
    """Of the points from 1 to `among`: one in each stretch of equal length."""
    chance, stretch = random.Random(undisturbed.part.name), among / kills
    return [1 + int((n + chance.random()) * stretch) for n in range(kills)]


def test_a_part_killed_at_a_commit_is_made_good(undisturbed: Undisturbed, tmp_path: Path) -> None:
    kills = 2 if undisturbed.part.name == "admit" else 1
    for number in _drawn(undisturbed, undisturbed.commits, kills):
        _at_point(undisturbed, tmp_path / "home", f"commit:{number}")


@pytest.mark.slow
def test_a_part_killed_at_each_commit_is_made_good(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    for number in range(1, undisturbed.commits + 1):
        _at_point(undisturbed, tmp_path / "home", f"commit:{number}")


@pytest.mark.slow
def test_a_part_killed_at_any_point_is_made_good(undisturbed: Undisturbed, tmp_path: Path) -> None:
    for number in _drawn(undisturbed, undisturbed.points, 8):
        _at_point(undisturbed, tmp_path / "home", str(number))


@pytest.mark.slow
def test_a_part_killed_after_any_time_is_made_good(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    chance = random.Random(undisturbed.part.name)
    times = [chance.random() * undisturbed.seconds for _ in range(4)]
    assert sum(_after(undisturbed, tmp_path / "home", seconds) for seconds in times) > 0


def test_what_a_dead_admission_moved_into_the_lake_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies before its commit, and the file is gone for another before the next one looks."""

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    home, undisturbed = (before_admission(tmp_path / name) for name in ("home", "undisturbed"))
    with monkeypatch.context() as patched, pytest.raises(PowerCut):
        patched.setattr(admission, "write_manifest", cut)
        admission.admit(home, KNOWN_UNTIL)
    assert len(list((home.lake / "orders").glob("till-*"))) > 1
    for each in (home, undisturbed):
        (each.landing / "till" / "till_20260103.csv").write_text(HEAD + GOOD.format(n=7))
        admission.admit(each, KNOWN_UNTIL)
    assert lake_content(home) == lake_content(undisturbed)
