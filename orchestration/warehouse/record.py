"""What the warehouse was last built from: the record that publishing and freezing go by.

It exists only while the warehouse holds one whole, tested build.
"""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.paths import PRIVATE_FILE, Home
from orchestration.settings import Clocks


class BuildRecord(BaseModel):
    """Clocks, code and run of the build that the warehouse holds."""

    model_config = ConfigDict(frozen=True)

    as_of: datetime
    known_until: datetime
    code_version: str
    run_id: str
    rules_sha256: str
    lake_sha256: str
    manifest: Path
    finished_at: datetime

    @property
    def clocks(self) -> Clocks:
        """The two clocks of the build."""
        return Clocks(as_of=self.as_of, known_until=self.known_until)


class NoBuildError(RuntimeError):
    """The warehouse holds no whole build; the message says what to run."""


def write_record(home: Home, record: BuildRecord) -> None:
    """Say that the warehouse now holds this build."""
    path = _path(home)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    unfinished.chmod(PRIVATE_FILE)
    unfinished.replace(path)


def read_record(home: Home) -> BuildRecord:
    """The build that the warehouse holds; raises NoBuildError where it holds none or a part."""
    try:
        text = _path(home).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoBuildError(
            f"{home.warehouse} holds no whole build: the last one failed, was of some models only, "
            "or never ran. Run `steelyard run`."
        ) from None
    return BuildRecord.model_validate_json(text)


def last_record(home: Home) -> BuildRecord | None:
    """The build that the warehouse holds, None where it holds none, or one of an older form."""
    try:
        return read_record(home)
    except (NoBuildError, ValidationError):
        return None


def remove_record(home: Home) -> None:
    """Say that the warehouse is being changed and holds nothing to rely on."""
    _path(home).unlink(missing_ok=True)


def _path(home: Home) -> Path:
    return home.dbt / "build.json"
