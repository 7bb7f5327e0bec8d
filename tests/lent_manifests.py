"""The parsed dbt project, lent from one home of a test session to the next.

Parsing it takes seconds. The manifest says nothing of the home; what dbt parsed names the home's
lake, and is lent with the borrower's own place instead. Where a test is about the first run of a
home, it does not go through here.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgpack

from orchestration.paths import Home
from orchestration.settings import load_settings
from orchestration.warehouse.project import parsed_path, project_fingerprint

_VARIABLE = "STEELYARD_TEST_LENT_MANIFESTS"
_PARSED = "parsed.msgpack"
_ANYWHERE = "/home-of-nobody"


def open_lending() -> None:
    """Make the folder that all workers of the session share; theirs is the one that exists."""
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="steelyard_manifests_")


def close_lending() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


def lend(home: Home) -> None:
    """Give a prepared home what another home has parsed of the project, if any has."""
    if not home.dbt.is_dir():
        return
    settings = load_settings(home)
    for manifest in _folder().glob(_name()):
        parsed = parsed_path(home, settings)
        if not parsed.exists():
            content = msgpack.unpackb((_folder() / _PARSED).read_bytes(), strict_map_key=False)
            parsed.write_bytes(msgpack.packb(_moved(content, str(home.root))))
        shutil.copyfile(manifest, home.dbt / manifest.name)


def keep(home: Home) -> None:
    """Keep what the home has parsed for the next home."""
    for manifest in home.dbt.glob(_name()):
        parsed = parsed_path(home, load_settings(home))
        if parsed.exists() and not (_folder() / manifest.name).exists():
            content = msgpack.unpackb(parsed.read_bytes(), strict_map_key=False)
            anywhere = _moved(content, _ANYWHERE, str(home.root))
            _put(_folder() / _PARSED, msgpack.packb(anywhere))
            _put(_folder() / manifest.name, manifest.read_bytes())


def _moved(content: Any, place: str, before: str = _ANYWHERE) -> Any:
    """The content with one home's place instead of another's in every text."""
    if isinstance(content, str):
        return content.replace(before, place)
    if isinstance(content, dict):
        return {key: _moved(each, place, before) for key, each in content.items()}
    if isinstance(content, list):
        return [_moved(each, place, before) for each in content]
    return content


def _put(place: Path, content: bytes) -> None:
    """Write so that another worker sees all of it or nothing."""
    unfinished = place.with_suffix(f".{os.getpid()}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(place)


def _folder() -> Path:
    return Path(os.environ[_VARIABLE])


def _name() -> str:
    return f"manifest-{project_fingerprint()[:16]}.json"
