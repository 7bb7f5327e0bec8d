"""Demo homes that several tests read; nobody may change them."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.demo import generate
from orchestration.paths import Home

TINY = 2_500


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The smallest demo that still has every system."""
    home = Home(tmp_path_factory.mktemp("tiny"))
    generate(home, TINY)
    return home


@pytest.fixture(scope="session")
def truth(tiny: Home) -> dict[str, Any]:
    return read_truth(tiny)


def read_truth(home: Home) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((home.root / "truth.json").read_text(encoding="utf-8"))
    return content


def files(home: Home) -> dict[str, Path]:
    return {
        path.relative_to(home.root).as_posix(): path
        for path in sorted(home.root.rglob("*"))
        if path.is_file()
    }
