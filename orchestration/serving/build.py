"""A published build as its readers inside the project see it: where its files are, what it says.

Writing builds belongs in `publish.py`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import Home
from orchestration.settings import Clocks

SCHEMA_VERSION = 1
BUILD_FILE = "build.json"
PUBLIC_FILE_NAME = "steelyard.duckdb"
PEOPLE_FILE = "people.duckdb"
SCORING_FILE = "scoring.duckdb"
PARQUET_FOLDER = "parquet"
RULES_FOLDER = "rules"
SOURCES_FILE = "source_manifest.json"


class NothingPublishedError(RuntimeError):
    """The home has no published build yet; the message says what to run."""


@dataclass(frozen=True)
class Build:
    """One published build: its folder, and what its build.json says."""

    folder: Path
    content: dict[str, Any]

    @classmethod
    def current(cls, home: Home) -> "Build":
        """The build that `serving` points at; raises NothingPublishedError where there is none."""
        if not (home.serving / BUILD_FILE).exists():
            raise NothingPublishedError(
                f"nothing is published in {home.root} yet: run `steelyard run` first"
            )
        return cls.read(home.serving.resolve())

    @classmethod
    def read(cls, folder: Path) -> "Build":
        """The build of that folder."""
        return cls(folder, json.loads((folder / BUILD_FILE).read_bytes()))

    @property
    def build_id(self) -> str:
        """Name of the build's folder."""
        return str(self.content["build_id"])

    @property
    def clocks(self) -> Clocks:
        """The clocks that the build was made at."""
        return Clocks(
            as_of=datetime.fromisoformat(self.content["as_of"]),
            known_until=datetime.fromisoformat(self.content["known_until"]),
        )

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with both files attached read-only, as `public` and `people`."""
        with duckdb.connect() as connection:
            for catalog, name in (("public", PUBLIC_FILE_NAME), ("people", PEOPLE_FILE)):
                path = str(self.folder / name).replace("'", "''")
                connection.execute(f"attach '{path}' as {catalog} (read_only)")
            yield connection
