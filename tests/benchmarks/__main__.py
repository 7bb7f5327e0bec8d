"""Time the door and the main job: `make bench`, or `python -m tests.benchmarks --scale 12000000`.

Prints tables in Markdown, as docs/scale.md shows them. Figures are of this machine; they assert
nothing.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.benchmarks.admission import admission
from tests.benchmarks.measuring import Measured
from tests.benchmarks.refresh import refresh


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", nargs="*", default=["medium"], help="small, medium or a number")
    parser.add_argument("--folder", type=Path, help="where homes are made; default: temporary")
    options = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    with tempfile.TemporaryDirectory(prefix="steelyard_bench_", dir=options.folder) as folder:
        _show("Admission against a bare COPY", admission(Path(folder)))
        for scale in options.scale:
            _show(f"The main job, {scale} touches", refresh(scale, Path(folder)))


def _show(title: str, results: Sequence[Measured]) -> None:
    rows = [each.markdown() for each in results]
    head = ["| step | seconds | CPU seconds | peak MB |", "| --- | --- | --- | --- |"]
    print("\n".join(["", f"### {title}", "", *head, *rows]), flush=True)


if __name__ == "__main__":
    main()
