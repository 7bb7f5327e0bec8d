"""Demo homes that several tests read; nobody may change them."""

from typing import Any

import pytest
from demo_homes import TINY, read_truth

from orchestration.demo import generate
from orchestration.paths import Home


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The smallest demo that still has every system."""
    home = Home(tmp_path_factory.mktemp("tiny"))
    generate(home, TINY)
    return home


@pytest.fixture(scope="session")
def truth(tiny: Home) -> dict[str, Any]:
    return read_truth(tiny)
