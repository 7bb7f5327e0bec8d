"""A first feed.yml for files that nobody described: what is guessed, marked, asked for, refused."""

import gzip
import json
import os
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from landing_home import LATER, Landing

from orchestration.landing.admission import admit
from orchestration.landing.contracts import load_contracts
from orchestration.landing.feeds import Feed, WrongFeed, load_feeds
from orchestration.landing.first_feed import (
    Draft,
    DraftError,
    SampleError,
    copy_samples,
    draft_feed,
    write_draft,
)
from orchestration.landing.first_feed.words import SYNONYMS
from orchestration.paths import PROJECT_ROOT

DATA = Path(os.environ.get("STEELYARD_THIRD_PARTY_DATA") or PROJECT_ROOT.parent / "shared" / "data")
TILL = (
    "receipt;position;printed_at;loyalty_card;article;quantity;amount\n"
    "R1;1;2026-02-27 10:15:00;C7;MUG;2;19,80\n"
    "R1;2;2026-02-27 10:15:00;C7;TEA;1;6,50\n"
    "R2;1;2026-02-28 16:40:00;;MUG;1;9,90\n"
)


def sample(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def drafted(landing: Landing, *files: Path, **options: Any) -> tuple[Draft, dict[str, Any]]:
    draft = draft_feed(landing.home, files, **options)
    content: dict[str, Any] = yaml.safe_load(draft.text)
    return draft, content


def loaded(landing: Landing, draft: Draft) -> Feed | WrongFeed:
    write_draft(landing.home, draft)
    (feed,) = load_feeds(landing.home.landing)
    return feed


def test_the_readmes_till_lands_without_a_touch(landing: Landing, tmp_path: Path) -> None:
    file = sample(tmp_path, "receipts_20260301.csv", TILL)
    draft, content = drafted(landing, file, name="till_receipts")
    assert content["files"] == "receipts_*.csv"
    assert content["exported_at"] == "receipts_(%Y%m%d).csv"
    assert content["read"]["delimiter"] == ";" and content["read"]["timezone"] == "UTC"
    assert content["entities"] == {
        "order_lines": {
            "select": {
                "order_id": "receipt",
                "line_id": "position",
                "product_id": "article",
                "quantity": "quantity",
                "line_amount": "replace(amount, ',', '.')",
            }
        }
    }
    assert "timezone: UTC  # guess" in draft.text
    assert "# columns of the file that nothing uses: printed_at, loyalty_card" in draft.text
    assert "# not mapped: updated_at, shop, discount_amount, unit_cost" in draft.text
    assert isinstance(loaded(landing, draft), Feed)
    copy_samples([file], landing.home.landing / "till_receipts")
    report = landing.admit()
    assert (report.files[0].accepted, report.files[0].rejected) == (3, 0)
    amounts = landing.rows("order_lines", "cast(line_amount as varchar)")
    assert [row[0] for row in amounts] == ["19.80", "6.50", "9.90"]


def test_another_entity_may_be_asked_for(landing: Landing, tmp_path: Path) -> None:
    file = sample(tmp_path, "receipts_20260301.csv", TILL)
    draft, content = drafted(landing, file, entity="orders")
    assert draft.missing == ("status", "currency")
    select = content["entities"]["orders"]["select"]
    assert select == {
        "order_id": "receipt",
        "ordered_at": "printed_at",
        "status": None,
        "customer_id": "loyalty_card",
        "currency": None,
    }
    assert "status: null  # required: one of open, paid, shipped" in draft.text


def test_a_draft_with_gaps_stops_until_they_are_filled(landing: Landing, tmp_path: Path) -> None:
    file = sample(tmp_path, "receipts_20260301.csv", TILL)
    draft, _ = drafted(landing, file, entity="orders", name="till")
    wrong = loaded(landing, draft)
    assert isinstance(wrong, WrongFeed)
    assert str(wrong) == (
        "landing/till/feed.yml: entities.orders.select.status: required column without a value; "
        "say which column of the file holds it, or write a constant"
    )
    path = landing.home.landing / "till" / "feed.yml"
    filled = draft.text.replace("status: null", "status: \"'paid'\"")
    path.write_text(filled.replace("currency: null", "currency: \"'EUR'\""))
    copy_samples([file], path.parent)
    assert landing.admit().files[0].accepted == 3


# What was guessed of files that others made: entity, mapping of required columns, and what is left.
THIRD_PARTY = [
    (
        "olist/olist_orders_dataset_sample.csv.gz",
        "orders",
        {"order_id": "order_id", "ordered_at": "order_purchase_timestamp"},
        ("currency",),
    ),
    (
        "olist/olist_order_items_dataset_sample.csv.gz",
        "order_lines",
        {"order_id": "order_id", "line_id": "order_item_id", "line_amount": "price"},
        ("quantity",),
    ),
    (
        "maven_fuzzy_factory/order_item_refunds.csv.gz",
        "refunds",
        {"refund_id": "order_item_refund_id", "refunded_at": "created_at"},
        (),
    ),
    (
        "maven_fuzzy_factory/products.csv.gz",
        "products",
        {"product_id": "product_id", "product_name": "product_name"},
        (),
    ),
    (
        "service_incidents/incident_event_log.csv.gz",
        "tickets",
        {"ticket_id": "number", "opened_at": "opened_at", "updated_at": "sys_updated_at"},
        (),
    ),
    (
        "channel_touches_2018/budget_sample_daily.csv",
        "ad_spend",
        {"spend_on": "day", "source": "channel", "spend": "cost"},
        ("spend_id", "currency"),
    ),
    (
        "online_retail/online_retail_2009_2010.parquet",
        "order_lines",
        {"order_id": "Invoice", "product_id": "StockCode", "quantity": "Quantity"},
        ("line_id",),
    ),
]


@pytest.mark.parametrize(("name", "entity", "mapped", "missing"), THIRD_PARTY)
def test_files_that_others_made(
    landing: Landing, name: str, entity: str, mapped: dict[str, str], missing: tuple[str, ...]
) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"no third-party data: {DATA / name} is absent")
    draft, content = drafted(landing, DATA / name)
    assert (draft.entity, draft.missing) == (entity, missing)
    select = content["entities"][entity]["select"]
    assert select | mapped == select
    assert isinstance(loaded(landing, draft), WrongFeed if missing else Feed)


def test_tickets_with_day_before_month_are_admitted_as_drafted(landing: Landing) -> None:
    file = DATA / "service_incidents" / "incident_event_log.csv.gz"
    if not file.exists():
        pytest.skip(f"no third-party data: {file} is absent")
    draft, content = drafted(landing, file, name="incidents")
    assert content["read"]["timestamp_formats"] == ["%d/%m/%Y %H:%M"]
    assert content["read"]["nulls"] == ["", "?"]
    copy_samples([file], write_draft(landing.home, draft).parent)
    (report,) = admit(landing.home, LATER).files
    assert (report.accepted, report.rejected) == (141_712, 0)


@pytest.mark.parametrize(
    ("rows", "mapped"),
    [
        ("1.234,50", "replace(replace(total, '.', ''), ',', '.')"),
        ("1,234.50", "replace(total, ',', '')"),
        ("$12.50", "ltrim(total, '$€£¥ ')"),
        ("12.50", "total"),
    ],
)
def test_amounts_are_read_as_they_are_written(
    landing: Landing, tmp_path: Path, rows: str, mapped: str
) -> None:
    content = f"refund_id;created_at;total\n1;2026-01-01;{rows}\n2;2026-01-02;{rows}\n"
    _, draft = drafted(landing, sample(tmp_path, "refunds.csv", content))
    assert draft["entities"]["refunds"]["select"]["amount"] == mapped


@pytest.mark.parametrize(
    ("names", "files", "exported_at"),
    [
        (["a_20260301.csv"], "a_*.csv", "a_(%Y%m%d).csv"),
        (["a_2026-03-01.csv", "a_2026-03-02.csv"], "a_*.csv", "a_(%Y-%m-%d).csv"),
        (["a_20260301_001.csv"], "a_*.csv", "a_(%Y%m%d)_*.csv"),
        (["a_20260301T101500.csv"], "a_*.csv", "a_(%Y%m%dT%H%M%S).csv"),
        (["a.csv"], "a.csv", "file_modified"),
        (["a_x.csv", "a_y.csv"], "a_*.csv", "file_modified"),
        (["a_12345678.csv"], "a_12345678.csv", "file_modified"),
        (["a[1].csv"], "a[[]1].csv", "file_modified"),
        (["a (20260301).csv"], "a (20260301).csv", "file_modified"),
    ],
)
def test_names_tell_the_files_and_their_export(
    landing: Landing, tmp_path: Path, names: list[str], files: str, exported_at: str
) -> None:
    paths = [sample(tmp_path, name, "sku,name\nMUG,Mug\n") for name in names]
    draft, content = drafted(landing, *paths, name="goods")
    found = content["files"].replace("_*_*", "_*")
    assert (found, content["exported_at"]) == (files, exported_at)
    feed = loaded(landing, draft)
    assert isinstance(feed, Feed)
    copy_samples(paths, feed.folder)
    assert feed.files() == sorted(names)
    assert len(landing.admit().files) == len(names)


def test_chinese_in_gb18030_is_told(landing: Landing, tmp_path: Path) -> None:
    text = "商品编号,商品名称,品牌\nM1,马克杯,陶艺\nT1,茶叶,龙井\n"
    file = sample(tmp_path, "goods_20260301.csv", text.encode("gb18030"))
    draft, content = drafted(landing, file)
    assert content["read"]["encoding"] == "gb18030"
    select = content["entities"]["products"]["select"]
    assert select == {"product_id": '"商品编号"', "product_name": '"商品名称"', "brand": '"品牌"'}
    copy_samples([file], write_draft(landing.home, draft).parent)
    assert landing.admit().files[0].accepted == 2


@pytest.mark.parametrize(
    ("name", "content", "read", "amount"),
    [
        (
            "r.jsonl",
            '{"refund_id": 1, "created_at": "2026-01-01", "money": {"amount": "1.5"}}\n' * 2,
            {"format": "json_lines"},
            "json->>'$.money.amount'",
        ),
        (
            "r.json",
            '[{"refund_id": 1, "created_at": "2026-01-01", "amount": 1.5}]',
            {"format": "json_array"},
            "json->>'$.amount'",
        ),
        (
            "r.json",
            '{"page": 1, "data": {"refunds": [{"refund_id": 1, "created_at": "2026-01-01",'
            ' "amount": 1.5, "lines": [1]}]}}',
            {"format": "json_array", "records": "data.refunds"},
            "json->>'$.amount'",
        ),
    ],
)
def test_json_in_each_form(
    landing: Landing,
    tmp_path: Path,
    name: str,
    content: str,
    read: dict[str, str],
    amount: str,
) -> None:
    file = sample(tmp_path, name, content)
    draft, spec = drafted(landing, file, name="refunds")
    assert spec["read"] | read == spec["read"]
    assert spec["entities"]["refunds"]["select"]["amount"] == amount
    assert ("lists within a row" in draft.text) == ("lines" in content)
    copy_samples([file], write_draft(landing.home, draft).parent)
    assert landing.admit().files[0].rejected == 0


def test_parquet_keeps_its_types(landing: Landing, tmp_path: Path) -> None:
    table = pa.table({"sku": ["MUG"], "Product Title": ["Mug"], "price": [9.9]})
    pq.write_table(table, tmp_path / "goods.parquet")
    draft, content = drafted(landing, tmp_path / "goods.parquet")
    select = content["entities"]["products"]["select"]
    assert select == {"product_id": "sku", "product_name": '"Product Title"', "list_price": "price"}
    copy_samples([tmp_path / "goods.parquet"], write_draft(landing.home, draft).parent)
    assert landing.admit().files[0].accepted == 1


def test_no_header_is_noticed(landing: Landing, tmp_path: Path) -> None:
    file = sample(tmp_path, "goods.csv", "1,Mug,9.90\n2,Tea,6.50\n")
    with pytest.raises(DraftError, match="looks like a column of any entity"):
        drafted(landing, file)
    asked, content = drafted(landing, file, entity="products")
    assert content["read"]["columns"] == ["column1", "column2", "column3"]
    assert asked.missing == ("product_id",)
    draft, content = drafted(
        landing, sample(tmp_path, "g.csv", "C,USD,2026-01-01\nD,EUR,2026-01-02\n")
    )
    assert content["read"]["columns"] == ["column1", "column2", "column3"]
    assert "there is no header; give the columns names" in draft.text


def test_one_column_is_enough(landing: Landing, tmp_path: Path) -> None:
    draft, content = drafted(landing, sample(tmp_path, "goods.csv", "sku\nMUG\nTEA\n"))
    assert content["entities"]["products"]["select"] == {"product_id": "sku"}
    assert isinstance(loaded(landing, draft), Feed)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("e.csv", b"", "is empty"),
        ("e.csv.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("e.csv.gz", b"no gzip", "cannot be read"),
        ("e.xlsx", b"PK\x03\x04rest", "is no workbook that can be read"),
        ("e.zip", b"PK\x03\x04rest", "export it as CSV first"),
        ("e.json", b'{"a": [', "is not whole JSON"),
        ("e.parquet", b"PAR1broken", "cannot be read"),
    ],
)
def test_hostile_samples_are_refused_in_words(
    landing: Landing, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(SampleError, match=words):
        draft_feed(landing.home, [sample(tmp_path, name, content)])


@pytest.mark.parametrize("name", ["订单.csv", "2026-01-01.csv"])
def test_a_file_whose_name_gives_none_needs_one(
    landing: Landing, tmp_path: Path, name: str
) -> None:
    file = sample(tmp_path, name, "sku,name\nMUG,Mug\n")
    with pytest.raises(DraftError, match="--name"):
        draft_feed(landing.home, [file])
    assert draft_feed(landing.home, [file], name="goods").name == "goods"


def test_an_unknown_entity_is_corrected(landing: Landing, tmp_path: Path) -> None:
    with pytest.raises(DraftError, match="did you mean products"):
        draft_feed(landing.home, [sample(tmp_path, "g.csv", "sku\nM\n")], entity="product")


def test_samples_of_two_forms_are_two_feeds(landing: Landing, tmp_path: Path) -> None:
    files = [
        sample(tmp_path, "a.csv", "sku,name\nM,Mug\n"),
        sample(tmp_path, "b.csv", "sku;name\nM;Mug\n"),
    ]
    with pytest.raises(SampleError, match="give each form a feed of its own"):
        draft_feed(landing.home, files)


def test_hostile_names_of_columns_stay_data(landing: Landing, tmp_path: Path) -> None:
    header = 'sku,"na: #me","x\n  y: {",order,"q""uote"'
    file = sample(tmp_path, "goods.csv", f"{header}\nMUG,Mug,1,2,3\n")
    draft, content = drafted(landing, file, entity="products")
    assert content["entities"]["products"]["select"]["product_id"] == "sku"
    assert isinstance(loaded(landing, draft), Feed)


def test_no_value_of_a_sample_stands_in_the_draft(landing: Landing, tmp_path: Path) -> None:
    rows = "".join(f"{n},ada{n}@example.com,Lovelace{n},vip\n" for n in range(5))
    file = sample(tmp_path, "customers.csv", f"customer_id,mail,surname,tier\n{rows}")
    draft, content = drafted(landing, file)
    assert content["entities"]["customers"]["select"]["email"] == "mail"
    assert not any(word in draft.text for word in ("example.com", "Lovelace", "vip"))
    assert "personal, it seems, and shown where a row is refused: surname" in draft.text


def test_personal_columns_that_nothing_uses_are_masked(landing: Landing, tmp_path: Path) -> None:
    content = "order_no,created_at,status,currency,email\nA,2026-01-01,paid,eur,ada@example.com\n"
    file = sample(tmp_path, "orders.csv", content * 1)
    draft, spec = drafted(landing, file)
    assert spec["entities"]["customers"] == {
        "where": "false",
        "select": {"customer_id": "email", "email": "(email)"},
    }
    text = draft.text.replace("currency: null", "currency: currency")
    path = write_draft(landing.home, Draft(draft.name, text, draft.entity, ()))
    copy_samples([file], path.parent)
    assert landing.admit().files[0].rejected == 1
    (raw,) = landing.rows("rejected", "raw")
    assert json.loads(raw[0])["email"] == "***"


def test_an_existing_feed_of_the_name_is_never_overwritten(
    landing: Landing, tmp_path: Path
) -> None:
    landing.feed("goods", {"products": {"select": {"product_id": "sku"}}})
    draft = draft_feed(landing.home, [sample(tmp_path, "goods.csv", "sku\nM\n")])
    with pytest.raises(DraftError, match="is there already"):
        write_draft(landing.home, draft)


def test_copies_keep_their_time_and_overwrite_nothing(landing: Landing, tmp_path: Path) -> None:
    file = sample(tmp_path, "goods.csv", "sku\nM\n")
    os.utime(file, (time.time() - 10_000,) * 2)
    folder = write_draft(landing.home, draft_feed(landing.home, [file])).parent
    assert copy_samples([file], folder) == []
    assert (folder / "goods.csv").stat().st_mtime_ns == file.stat().st_mtime_ns
    file.write_text("changed")
    assert copy_samples([file], folder) == ["goods.csv"]
    assert (folder / "goods.csv").read_text() == "sku\nM\n"


def test_other_names_are_given_to_columns_that_exist() -> None:
    columns = {
        f"{e}.{c.name}" for e, contract in load_contracts().items() for c in contract.columns
    }
    bare = {name.split(".")[1] for name in columns}
    assert {name for name in SYNONYMS if name not in columns | bare} == set()
