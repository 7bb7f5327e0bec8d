"""Fixtures that tests of several folders share."""

from pathlib import Path

import pytest
from built_homes import make_built_home
from command import said, steelyard
from filelock import FileLock
from lent_manifests import close_lending, open_lending
from partial_company import CLOCKS, make_company

from orchestration.paths import Home


@pytest.fixture
def built_home(tmp_path: Path) -> Home:
    """A home with a small warehouse made by hand, ready to be published."""
    return make_built_home(tmp_path / "home")


@pytest.fixture(scope="session")
def ran_company(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    """The partial company after one undisturbed run, made once for all workers: copy, then use."""
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "ran_company"
    place.mkdir(exist_ok=True)
    home, finished = Home(place / "home"), place / "finished"
    with FileLock(place / "lock"):
        if not finished.exists():
            done = steelyard("run", make_company(home.root), *CLOCKS)
            assert done.returncode == 0, said(done)
            finished.touch()
    return home


def pytest_configure(config: pytest.Config) -> None:
    """The session's own process makes what its workers share, before they start."""
    open_lending()


def pytest_unconfigure(config: pytest.Config) -> None:
    """It removes it, too."""
    if not hasattr(config, "workerinput"):
        close_lending()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole runs: they take longest, and the short tests then fill the other worker."""
    items.sort(key=lambda item: "pipeline" not in item.path.parts)
