"""SQL in feed.yml that wants more than its raw rows."""

from collections.abc import Callable

from cases_shape import HEADER
from hostile import Case
from landing_home import LINES, Landing

TITLE = "SQL in feed.yml"
STOPPED = "feed stopped: landing/lines/feed.yml: entities.order_lines"
ROWS = "a feed reads only its raw rows"
RESULT = "which gives no repeatable result of a row"
SELECT = f"{STOPPED}.query: is not a SELECT; a feed can only select"


def landed(landing: Landing, entities: dict[str, object], **read: str) -> None:
    """The feed under test, and a good one that must go on."""
    limits = {"time_limit": "1 second"} | read
    folder = landing.feed("lines", entities, read={"format": "csv"} | limits)
    (folder / "a.csv").write_text(HEADER + "A,1,2,3.00\n")
    (landing.feed("other", {"order_lines": {"select": LINES}}) / "b.csv").write_text(
        HEADER + "B,1,2,3.00\n"
    )


def shop(expression: str, **read: str) -> Callable[[Landing], None]:
    entities: dict[str, object] = {"order_lines": {"select": LINES | {"shop": expression}}}
    return lambda landing: landed(landing, entities, **read)


def with_memory(limit: str, arrange: Callable[[Landing], None]) -> Callable[[Landing], None]:
    def limited(landing: Landing) -> None:
        landing.home.settings.write_text(f"memory_limit: {limit}\n")
        arrange(landing)

    return limited


def where(condition: str) -> Callable[[Landing], None]:
    return lambda landing: landed(landing, {"order_lines": {"select": LINES, "where": condition}})


def query(sql: str) -> Callable[[Landing], None]:
    return lambda landing: landed(landing, {"order_lines": {"query": sql}})


def calls(place: str, function: str, why: str) -> str:
    return f"{STOPPED}.{place}: calls {function}(), {why}".replace(f"(), {ROWS}", f"(); {ROWS}")


ENDLESS = (
    "with recursive n as (select 1 as i union all select i + 1 from n) "
    "select _row, order_id, line_id, quantity, amount as line_amount, "
    "cast((select count(*) from n) as varchar) as shop from raw"
)
NOT_ENDING = "does not end on one row; nothing may run longer than read.time_limit (1 second)"

CASES = [
    Case("read_csv", query("from read_csv('/etc/passwd')"), calls("query", "read_csv", ROWS)),
    Case(
        "read_text in an expression",
        shop("(select content from read_text('/etc/passwd'))"),
        calls("select.shop", "read_text", ROWS),
    ),
    Case("glob", query("from glob('/*')"), calls("query", "glob", ROWS)),
    Case("sniff_csv", query("from sniff_csv('a.csv')"), calls("query", "sniff_csv", ROWS)),
    Case(
        "a file named as a table",
        query("select * from 'a.csv'"),
        f"{STOPPED}.query: reads 'a.csv'; {ROWS}",
    ),
    Case("attach", query("attach 'x.duckdb'"), SELECT),
    Case("install", query("install httpfs"), SELECT),
    Case("load", query("load httpfs"), SELECT),
    Case("set", query("set memory_limit = '1TB'"), SELECT),
    Case("pragma", query("pragma database_list"), SELECT),
    Case("copy", query("copy raw to 'x.csv'"), SELECT),
    Case("create", query("create table x as select 1"), SELECT),
    Case("insert", query("insert into raw select * from raw"), SELECT),
    Case("getenv", shop("getenv('HOME')"), calls("select.shop", "getenv", RESULT)),
    Case("the clock", shop("cast(now() as varchar)"), calls("select.shop", "now", RESULT)),
    Case("sleeping", where("sleep_ms(100000) is null"), calls("where", "sleep_ms", RESULT)),
    Case(
        "a chain of 400 concatenations",
        shop(" || ".join(["order_id"] * 400)),
        f"{STOPPED}.select.shop: nests too deeply; split it, or join with concat(a, b, …) or a "
        "list instead of a chain",
    ),
    Case("a recursive query without an end", query(ENDLESS), f"{STOPPED}.query: {NOT_ENDING}"),
    Case(
        "a series of a million million",
        shop("(select cast(sum(i) as varchar) from generate_series(1, 1000000000000) t(i))"),
        f"{STOPPED}.select.shop: {NOT_ENDING}",
    ),
    Case(
        "a cross join of raw with itself and more",
        where("(select count(*) from range(10000000) a, range(10000000) b) > 0"),
        f"{STOPPED}.where: {NOT_ENDING}",
    ),
    Case(
        "a list of two thousand million numbers",
        with_memory(
            "1GB", shop("cast(len(range(2000000000)) as varchar)", time_limit="10 minutes")
        ),
        f"{STOPPED}.select.shop: takes more memory on one row than memory_limit of steelyard.yml "
        "(1GB); make less of it",
    ),
]
