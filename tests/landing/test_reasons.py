"""Every reason, in the words that a user reads."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from landing_home import LINES, ORDERS, Landing

Lines = Callable[[str], list[str]]

STATUSES = "open, paid, shipped, delivered, cancelled"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1,1,5", "order_id: missing"),
        ("o,1,-3,5", "quantity: -3 is below 0"),
        ("o,1,-3,-1.50", "quantity: -3 is below 0; line_amount: -1.50 is below 0"),
        ("o,1,2.5,5", "quantity: '2.5' is not a whole number"),
        ("o,1,two,5", "quantity: 'two' is not a whole number"),
        ("o,1,1_000,5", "quantity: '1_000' is not a whole number"),
        ("o,1,0x10,5", "quantity: '0x10' is not a whole number"),
        ("o,1,99999999999999999999,5", "quantity: '99999999999999999999' does not fit bigint"),
        ("o,1,1,1 000", "line_amount: '1 000' is not a number "
                    "(if a blank parts thousands, say so in read.thousands)"),
        ("o,1,1,1_0", "line_amount: '1_0' is not a number"),
        ("o,1,1,nan", "line_amount: 'nan' is not a number"),
        ("o,1,1,inf", "line_amount: 'inf' is not a number"),
        ("o,1,1,1e20", "line_amount: '1e20' does not fit decimal(18,2)"),
        ("o,1,1,", "line_amount: missing"),
        (",,x,y", "order_id: missing; line_id: missing; quantity: 'x' is not a whole number; "
                  "line_amount: 'y' is not a number"),
    ],
)  # fmt: skip
def test_a_row_is_rejected_with_every_reason(lines: Lines, row: str, reason: str) -> None:
    assert lines(f"good,1,1,1\n{row}\n") == [reason]


@pytest.mark.parametrize(
    ("written", "quantity"),
    [("3.0", 3), ("1e3", 1000), (" 7 ", 7), ("+5", 5), ("9007199254740993", 9007199254740993)],
)
def test_whole_numbers_may_be_written_in_several_ways(
    landing: Landing, lines: Lines, written: str, quantity: int
) -> None:
    assert lines(f"o,1,{written},1\n") == []
    assert landing.rows("order_lines", "quantity") == [(quantity,)]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1.005", "1.01"), ("-0.004", "0.00"), ("2.675", "2.68"), ("1e2", "100.00")],
)
def test_amounts_are_rounded_half_away_from_zero_at_the_scale_of_the_contract(
    landing: Landing, lines: Lines, written: str, amount: str
) -> None:
    assert lines(f"o,1,1,{written}\n") == []
    assert landing.rows("order_lines", "line_amount") == [(Decimal(amount),)]


@pytest.mark.parametrize(
    ("at", "status", "currency", "reason"),
    [
        ("31/02/2024", "paid", "CNY", "ordered_at: '31/02/2024' is not a timestamp "
         "(if it is one, add its format to read.timestamp_formats)"),
        ("infinity", "paid", "CNY", "ordered_at: 'infinity' is not a timestamp"),
        ("2024-13-01 00:00", "paid", "CNY", "ordered_at: '2024-13-01 00:00' is not a timestamp"),
        ("2024-01-01", "foo", "CNY", f"status: 'foo' is not one of {STATUSES}"),
        ("2024-01-01", "paid", "yuan", "currency: 'yuan' does not match ^[A-Z]{3}$"),
        ("2024-03-01 00:00:01", "paid", "CNY",
         "ordered_at: 2024-03-01 00:00:01 is after the export of 2024-03-01 00:00:00"),
    ],
)  # fmt: skip
def test_reasons_of_an_order(
    landing: Landing, at: str, status: str, currency: str, reason: str
) -> None:
    folder = landing.feed(
        "orders", {"orders": {"select": ORDERS}}, exported_at="orders_(%Y%m%d).csv"
    )
    text = (
        f"id,placed,status,currency\n1,2024-03-01 00:00:00,paid,CNY\n2,{at},{status},{currency}\n"
    )
    (folder / "orders_20240301.csv").write_text(text)
    report = landing.admit()
    assert landing.reasons() == [reason]
    assert report.files[0].top_reason == reason
    assert landing.rows("orders", "order_id") == [("1",)]


def test_a_long_value_is_cut_in_its_reason(lines: Lines) -> None:
    assert lines(f"o,1,{'x' * 500},1\n") == [f"quantity: '{'x' * 80}…' is not a whole number"]


def test_the_top_reason_is_the_most_frequent_kind(landing: Landing, lines: Lines) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    (folder / "a.csv").write_text(
        "order_id,line_id,quantity,amount\no,1,-1,1\no,2,x,1\no,3,y,1\no,4,z,1\n"
    )
    assert landing.admit().files[0].top_reason == "quantity: 'x' is not a whole number (3 times)"


@pytest.mark.parametrize(
    ("expression", "quantity", "reason"),
    [
        ("2.5", None, "quantity: 2.5 is not a whole number"),
        ("cast(2 as double)", 2, None),
        ("cast('nan' as double)", None, "quantity: nan is not a whole number"),
        ("cast(170141183460469231731687303715884105727 as hugeint)", None,
         "quantity: 170141183460469231731687303715884105727 does not fit bigint"),
        ("cast(-4 as tinyint)", None, "quantity: -4 is below 0"),
        ("null", None, "quantity: missing"),
    ],
)  # fmt: skip
def test_typed_values_are_cast_without_loss(
    landing: Landing, expression: str, quantity: int | None, reason: str | None
) -> None:
    folder = landing.feed("lines", {"order_lines": {"select": LINES | {"quantity": expression}}})
    (folder / "a.csv").write_text("order_id,line_id,amount\no,1,1\n")
    assert landing.admit().ok
    assert landing.reasons() == ([reason] if reason else [])
    assert landing.rows("order_lines", "quantity") == ([] if reason else [(quantity,)])


def test_a_float_becomes_the_decimal_that_was_written(landing: Landing) -> None:
    select = LINES | {"line_amount": "cast(1.005 as double)", "line_id": "cast(12345 as double)"}
    folder = landing.feed("lines", {"order_lines": {"select": select}})
    (folder / "a.csv").write_text("order_id,quantity\no,1\n")
    landing.admit()
    assert landing.rows("order_lines", "line_id, line_amount") == [("12345", Decimal("1.01"))]


@pytest.mark.parametrize(
    ("expression", "day", "reason"),
    [
        ("'2024-02-29'", date(2024, 2, 29), None),
        ("'2024-02-29 00:00:00'", date(2024, 2, 29), None),
        ("'2024-02-29 08:00:00'", None, "counted_on: '2024-02-29 08:00:00' is not a date"),
        ("'29.02.2024'", date(2024, 2, 29), None),
        ("'2023-02-29'", None, "counted_on: '2023-02-29' is not a date"),
        ("timestamp '2024-02-29 10:00:00'", None,
         "counted_on: 2024-02-29 10:00:00 is not a date"),
        ("date '2024-02-29'", date(2024, 2, 29), None),
        # An instant is a day in the feed's time zone.
        ("timestamptz '2024-02-28 16:00:00+00'", date(2024, 2, 29), None),
    ],
)  # fmt: skip
def test_dates(landing: Landing, expression: str, day: date | None, reason: str | None) -> None:
    select = {"warehouse": "w", "product_id": "p", "on_hand": 1, "counted_on": expression}
    read = {"format": "csv", "timezone": "Asia/Shanghai", "timestamp_formats": ["%d.%m.%Y"]}
    folder = landing.feed("stock", {"inventory_levels": {"select": select}}, read=read)
    (folder / "a.csv").write_text("w,p\nshanghai,p1\n")
    assert landing.admit().ok
    assert landing.reasons() == ([reason] if reason else [])
    assert landing.rows("inventory_levels", "counted_on") == ([(day,)] if day else [])


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("'2024-01-01 08:00:00'", datetime(2024, 1, 1)),
        ("'2024-01-01T08:00:00Z'", datetime(2024, 1, 1, 8)),
        ("'2024-01-01 08:00:00+02:00'", datetime(2024, 1, 1, 6)),
        ("'01/02/2024 08:00'", datetime(2024, 2, 1)),
        ("'01/02/2024 08:00 +0000'", datetime(2024, 2, 1, 8)),
        ("timestamp '2024-01-01 08:00:00'", datetime(2024, 1, 1)),
        ("timestamptz '2024-01-01 08:00:00+00'", datetime(2024, 1, 1, 8)),
        ("date '2024-01-01'", datetime(2023, 12, 31, 16)),
        ("to_timestamp(1704067200)", datetime(2024, 1, 1)),
    ],
)
def test_timestamps_are_utc_in_the_lake(landing: Landing, value: str, instant: datetime) -> None:
    formats = ["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M %z"]
    read = {"format": "csv", "timezone": "Asia/Shanghai", "timestamp_formats": formats}
    folder = landing.feed("o", {"orders": {"select": ORDERS | {"ordered_at": value}}}, read=read)
    (folder / "a.csv").write_text("id,status,currency\n1,paid,CNY\n")
    assert landing.admit().ok
    assert landing.rows("orders", "ordered_at") == [(instant,)]


@pytest.mark.parametrize(
    ("value", "flagship"),
    [("'yes'", True), ("'0'", False), ("1", True), ("false", False), ("null", None)],
)
def test_booleans(landing: Landing, value: str, flagship: Any) -> None:
    select = {"product_id": "p", "is_flagship": value}
    folder = landing.feed("products", {"products": {"select": select}})
    (folder / "a.csv").write_text("p\n1\n")
    landing.admit()
    assert landing.rows("products", "is_flagship") == [(flagship,)]


def test_a_boolean_that_is_none(landing: Landing) -> None:
    select = {"product_id": "p", "is_flagship": "f"}
    folder = landing.feed("products", {"products": {"select": select}})
    (folder / "a.csv").write_text("p,f\n1,maybe\n")
    landing.admit()
    assert landing.reasons() == ["is_flagship: 'maybe' is not true or false"]


def test_a_rejected_row_keeps_what_was_mapped_and_the_raw_row(
    landing: Landing, lines: Lines
) -> None:
    lines("good,1,1,1\no,1,-3,\n")
    rows = landing.rows("rejected", "entity, mapped, raw, _feed, _file, _row, _item")
    mapped = '{"order_id":"o","line_id":"1","quantity":"-3","line_amount":null}'
    raw = '{"order_id":"o","line_id":"1","quantity":"-3","amount":null}'
    assert rows == [("order_lines", mapped, raw, "lines", "a.csv", 2, 1)]
