"""A home with one feed, and how to look into its lake."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.landing.admission import admit
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home

LATER = datetime(2030, 1, 1)

ORDERS = {
    "order_id": "id",
    "ordered_at": "placed",
    "status": "status",
    "currency": "currency",
}
LINES = {
    "order_id": "order_id",
    "line_id": "line_id",
    "quantity": "quantity",
    "line_amount": "amount",
}


class Landing:
    """A home under test: drop feeds and files, admit, look into the lake."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root).prepare()

    def feed(self, name: str, entities: dict[str, Any], **spec: Any) -> Path:
        """Write landing/<name>/feed.yml; `read` and other keys have defaults for CSV."""
        content = {
            "feed": name,
            "files": "*.csv",
            "exported_at": "file_modified",
            "read": {"format": "csv"},
            "entities": entities,
        } | spec
        folder = self.home.landing / name
        folder.mkdir(exist_ok=True)
        (folder / "feed.yml").write_text(
            yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        )
        return folder

    def admit(self, known_until: datetime = LATER) -> AdmissionReport:
        """Admit all feeds."""
        return admit(self.home, known_until)

    def rows(self, entity: str, columns: str = "*", order: str = "all") -> list[tuple[Any, ...]]:
        """Rows of an entity in the lake."""
        files = self.home.lake / entity / "**" / "*.parquet"
        with duckdb.connect() as connection:
            query = f"select {columns} from read_parquet('{files}') order by {order}"
            return connection.execute(query).fetchall()

    def reasons(self) -> list[str]:
        """The reasons of every rejected row."""
        return [row[0] for row in self.rows("rejected", "reasons", "_feed, _file, _row, _item")]

    def manifest(self, feed: str) -> dict[str, Any]:
        """The manifest as it lies on disk."""
        content: dict[str, Any] = json.loads((self.home.manifest / f"{feed}.json").read_text())
        return content

    def manifest_counts(self) -> list[dict[str, Any]]:
        """The counts of every admitted file of every feed."""
        feeds = [path.stem for path in sorted(self.home.manifest.glob("*.json"))]
        return [f["counts"] for feed in feeds for f in self.manifest(feed)["files"].values()]

    def lake_files(self) -> dict[str, bytes]:
        """Every file of the lake but scratch, with its bytes."""
        files = (path for path in self.home.lake.rglob("*") if path.is_file())
        return {str(p.relative_to(self.home.lake)): p.read_bytes() for p in files}
