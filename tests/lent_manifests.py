"""The parsed dbt project, lent from one home of a test session to the next.

Parsing it takes seconds, and the manifest says nothing of the home: it is the same in each. Where a
test is about the first run of a home, it does not go through here.
"""

import os
import shutil
import tempfile
from pathlib import Path

from orchestration.paths import Home
from orchestration.warehouse.project import project_fingerprint

_VARIABLE = "STEELYARD_TEST_LENT_MANIFESTS"


def open_lending() -> None:
    """Make the folder that all workers of the session share; theirs is the one that exists."""
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="steelyard_manifests_")


def close_lending() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


def lend(home: Home) -> None:
    """Give a prepared home the manifest of the project, if another home has parsed it."""
    for manifest in _folder().glob(_name()):
        if home.dbt.is_dir():
            shutil.copyfile(manifest, home.dbt / manifest.name)


def keep(home: Home) -> None:
    """Keep the home's manifest for the next home."""
    for manifest in home.dbt.glob(_name()):
        unfinished = _folder() / f"{os.getpid()}.tmp"
        shutil.copyfile(manifest, unfinished)
        unfinished.replace(_folder() / manifest.name)


def _folder() -> Path:
    return Path(os.environ[_VARIABLE])


def _name() -> str:
    return f"manifest-{project_fingerprint()[:16]}.json"
