"""One main job a public data set, shared by the tests of that set."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from real_sets import Published, make_home, run_home


def _published(name: str, root: Path, as_of: str) -> Iterator[Published]:
    """`as_of` lies soon after the set's last fact: years of empty quarters would be frozen else."""
    home = make_home(name, root / name)
    result = run_home(home, "--as-of", as_of)
    assert result.returncode == 0, f"{result.stdout[-8000:]}\n{result.stderr[-4000:]}"
    published = Published(home)
    yield published
    published.close()


@pytest.fixture(scope="session")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("olist", tmp_path_factory.mktemp("real"), "2018-11-15")


@pytest.fixture(scope="session")
def fuzzy_factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("maven_fuzzy_factory", tmp_path_factory.mktemp("real"), "2015-04-15")


@pytest.fixture(scope="session")
def channel_touches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    yield from _published("channel_touches_2018", tmp_path_factory.mktemp("real"), "2018-10-15")
