"""Everything lies in one folder that is private to its owner."""

import stat
from pathlib import Path

import pytest

from orchestration.paths import PROJECT_ROOT, Home


def test_home_is_what_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEELYARD_HOME", str(tmp_path / "shop"))
    assert Home.from_environment().root == tmp_path / "shop"


def test_home_is_data_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEELYARD_HOME", raising=False)
    assert Home.from_environment().root == PROJECT_ROOT / "data"


def test_a_relative_home_stays_where_it_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(Path("shop"))
    monkeypatch.chdir("/")
    assert home.root == tmp_path / "shop"


def test_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    home = Home(tmp_path / "shop").prepare()
    for folder in (home.root, home.landing, home.lake, home.reviews, home.secrets, home.dagster):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert stat.S_IMODE(home.builds.stat().st_mode) == 0o755


def test_preparing_again_leaves_modes_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "shop").prepare()
    home.landing.chmod(0o770)
    home.prepare()
    assert stat.S_IMODE(home.landing.stat().st_mode) == 0o770


def test_every_place_is_inside_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "shop")
    places = [name for name, value in vars(Home).items() if isinstance(value, property)]
    assert len(places) > 10
    for name in places:
        assert getattr(home, name).is_relative_to(home.root), name
