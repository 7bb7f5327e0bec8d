"""The table of what the door counted."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.landing.admission import admit
from orchestration.landing.contracts import load_contracts
from orchestration.paths import DBT_PROJECT, Home

FEED = """
feed: till
files: "*.csv"
exported_at: "till_(%Y%m%d).csv"
read: {format: csv, timezone: UTC}
entities:
  products:
    where: "kind = 'product'"
    select: {product_id: id, unit_cost: cost}
  shops:
    where: "kind = 'shop'"
    select: {shop: id, shop_kind: "'own_site'"}
"""


def test_every_file_and_entity_has_its_counts(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    folder = home.landing / "till"
    folder.mkdir()
    (folder / "feed.yml").write_text(FEED)
    (folder / "till_20260101.csv").write_text(
        "kind,id,cost\nproduct,p1,2\nproduct,p2,much\nshop,s1,\nnoise,n1,\n"
    )
    (folder / "till_20260102.csv").write_text("kind,id,cost\nshop,s2,\n")
    admit(home, datetime(2026, 2, 1, tzinfo=UTC))
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select _file, entity, rows_read, rows_used, rows_filtered, rows_mapped,"
            " rows_accepted, rows_rejected, _exported_at"
            f" from read_parquet('{home.lake}/admitted_files/*.parquet')"
            " where rows_mapped > 0 order by _file, entity"
        ).fetchall()
    first, second = datetime(2026, 1, 1), datetime(2026, 1, 2)
    assert rows == [
        ("till_20260101.csv", "products", 4, 3, 1, 2, 1, 1, first),
        ("till_20260101.csv", "shops", 4, 3, 1, 1, 1, 0, first),
        ("till_20260102.csv", "shops", 1, 1, 0, 1, 1, 0, second),
    ]
    with duckdb.connect() as connection:
        reasons = connection.execute(
            f"select distinct top_reason from '{home.lake}/admitted_files/all.parquet' order by all"
        ).fetchall()
    assert reasons == [("unit_cost: … is not a number",), (None,)]  # no value: it may be personal


def test_the_lake_is_counted_for_every_entity() -> None:
    test = DBT_PROJECT / "tests" / "assert_rows_of_the_lake_are_those_counted.sql"
    text = test.read_text(encoding="utf-8")
    assert [entity for entity in load_contracts() if f"'{entity}'" not in text] == []
