"""Admission of one large file against the bare DuckDB COPY of it to Parquet."""

from pathlib import Path

from orchestration.paths import Home
from tests.benchmarks.measuring import Measured, measure

ROWS = 5_000_000
WRITE = """
import sys, duckdb
duckdb.execute('''copy (
    select 'o' || range as order_id, cast(1 + range % 3 as varchar) as line_id,
        1 + range % 5 as quantity, cast(range % 100000 / 100 as decimal(18, 2)) as amount,
        'sku-' || range % 5000 as product_id, 'shop_' || range % 6 as shop
    from range(5000000)) to ''' + repr(sys.argv[1]))
"""
COPY = """
import sys, duckdb
source = sys.argv[1]
duckdb.execute("set preserve_insertion_order = true")
duckdb.execute(f"copy (from '{source}') to '{sys.argv[2]}' (format parquet, compression zstd)")
"""
FEED = """
feed: big
files: "big.%s"
exported_at: file_modified
read: {format: %s}
entities:
  order_lines:
    select:
      order_id: order_id
      line_id: line_id
      quantity: quantity
      line_amount: amount
      product_id: product_id
      shop: shop
"""


def admission(folder: Path) -> list[Measured]:
    """The same rows as CSV and as Parquet: bare COPY, then the door."""
    results = []
    for kind in ("csv", "parquet"):
        home = Home(folder / f"big_{kind}").prepare()
        feed = home.landing / "big"
        feed.mkdir()
        (feed / "feed.yml").write_text(FEED % (kind, kind))
        source = feed / f"big.{kind}"
        measure(f"write {ROWS:,} rows of {kind}", ["-c", WRITE, str(source)])
        size = source.stat().st_size / 2**20
        name = f"{kind}, {ROWS / 1e6:.0f} million rows, {size:.0f} MB"
        target = str(folder / "copied.parquet")
        results.append(measure(f"{name}: bare COPY", ["-c", COPY, str(source), target]))
        results.append(
            measure(
                f"{name}: admit", ["-m", "orchestration.cli", "admit", "--home", str(home.root)]
            )
        )
    return results
