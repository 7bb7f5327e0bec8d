"""The recorded rows between simulation and exports: Parquet in a scratch folder, DuckDB over it.

Belongs here: the look-up tables that turn numbers into names, and writing files with the same bytes
each time. Does not belong here: the shape of any vendor's export.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.demo import company
from orchestration.demo.calendar import AS_OF_US, OFFSET_US, PROMOTIONS, date_of
from orchestration.demo.world import World

_LEVEL = 3  # of gzip: a third of the time of the default for a tenth more bytes

_MACROS = f"""
create macro instant(us) as make_timestamp(us);
create macro local(us) as make_timestamp(us + {OFFSET_US});
create macro iso(us) as strftime(make_timestamp(us + {OFFSET_US}), '%Y-%m-%dT%H:%M:%S+08:00');
create macro zulu(us) as strftime(make_timestamp(us), '%Y-%m-%dT%H:%M:%SZ');
create macro wall(us) as strftime(make_timestamp(us + {OFFSET_US}), '%Y-%m-%d %H:%M:%S');
create macro money(cents) as cast(cast(cents * 0.01 as decimal(18, 2)) as varchar);
create macro customer_id(number) as 'C' || lpad(cast(number as varchar), 8, '0');
create macro client_id(visitor) as
    (1000000 + visitor) || '.' || (1690000000 + visitor % 31536000);
create macro order_id(number) as cast(5000000000 + number as varchar);
create macro post_id(post, us) as
    (select account from accounts where idx = post // 1000) || '_'
    || strftime(make_timestamp(us + {OFFSET_US}) - interval 1 month, '%Y%m') || '_'
    || lpad(cast(post % 1000 + 1 as varchar), 2, '0');
"""


class Stage:
    """Tables of the simulation by name, and the writers that exports use."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder, self.world = folder, world
        folder.mkdir(parents=True, exist_ok=True)
        self.connection = duckdb.connect(str(folder / "stage.duckdb"))
        self.connection.execute(f"set temp_directory = '{folder.as_posix()}/spill'")
        self.connection.execute("set preserve_insertion_order = true; set threads = 2")
        self._compressors = ThreadPoolExecutor(max_workers=2)
        self._pending: list[Future[None]] = []
        self._look_ups()
        self.connection.execute(_MACROS)

    def add(self, number: int, tables: dict[str, pa.Table]) -> None:
        """Keep the tables of one block."""
        for name, table in tables.items():
            folder = self.folder / name
            folder.mkdir(exist_ok=True)
            pq.write_table(table, folder / f"{number:05d}.parquet", row_group_size=100_000)

    def ready(self) -> None:
        """Make the tables of all blocks readable by name."""
        for name in ("touches", "orders", "lines", "tickets", "customers"):
            files = (self.folder / name / "*.parquet").as_posix()
            self.connection.execute(f"create view {name} as from read_parquet('{files}')")

    def execute(self, sql: str) -> None:
        """Run a statement on the staged tables."""
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(sql).fetchall()

    def copy(self, sql: str, path: Path, options: str) -> None:
        """Write the rows of an ordered query with DuckDB's COPY."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection.execute(f"copy ({sql}) to '{path.as_posix()}' ({options})")

    def copy_json(self, sql: str, path: Path) -> None:
        """Write JSON lines, gzipped while the next file is put together."""
        raw = path.with_suffix(".tmp")
        self.copy(sql, raw, "format json, compression none")
        self._pending.append(self._compressors.submit(_compress, raw, path))

    def finish(self) -> None:
        """Wait until every file is written; raises what went wrong in writing."""
        for writing in self._pending:
            writing.result()
        self._compressors.shutdown()
        self.connection.close()

    def copy_csv(self, sql: str, path: Path, delimiter: str = ",", encoding: str = "utf-8") -> None:
        """Write a CSV with its header; in gb18030 by way of a UTF-8 file. `.gz` compresses."""
        raw = path.with_suffix(".tmp")
        self.copy(sql, raw, f"format csv, header, delimiter '{delimiter}', compression none")
        content = raw.read_text(encoding="utf-8")
        raw.unlink()
        write_bytes(path, content.encode(encoding))

    def _look_ups(self) -> None:
        products = self.world.products
        tables: dict[str, list[dict[str, Any]]] = {
            "shops": [vars(shop) for shop in company.SHOPS],
            "regions": [
                {"region": region, "country": country}
                for region, country in zip(company.REGIONS, company.COUNTRIES, strict=True)
            ],
            "devices": [{"device": device} for device in company.DEVICES],
            "kinds": [{"kind": kind} for kind in company.TOUCH_KINDS],
            "warehouses": [{"warehouse": warehouse} for warehouse in company.WAREHOUSES],
            "queues": [{"queue": queue} for queue in company.QUEUES],
            "categories": [{"category": c.category} for c in company.CATEGORIES],
            "accounts": [{"account": a.account, "platform": a.platform} for a in company.ACCOUNTS],
            "campaigns": [{"channel": c, "campaign": name} for c, name in company.CAMPAIGNS],
            "channels": [
                {
                    "channel": c.channel,
                    "source": c.sources[0][0], "medium": c.sources[0][1],
                    "source_abroad": c.sources[1][0], "medium_abroad": c.sources[1][1],
                }
                for c in company.CHANNELS
            ],
            "promotions": [{"promotion": p} for p, _, _ in PROMOTIONS],
            "products": [
                {
                    "sku": sku(number), "name": products.names[number],
                    "brand": products.brands[number],
                    "category": company.CATEGORIES[products.category[number]].category,
                    "price": float(products.price[number]), "cost": float(products.cost[number]),
                    "flagship": bool(products.is_flagship[number]),
                }
                for number in range(len(products.names))
            ],
        }  # fmt: skip
        for name, rows in tables.items():
            numbered = [{"idx": number, **row} for number, row in enumerate(rows)]
            path = self.folder / f"{name}.parquet"
            pq.write_table(pa.Table.from_pylist(numbered), path)
            self.connection.execute(f"create table {name} as from '{path.as_posix()}'")


def sku(product: int) -> str:
    """The product's id in every system."""
    category = product // company.PRODUCTS_PER_CATEGORY
    prefix = company.CATEGORIES[category].category[:2].upper()
    return f"{prefix}-{product % company.PRODUCTS_PER_CATEGORY + 1:03d}"


def _compress(raw: Path, path: Path) -> None:
    write_bytes(path, raw.read_bytes())
    raw.unlink()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file; a name that ends in .gz is compressed, without a time in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, _LEVEL, mtime=0) if path.suffix == ".gz" else content)


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]],
    delimiter: str = ",", encoding: str = "utf-8",
) -> None:  # fmt: skip
    """Write a small CSV with its header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    write_bytes(path, text.getvalue().encode(encoding))


def dated(day: int) -> str:
    """The date of a day index as file names carry it."""
    return f"{date_of(day):%Y%m%d}"


END = AS_OF_US
