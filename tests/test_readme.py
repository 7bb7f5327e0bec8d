"""What README.md names must be there, and what is there must be named."""

import re

import yaml

from orchestration.paths import DBT_PROJECT, PROJECT_ROOT
from orchestration.settings import Settings

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
MARTS = DBT_PROJECT / "models" / "marts"


def test_every_public_table_is_listed() -> None:
    kpis = set(first_column("seeds/kpi_catalog.csv"))
    marts = {
        f"{path.relative_to(MARTS).parts[0]}.{path.stem}"
        for path in MARTS.rglob("*.sql")
        if path.stem not in kpis or path.stem == "training_hours"
    }
    listed = set(re.findall(r"`((?:core|attribution|kpis|scorecards|reviews)\.\w+)`", README))
    assert listed == marts


def first_column(seed: str) -> list[str]:
    """First column of a seed."""
    lines = (PROJECT_ROOT / seed).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split(",", 1)[0] for line in lines]


def test_every_make_target_is_named() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) - {"help"}
    assert {target for target in targets if f"`make {target}" not in README} == set()


def test_the_shown_settings_are_settings() -> None:
    block = re.search(r"file=data/steelyard.yml -->\n```yaml\n(.*?)```", README, re.DOTALL)
    assert block is not None
    Settings.model_validate(yaml.safe_load(block[1]))
