"""`kill -9` at any moment: the next run gives what an undisturbed one gives.

The points of a kill are drawn with fixed seeds. Kills of a whole run, dbt in it, are in
`test_company_faults.py`.
"""

import random
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from part_homes import PARTS, Part, kill_part_after, restored, run_part
from served import Content, leftovers, watched

from orchestration.paths import Home
from orchestration.serving.build import Build


@dataclass(frozen=True)
class Undisturbed:
    """A part that ended by itself: the home before it, what came of it, its points and seconds."""

    part: Part
    before: Home
    content: Content
    points: int
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
    assert content and sum(rows for rows, _ in content.values()) > 10
    points, seconds = done.stdout.splitlines()[-1].split()
    return Undisturbed(part, before, content, int(points), float(seconds))


def _at_point(undisturbed: Undisturbed, root: Path, point: int) -> None:
    home = restored(undisturbed.before, root)
    with watched(home) as seen:
        killed = run_part(undisturbed.part, home, point)
    assert seen.errors == []
    assert killed.returncode == -signal.SIGKILL, (point, killed.stderr)
    _mend(undisturbed, home, f"point {point} of {undisturbed.points}")


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


def _points(undisturbed: Undisturbed, kills: int) -> list[int]:
    """Drawn over the whole part, one in each stretch of equal length."""
    chance, stretch = random.Random(undisturbed.part.name), undisturbed.points / kills
    return [1 + int((n + chance.random()) * stretch) for n in range(kills)]


def test_a_part_killed_at_some_point_is_made_good(undisturbed: Undisturbed, tmp_path: Path) -> None:
    for point in _points(undisturbed, 2 if undisturbed.part.name == "admit" else 1):
        _at_point(undisturbed, tmp_path / "home", point)


@pytest.mark.slow
def test_a_part_killed_at_many_points_is_made_good(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    for point in _points(undisturbed, 10):
        _at_point(undisturbed, tmp_path / "home", point)


@pytest.mark.slow
def test_a_part_killed_after_any_time_is_made_good(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    chance = random.Random(undisturbed.part.name)
    times = [chance.random() * undisturbed.seconds for _ in range(4)]
    assert any(_after(undisturbed, tmp_path / "home", seconds) for seconds in times)
