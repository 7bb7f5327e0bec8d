"""A wrong feed stops alone, names file, key and fix, and loses nothing of its earlier state."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from landing_home import LINES, ORDERS, Landing

from orchestration.landing.feeds import Feed, WrongFeed, load_feeds

LINE = "order_id,line_id,quantity,amount\no,1,1,5\n"
GOOD = {"order_lines": {"select": LINES}}


def problem(landing: Landing, name: str = "x") -> str:
    found = [str(feed) for feed in load_feeds(landing.home.landing) if isinstance(feed, WrongFeed)]
    assert len(found) == 1, found
    prefix = f"landing/{name}/feed.yml: "
    assert found[0].startswith(prefix)
    return found[0].removeprefix(prefix)


def select(**changes: Any) -> dict[str, Any]:
    return {"orders": {"select": ORDERS | changes}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"entities": {"order": {"select": ORDERS}}},
         "entities.order: no such entity; did you mean orders?"),
        ({"entities": select(ordred_at="placed")},
         "entities.orders.select.ordred_at: no such column in the contract; "
         "did you mean ordered_at?"),
        ({"entities": {"order_lines": {"select": {"order_id": "id", "line_id": "id"}}}},
         "entities.order_lines.select: required column quantity is not mapped"),
        ({"feed": "y"}, "feed: is 'y' in folder 'x'; give both one name"),
        ({"files": "../y/*.csv"},
         "files: '../y/*.csv' leads out of the feed's folder; "
         "a file belongs to the feed in whose folder it lies"),
        ({"files": "/etc/*"},
         "files: '/etc/*' leads out of the feed's folder; "
         "a file belongs to the feed in whose folder it lies"),
        ({"exported_at": "yesterday"},
         'exported_at: write file_modified, or a pattern like "orders_(%Y%m%d).csv"'),
        ({"exported_at_plus": "a day"},
         "exported_at_plus: 'a day' is not a duration such as 1 day or 12 hours"),
        ({"read": {"format": "csv", "timezone": "Asia/Shangai"}},
         "read.timezone: 'Asia/Shangai' is not a time zone such as Asia/Shanghai"),
        ({"read": {"format": "csv", "delimeter": ";"}},
         "read.delimeter: no such key; did you mean delimiter?"),
        ({"read": {"format": "xml"}},
         "read.format: Input should be 'csv', 'json_lines', 'json_array', 'parquet' or 'xlsx'"),
        ({"read": {}}, "read.format: is missing"),
        ({"read": {"format": "csv", "time_limit": "0 seconds"}},
         "read.time_limit: write a time longer than nothing, such as 10 minutes"),
        ({"read": {"format": "json_lines", "varying_columns": ["a"]}},
         "read: varying_columns is for csv, parquet and xlsx; a JSON row may vary"),
        ({"exported_at": "x_(%Q).csv"},
         "exported_at: '%Q' is not a pattern of a date or time like %Y%m%d"),
        ({"exported_at": "x_(%Y%Y).csv"},
         "exported_at: '%Y%Y' is not a pattern of a date or time like %Y%m%d"),
        ({"exported_at_plus": "99999999999 weeks"},
         "exported_at_plus: '99999999999 weeks' is not a duration such as 1 day or 12 hours"),
        ({"files": "**.csv"}, "files: '**.csv': ** stands alone between slashes"),
        ({"files": "."},
         "files: '.' leads out of the feed's folder; "
         "a file belongs to the feed in whose folder it lies"),
        ({"file": "*.csv"}, "file: no such key; did you mean files?"),
        ({"entities": {}}, "entities: maps no entity"),
        ({"entities": {"orders": {"select": ORDERS, "query": "select 1"}}},
         "entities.orders: write either select or query"),
        ({"entities": {"orders": {"query": "select 1", "where": "true"}}},
         "entities.orders: where goes with select; a query has its own"),
        ({"entities": select(status="(")},
         "entities.orders.select.status: is not valid SQL: "
         'syntax error at or near "as"'),
        ({"entities": select(status="'a'; drop table raw")},
         "entities.orders.select.status: is not valid SQL: syntax error at or near \";\""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_key_and_the_fix(
    landing: Landing, spec: dict[str, Any], expected: str
) -> None:
    landing.feed("x", **({"entities": GOOD} | spec))
    assert problem(landing) == expected


def test_bad_yaml(landing: Landing) -> None:
    (landing.feed("x", GOOD) / "feed.yml").write_text("feed: [x\n")
    assert "is not YAML: while parsing a flow sequence" in problem(landing)


def test_a_key_written_twice(landing: Landing) -> None:
    path = landing.feed("x", GOOD) / "feed.yml"
    path.write_text(path.read_text() + "feed: x\n")
    assert "key 'feed' is written twice" in problem(landing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("? [a, b]\n: c\n", "is not YAML: a key is a list at line 1, column 3"),
        (
            'feed: "\\ud800"\n',
            "is not YAML: holds a NUL or half a surrogate pair at line 1, column 7",
        ),
        ('feed: "\\0"\n', "is not YAML: holds a NUL or half a surrogate pair at line 1, column 7"),
        ("feed: &a x\nfiles: *b\n", "is not YAML: found undefined alias 'b' at line 2, column 8"),
    ],
)
def test_yaml_that_no_feed_can_be(landing: Landing, text: str, expected: str) -> None:
    (landing.feed("x", GOOD) / "feed.yml").write_text(text)
    assert problem(landing) == expected


def test_what_a_feed_file_holds_is_not_quoted(landing: Landing) -> None:
    (landing.feed("x", GOOD) / "feed.yml").write_text("feed: x\nfiles: [secret\n")
    assert "secret" not in problem(landing)


def test_anchors_of_a_sane_size_are_fine(landing: Landing) -> None:
    path = landing.feed("x", GOOD) / "feed.yml"
    path.write_text(
        "feed: x\nfiles: '*.csv'\nexported_at: file_modified\nread: {format: csv}\nentities:\n"
        "  orders: {select: &s {order_id: a, ordered_at: b, status: c, currency: d}}\n"
        "  order_lines: {select: {<<: *s, order_id: e}}\n"
    )
    assert problem(landing).startswith("entities.order_lines.select.ordered_at: no such column")


def test_an_empty_file(landing: Landing) -> None:
    (landing.feed("x", GOOD) / "feed.yml").write_text("")
    assert problem(landing) == "feed: is missing"


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ({"order_lines": {"select": LINES | {"quantity": "quantty"}}},
         'entities.order_lines.select.quantity: Referenced column "quantty" not found'),
        ({"order_lines": {"select": LINES | {"quantity": "date '2024-01-01'"}}},
         "entities.order_lines.select.quantity: "
         "gives a date where the contract asks for a whole number"),
        ({"order_lines": {"select": LINES, "where": "amont > '1'"}},
         'entities.order_lines.where: Referenced column "amont" not found'),
        ({"order_lines": {"select": LINES | {"quantity": "cast(line_id || 'x' as bigint)"}}},
         "entities.order_lines.select.quantity: fails on a row (Conversion); "
         "let the contract cast the value, or use try_cast"),
        ({"order_lines": {"select": LINES | {"quantity": "count(*)"}}},
         "entities.order_lines.select.quantity: "),
        ({"order_lines": {"query": "select order_id, line_id from raw"}},
         "entities.order_lines.query: does not carry _row of raw through"),
        ({"order_lines": {"query": "select _row, order_id, line_id, quantity from raw"}},
         "entities.order_lines.query: required column line_amount is not among its columns"),
        ({"order_lines": {"query": "select _row, order_id as od from raw"}},
         "entities.order_lines.query: column od: no such column in the contract"),
        ({"order_lines": {"query": "select _row + 7 as _row, order_id, line_id, quantity, "
                                   "amount as line_amount from raw"}},
         "entities.order_lines.query: gives a _row that raw does not hold"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_the_files_stops_the_feed(
    landing: Landing, entities: dict[str, Any], expected: str
) -> None:
    (landing.feed("x", entities) / "a.csv").write_text(LINE)
    (landing.feed("good", GOOD) / "a.csv").write_text(LINE)
    report = landing.admit()
    assert not report.ok
    assert [str(wrong).startswith(f"landing/x/feed.yml: {expected}") for wrong in report.wrong] == [
        True
    ], report.wrong
    assert [file.feed for file in report.files] == ["good"]
    assert (landing.home.landing / "x" / "a.csv").exists()


def test_a_feed_that_becomes_wrong_keeps_its_earlier_rows(landing: Landing) -> None:
    (landing.feed("x", GOOD) / "a.csv").write_text(LINE)
    landing.admit()
    before = landing.lake_files()
    landing.feed("x", {"order_lines": {"select": LINES | {"quantity": "quantty"}}})
    assert not landing.admit().ok
    assert landing.lake_files() == before


def test_a_feed_that_fails_on_a_later_file_keeps_its_whole_earlier_state(landing: Landing) -> None:
    folder = landing.feed("x", GOOD)
    (folder / "a.csv").write_text(LINE)
    (folder / "b.csv").write_text("extra," + LINE.replace("o,1", "e,p,two"))
    assert landing.admit().ok
    before = landing.lake_files()
    landing.feed("x", {"order_lines": {"select": LINES | {"shop": "cast(line_id as int)"}}})
    assert not landing.admit().ok
    assert landing.lake_files() == before


def test_a_file_claimed_by_two_feeds_stops_both(landing: Landing) -> None:
    outer = landing.feed("outer", GOOD, files="**/*.csv")
    inner = landing.feed("outer/inner", GOOD, feed="inner")
    (inner / "a.csv").write_text(LINE)
    (outer / "b.csv").write_text(LINE)
    wrong = [str(feed) for feed in load_feeds(landing.home.landing)]
    assert wrong == [
        "landing/outer/inner/feed.yml: files: 'a.csv' is claimed by feed outer as well; "
        "narrow one of the two patterns",
        "landing/outer/feed.yml: files: 'inner/a.csv' is claimed by feed inner as well; "
        "narrow one of the two patterns",
    ]


def test_a_link_into_another_feed_stops_both(landing: Landing) -> None:
    first, second = landing.feed("a", GOOD), landing.feed("b", GOOD)
    (first / "a.csv").write_text(LINE)
    (second / "a.csv").symlink_to(first / "a.csv")
    assert all(isinstance(feed, WrongFeed) for feed in load_feeds(landing.home.landing))
    assert not landing.admit().files


def test_two_folders_of_one_name_stop_both(landing: Landing) -> None:
    landing.feed("x", GOOD)
    (landing.home.landing / "group").mkdir()
    landing.feed("group/x", GOOD, feed="x")
    feeds = load_feeds(landing.home.landing)
    assert [str(feed).endswith("has the same name; rename one folder") for feed in feeds] == [
        True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "plus", "name", "instant"),
    [
        ("orders_(%Y%m%d).csv", None, "orders_20240301.csv", datetime(2024, 2, 29, 16)),
        ("orders_(%Y%m%d).csv", "1 day", "orders_20240301.csv", datetime(2024, 3, 1, 16)),
        ("*_(%Y-%m-%dT%H%M%S%z).csv", None, "any_2024-03-01T120000+0000.csv",
         datetime(2024, 3, 1, 12)),
        ("(%Y/%m)/orders.csv", "2 hours", "2024/03/orders.csv", datetime(2024, 2, 29, 18)),
    ],
)  # fmt: skip
def test_the_name_says_when_a_file_was_exported(
    landing: Landing, pattern: str, plus: str | None, name: str, instant: datetime
) -> None:
    spec = {"exported_at": pattern, "exported_at_plus": plus, "files": "**/*.csv"}
    landing.feed("x", GOOD, read={"format": "csv", "timezone": "Asia/Shanghai"}, **spec)
    feed = load_feeds(landing.home.landing)[0]
    assert isinstance(feed, Feed)
    assert feed.exported_at(name) == instant


def test_ready_and_example_feeds_fit_the_contracts() -> None:
    feeds = load_feeds(Path(__file__).parents[2] / "orchestration" / "landing" / "feeds")
    assert [str(feed) for feed in feeds if isinstance(feed, WrongFeed)] == []
