"""One main job a public data set, shared by the tests of that set."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from real_sets import Published, make_home, run_home


def _published(name: str, root: Path) -> Iterator[Published]:
    home = make_home(name, root / name)
    result = run_home(home)
    assert result.returncode == 0, f"{result.stdout[-8000:]}\n{result.stderr[-4000:]}"
    published = Published(home)
    yield published
    published.close()


@pytest.fixture(scope="session")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("olist", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def fuzzy_factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("maven_fuzzy_factory", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def channel_touches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("channel_touches_2018", tmp_path_factory.mktemp("real"))
