"""The rules that ship: GA4's default channel group and China's platforms, by cases.

GA4's definitions: Google Analytics Help, "Default channel group" (answer 9756891), the tables for
manual traffic, with the AI Assistant channel of May 2026. Each rule decides a case, so that none
is dead.
"""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.paths import SEEDS

# source, medium, campaign -> channel group, channel
NAMED = """
(direct)|(none)||direct|direct
(direct)|(not set)||direct|direct
direct|||direct|direct
google|cpc|x cross-network y|cross_network|cross_network
amazon|cpc||paid_shopping|paid_shopping
anything|ppc|summer shopping|paid_shopping|paid_shopping
anything|paid|shop now|paid_shopping|paid_shopping
google|cpc|workshop|paid_search|paid_search
google|cpc|bishop|paid_search|paid_search
google|cpc|eshop|paid_shopping|paid_shopping
google|cpc||paid_search|paid_search
bing|ppc||paid_search|paid_search
baidu|retargeting||paid_search|paid_search
google|paidsearch||paid_search|paid_search
facebook|cpm||paid_social|paid_social
tiktok|paid_social||paid_social|paid_social
youtube|cpv||paid_video|paid_video
youtube|cpc||paid_video|paid_video
vimeo|paid||paid_video|paid_video
criteo|display||display|display
google|banner||display|display
anything|expandable||display|display
anything|interstitial||display|display
anything|cpm||display|display
criteo|cpc||paid_other|paid_other
anything|retargeting||paid_other|paid_other
amazon|referral||organic_shopping|organic_shopping
newsletter|flyer|shop the look|organic_shopping|organic_shopping
facebook|referral||organic_social|organic_social
t.co|referral||organic_social|organic_social
l.instagram.com|referral||organic_social|organic_social
anything|social-network||organic_social|organic_social
anything|sm||organic_social|organic_social
youtube|referral||organic_video|organic_video
anything|in-video||organic_video|organic_video
google|organic||organic_search|organic_search
duckduckgo|referral||organic_search|organic_search
anything|organic||organic_search|organic_search
blog.example.com|referral||referral|referral
partner|app||referral|referral
partner|link||referral|referral
email|spring||email|email
crm|e-mail||email|email
crm|e_mail||email|email
crm|e mail||email|email
network|affiliate||affiliates|affiliates
podcast|audio||audio|audio
sms|text||sms|sms
crm|sms||sms|sms
crm|webpush||mobile_push|mobile_push
crm|in-mobile-app||mobile_push|mobile_push
crm|notification||mobile_push|mobile_push
firebase|message||mobile_push|mobile_push
chatgpt.com|ai-assistant|(ai-assistant)|ai_assistant|ai_assistant
somewhere|ai-assistant||ai_assistant|ai_assistant
chatgpt.com|||ai_assistant|ai_assistant
gemini.google.com|referral||ai_assistant|ai_assistant
chat.deepseek.com|referral||ai_assistant|ai_assistant
chatgpt|cpc||paid_other|paid_other
strange|odd||(other)|(other)
(not set)|(not set)||(other)|(other)
douyin|cpc||paid_social|douyin_ads
oceanengine|||paid_social|douyin_ads
巨量千川|信息流||paid_social|douyin_ads
v.douyin.com|referral||organic_social|douyin_content
抖音|直播||organic_social|douyin_content
xiaohongshu|cpm||paid_social|xiaohongshu_ads
聚光|||paid_social|xiaohongshu_ads
creator.xiaohongshu.com|referral||organic_social|xiaohongshu_content
小红书|笔记||organic_social|xiaohongshu_content
weixin|cpc||paid_social|wechat_ads
广点通|||paid_social|wechat_ads
mp.weixin.qq.com|referral||organic_social|wechat
channels.weixin.qq.com|referral||organic_social|wechat
公众号|图文||organic_social|wechat
微信|小程序||organic_social|wechat
weibo|cpe||paid_social|weibo_ads
weibo|cpc||paid_social|weibo_ads
weibo.com|referral||organic_social|weibo
kuaishou|paid||paid_social|kuaishou_ads
磁力金牛|||paid_social|kuaishou_ads
快手|短视频||organic_social|kuaishou_content
tmall|cpc||paid_shopping|tmall_ads
直通车|||paid_shopping|tmall_ads
alimama|cpm||paid_shopping|tmall_ads
detail.tmall.com|referral||organic_shopping|tmall
item.taobao.com|referral||organic_shopping|tmall
jd|cpc||paid_shopping|jd_ads
京准通|||paid_shopping|jd_ads
item.jd.com|referral||organic_shopping|jd
京东|||organic_shopping|jd
taobaoke|cps||affiliates|affiliates
baidu|brandzone||paid_search|paid_search
"""

# referrer, click id -> channel, of touches that name no source and medium.
UNNAMED = """
||direct
https://www.google.co.uk/search?q=x||organic_search
https://www.google.com/|gclid=2|paid_search
|dclid=1|display
https://www.tiktok.com/|ttclid=1|paid_social
|gdt_vid=1|wechat_ads
|Cj0KCQ|paid_other
https://gemini.google.com/app||ai_assistant
https://yiyan.baidu.com/||ai_assistant
https://chatgpt.com/||ai_assistant
https://www.douyin.com/||douyin_content
https://xhslink.com/a||xiaohongshu_content
https://mp.weixin.qq.com/s/1||wechat
https://s.weibo.com/a||weibo
https://v.kuaishou.com/a||kuaishou_content
https://m.tb.cn/h.1||tmall
https://u.jd.com/1||jd
https://mail.google.com/||email
https://www.amazon.de/||organic_shopping
https://zhihu.com/question/1||organic_social
https://m.youtube.com/||organic_video
https://blog.example.com/post||referral
"""

MATCH = """
with combinations as (
    select
        lower($source) as source, lower($medium) as medium, lower($campaign) as campaign,
        coalesce(
            regexp_extract(lower($referrer), '^(?:[a-z]+:)?(?://)?([^/?#:]*)', 1), ''
        ) as referrer,
        '' as landing_page,
        case
            when $click_id = '' then ''
            when regexp_extract(lower($click_id), '^([a-z_]+)[=:]', 1) = '' then 'present'
            else regexp_extract(lower($click_id), '^([a-z_]+)[=:]', 1)
        end as click_id
)
select rules.rule_order, rules.channel, rules.channel_group
from rules cross join combinations
where
    (source_pattern is null or regexp_full_match(source, source_pattern))
    and (medium_pattern is null or regexp_full_match(medium, medium_pattern))
    and (campaign_pattern is null or regexp_full_match(campaign, campaign_pattern))
    and (referrer_pattern is null or regexp_full_match(referrer, referrer_pattern))
    and (landing_page_pattern is null or regexp_full_match(landing_page, landing_page_pattern))
    and (click_id_pattern is null or regexp_full_match(click_id, click_id_pattern))
order by rules.rule_order limit 1
"""
Decided = tuple[int | None, str, str]


@pytest.fixture(scope="module")
def rules() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table rules as select * replace (cast(rule_order as bigint) as rule_order)"
            f" from read_csv('{SEEDS / 'channel_rules.csv'}', all_varchar = true, header = true)"
        )
        yield connection


def _decide(rules: duckdb.DuckDBPyConnection, **seen: str) -> Decided:
    values = dict.fromkeys(("source", "medium", "campaign", "referrer", "click_id"), "")
    found = rules.execute(MATCH, {**values, **seen}).fetchone()
    return found or (None, "(other)", "(other)")


def _named(rules: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Decided, str, str]]:
    for line in NAMED.strip().splitlines():
        source, medium, campaign, group, channel = line.split("|")
        decided = _decide(rules, source=source, medium=medium, campaign=campaign)
        yield line, decided, channel, group


def _unnamed(rules: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Decided, str]]:
    for line in UNNAMED.removeprefix("\n").splitlines():
        referrer, click_id, channel = line.split("|")
        yield line, _decide(rules, referrer=referrer, click_id=click_id), channel


def test_named_origins_get_their_channel_and_group(rules: duckdb.DuckDBPyConnection) -> None:
    wrong = [
        (line, decided)
        for line, decided, channel, group in _named(rules)
        if decided[1:] != (channel, group)
    ]
    assert wrong == []


def test_origins_without_names_go_by_referrer_and_click_id(
    rules: duckdb.DuckDBPyConnection,
) -> None:
    wrong = [(line, decided) for line, decided, channel in _unnamed(rules) if decided[1] != channel]
    assert wrong == []


def test_every_rule_decides_a_case(rules: duckdb.DuckDBPyConnection) -> None:
    decided = {decided[0] for _, decided, _, _ in _named(rules)}
    decided |= {decided[0] for _, decided, _ in _unnamed(rules)}
    ruled = {number for (number,) in rules.execute("select rule_order from rules").fetchall()}
    assert ruled - decided == set()


def test_every_channel_group_of_ga4_can_be_given(rules: duckdb.DuckDBPyConnection) -> None:
    groups = {group for (group,) in rules.execute("select channel_group from rules").fetchall()}
    assert groups == {
        "affiliates", "ai_assistant", "audio", "cross_network", "direct", "display", "email",
        "mobile_push", "organic_search", "organic_shopping", "organic_social", "organic_video",
        "paid_other", "paid_search", "paid_shopping", "paid_social", "paid_video", "referral",
        "sms",
    }  # fmt: skip


def test_groups_are_paid_as_their_names_say(rules: duckdb.DuckDBPyConnection) -> None:
    paid = rules.execute(
        "select channel_group, is_paid from rules where is_paid <> cast("
        "channel_group like 'paid_%' or channel_group in"
        " ('affiliates', 'audio', 'cross_network', 'display') as varchar)"
    ).fetchall()
    assert paid == []
