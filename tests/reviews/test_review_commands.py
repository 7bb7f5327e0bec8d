"""What `steelyard verify`, `freeze` and `signing-key` say, and how they end."""

import shutil
from pathlib import Path

import pytest
from built_homes import make_record
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.freeze import freeze_quarter
from orchestration.reviews.quarters import Quarter
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()


@pytest.fixture
def home(built_home: Home) -> Home:
    publish(built_home, SETTINGS, make_record(built_home))
    freeze_quarter(built_home, SETTINGS, Quarter.labelled("2026-Q1", SETTINGS))
    return built_home


def _steelyard(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(home.root)])


def test_verify_says_that_all_holds_and_shows_the_head(home: Home) -> None:
    head = read_chain(home)[-1].sha256
    result = _steelyard(home, "verify", "--head", head)
    assert result.exit_code == 0 and "1 reviews hold" in result.output and head in result.output


def test_verify_ends_with_1_and_names_what_was_touched(home: Home) -> None:
    (home.reviews / "quarter=2026-Q1" / "revision=1" / "scorecards.parquet").unlink()
    result = _steelyard(home, "verify")
    assert result.exit_code == 1
    assert "quarter=2026-Q1/revision=1/scorecards.parquet: missing" in result.output


def test_a_copy_of_reviews_and_secrets_restores_them(home: Home, tmp_path: Path) -> None:
    head = read_chain(home)[-1].sha256
    for folder in (home.reviews, home.secrets):
        shutil.copytree(folder, tmp_path / "backup" / folder.name)
        shutil.rmtree(folder)
        folder.mkdir()
    assert _steelyard(home, "verify", "--head", head).exit_code == 1
    for folder in (home.reviews, home.secrets):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "backup" / folder.name, folder)
    assert _steelyard(home, "verify", "--head", head).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("freeze", "Q3"), "2026-Q3"),
        (("freeze", "2026-Q2", "--force"), "--reason"),
        (("freeze", "2026-Q2", "--revise", "--reason", " "), "--reason"),
    ],
)
def test_freeze_used_wrongly_ends_with_2(home: Home, arguments: tuple[str, ...], said: str) -> None:
    result = _steelyard(home, *arguments)
    assert result.exit_code == 2 and said in result.output


def test_a_second_signing_key_is_refused(home: Home) -> None:
    assert "public key" in _steelyard(home, "signing-key").output
    again = _steelyard(home, "signing-key")
    assert again.exit_code == 2 and "is there already" in again.output
