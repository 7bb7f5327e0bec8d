"""Fixtures of the door's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from landing_home import LINES, Landing


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """An empty home."""
    return Landing(tmp_path / "home")


@pytest.fixture
def lines(landing: Landing) -> Callable[[str], list[str]]:
    """Admit one CSV of order lines, given without its header; returns the reasons."""

    def admit_lines(rows: str) -> list[str]:
        folder = landing.feed("lines", {"order_lines": {"select": LINES}})
        (folder / "a.csv").write_text("order_id,line_id,quantity,amount\n" + rows)
        report = landing.admit()
        assert report.ok, report.wrong
        return landing.reasons()

    return admit_lines
