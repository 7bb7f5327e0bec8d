"""Fixtures that tests of several folders share."""

from pathlib import Path

import pytest
from built_homes import make_built_home

from orchestration.paths import Home


@pytest.fixture
def built_home(tmp_path: Path) -> Home:
    """A home with a small warehouse made by hand, ready to be published."""
    return make_built_home(tmp_path / "home")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole runs: they take longest, and the short tests then fill the other worker."""
    items.sort(key=lambda item: "pipeline" not in item.path.parts)
