"""Lakes of any size filled past the door, the same each time, written by DuckDB in one go.

Belongs here: shops made up for measuring attribution. Does not belong here: timing.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.landing.contracts import ensure_typed_lake
from orchestration.paths import Home
from orchestration.settings import Clocks

BEGINS = datetime(2024, 1, 1)
AS_OF = datetime(2026, 1, 1)
CLOCKS = Clocks(AS_OF.replace(tzinfo=UTC), AS_OF.replace(tzinfo=UTC))
JOURNEYS_BEGIN = datetime(2025, 4, 1)
"""Peers know no periods: all journeys lie in one quarter, and none is open any more."""

CHANNELS = (
    ("google", "organic", "organic_search", 0.20),
    ("google", "cpc", "paid_search", 0.16),
    ("facebook", "paid_social", "paid_social", 0.12),
    ("newsletter", "email", "email", 0.10),
    ("douyin", "cpc", "douyin_ads", 0.09),
    ("xiaohongshu", "social", "xiaohongshu_content", 0.08),
    ("wechat", "social", "wechat", 0.07),
    ("site", "display", "display", 0.06),
    ("blog", "referral", "referral", 0.05),
    ("zhihu", "social", "organic_social", 0.03),
    ("youtube", "cpc", "paid_video", 0.02),
    ("network", "affiliate", "affiliates", 0.02),
)
"""Source, medium, the channel that the rules give, and its part of all touches."""

# dice(number, salt) is even in [0, 1); DuckDB's hash is the same in every run of one version.
PREPARE = """
create macro dice(number, salt) as (hash(number, salt) % 1000003) / 1000003.0;
create macro channel_of(even) as (
    case {cases} end
);
create table channels (channel_number integer, source varchar, medium varchar, channel varchar);
"""

# Each touch repeats the one before in three of ten cases. Channels late in the list convert less.
JOURNEYS = """
create table drawn as
select
    journey, place, length, channel_of(dice(journey * 64 + place, 'channel')) as own,
    dice(journey * 64 + place, 'again') < 0.3 as again
from (
    select
        range as journey,
        least(30, 1 + cast(floor(ln(1 - dice(range, 'length')) / ln(0.7674)) as integer)) as length
    from range({journeys})
) as journeys, unnest(range(length)) as places (place);

create table placed as
select
    journey, place, length,
    last_value(case when place = 0 or not again then own end ignore nulls) over (
        partition by journey order by place rows between unbounded preceding and current row
    ) as channel_number,
    timestamp '{begins}' + to_seconds(
        cast(floor(dice(journey, 'starts') * 50 * 86400) as bigint)
        + cast(place * 43200 + floor(dice(journey * 64 + place, 'wait') * 36000) as bigint)
    ) as touched_at
from drawn;

create table ends as
select
    journey, max(touched_at) as ended_at,
    dice(journey, 'converts') < avg(0.34 - 0.02 * channel_number) as is_converting,
    cast(floor(dice(journey, 'cents') * 20000 + 500) as bigint) as cents
from placed group by journey;

create view touchpoints as
select
    't' || journey || '-' || place as touch_id, 'visit' as touch_kind, touched_at,
    'v' || journey as visitor_id, 'c' || journey as customer_id, source, medium
from placed inner join channels using (channel_number);

create view orders as
select
    'o' || journey as order_id, ended_at + interval '1' hour as ordered_at, 'delivered' as status,
    'web' as shop, 'c' || journey as customer_id, 'v' || journey as visitor_id, 'USD' as currency,
    cents
from ends where is_converting;

create view identity_links as
select null as visitor_id, null as customer_id, null as linked_at where false;
"""

# One row a journey, as the libraries take it. Made before the clock starts.
PATHS = """
copy (
    select
        journey as journey_id,
        string_agg(channel, '>' order by place) as path,
        string_agg(
            cast(date_diff('second', touched_at, ended_at) / 3600.0 as varchar),
            '>' order by place
        ) as hours,
        any_value(is_converting) as is_converting,
        cast(any_value(is_converting) as bigint) as conversions,
        cast(not any_value(is_converting) as bigint) as nulls,
        case when any_value(is_converting) then any_value(cents) / 100.0 else 0 end as revenue
    from placed inner join channels using (channel_number) inner join ends using (journey)
    group by journey order by journey
) to '{path}' (format parquet)
"""

# Six of ten touches lie in the weeks before an order, the others anywhere in 24 months.
SHOP = """
create table placed as
select
    range as touch,
    cast(floor(dice(range, 'order') * {orders}) as bigint) as purchase,
    dice(range, 'near') < 0.6 as is_near,
    channel_of(dice(range, 'channel')) as channel_number,
    cast(floor(-ln(1 - dice(range, 'gap')) * 5 * 86400) as bigint) as gap,
    cast(floor(dice(range, 'when') * 63072000) as bigint) as anywhere
from range({touches});

create view orders as
select
    'o' || range as order_id,
    timestamp '{begins}' + to_seconds(cast(floor(dice(range, 'ordered') * 63072000) as bigint))
        as ordered_at,
    'delivered' as status, 'shop' || (range % 5) as shop,
    'c' || (range % {customers}) as customer_id,
    'v' || (range % {customers}) || 'a' as visitor_id, 'USD' as currency,
    cast(floor(dice(range, 'cents') * 20000 + 500) as bigint) as cents
from range({orders});

create view touchpoints as
select
    't' || touch as touch_id,
    case
        when dice(touch, 'kind') < 0.02 then 'lead'
        when dice(touch, 'kind') < 0.30 then 'ad_click'
        else 'visit'
    end as touch_kind,
    greatest(
        timestamp '{begins}',
        case
            when is_near then timestamp '{begins}' + to_seconds(
                cast(floor(dice(purchase, 'ordered') * 63072000) as bigint) - gap
            )
            else timestamp '{begins}' + to_seconds(anywhere)
        end
    ) as touched_at,
    'v' || (purchase % {customers}) || case when touch % 3 = 0 then 'b' else 'a' end as visitor_id,
    case when touch % 5 = 0 then 'c' || (purchase % {customers}) end as customer_id,
    source, medium
from placed inner join channels using (channel_number);

create view identity_links as
select
    'v' || range || device as visitor_id, 'c' || range as customer_id,
    timestamp '{begins}' + interval '1' day as linked_at
from range({customers}), (values ('a'), ('b')) as devices (device);
"""

LINES = """
create view order_lines as
select
    order_id, '1' as line_id, 1 as quantity, cast(cents / 100.0 as decimal(18, 2)) as line_amount,
    cast(cents / 180.0 as decimal(18, 6)) as unit_cost
from orders;

create view refunds as
select
    'r' || order_id as refund_id, order_id, ordered_at + interval '3' day as refunded_at,
    cast(cents / 200.0 as decimal(18, 2)) as amount, currency
from orders where hash(order_id) % 20 = 0 and ordered_at < timestamp '{as_of}' - interval '4' day;
"""
ENTITIES = ("touchpoints", "identity_links", "orders", "order_lines", "refunds")


def journey_lake(home: Home, journeys: int) -> Path:
    """One journey a customer, some ending in an order; returns the Parquet file of their paths."""
    paths = home.root / "journeys.parquet"
    with _shop(home) as connection:
        connection.execute(JOURNEYS.format(journeys=journeys, begins=JOURNEYS_BEGIN))
        connection.execute(PATHS.format(path=paths))
        _write(connection, home)
    return paths


def shop_lake(home: Home, touches: int, orders: int, customers: int) -> None:
    """A shop of two years whose customers order again; `customers=1` is one heavy visitor."""
    with _shop(home) as connection:
        connection.execute(
            SHOP.format(touches=touches, orders=orders, customers=customers, begins=BEGINS)
        )
        _write(connection, home)


def _shop(home: Home) -> duckdb.DuckDBPyConnection:
    ensure_typed_lake(home.lake)
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false; set memory_limit = '8GB'")
    connection.execute(f"set temp_directory = '{home.root / 'filling'}'")
    edges, cases = 0.0, ""
    for number, (_, _, _, part) in enumerate(CHANNELS[:-1]):
        edges += part
        cases += f"when even < {edges:.2f} then {number} "
    connection.execute(PREPARE.format(cases=f"{cases}else {len(CHANNELS) - 1}"))
    connection.executemany(
        "insert into channels values (?, ?, ?, ?)",
        [[number, *channel[:3]] for number, channel in enumerate(CHANNELS)],
    )
    return connection


def _write(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Each entity as one file with the columns of its empty one; what is not given is NULL."""
    connection.execute(LINES.format(as_of=AS_OF))
    for entity in ENTITIES:
        empty = f"read_parquet('{home.lake / entity / '_empty.parquet'}')"
        contract = connection.execute(f"describe select * from {empty}").fetchall()
        given = {row[0] for row in connection.execute(f"describe {entity}").fetchall()}
        own = {
            "_feed": "'bench'", "_file": "'bench.parquet'", "_row": "row_number() over ()",
            "_exported_at": f"timestamp '{AS_OF}'", "_loaded_at": f"timestamp '{AS_OF}'",
        }  # fmt: skip
        columns = ", ".join(
            f"cast({name if name in given else own.get(name, 'null')} as {kind}) as {name}"
            for name, kind, *_ in contract
        )
        target = home.lake / entity / "bench-1.parquet"
        connection.execute(f"copy (select {columns} from {entity}) to '{target}' (format parquet)")
