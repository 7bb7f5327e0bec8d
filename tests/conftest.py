"""Fixtures that tests of several folders share."""

from pathlib import Path

import pytest
from built_homes import make_built_home

from orchestration.paths import Home


@pytest.fixture
def built_home(tmp_path: Path) -> Home:
    """A home with a small warehouse made by hand, ready to be published."""
    return make_built_home(tmp_path / "home")
