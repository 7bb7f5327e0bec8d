"""The gift shop's invoices as another program would export them: the lake must hold the same.

The door alone, no whole run. The 525,461 rows are written again as two files of semicolons in
gb18030, their rows shuffled, a fiftieth of the invoices in both files.
"""

from datetime import datetime

import duckdb
import pytest
import yaml
from real_sets import EXAMPLES, assert_row_identities, land_set, raw_folder

from orchestration.landing.admission import admit
from orchestration.paths import Home

SET, FEED = "online_retail", "retail_invoices"
LATER = datetime(2100, 1, 1)
READ = {
    "format": "csv",
    "delimiter": ";",
    "encoding": "gb18030",
    "timezone": "Europe/London",
    "nulls": [""],
}
# What a key's row says; by distinct rows, as a row exported twice is one row in staging.
ROWS = {
    "orders": "order_id, ordered_at, status, shop, customer_id, currency, region",
    "order_lines": "order_id, line_id, product_id, quantity, line_amount",
    "refunds": "refund_id, refunded_at, amount, currency",
    "products": "product_id, product_name, category, updated_at",
}
BOTH_FILES = 50  # one invoice in so many


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Home]:
    """The set as it is and the set written again, both admitted."""
    if not raw_folder(SET).is_dir():
        pytest.skip(f"no third-party data: {raw_folder(SET)} is absent")
    plain = Home(tmp_path_factory.mktemp("plain") / "home").prepare()
    land_set(plain, SET)
    again = Home(tmp_path_factory.mktemp("again") / "home").prepare()
    _land_again(again)
    for home in (plain, again):
        report = admit(home, LATER)
        assert (report.wrong, report.quarantined) == ([], [])
    return plain, again


@pytest.mark.parametrize("entity", ROWS)
def test_the_lake_holds_the_same_rows(homes: tuple[Home, Home], entity: str) -> None:
    plain, again = (_rows_sql(home, entity) for home in homes)

    assert _fetch(f"({plain} except {again}) union all ({again} except {plain})") == []


def test_sums_and_counts_are_the_same(homes: tuple[Home, Home]) -> None:
    for entity, amount in (("order_lines", "line_amount"), ("refunds", "amount")):
        plain, again = (
            _fetch(f"select count(*), sum({amount}) from ({_rows_sql(home, entity)})")
            for home in homes
        )
        assert plain == again
        expected = {"order_lines": 513_131, "refunds": 10_205}[entity]
        assert plain[0][0] == expected


def test_refused_and_filtered_are_the_same(homes: tuple[Home, Home]) -> None:
    refused = [
        _fetch(
            "select distinct entity, reasons, mapped->>'$.line_id', mapped->>'$.refund_id'"
            f" from read_parquet('{home.lake}/rejected/{FEED}-*.parquet') order by all"
        )
        for home in homes
    ]
    assert refused[0] == refused[1]
    assert len(refused[0]) == 4


def test_rows_exported_twice_were_read_twice(homes: tuple[Home, Home]) -> None:
    """Else the overlap would prove nothing."""
    plain, again = homes
    twice = _fetch(f"select count(*) from {_raw()} where {_in_both()}")[0][0]

    assert twice > 5_000
    read = assert_row_identities(again, FEED, _refused(again))
    assert read == {FEED: 525_461 + twice}
    assert assert_row_identities(plain, FEED, _refused(plain)) == {FEED: 525_461}


def _land_again(home: Home) -> None:
    feed = yaml.safe_load((EXAMPLES / SET / FEED / "feed.yml").read_text(encoding="utf-8"))
    folder = home.landing / FEED
    folder.mkdir()
    content = {**feed, "files": "invoices_*.csv", "read": READ}
    (folder / "feed.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    for number in (0, 1):
        plain = folder / f"{number}.tmp"
        _fetch(
            f"copy (select * from {_raw()} where {_in_both()} or hash(Invoice) % 2 = {number}"
            f" order by hash(Invoice || StockCode || Quantity || {number}), Description)"
            f" to '{plain}' (format csv, header, delimiter ';')"
        )
        text = plain.read_text(encoding="utf-8")
        (folder / f"invoices_{number}.csv").write_text(text, encoding="gb18030", newline="")
        plain.unlink()


def _raw() -> str:
    return f"read_parquet('{raw_folder(SET)}/*.parquet')"


def _in_both() -> str:
    return f"hash(Invoice) % {BOTH_FILES} = 0"


def _rows_sql(home: Home, entity: str) -> str:
    files = f"{home.lake}/{entity}/{FEED}-*.parquet"
    return f"select distinct {ROWS[entity]} from read_parquet('{files}')"


def _refused(home: Home) -> dict[str, int]:
    rows = _fetch(
        f"select entity, count(*) from read_parquet('{home.lake}/rejected/{FEED}-*.parquet')"
        " group by all"
    )
    return dict(rows)


def _fetch(sql: str) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()
