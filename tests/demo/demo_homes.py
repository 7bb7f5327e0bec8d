"""What tests of the demo share beside fixtures."""

import json
from pathlib import Path
from typing import Any

from orchestration.paths import Home

TINY = 2_500


def read_truth(home: Home) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((home.root / "truth.json").read_text(encoding="utf-8"))
    return content


def files(home: Home) -> dict[str, Path]:
    return {
        path.relative_to(home.root).as_posix(): path
        for path in sorted(home.root.rglob("*"))
        if path.is_file()
    }
