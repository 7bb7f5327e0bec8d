"""However files arrive, run by run, the public tables are those of one build of everything."""

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from replay import Step, affected, table_hashes, write_plan

from orchestration.demo import generate
from orchestration.paths import PROJECT_ROOT, Home

AS_OF = "2026-07-31T16:00:00+00:00"
EARLIER = ("2026-04-10T16:00:00+00:00", "2026-07-10T16:00:00+00:00", AS_OF)
SLOW = [pytest.param(seed, 3, marks=pytest.mark.slow) for seed in range(3, 20)]
LATE_FEEDS = ("shopify_orders/", "meta_ads/")


@dataclass(frozen=True)
class Demo:
    """The example company's files, and where runs of them are played."""

    source: Home
    root: Path

    def files(self) -> dict[str, str]:
        """Name below landing/ and path of every file but the feeds."""
        found = sorted(path for path in self.source.landing.rglob("*") if path.is_file())
        names = {path.relative_to(self.source.landing).as_posix(): str(path) for path in found}
        return {name: path for name, path in names.items() if not name.endswith("feed.yml")}

    def play(self, name: str, steps: list[Step]) -> Home:
        """A new home with the demo's feeds, played by a process of its own."""
        home = Home(self.root / name).prepare()
        shutil.copy(self.source.settings, home.settings)
        for feed in self.source.landing.rglob("feed.yml"):
            target = home.landing / feed.relative_to(self.source.landing)
            target.parent.mkdir(parents=True)
            shutil.copy(feed, target)
        program = Path(__file__).with_name("replay.py")
        plan = write_plan(self.root / f"{name}.json", steps)
        done = subprocess.run(
            [sys.executable, str(program), str(home.root), str(plan)],
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return home


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    root = tmp_path_factory.mktemp("increments")
    source = Home(root / "source").prepare()
    generate(source, "small")
    return Demo(source, root)


@pytest.fixture(scope="module")
def expected(demo: Demo) -> dict[str, tuple[int, int]]:
    """Every public table after one build of everything."""
    return table_hashes(demo.play("at_once", [Step(demo.files(), AS_OF)]))


def _without_last_lines(path: str, folder: Path) -> str:
    """A file as it was exported before its last lines came."""
    lines = Path(path).read_bytes().splitlines(keepends=True)
    earlier = folder / Path(path).name
    earlier.write_bytes(b"".join(lines[: max(1, len(lines) * 2 // 3)]))
    return str(earlier)


def _shuffled(demo: Demo, seed: int, runs: int) -> list[Step]:
    """Runs that the files fall to by chance; some come first in an earlier form."""
    dice, folder = random.Random(seed), demo.root / f"earlier{seed}"
    folder.mkdir()
    parts: list[dict[str, str]] = [{} for _ in range(runs)]
    for name, path in demo.files().items():
        first = dice.choices(range(runs), [2**place for place in range(runs, 0, -1)])[0]
        parts[first][name] = path
        if first < runs - 1 and name.endswith(".csv") and dice.random() < 0.05:
            parts[first][name] = _without_last_lines(path, folder)
            parts[-1][name] = path
    clocks = EARLIER[-runs:] if seed % 2 else (AS_OF,) * runs
    return [Step(files, clock) for files, clock in zip(parts, clocks, strict=True)]


@pytest.mark.parametrize(("seed", "runs"), [(1, 2), (2, 2), *SLOW])
def test_any_order_of_arrival_gives_the_tables_of_one_build(
    demo: Demo, expected: dict[str, tuple[int, int]], seed: int, runs: int
) -> None:
    home = demo.play(f"shuffle{seed}", _shuffled(demo, seed, runs))
    found = table_hashes(home)
    assert {name for name in expected if found[name] != expected[name]} == set()
    assert len(expected) > 30 and found["core.fct_orders"][0] > 0
    shutil.rmtree(home.root)


def test_only_what_is_affected_is_computed_anew(
    demo: Demo, expected: dict[str, tuple[int, int]]
) -> None:
    """The last file of orders and of spend comes late: their days are few, and the sums right."""
    files = demo.files()
    last = {max(name for name in files if name.startswith(feed)) for feed in LATE_FEEDS}
    late = {name: files[name] for name in last}
    rest = {name: path for name, path in files.items() if name not in last}
    home = demo.play("late", [Step(rest, AS_OF), Step(late, AS_OF)])
    assert table_hashes(home) == expected
    days = affected(home)
    assert 0 < days["int_affected_order_days"] < 100
    assert 0 < days["int_affected_spend_days"] < 100
    conversions = expected["attribution.fct_conversions"][0]
    assert 0 < days["int_affected_conversions"] < conversions / 4
    assert 0 < days["int_affected_attribution_days"] < 150
    assert days["int_affected_stock_days"] == days["int_affected_content_days"] == 0
