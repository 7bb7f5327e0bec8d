"""A feed's SQL selects from its own raw rows, and can do nothing else."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from landing_home import LINES, Landing

from orchestration.landing.expressions import (
    ExpressionError,
    Reads,
    check_expression,
    check_query,
)
from orchestration.landing.feeds import Feed, load_feeds
from orchestration.landing.manifest import scratch_folder
from orchestration.landing.reading import open_sandbox

QUERIES = [
    "copy raw to '/tmp/x.csv'",
    "attach '/tmp/x.duckdb'",
    "install httpfs",
    "set memory_limit = '1TB'",
    "pragma database_list",
    "drop table raw",
    "insert into raw select * from raw",
    "select * from raw; select * from raw",
    "select * from '/etc/passwd'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from glob('/*')",
    "select * from duckdb_settings()",
    "select * from information_schema.tables",
    "select * from other",
    "select _row, $inner_pad as order_id from raw",
    "select _row, getvariable('key') as order_id from raw",
    "select _row, now() as touched_at from raw",
    "select _row, random() as x from raw",
    "select _row, current_timestamp as x from raw",
    "select min(_row) as _row from raw group by order_id",
    "select distinct * from raw",
    "with x as (select order_id, count(*) as n from raw group by order_id) select * from x",
    "from query('select 1')",
    "select _row, sleep_ms(1) as x from raw",
    "select _row, pg_sleep(1) as x from raw",
    "select _row, current_query() as x from raw",
    "select _row, version() as x from raw",
    "from json_execute_serialized_sql('x')",
    "from read_duckdb('x.duckdb')",
    "from sniff_csv('x.csv')",
    "from parquet_metadata('x.parquet')",
    "pragma version",
    "call pragma_version()",
    "create table x as select 1",
    "load httpfs",
    "select (select max(content) from read_text('/etc/passwd')) as x, _row from raw",
]


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_that_is_no_plain_select_over_raw_is_refused(sql: str) -> None:
    with pytest.raises(ExpressionError):
        check_query(sql)


def test_every_function_of_duckdb_that_is_not_repeatable_is_refused() -> None:
    harmless = {"error", "setseed"}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct function_name, len(parameters) from duckdb_functions() where "
            "function_type = 'scalar' and stability <> 'CONSISTENT' and schema_name = 'main'"
        ).fetchall()
    assert len(rows) > 20
    for name, count in rows:
        if name not in harmless:
            with pytest.raises(ExpressionError):
                check_expression(f"{name}({', '.join(['1'] * count)})")


@pytest.mark.parametrize("sql", [" || ".join(["a"] * 500), "[" * 500 + "1" + "]" * 500])
def test_an_expression_that_is_too_deep_is_refused(sql: str) -> None:
    with pytest.raises(ExpressionError, match=r"nests too deeply|depth"):
        check_expression(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "1), (2",
        "1) from other where (true",
        "1; select 2",
        "1) as x; copy (select 1) to '/tmp/x.csv'; select (1",
        "(select max(content) from read_text('/etc/passwd'))",
        "(select max(x) from '/etc/passwd')",
        "$key",
        "?",
        "uuid()",
        "",
    ],
)
def test_an_expression_that_is_not_one_expression_is_refused(sql: str) -> None:
    with pytest.raises(ExpressionError):
        check_expression(sql)


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("Email", Reads(columns=frozenset({"email"}))),
        ("coalesce(a, b) -- as they write it", Reads(columns=frozenset({"a", "b"}))),
        ("json->>'$.buyer.email'", Reads(json_keys=frozenset({"buyer"}))),
        ("json->'$.\"Buyer name\"'", Reads(json_keys=frozenset({"Buyer name"}))),
        ("json_extract_string(json, '$.a')", Reads(json_keys=frozenset({"a"}))),
        ("cast(json as varchar)", Reads(everything=True)),
        ("json->>'$..email'", Reads(everything=True)),
        ("json->'a'->>'b'", Reads(json_keys=frozenset({"a"}))),
        ("json->'$.a'->'b'->>'c'", Reads(json_keys=frozenset({"a"}))),
        (
            "list_transform(json->'$.mails[*]', lambda m: lower(m))",
            Reads(columns=frozenset({"m"}), json_keys=frozenset({"mails"})),
        ),
        ("other->'a'", Reads(columns=frozenset({"other"}))),
    ],
)
def test_what_an_expression_reads(sql: str, reads: Reads) -> None:
    assert check_expression(sql) == reads


@pytest.fixture
def sandbox(landing: Landing) -> Iterator[duckdb.DuckDBPyConnection]:
    (landing.feed("x", {"order_lines": {"select": LINES}}) / "a.csv").write_text("a\n1\n")
    (landing.home.landing / "y").mkdir()
    (landing.home.landing / "y" / "a.csv").write_text("a\n1\n")
    feed = load_feeds(landing.home.landing)[0]
    assert isinstance(feed, Feed)
    with open_sandbox(feed, scratch_folder(landing.home, "x")) as connection:
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('/etc/passwd')",
        "from read_csv('{home}/landing/y/a.csv')",
        "from read_csv('{home}/landing/x/../y/a.csv')",
        "copy (select 1) to '{home}/lake/orders/x.parquet'",
        "copy (select 1) to '{home}/warehouse.duckdb'",
        "attach '{home}/warehouse.duckdb'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '1TB'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "reset TimeZone",
        "from read_text('{home}/secrets/hmac.key')",
        "from glob('/etc/*')",
    ],
)  # fmt: skip
def test_even_unchecked_sql_reaches_nothing_outside(
    landing: Landing, sandbox: duckdb.DuckDBPyConnection, sql: str
) -> None:
    landing.home.secrets.mkdir(exist_ok=True)
    (landing.home.secrets / "hmac.key").write_text("00")
    with pytest.raises(duckdb.Error):
        sandbox.execute(sql.format(home=landing.home.root)).fetchall()


def test_the_sandbox_reads_its_feed_and_writes_its_scratch(
    landing: Landing, sandbox: duckdb.DuckDBPyConnection
) -> None:
    feed, scratch = landing.home.landing / "x", landing.home.lake / ".tmp" / "x"
    assert sandbox.execute(f"from read_csv('{feed}/a.csv')").fetchall() == [(1,)]
    sandbox.execute(f"copy (select 1) to '{scratch}/a.parquet'")
    assert Path(scratch / "a.parquet").exists()


def test_a_feed_that_reads_files_stops(landing: Landing) -> None:
    query = "select 1::bigint as _row, content as order_id from read_text('/etc/passwd')"
    folder = landing.feed("x", {"order_lines": {"query": query}})
    (folder / "a.csv").write_text("a\n1\n")
    report = landing.admit()
    assert [str(wrong) for wrong in report.wrong] == [
        "landing/x/feed.yml: entities.order_lines.query: calls read_text(); "
        "a feed reads only its raw rows"
    ]
