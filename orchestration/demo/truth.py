"""What was planted, gathered while generating and written to the home's truth.json.

Only tests read it: nothing in the pipeline may.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any


class Truth:
    """Collects what is known to be true of the generated files."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.counts: Counter[str] = Counter()
        self._lost: dict[str, Counter[str]] = defaultdict(Counter)
        self._dirt: list[dict[str, Any]] = []

    def add_block(self, lost: dict[str, dict[str, int]], counts: Counter[str]) -> None:
        """Add one block's conversions lost by channel and its counts."""
        for channel, figures in lost.items():
            self._lost[channel].update(figures)
        self.counts.update(counts)

    def dirty(
        self, feed: str, file: str, entity: str, kind: str, outcome: str, rows: int = 1
    ) -> None:
        """Record dirty rows: `outcome` is rejected, duplicate, superseded, kept or held."""
        self._dirt.append({
            "feed": feed, "file": file, "entity": entity, "kind": kind, "outcome": outcome,
            "rows": rows,
        })  # fmt: skip

    def lost(self) -> dict[str, dict[str, int]]:
        """Conversions lost by channel, over all blocks."""
        return {channel: dict(sorted(c.items())) for channel, c in sorted(self._lost.items())}

    def dirty_rows(self) -> list[dict[str, Any]]:
        """Every dirty row recorded, in a fixed order."""
        return sorted(self._dirt, key=lambda d: (d["feed"], d["file"], d["entity"], d["kind"]))

    def write(self, path: Path) -> None:
        """Write all of it as JSON."""
        content = {**self.facts, "dirty_rows": self.dirty_rows()}
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
