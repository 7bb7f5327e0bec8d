"""Web analytics as the GA4 export to BigQuery writes it: nested events, one shard a day or week."""

from pathlib import Path

from orchestration.demo.calendar import DAYS, SECOND, instant_of
from orchestration.demo.stage import Stage, dated
from orchestration.demo.truth import Truth

CHUNK_DAYS = 28
"""Days of events that are put together at once."""

_HOSTS = "case shop when 0 then 'shop.steelyard.cn' when 1 then 'www.steelyard.com' " \
         "else 'eu.steelyard.com' end"  # fmt: skip

_EVENTS = """
select touched_at, visitor, null as customer, person, kind, channel, campaign, abroad, shop,
    category, region, device, post,
    case kind when 0 then 'session_start' when 4 then 'select_content' when 5 then 'add_to_cart'
        else 'generate_lead' end as event_name, null as transaction_id
from touches where system = 0 and touched_at >= {since} and touched_at < {until}
union all
select touched_at + {login_after}, visitor, person, person, kind, channel, campaign, abroad,
    shop, category, region, device, -1, 'login', null
from touches where system = 0 and login
    and touched_at >= {since} - {login_after} and touched_at < {until} - {login_after}
union all
select ordered_at, visitor, case when customer >= 0 then customer end, person, 0, -1, -1,
    region >= 4, shop, 0, region, 0, -1, 'purchase', order_id(number)
from orders where shop < 3 and visitor >= 0 and ordered_at >= {since} and ordered_at < {until}
"""

_EXPORT = """
with events as ({events}),
named as (
    select e.*, r.region as region_name, r.country, d.device as device_name,
        c.campaign as campaign_name, a.category as category_name, {hosts} as host,
        case when e.abroad then s.source_abroad else s.source end as source,
        case when e.abroad then s.medium_abroad else s.medium end as medium
    from events e
    join regions r on r.idx = e.region
    join devices d on d.idx = e.device
    join categories a on a.idx = e.category
    left join channels s on s.idx = e.channel
    left join campaigns c on c.idx = e.campaign
)
select
    strftime(local(touched_at), '%Y%m%d') as event_date,
    touched_at as event_timestamp,
    event_name,
    list_filter([
        struct_pack(key := 'ga_session_id', value := struct_pack(
            string_value := cast(null as varchar),
            int_value := cast(touched_at // 1000000 as bigint))),
        struct_pack(key := 'page_location', value := struct_pack(
            string_value := 'https://' || host || '/' || category_name, int_value := null)),
        struct_pack(key := 'content_id', value := struct_pack(
            string_value := case when post >= 0 then post_id(post, touched_at) end,
            int_value := null)),
        struct_pack(key := 'transaction_id', value := struct_pack(
            string_value := transaction_id, int_value := null))
    ], lambda p: p.value.string_value is not null or p.value.int_value is not null)
        as event_params,
    client_id(visitor) as user_pseudo_id,
    customer_id(customer) as user_id,
    struct_pack(category := device_name, web_info := struct_pack(hostname := host)) as device,
    struct_pack(country := country, region := region_name) as geo,
    struct_pack(
        manual_source := source, manual_medium := medium, manual_campaign_name := campaign_name,
        gclid := case when source = 'google' and medium = 'cpc'
            then 'Cj0' || md5(cast(touched_at as varchar)) end
    ) as collected_traffic_source,
    '64' || shop as stream_id,
    'WEB' as platform
from named
"""


def write(stage: Stage, landing: Path, truth: Truth, parquet: bool, shard_days: int) -> None:
    """Write every shard; above `medium` as Parquet, as BigQuery's own extracts are."""
    feed = "ga4_events_parquet" if parquet else "ga4_events"
    for start in range(0, DAYS, CHUNK_DAYS):
        until = min(start + CHUNK_DAYS, DAYS)
        events = _EVENTS.format(
            since=instant_of(start), until=instant_of(until), login_after=45 * SECOND
        )
        export = _EXPORT.format(events=events, hosts=_HOSTS)
        stage.execute(f"create or replace temp table ga4 as {export}")
        for first in range(start, until, shard_days):
            last = min(first + shard_days, until)
            name = f"events_{dated(last - 1)}" + (".parquet" if parquet else ".json.gz")
            sql = f"""
                select * from ga4 where event_timestamp >= {instant_of(first)}
                    and event_timestamp < {instant_of(last)}
            """
            sql = _with_dirt(sql, truth, feed, name) if first == 0 else sql
            sql += " order by event_timestamp, user_pseudo_id nulls first, event_name"
            if parquet:
                stage.copy(sql, landing / feed / name, "format parquet, compression zstd")
            else:
                stage.copy_json(sql, landing / feed / name)


def _with_dirt(sql: str, truth: Truth, feed: str, name: str) -> str:
    """GA4 exports know events twice, events without a client and clocks that run ahead."""
    kinds = {"event_twice": "duplicate", "client_missing": "rejected", "clock_ahead": "rejected"}
    for kind, outcome in kinds.items():
        truth.dirty(feed, name, "touchpoints", kind, outcome, 2)
    return f"""
    with shard as ({sql}),
    numbered as (
        select *, row_number() over (order by event_timestamp, user_pseudo_id) as n
        from shard where event_name = 'session_start'
    ),
    dirty as (
        select event_date,
            case when n in (5, 6) then event_timestamp + 86400000000 * 400 else event_timestamp end
                as event_timestamp,
            event_name, event_params,
            case when n in (3, 4) then null else user_pseudo_id end as user_pseudo_id,
            user_id, device, geo, collected_traffic_source, stream_id, platform
        from numbered where n <= 6
    )
    select * from (select * from shard union all select * from dirty)
    """
