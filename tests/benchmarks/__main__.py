"""Time the door, the main job, effectiveness and attribution: `make bench`.

Or `python -m tests.benchmarks`.

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
from tests.benchmarks.attribution import SMALL, end_to_end, heavy_visitor
from tests.benchmarks.effectiveness import effectiveness
from tests.benchmarks.measuring import Measured, table
from tests.benchmarks.refresh import refresh


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", nargs="*", default=["medium"], help="small, medium or a number")
    parser.add_argument(
        "--attribution", type=int, default=SMALL, help="touches to attribute; 0: none"
    )
    parser.add_argument("--folder", type=Path, help="where homes are made; default: temporary")
    options = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    with tempfile.TemporaryDirectory(prefix="steelyard_bench_", dir=options.folder) as folder:
        _show("Admission against a bare COPY", admission(Path(folder)))
        for scale in options.scale:
            _show(f"The main job, {scale} touches", refresh(scale, Path(folder)))
        _show("Whether KPIs are any good", effectiveness(Path(folder)))
        if options.attribution:
            print("\n### Attribution, from the lake to the marts\n")
            print("\n".join([*end_to_end(Path(folder), options.attribution), ""]), flush=True)
            print("\n".join(heavy_visitor(Path(folder))), flush=True)


def _show(title: str, results: Sequence[Measured]) -> None:
    print("\n".join(["", f"### {title}", "", *table(results)]), flush=True)


if __name__ == "__main__":
    main()
