"""Where things lie: the project's own folders and the layout of a home.

Only names and folder modes belong here; what is written into the folders belongs to the modules
that own them.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
SEEDS = PROJECT_ROOT / "seeds"
READY_FEEDS = PROJECT_ROOT / "orchestration" / "landing" / "feeds"

HOME_VARIABLE = "STEELYARD_HOME"
PRIVATE_FOLDER = 0o700
PUBLIC_FOLDER = 0o755
PRIVATE_FILE = 0o600
PUBLIC_FILE = 0o644


@dataclass(frozen=True)
class Home:
    """The one folder that an installation reads and writes; `root` is always absolute."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).expanduser().absolute())

    @classmethod
    def from_environment(cls) -> "Home":
        """The home that STEELYARD_HOME names, else `data` in the project's folder."""
        return cls(Path(os.environ.get(HOME_VARIABLE) or PROJECT_ROOT / "data"))

    @property
    def landing(self) -> Path:
        """Raw exports, one folder a feed."""
        return self.root / "landing"

    @property
    def quarantine(self) -> Path:
        """Files that could not be read, each with a `.reason` beside it."""
        return self.landing / "_quarantine"

    @property
    def lake(self) -> Path:
        """Typed Parquet, one folder an entity."""
        return self.root / "lake"

    @property
    def rejected(self) -> Path:
        """Rows that a contract refused, with every reason."""
        return self.lake / "rejected"

    @property
    def manifest(self) -> Path:
        """What has been admitted, one JSON file a feed."""
        return self.lake / "manifest"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds; nothing but the pool `warehouse` opens it."""
        return self.root / "warehouse.duckdb"

    @property
    def builds(self) -> Path:
        """Published builds, one folder each."""
        return self.root / "builds"

    @property
    def serving(self) -> Path:
        """Symlink to the build that readers open."""
        return self.root / "serving"

    @property
    def reviews(self) -> Path:
        """Frozen quarters: append-only, the one state that cannot be rebuilt."""
        return self.root / "reviews"

    @property
    def secrets(self) -> Path:
        """Keys and what vouches for the reviews."""
        return self.root / "secrets"

    @property
    def docs(self) -> Path:
        """dbt's documentation site, one page."""
        return self.root / "docs"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of this home."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """dbt's target folder, logs and what the last build was made of."""
        return self.root / "dbt"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit in memory while dbt builds and while publishing."""
        return self.dbt / "spill"

    @property
    def rules(self) -> Path:
        """CSV files that take the place of the seeds of the same name."""
        return self.root / "rules"

    @property
    def settings(self) -> Path:
        """The company's settings, a YAML file that may be absent."""
        return self.root / "steelyard.yml"

    @property
    def lock(self) -> Path:
        """Held by whoever is changing this home."""
        return self.root / "run.lock"

    def prepare(self) -> "Home":
        """Make the folders that are missing, with their modes; what exists keeps its mode."""
        private = (
            self.root, self.landing, self.lake, self.manifest, self.rejected, self.reviews,
            self.secrets, self.dagster, self.dbt,
        )  # fmt: skip
        for folder in private:
            make_folder(folder, PRIVATE_FOLDER)
        make_folder(self.builds, PUBLIC_FOLDER)
        return self


def make_folder(folder: Path, mode: int) -> None:
    """Make `folder` and its parents where missing, and give it `mode` whatever the umask."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
