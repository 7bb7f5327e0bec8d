"""Compressed files and Parquet, whole, cut short and damaged."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Compression and Parquet"
CSV = b"order_id,line_id,quantity,amount\n" + b"".join(
    b"order-%d,1,2,3.00\n" % number for number in range(2000)
)


def zstd(content: bytes) -> bytes:
    """The content as one zstd frame."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return sink.getvalue().to_pybytes()


@cache
def parquet() -> bytes:
    """Two thousand order lines."""
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "a.parquet"
        connection.execute(
            "copy (select 'order-' || i as order_id, 1 as line_id, 2 as quantity, 3 as amount "
            f"from range(2000) t(i)) to '{path}' (format parquet)"
        )
        return path.read_bytes()


def landed(
    name: str, content: Callable[[], bytes], file_format: str = "csv"
) -> Callable[[Landing], None]:
    """Lands one file of order lines under a name."""

    def arrange(landing: Landing) -> None:
        read = {"format": file_format}
        folder = landing.feed("lines", {"order_lines": {"select": LINES}}, read=read, files="a.*")
        (folder / name).write_bytes(content())

    return arrange


def half(content: bytes) -> bytes:
    """The first half."""
    return content[: len(content) // 2]


CUT = "set aside: is cut short: its {} stream ends before its content does; drop it again whole"
DAMAGED = (
    "set aside: is no whole {} file: it is damaged, or other bytes follow it; drop it again whole"
)
CASES = [
    Case("gzip", landed("a.csv.gz", lambda: gzip.compress(CSV)), ACCEPTED),
    Case(
        "gzip in two members",
        landed("a.csv.gz", lambda: gzip.compress(CSV[:999]) + gzip.compress(CSV[999:])),
        ACCEPTED,
    ),
    Case(
        "gzip cut short", landed("a.csv.gz", lambda: half(gzip.compress(CSV))), CUT.format("gzip")
    ),
    Case("no gzip under .gz", landed("a.csv.gz", lambda: CSV), DAMAGED.format("gzip")),
    Case(
        "bytes behind the gzip",
        landed("a.csv.gz", lambda: gzip.compress(CSV) + b"garbage"),
        DAMAGED.format("gzip"),
    ),
    Case("zstd", landed("a.csv.zst", lambda: zstd(CSV)), ACCEPTED),
    Case(
        "zstd in two frames",
        landed("a.csv.zst", lambda: zstd(CSV[:999]) + zstd(CSV[999:])),
        ACCEPTED,
    ),
    Case("zstd cut short", landed("a.csv.zst", lambda: half(zstd(CSV))), CUT.format("zstd")),
    Case("no zstd under .zst", landed("a.csv.zst", lambda: CSV), DAMAGED.format("zstd")),
    Case("Parquet", landed("a.parquet", parquet, "parquet"), ACCEPTED),
    Case(
        "Parquet cut short",
        landed("a.parquet", lambda: half(parquet()), "parquet"),
        "set aside: No magic bytes found at end of file 'a.parquet'",
    ),
    Case(
        "no Parquet under .parquet",
        landed("a.parquet", lambda: CSV, "parquet"),
        "set aside: No magic bytes found at end of file 'a.parquet'",
    ),
]
