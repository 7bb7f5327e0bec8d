"""However files arrive, run by run, the public tables are those of one build of everything."""

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from replay import Played, Player, Step

from orchestration.demo import generate
from orchestration.paths import Home

AS_OF = "2026-07-31T16:00:00+00:00"
EARLIER = ("2026-04-10T16:00:00+00:00", "2026-07-10T16:00:00+00:00", AS_OF)
# What is built incrementally, and what it is built from; scorecards, pay and reviews are computed
# whole from it in each build, and only the long campaign plays them, too.
INCREMENTAL = ("+path:models/marts/core", "+path:models/marts/attribution", "+kpi_daily")
LATE_FEEDS = ("shopify_orders/", "meta_ads/")


@dataclass(frozen=True)
class Demo:
    """The example company's files, and who plays them."""

    source: Home
    player: Player

    def files(self) -> dict[str, str]:
        """Name below landing/ and path of every file but the feeds."""
        found = sorted(path for path in self.source.landing.rglob("*") if path.is_file())
        names = {path.relative_to(self.source.landing).as_posix(): str(path) for path in found}
        return {name: path for name, path in names.items() if not name.endswith("feed.yml")}

    def play(self, steps: list[Step], models: Sequence[str] = ()) -> Played:
        """Play into a home that holds nothing but the demo's settings and feeds."""
        home = self.player.home
        for folder in (home.landing, home.lake, home.reviews, home.warehouse):
            if folder.is_dir():
                shutil.rmtree(folder)
            folder.unlink(missing_ok=True)
        home.prepare()
        shutil.copy(self.source.settings, home.settings)
        for feed in self.source.landing.rglob("feed.yml"):
            target = home.landing / feed.relative_to(self.source.landing)
            target.parent.mkdir(parents=True)
            shutil.copy(feed, target)
        return self.player.play(steps, models)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    root = tmp_path_factory.mktemp("increments")
    source = Home(root / "source").prepare()
    generate(source, "small")
    player = Player(Home(root / "home").prepare())
    yield Demo(source, player)
    player.close()


@pytest.fixture(scope="module")
def expected(demo: Demo) -> dict[str, list[int]]:
    """Every public table that is built incrementally, after one build of everything."""
    return demo.play([Step(demo.files(), AS_OF)], INCREMENTAL).tables


@pytest.fixture(scope="module")
def expected_of_all(demo: Demo) -> dict[str, list[int]]:
    """Every public table after one build of everything."""
    return demo.play([Step(demo.files(), AS_OF)]).tables


def _without_last_lines(path: str, folder: Path) -> str:
    """A file as it was exported before its last lines came."""
    lines = Path(path).read_bytes().splitlines(keepends=True)
    earlier = folder / Path(path).name
    earlier.write_bytes(b"".join(lines[: max(1, len(lines) * 2 // 3)]))
    return str(earlier)


def _shuffled(demo: Demo, seed: int, runs: int, folder: Path) -> list[Step]:
    """Runs that the files fall to by chance; some come first in an earlier form."""
    dice = random.Random(seed)
    parts: list[dict[str, str]] = [{} for _ in range(runs)]
    for name, path in demo.files().items():
        first = dice.choices(range(runs), [2**place for place in range(runs, 0, -1)])[0]
        parts[first][name] = path
        if first < runs - 1 and name.endswith(".csv") and dice.random() < 0.05:
            parts[first][name] = _without_last_lines(path, folder)
            parts[-1][name] = path
    clocks = EARLIER[-runs:] if seed % 2 else (AS_OF,) * runs
    return [Step(files, clock) for files, clock in zip(parts, clocks, strict=True)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_gives_the_tables_of_one_build(
    demo: Demo, expected: dict[str, list[int]], seed: int, tmp_path: Path
) -> None:
    found = demo.play(_shuffled(demo, seed, 2, tmp_path), INCREMENTAL).tables
    assert {name for name in expected if found[name] != expected[name]} == set()
    assert len(expected) > 30 and found["core.fct_orders"][0] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 23))
def test_any_order_of_arrival_gives_all_tables_of_one_build(
    demo: Demo, expected_of_all: dict[str, list[int]], seed: int, tmp_path: Path
) -> None:
    found = demo.play(_shuffled(demo, seed, 3, tmp_path)).tables
    assert {name for name in expected_of_all if found[name] != expected_of_all[name]} == set()
    assert len(expected_of_all) > 80


def test_only_what_is_affected_is_computed_anew(demo: Demo, expected: dict[str, list[int]]) -> None:
    """The last file of orders and of spend comes late: their days are few, and the sums right."""
    files = demo.files()
    last = {max(name for name in files if name.startswith(feed)) for feed in LATE_FEEDS}
    late = {name: files[name] for name in last}
    rest = {name: path for name, path in files.items() if name not in last}
    played = demo.play([Step(rest, AS_OF), Step(late, AS_OF)], INCREMENTAL)
    assert played.tables == expected
    days = played.affected
    assert 0 < days["int_affected_order_days"] < 100
    assert 0 < days["int_affected_spend_days"] < 100
    conversions = expected["attribution.fct_conversions"][0]
    assert 0 < days["int_affected_conversions"] < conversions / 4
    assert 0 < days["int_affected_attribution_days"] < 150
    assert days["int_affected_stock_days"] == days["int_affected_content_days"] == 0
