"""Attribution end to end, from the lake to the marts: `python -m tests.benchmarks.attribution`.

A shop of ten touches an order over 24 months, every model that ships, and one heavy visitor. Only
the models that attribution needs are built, and no tests. Prints Markdown.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.paths import Home
from orchestration.warehouse.project import target_path
from tests.benchmarks.lakes import shop_lake
from tests.benchmarks.measuring import Measured, StepError, measure_command, table

TOUCHES = 10_000_000
SMALL = 1_000_000
"""What `make bench` runs."""
HEAVY_TOUCHES, HEAVY_ORDERS, HEAVY_CAP = 100_000, 1_000, 600.0
ATTRIBUTION = "+path:models/marts/attribution"
LONGEST = 12
BUILD = """
import sys
from pathlib import Path
from orchestration.paths import Home
from orchestration.settings import load_settings
from orchestration.warehouse.project import run_dbt
from tests.benchmarks.lakes import CLOCKS
home = Home(Path(sys.argv[1]))
run_dbt(
    home, load_settings(home), CLOCKS, "build", "--full-refresh", "--select", *sys.argv[2:],
    "--exclude-resource-type", "test", "unit_test",
)
"""


def build(step: str, home: Home, *selected: str, cap: float = math.inf) -> list[Measured]:
    """One dbt build of everything selected: the whole, its SQL, and the longest models.

    Raises StepError where it fails or takes more than `cap` seconds.
    """
    command = [sys.executable, "-c", BUILD, str(home.root), *selected]
    whole = measure_command(step, command, cap)
    results = json.loads((target_path(home) / "run_results.json").read_text(encoding="utf-8"))
    times = sorted(
        ((each["execution_time"], each["unique_id"].split(".")[-1]) for each in results["results"]),
        reverse=True,
    )
    parts = [Measured("&nbsp;&nbsp;of which models and seeds", sum(t for t, _ in times), 0.0, 0.0)]
    parts += [
        Measured(f"&nbsp;&nbsp;&nbsp;&nbsp;{name}", seconds, 0.0, 0.0)
        for seconds, name in times[:LONGEST]
        if seconds >= 0.5
    ]
    return [whole, *parts]


def end_to_end(folder: Path, touches: int, selected: Sequence[str] = (ATTRIBUTION,)) -> list[str]:
    """A shop of so many touches and a tenth of the orders, half as many customers as orders."""
    home = Home(folder / f"shop_{touches}").prepare()
    orders = touches // 10
    shop_lake(home, touches, orders, max(1, orders // 2))
    results = build(f"{touches:,} touches, {orders:,} orders: build", home, *selected)
    lines = [*table(results), "", *_rows(home)]
    shutil.rmtree(home.root)
    return lines


def heavy_visitor(folder: Path, selected: Sequence[str] = (ATTRIBUTION,)) -> list[str]:
    """One customer with all touches and orders of two years."""
    home = Home(folder / "heavy").prepare()
    shop_lake(home, HEAVY_TOUCHES, HEAVY_ORDERS, customers=1)
    step = f"one visitor, {HEAVY_TOUCHES:,} touches, {HEAVY_ORDERS:,} orders: build"
    try:
        lines = [*table(build(step, home, *selected, cap=HEAVY_CAP)), "", *_rows(home)]
    except StepError as error:
        lines = [str(error)]
    shutil.rmtree(home.root)
    return lines


def _rows(home: Home) -> list[str]:
    """How many rows the largest steps hold, and how many paths were cut."""
    queries = {
        "conversions": "select count(*) from attribution.fct_conversions",
        "rows of paths": "select count(*) from intermediate.int_conversion_paths",
        "paths cut to max_path_touches": (
            "select count(*) from intermediate.int_path_windows where is_truncated"
        ),
        "credits": "select count(*) from attribution.touch_credits",
    }
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        counts = {
            name: (connection.execute(query).fetchone() or (0,))[0] or 0
            for name, query in queries.items()
        }
    return [", ".join(f"{name}: {int(count):,}" for name, count in counts.items())]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--touches", nargs="*", type=int, default=[TOUCHES], help="none: nothing")
    parser.add_argument("--heavy", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--select", nargs="*", default=[ATTRIBUTION], help="dbt's selection")
    parser.add_argument("--folder", type=Path, help="where homes are made; default: temporary")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steelyard_attr_", dir=options.folder) as folder:
        for touches in options.touches:
            print("\n".join(["", *end_to_end(Path(folder), touches, options.select)]), flush=True)
        if options.heavy:
            print("\n".join(["", *heavy_visitor(Path(folder), options.select)]), flush=True)


if __name__ == "__main__":
    main()
