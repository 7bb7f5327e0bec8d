"""Touches that web analytics does not see: marketplaces' visitor logs, mail clicks, the ad server.

Month by month, as their consoles offer them.
"""

from itertools import pairwise
from pathlib import Path

from orchestration.demo.calendar import instant_of, month_ends
from orchestration.demo.simulate import AD_SERVER, GA4, MAIL, MARKETPLACE_LOG
from orchestration.demo.stage import Stage, dated
from orchestration.demo.truth import Truth

MONTHS_AT_ONCE = 4

_NAMED = """
    create or replace temp table seen as
    select t.*, k.kind as kind_name, r.region as region_name, d.device as device_name,
        c.campaign as campaign_name, s.shop as shop_id,
        case when t.abroad then n.source_abroad else n.source end as source,
        case when t.abroad then n.medium_abroad else n.medium end as medium
    from touches t
    join kinds k on k.idx = t.kind
    join regions r on r.idx = t.region
    join devices d on d.idx = t.device
    join shops s on s.idx = t.shop
    join channels n on n.idx = t.channel
    left join campaigns c on c.idx = t.campaign
    where t.system <> {ga4} and t.touched_at >= {since} and t.touched_at < {until}
"""

_MONTH = "from seen where system = {system} and touched_at >= {since} and touched_at < {until}"

_MARKETPLACE = """
select
    person || '-' || touched_at || '-' || kind as "流水号",
    wall(touched_at) as "访问时间",
    'mk' || visitor as "访客ID",
    case when customer >= 0 then customer_id(customer) end as "买家ID",
    case shop when 3 then '天猫旗舰店' when 4 then '京东自营店' else '抖音小店' end as "店铺",
    source as "来源平台",
    medium as "来源方式",
    campaign_name as "推广计划",
    case kind_name when 'content_view' then '内容浏览' when 'add_to_cart' then '加购'
        else '访问' end as "行为",
    case when post >= 0 then post_id(post, touched_at) end as "内容ID",
    case device_name when 'mobile' then '手机' when 'desktop' then '电脑' else '平板' end as "终端",
    region_name as "地区"
{month}
order by touched_at, person, kind
"""

_MAIL = """
select
    'click-' || person || '-' || touched_at as click_id,
    zulu(touched_at) as clicked_at,
    customer_id(customer) as contact_id,
    source as list,
    campaign_name as campaign,
    shop_id as shop,
    device_name as device,
    region_name as region
{month}
order by touched_at, person
"""

_AD_SERVER = """
select
    'ev-' || person || '-' || touched_at as event_id,
    case kind_name when 'ad_click' then 'click' when 'ad_impression' then 'impression'
        else kind_name end as event_type,
    zulu(touched_at) as event_time,
    client_id(visitor) as client_id,
    source as network,
    campaign_name as line_item,
    shop_id as advertiser,
    device_name as device,
    region_name as region
{month}
order by touched_at, person
"""


def write(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write the three logs of every month."""
    bounds = [0, *month_ends()]
    for place, (start, end) in enumerate(pairwise(bounds)):
        since, until = instant_of(start), instant_of(end)
        if place % MONTHS_AT_ONCE == 0:
            last = bounds[min(place + MONTHS_AT_ONCE, len(bounds) - 1)]
            stage.execute(_NAMED.format(ga4=GA4, since=since, until=instant_of(last)))
        log, mail, ads = (
            query.format(month=_MONTH.format(system=system, since=since, until=until))
            for query, system in (
                (_MARKETPLACE, MARKETPLACE_LOG), (_MAIL, MAIL), (_AD_SERVER, AD_SERVER)
            )
        )  # fmt: skip
        name = f"visitors_{dated(end)}.csv.gz"
        if start == 0:
            log = f"({log}) union all {_DIRTY_VISITS}"
            truth.dirty("marketplace_visits", name, "touchpoints", "time_impossible", "rejected")
            truth.dirty("marketplace_visits", name, "touchpoints", "action_unknown", "rejected")
        stage.copy_csv(log, landing / "marketplace_visits" / name, encoding="gb18030")
        stage.copy_csv(mail, landing / "mail_clicks" / f"clicks_{dated(end)}.csv")
        stage.copy_csv(ads, landing / "ad_server_log" / f"log_{dated(end)}.csv.gz")


_DIRTY_VISITS = """
select 'bad-1', '2024-08-32 10:00:00', 'mk3', null, '天猫旗舰店', 'tmall', 'organic', null, '访问',
    null, '手机', 'Shanghai'
union all
select 'bad-2', '2024-08-11 10:00:00', 'mk3', null, '天猫旗舰店', 'tmall', 'organic', null,
    '摇一摇', null, '手机', 'Shanghai'
"""
