"""Each format that a vendor may export, with the same rows in the lake."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_home import LINES, Landing

ROWS = [("o1", "1", 2, "1.10"), ("o1", "2", 1, "20.00"), ("o2", "1", 3, "0.05")]
JSON_LINES = {
    "order_id": "json->>'$.order_id'",
    "line_id": "json->>'$.line_id'",
    "quantity": "json->>'$.quantity'",
    "line_amount": "json->>'$.amount'",
}


def as_dicts() -> list[dict[str, Any]]:
    names = ("order_id", "line_id", "quantity", "amount")
    return [dict(zip(names, row, strict=True)) for row in ROWS]


def csv_text(delimiter: str = ",") -> str:
    lines = [("order_id", "line_id", "quantity", "amount"), *ROWS]
    return "".join(delimiter.join(str(value) for value in line) + "\n" for line in lines)


def admitted(landing: Landing) -> list[tuple[str, str, int, str]]:
    report = landing.admit()
    assert report.ok, report.wrong
    assert not report.quarantined
    columns = "order_id, line_id, quantity, cast(line_amount as varchar), _row, _item"
    rows = landing.rows("order_lines", columns, "_row")
    assert [row[4:] for row in rows] == [(number, 1) for number in range(1, len(ROWS) + 1)]
    return [row[:4] for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv(landing: Landing, delimiter: str) -> None:
    read = {"format": "csv", "delimiter": delimiter}
    folder = landing.feed("lines", {"order_lines": {"select": LINES}}, read=read)
    (folder / "a.csv").write_text(csv_text(delimiter))
    assert admitted(landing) == ROWS


def test_csv_with_mark_quotes_blank_lines_and_other_line_ends(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES | {"product_id": '"Sku, no"'}}})
    text = '\ufefforder_id,line_id,quantity,amount,"Sku, no"\r\no,1,1,5,"a ""b"",\nc"\r\n'
    (folder / "a.csv").write_bytes(text.encode())
    landing.admit()
    assert landing.rows("order_lines", "order_id, product_id") == [("o", 'a "b",\nc')]


def test_csv_below_a_title_and_without_a_header(landing: Landing) -> None:
    columns = ["order_id", "line_id", "quantity", "amount"]
    read = {"format": "csv", "skip": 2, "columns": columns}
    folder = landing.feed("lines", {"order_lines": {"select": LINES}}, read=read)
    (folder / "a.csv").write_text("Report\nof today\n" + csv_text().split("\n", 1)[1])
    assert admitted(landing) == ROWS


def test_a_column_name_that_stands_twice_gets_a_number(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES | {"shop": "order_id_1"}}})
    (folder / "a.csv").write_text("order_id,line_id,quantity,amount,order_id\no,1,1,5,second\n")
    landing.admit()
    assert landing.rows("order_lines", "order_id, shop") == [("o", "second")]


def test_nulls(landing: Landing) -> None:
    read = {"format": "csv", "nulls": ["", "NULL", "-"]}
    folder = landing.feed("l", {"order_lines": {"select": LINES | {"shop": "shop"}}}, read=read)
    (folder / "a.csv").write_text("order_id,line_id,quantity,amount,shop\no,1,1,5,NULL\np,1,-,5,\n")
    landing.admit()
    assert landing.rows("order_lines", "order_id, shop") == [("o", None)]
    assert landing.reasons() == ["quantity: missing"]


def test_gzip(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}}, files="*.csv.gz")
    (folder / "a.csv.gz").write_bytes(gzip.compress(csv_text().encode()))
    assert admitted(landing) == ROWS


@pytest.mark.parametrize("compressed", [False, True])
def test_gb18030_is_transcoded(landing: Landing, compressed: bool) -> None:
    read = {"format": "csv", "encoding": "gb18030", "delimiter": ";"}
    select = {"product_id": "编号", "product_name": "名称"}
    folder = landing.feed("products", {"products": {"select": select}}, read=read, files="*")
    content = "编号;名称\n1;婴儿奶粉𠮷\n".encode("gb18030")
    name = "a.csv.gz" if compressed else "a.csv"
    (folder / name).write_bytes(gzip.compress(content) if compressed else content)
    landing.admit()
    rows = landing.rows("products", "product_id, product_name, _file")
    assert rows == [("1", "婴儿奶粉𠮷", name)]
    assert not (landing.home.lake / ".tmp" / "products").exists()


def test_json_lines(landing: Landing) -> None:
    entities = {"order_lines": {"select": JSON_LINES}}
    folder = landing.feed("l", entities, read={"format": "json_lines"}, files="*.jsonl.gz")
    text = "".join(json.dumps(row) + "\n" for row in as_dicts())
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert admitted(landing) == ROWS


@pytest.mark.parametrize("records", [None, "orders", "data.orders"])
def test_json_arrays(landing: Landing, records: str | None) -> None:
    content: Any = as_dicts()
    for key in reversed(records.split(".") if records else []):
        content = {"next": 1, key: content}
    read = {"format": "json_array"} | ({"records": records} if records else {})
    folder = landing.feed("l", {"order_lines": {"select": JSON_LINES}}, read=read, files="*.json")
    (folder / "a.json").write_text(json.dumps(content, indent=2))
    assert admitted(landing) == ROWS


def test_an_object_without_the_array_is_set_aside(landing: Landing) -> None:
    read = {"format": "json_array", "records": "orders"}
    folder = landing.feed("l", {"order_lines": {"select": JSON_LINES}}, read=read, files="*.json")
    (folder / "a.json").write_text('{"errors": "throttled"}')
    (folder / "b.json").write_text(json.dumps({"orders": as_dicts()}))
    report = landing.admit()
    reason = "holds no JSON object with an array 'orders'"
    assert [(q.file, q.reason) for q in report.quarantined] == [("a.json", reason)]
    assert [(file.file, file.accepted) for file in report.files] == [("b.json", 3)]


def test_a_json_line_that_is_none_is_counted_and_kept(landing: Landing) -> None:
    entities = {"order_lines": {"select": JSON_LINES}}
    folder = landing.feed("l", entities, read={"format": "json_lines"}, files="*.jsonl")
    good = [json.dumps(row) for row in as_dicts()]
    (folder / "a.jsonl").write_text("\n".join([good[0], "{broken", good[1], "[1]", good[2]]))
    report = landing.admit()
    assert [(f.rows_read, f.unreadable, f.accepted) for f in report.files] == [(5, 2, 3)]
    assert landing.rows("order_lines", "_row") == [(1,), (3,), (5,)]
    rejected = landing.rows("rejected", "entity, reasons, _row", "_row")
    reason = "unreadable: not a JSON object"
    assert rejected == [("(unreadable)", reason, 2), ("(unreadable)", reason, 4)]


def test_large_json_numbers_keep_their_digits(landing: Landing) -> None:
    select = JSON_LINES | {"order_id": "json->'$.id'"}
    entities = {"order_lines": {"select": select}}
    folder = landing.feed("l", entities, read={"format": "json_lines"}, files="*.jsonl")
    row = '{"id": 123456789012345678901234567890, "line_id": 1, "quantity": 1, "amount": 0.1}\n'
    (folder / "a.jsonl").write_text(row)
    landing.admit()
    assert landing.rows("order_lines", "order_id") == [("123456789012345678901234567890",)]


def test_a_csv_line_that_does_not_fit_is_counted_and_kept(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    (folder / "a.csv").write_text(csv_text() + "short,1\nlong,1,1,1,1,1\n")
    (folder / "b.csv").write_text(csv_text())
    report = landing.admit()
    counts = [(f.file, f.rows_read, f.unreadable, f.accepted) for f in report.files]
    assert counts == [("a.csv", 5, 2, 3), ("b.csv", 3, 0, 3)]
    assert landing.rows("rejected", "entity, reasons, raw, _file", "reasons") == [
        ("(unreadable)", "unreadable: line 5: fewer values than the 4 columns",
         '"short,1"', "a.csv"),
        ("(unreadable)", "unreadable: line 6: more values than the 4 columns",
         '"long,1,1,1,1,1"', "a.csv"),
    ]  # fmt: skip


def parquet(path: Path, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (format parquet)")


def test_parquet(landing: Landing) -> None:
    entities = {"order_lines": {"select": LINES}}
    folder = landing.feed("l", entities, read={"format": "parquet"}, files="*.parquet")
    values = ", ".join(f"('{o}', {line}, {q}, {a})" for o, line, q, a in ROWS)
    parquet(
        folder / "a.parquet",
        "select order_id, line_id, quantity, cast(amount as double) as amount "
        f"from (values {values}) t(order_id, line_id, quantity, amount)",
    )
    assert admitted(landing) == ROWS


def test_files_of_one_feed_may_differ_in_shape(landing: Landing) -> None:
    """Columns in another order or one more; types are never taken from another file."""
    entities = {"order_lines": {"select": LINES}}
    folder = landing.feed("l", entities, read={"format": "parquet"}, files="*.parquet")
    whole = "select 'o' as order_id, 1 as line_id, 1 as quantity, 1 as amount"
    parquet(folder / "a.parquet", whole)
    parquet(folder / "b.parquet", "select 2.5 as quantity, 2 as line_id, 'o' as order_id, 1 amount")
    landing.admit()
    assert landing.rows("order_lines", "line_id") == [("1",)]
    assert landing.reasons() == ["quantity: 2.5 is not a whole number"]


def test_csv_columns_may_change_their_order(landing: Landing) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    (folder / "a.csv").write_text(csv_text())
    (folder / "b.csv").write_text("quantity,extra,amount,order_id,line_id\n7,x,1,o9,1\n")
    landing.admit()
    assert landing.rows("order_lines", "order_id, quantity", "1")[-1] == ("o9", 7)


def test_nested_parquet_events(landing: Landing) -> None:
    query = """
        select _row, event_name || '-' || e.key as touch_id, 'visit' as touch_kind,
               to_timestamp(micros / 1000000) as touched_at
        from raw, unnest(params) as t(e)
    """
    entities = {"touchpoints": {"query": query}}
    folder = landing.feed("ga", entities, read={"format": "parquet"}, files="*.parquet")
    params = "[{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}]"
    parquet(
        folder / "a.parquet",
        f"select 'x' as event_name, 1704067200000000 as micros, {params} as params "
        f"union all select 'y', 1704067200000000, {params}",
    )
    report = landing.admit()
    assert [(f.rows_read, f.filtered, f.accepted) for f in report.files] == [(2, 0, 4)]
    at = datetime(2024, 1, 1)
    rows = landing.rows("touchpoints", "touch_id, touched_at, _row, _item", "_row, _item")
    assert rows == [("x-a", at, 1, 1), ("x-b", at, 1, 2), ("y-a", at, 2, 1), ("y-b", at, 2, 2)]


def test_header_and_lines_of_one_json_file(landing: Landing) -> None:
    """A nested shop order becomes an order and its lines; one without lines still counts."""
    lines = """
        select _row, id as order_id, line->>'$.id' as line_id, line->>'$.n' as quantity,
               line->>'$.sum' as line_amount
        from (select _row, json->>'$.id' as id, unnest(json->'$.lines[*]') as line from raw)
    """
    select = {
        "order_id": "json->>'$.id'",
        "ordered_at": "json->>'$.made'",
        "status": "'paid'",
        "currency": "'CNY'",
    }
    entities = {"orders": {"select": select}, "order_lines": {"query": lines}}
    read = {"format": "json_array", "records": "orders"}
    folder = landing.feed("shop", entities, read=read, files="*.json")
    made = "2024-01-01T00:00:00+08:00"
    orders = [
        {"id": 1, "made": made, "lines": [{"id": 7, "n": 1, "sum": "1"}, {"id": 8, "n": -1}]},
        {"id": 2, "made": made, "lines": []},
    ]
    (folder / "a.json").write_text(json.dumps({"orders": orders}))
    (folder / "b.json").write_text(json.dumps({"orders": orders[1:]}))
    report = landing.admit()
    assert [(f.file, f.rows_read, f.filtered) for f in report.files] == [
        ("a.json", 2, 0), ("b.json", 1, 0),
    ]  # fmt: skip
    counts = report.files[0].entities["order_lines"]
    assert (counts.mapped, counts.accepted, counts.rejected) == (2, 1, 1)
    assert landing.reasons() == ["quantity: -1 is below 0; line_amount: missing"]
    assert landing.rows("rejected", "_row, _item") == [(1, 2)]
    assert landing.rows("orders", "_file, _row, ordered_at") == [
        (file, row, datetime(2023, 12, 31, 16))
        for file, row in (("a.json", 1), ("a.json", 2), ("b.json", 1))
    ]
