"""The command's manners: help for a newcomer, words for mistakes, exit codes that are honest."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.paths import PROJECT_ROOT, Home

COMMANDS = (
    "demo", "run", "admit", "rejects", "status", "explain", "docs", "ui", "freeze", "verify",
    "signing-key",
)  # fmt: skip
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


@pytest.mark.parametrize(
    "command", ["run", "admit", "admit --dry-run", "rejects --retry", "demo", "docs"]
)
def test_a_held_lock_ends_with_3(home: Home, command: str) -> None:
    with FileLock(home.lock):
        result = _steelyard(*command.split())
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


def test_feed_new_says_what_it_does_and_where() -> None:
    result = _steelyard("feed", "new", "--help")
    assert result.exit_code == 0 and "--home" in result.output and "--entity" in result.output


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


def test_a_dry_run_tells_and_changes_nothing(home: Home) -> None:
    result = _steelyard("admit", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "Dry run: 1 files would be admitted (1 new, 0 changed), 0 unchanged" in result.output
    assert "shop_kind: … is not one of own_site, marketplace" in result.output
    assert not list(home.manifest.iterdir()) and not (home.lake / "shops").exists()


def test_a_dry_run_of_a_wrong_feed_ends_with_1(home: Home) -> None:
    feed = home.landing / "till" / "feed.yml"
    feed.write_text(FEED.replace("shop_name: name", "shop_name: nam"))
    result = _steelyard("admit", "--dry-run")
    assert result.exit_code == 1 and "entities.shops.select.shop_name" in result.output
    assert not list(home.manifest.iterdir())


def test_a_dry_run_names_what_would_be_set_aside_or_left(home: Home) -> None:
    (home.landing / "till" / "empty.csv").write_text("")
    result = _steelyard("admit", "--dry-run")
    assert "would be set aside till/empty.csv: is empty: it has no header" in result.output
    assert (home.landing / "till" / "empty.csv").exists()
    result = _steelyard("admit", "--dry-run", "--known-until", "2001-01-01")
    assert "left for later till/shops.csv: exported at" in result.output


def test_rejects_shows_rows_and_files(home: Home) -> None:
    (home.landing / "till" / "empty.csv").write_text("")
    _steelyard("admit")
    result = _steelyard("rejects")
    assert result.exit_code == 0, result.output
    assert "shop_kind: … is not one of own_site, marketplace" in result.output
    assert "shops.csv row 2:" in result.output and '"kind":"bazaar"' in result.output
    assert "1 files set aside" in result.output and "is empty: it has no header" in result.output


def test_rejects_of_a_clean_home_says_so(home: Home) -> None:
    result = _steelyard("rejects", "--feed", "till")
    assert result.exit_code == 0 and "Nothing is refused" in result.output


def test_rejects_shows_a_value_as_text_only(home: Home) -> None:
    rows = "shop,name,kind\ntent,Tent,[/b]\x1b[31mred\n"
    (home.landing / "till" / "shops.csv").write_text(rows)
    _steelyard("admit")
    result = _steelyard("rejects")
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output and "[/b]\\x1b[31mred" in result.output


def test_rejects_writes_csv_once(home: Home, tmp_path: Path) -> None:
    _steelyard("admit")
    path = tmp_path / "rejects.csv"
    assert "1 refused rows written" in _steelyard("rejects", "--csv", str(path)).output
    again = _steelyard("rejects", "--csv", str(path))
    assert again.exit_code == 2 and "File exists" in again.output


def test_rejects_retry_tells_before_and_after(home: Home) -> None:
    empty = home.landing / "till" / "more.csv"
    empty.write_text("")
    _steelyard("admit")
    aside = home.quarantine / "till" / "more.csv"
    aside.write_text("shop,name,kind\nbooth,Booth,own_site\n")
    result = _steelyard("rejects", "--retry")
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if line.startswith("│ till"))
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells == ["till", "1", "2", "1", "1", "1", "0"]
    assert empty.exists() and not aside.exists()


def test_status_advises_what_to_do_next(home: Home, tmp_path: Path) -> None:
    bare = _steelyard("status", "--home", str(Home(tmp_path / "bare").prepare().root))
    assert "1. bring a first file in: steelyard feed new FILE" in bare.output
    waiting = _steelyard("status", "--home", str(home.root))
    assert "1. files wait to be admitted (till): steelyard run" in waiting.output
    (home.landing / "till" / "empty.csv").write_text("")
    _steelyard("admit")
    told = _steelyard("status")
    assert told.exit_code == 0, told.output
    assert "1. see why files were set aside (till): steelyard rejects" in told.output
    assert "see which rows were refused (till)" in told.output
    assert "Sizes" in told.output and "free on the disk" in told.output


def test_status_shows_a_late_feed_and_ends_with_0(home: Home) -> None:
    feed = home.landing / "till" / "feed.yml"
    feed.write_text(FEED + "expected_every: 1 day\n")
    os.utime(home.landing / "till" / "shops.csv", (1_700_000_000, 1_700_000_000))
    _steelyard("admit")
    result = _steelyard("status")
    assert result.exit_code == 0, result.output
    (line,) = (line for line in result.output.splitlines() if line.startswith("│ till"))
    assert "2023-11-14 22:13" in line and "1 day" in line and "stale since 2023-11-16" in line
    assert "ask why no newer file came" in result.output


def test_status_of_a_wrong_feed_ends_with_1(home: Home) -> None:
    (home.landing / "till" / "feed.yml").write_text(FEED.replace("shops:", "shoppes:"))
    result = _steelyard("status")
    assert result.exit_code == 1 and "1. correct landing/till/feed.yml" in result.output


def test_feed_new_writes_a_draft_that_is_then_admitted(home: Home, tmp_path: Path) -> None:
    sample = tmp_path / "products_20260301.csv"
    sample.write_text("sku;name;brand\nMUG;Mug;Potter\n")
    result = _steelyard("feed", "new", str(sample), "--copy")
    assert result.exit_code == 0, result.output
    assert "a row becomes one of products" in result.output
    assert (home.landing / "products" / sample.name).read_bytes() == sample.read_bytes()
    admitted = _steelyard("admit")
    assert admitted.exit_code == 0 and "products_20260301.csv" in admitted.output


def test_feed_new_prints_without_writing(tmp_path: Path) -> None:
    sample = tmp_path / "products_20260301.csv"
    sample.write_text("sku;name;brand\nMUG;Mug;Potter\n")
    result = _steelyard("feed", "new", str(sample), "--print")
    assert result.exit_code == 0 and result.output.startswith("# A first draft")
    assert not (tmp_path / "home").exists()


def test_feed_new_never_overwrites(home: Home, tmp_path: Path) -> None:
    sample = tmp_path / "till.csv"
    sample.write_text("sku;name;brand\nMUG;Mug;Potter\n")
    result = _steelyard("feed", "new", str(sample))
    assert result.exit_code == 2 and "is there already" in result.output
    assert (home.landing / "till" / "feed.yml").read_text() == FEED


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_feed_new_of_an_empty_file_ends_with_2(home: Home, tmp_path: Path, content: str) -> None:
    sample = tmp_path / "none.csv"
    sample.write_text(content)
    result = _steelyard("feed", "new", str(sample))
    assert result.exit_code == 2 and "is empty" in result.output
    assert not (home.landing / "none").exists()
