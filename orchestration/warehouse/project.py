"""The dbt project seen from Python: its fingerprint, its manifest, and dbt as a child process.

How Dagster shows dbt's nodes belongs in `assets.py`.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from orchestration import __version__
from orchestration.paths import DBT_PROJECT, PROJECT_ROOT, SEEDS, Home
from orchestration.settings import Clocks, Settings, dbt_environment
from orchestration.warehouse.dbt_process import PARSED_VARIABLE

logger = logging.getLogger("steelyard.warehouse")

# dbt of the environment that runs this, whatever PATH says.
DBT = (sys.executable, "-P", str(Path(__file__).with_name("dbt_process.py")))
_PARSED = (".sql", ".yml", ".yaml", ".md", ".csv")
_WRITTEN_BY_DBT = {"target", "logs", "dbt_packages"}


class DbtError(RuntimeError):
    """dbt ended with an error; the message holds what it said."""


def project_fingerprint() -> str:
    """SHA-256 over dbt's version and every file that dbt parses, by path and content."""
    digest = hashlib.sha256(version("dbt-core").encode())
    for path in sorted(_project_files()):
        digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def code_version() -> str:
    """The package's version and the beginning of the project's fingerprint."""
    return f"{__version__}+{project_fingerprint()[:12]}"


def _project_files() -> Iterator[Path]:
    for root in (DBT_PROJECT, SEEDS):
        for path in root.rglob("*"):
            written = _WRITTEN_BY_DBT.intersection(path.relative_to(root).parts)
            if path.suffix in _PARSED and path.is_file() and not written:
                yield path


def target_path(home: Home) -> Path:
    """dbt's target folder of this home, where its partial parse stays warm between builds."""
    return home.dbt / "target"


def log_path(home: Home) -> Path:
    """dbt's log folder of this home."""
    return home.dbt / "logs"


def prepare_manifest(home: Home, settings: Settings) -> Path:
    """The manifest of the project as it stands now; parses only when a project file changed.

    The file is kept apart from dbt's target folder, so that nobody reads one that a build is
    writing; beside it lies what dbt parsed, for its next processes. Raises DbtError when the
    project does not parse.
    """
    manifest = home.dbt / f"manifest-{project_fingerprint()[:16]}.json"
    parsed = parsed_path(home, settings)
    if manifest.exists() and parsed.exists():
        return manifest
    with FileLock(home.dbt / "parse.lock"):
        if manifest.exists() and parsed.exists():
            return manifest
        logger.info("reading the dbt project")
        target = home.dbt / "parse"
        run_dbt(home, settings, None, "parse", target=target)
        _replace(target / "partial_parse.msgpack", target_path(home) / "partial_parse.msgpack")
        for pattern in ("manifest-*.json", "parsed-*.msgpack"):
            for older in home.dbt.glob(pattern):
                older.unlink()
        _replace(target / "partial_parse.msgpack", parsed)
        _replace(target / "manifest.json", manifest)
    return manifest


def parsed_path(home: Home, settings: Settings) -> Path:
    """Where the project lies as dbt parsed it, for this place of the home and these settings."""
    told = [project_fingerprint(), dbt_environment(home, settings, None)]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return home.dbt / f"parsed-{digest[:16]}.msgpack"


def _replace(source: Path, destination: Path) -> None:
    """Copy so that a reader of the destination sees the old file or the new one, never half."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    unfinished = destination.with_suffix(".tmp")
    shutil.copyfile(source, unfinished)
    unfinished.replace(destination)


def run_dbt(
    home: Home,
    settings: Settings,
    clocks: Clocks | None,
    *arguments: str,
    target: Path | None = None,
) -> str:
    """Run one dbt command on this home and return what it printed.

    `clocks` may be None only for commands that execute nothing. Raises DbtError with dbt's output
    when dbt ends with an error.
    """
    command = (*DBT, *arguments, *location_arguments(home, target))
    done = subprocess.run(
        command,
        cwd=DBT_PROJECT,
        env=process_environment(home, settings, clocks),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DbtError(f"dbt {arguments[0]} failed:\n{done.stdout.strip()}")
    return done.stdout


def location_arguments(home: Home, target: Path | None = None) -> tuple[str, ...]:
    """Arguments that keep everything dbt writes inside the home."""
    return (
        "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(target or target_path(home)),
        "--log-path", str(log_path(home)),
    )  # fmt: skip


def process_environment(home: Home, settings: Settings, clocks: Clocks | None) -> dict[str, str]:
    """The environment of a dbt process: this process's own, with the home, settings and clocks.

    It tells of the parsed project, too, where that lies ready.
    """
    environment = {**os.environ, **dbt_environment(home, settings, clocks)}
    parsed = parsed_path(home, settings)
    return {**environment, PARSED_VARIABLE: str(parsed)} if parsed.exists() else environment
