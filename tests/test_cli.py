"""The command's manners: help for a newcomer, words for mistakes, exit codes that are honest."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.paths import PROJECT_ROOT, Home

COMMANDS = ("demo", "run", "admit", "status", "docs", "ui")
FEED = """
feed: till
files: "*.csv"
exported_at: file_modified
read: {format: csv}
entities:
  shops:
    where: "shop <> 'test'"
    select: {shop: shop, shop_name: name, shop_kind: kind}
"""
ROWS = "shop,name,kind\nkiosk,Kiosk,own_site\nstall,Stall,bazaar\ntest,Test,own_site\n"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The command sets environment variables and a log handler; the test's own are put back."""
    monkeypatch.setenv("STEELYARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("DAGSTER_DISABLE_TELEMETRY", "DBT_SEND_ANONYMOUS_USAGE_STATS", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "1")
    yield
    logger = logging.getLogger("steelyard")
    logger.handlers, logger.propagate = [], True


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    folder = home.landing / "till"
    folder.mkdir()
    (folder / "feed.yml").write_text(FEED)
    (folder / "shops.csv").write_text(ROWS)
    return home


def _steelyard(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_help_names_every_command() -> None:
    said = _steelyard("--help").output
    assert all(command in said for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does_and_where(command: str) -> None:
    result = _steelyard(command, "--help")
    assert result.exit_code == 0
    assert "--home" in result.output and "STEELYARD_HOME" in result.output


@pytest.mark.parametrize("arguments", [["juggle"], ["run", "--speed", "9"], ["demo", "--scale"]])
def test_wrong_use_ends_with_2(arguments: list[str]) -> None:
    assert _steelyard(*arguments).exit_code == 2


def test_a_wrong_setting_ends_with_2_and_names_it(home: Home) -> None:
    home.settings.write_text("base_curency: CNY\n")
    result = _steelyard("run")
    assert result.exit_code == 2
    assert "base_curency" in result.output and str(home.settings) in result.output


def test_a_wrong_instant_ends_with_2(home: Home) -> None:
    result = _steelyard("run", "--as-of", "yesterday")
    assert result.exit_code == 2 and "'yesterday'" in result.output


def test_a_wrong_scale_ends_with_2(home: Home) -> None:
    result = _steelyard("demo", "--scale", "enormous")
    assert result.exit_code == 2 and "enormous" in result.output


@pytest.mark.parametrize("command", ["run", "admit", "demo", "docs"])
def test_a_held_lock_ends_with_3(home: Home, command: str) -> None:
    with FileLock(home.lock):
        result = _steelyard(command)
    assert result.exit_code == 3
    assert "is held by" in result.output


def test_admit_shows_what_became_of_each_file(home: Home) -> None:
    result = _steelyard("admit")
    assert result.exit_code == 0, result.output
    (line,) = (line for line in result.output.splitlines() if "shops.csv" in line)
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells[:6] == ["till", "shops.csv", "3", "1", "1", "1"]
    assert cells[6].startswith("shop_kind: 'bazaar'")


def test_a_wrong_feed_ends_with_1_and_others_go_on(home: Home) -> None:
    wrong = home.landing / "mail"
    wrong.mkdir()
    (wrong / "feed.yml").write_text(FEED.replace("till", "mail").replace("shops:", "shoppes:"))
    result = _steelyard("admit")
    assert result.exit_code == 1
    assert "landing/mail/feed.yml" in result.output and "shoppes" in result.output
    assert any("shops.csv" in line and "till" in line for line in result.output.splitlines())


def test_files_exported_later_wait(home: Home) -> None:
    result = _steelyard("admit", "--known-until", "2001-01-01")
    assert result.exit_code == 0
    assert "0 files admitted" in result.output and "1 exported later" in result.output


def test_status_of_a_home_that_is_none_yet(tmp_path: Path) -> None:
    result = _steelyard("status", "--home", str(tmp_path / "nowhere"))
    assert result.exit_code == 0 and "no home yet" in result.output
    assert not (tmp_path / "nowhere").exists()


def test_status_shows_feeds_before_the_first_build(home: Home) -> None:
    _steelyard("admit")
    result = _steelyard("status")
    assert result.exit_code == 0, result.output
    assert "none yet" in result.output and "till" in result.output
    assert "nothing is published" in result.output


def test_home_on_the_command_line_wins_over_the_environment(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    _steelyard("admit", "--home", str(other))
    assert (other / "lake").is_dir() and not (home.lake / "shops").exists()


def test_help_answers_without_loading_dagster() -> None:
    """`steelyard --help` must not take the seconds that Dagster and dbt take to import."""
    check = (
        "import orchestration.cli, sys; print([m for m in ('dagster', 'dbt') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
