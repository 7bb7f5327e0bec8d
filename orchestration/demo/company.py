"""The example company as fixed facts: shops, goods, channels and their effects, posts.

Only constants belong here; what is drawn at random belongs to the modules that use it.
"""

from dataclasses import dataclass

REGIONS = ("Shanghai", "Guangdong", "Beijing", "Sichuan", "California", "Bavaria")
COUNTRIES = ("China", "China", "China", "China", "United States", "Germany")
REGION_SHARES = (0.24, 0.22, 0.15, 0.11, 0.16, 0.12)
REGION_SHIFTS = (0, 0, 0, 0, 15, 6)
"""Hours by which a region's evening comes after Shanghai's."""
FIRST_REGION_ABROAD = 4

DEVICES = ("mobile", "desktop", "tablet")
WAREHOUSES = ("shanghai", "ningbo_bonded", "los_angeles")
QUEUES = ("presale_chat", "aftersale", "returns", "vip")
FX = {"USD": 7.18, "EUR": 7.82}
"""Units of CNY at which list prices abroad were set."""


@dataclass(frozen=True)
class Shop:
    """A shop and how often its buyers give goods back."""

    shop: str
    name: str
    name_zh: str
    kind: str
    region: str
    currency: str
    refund_share: float
    warehouse: int


SHOPS = (
    Shop("own_cn", "Steelyard China", "秤杆官方商城", "own_site", "CN", "CNY", 0.06, 0),
    Shop("own_global", "Steelyard Global", "秤杆国际站", "own_site", "US", "USD", 0.07, 2),
    Shop("own_eu", "Steelyard Europe", "秤杆欧洲站", "own_site", "EU", "EUR", 0.08, 1),
    Shop(
        "tmall_flagship", "Tmall flagship store", "天猫旗舰店", "marketplace", "CN", "CNY", 0.10, 0
    ),
    Shop("jd_store", "JD store", "京东自营店", "marketplace", "CN", "CNY", 0.05, 0),
    Shop("douyin_store", "Douyin store", "抖音小店", "marketplace", "CN", "CNY", 0.17, 0),
)
OWN_SHOPS = 3
SHOP_SHARES_CN = (0.36, 0.0, 0.0, 0.30, 0.18, 0.16)


@dataclass(frozen=True)
class Category:
    """A category: its share of needs, price range in CNY, cost and extra refunds."""

    category: str
    share: float
    price: float
    spread: float
    cost_share: float
    refund_factor: float
    brands: tuple[str, ...]
    nouns: tuple[str, ...]


CATEGORIES = (
    Category("fashion", 0.30, 260, 0.5, 0.46, 1.7, ("Linnae", "Mornfield", "Suyin"),
             ("Silk blouse", "Wool coat", "Linen trousers", "Knit dress", "Canvas jacket")),
    Category("beauty", 0.28, 180, 0.45, 0.36, 0.6, ("Aurelle", "Hanfang"),
             ("Serum", "Cleansing balm", "Day cream", "Lip tint", "Sun fluid")),
    Category("mother_baby", 0.18, 150, 0.5, 0.58, 0.5, ("Kindleaf", "Bobo"),
             ("Baby wrap", "Feeding set", "Stroller", "Sleep sack", "Play mat")),
    Category("electronics", 0.16, 620, 0.7, 0.70, 0.9, ("Voltera", "Lumio"),
             ("Earbuds", "Air purifier", "Smart scale", "Desk lamp", "Power bank")),
    Category("jewellery", 0.08, 880, 0.6, 0.42, 0.8, ("Orphee", "Yuhe"),
             ("Pearl necklace", "Gold ring", "Jade bangle", "Silver earrings", "Charm bracelet")),
)  # fmt: skip
PRODUCTS_PER_CATEGORY = 24


@dataclass(frozen=True)
class Channel:
    """A channel: how exports name it, its true effect on a need, and where in a journey it stands.

    `mixes` weighs it in journeys to own sites in China (early, mid, last), to own sites abroad
    (early, mid, last) and to marketplaces (early, last).
    """

    channel: str
    sources: tuple[tuple[str, str], ...]  # source and medium: in China, abroad
    effect: float
    mixes: tuple[int, int, int, int, int, int, int, int]
    campaigns: tuple[str, ...] = ()
    cost_per_click: float = 0.0  # CNY
    is_content: bool = False
    is_search: bool = False


CHANNELS = (
    Channel("direct", (("(direct)", "(none)"),) * 2, 0.0, (5, 9, 22, 6, 10, 22, 6, 24)),
    Channel("organic_search", (("baidu", "organic"), ("google", "organic")), 0.12,
            (10, 13, 17, 14, 15, 18, 3, 3), is_search=True),
    Channel("paid_search", (("baidu", "cpc"), ("google", "cpc")), 0.45,
            (6, 11, 24, 9, 14, 24, 0, 0), ("brand_terms", "category_terms", "rival_terms"), 13.0,
            is_search=True),
    Channel("paid_social", (("meta", "paid_social"), ("instagram", "paid_social")), 0.40,
            (2, 2, 1, 26, 15, 7, 0, 0), ("prospecting", "lookalike", "catalog"), 12.0),
    Channel("douyin_ads", (("douyin", "cpc"), ("douyin", "cpc")), 0.42,
            (16, 11, 4, 1, 1, 0, 22, 16), ("live_push", "feed_video", "search_douyin"), 9.5),
    Channel("xiaohongshu_content", (("xiaohongshu", "social"),) * 2, 0.38,
            (24, 14, 4, 1, 1, 0, 18, 6), is_content=True),
    Channel("wechat", (("wechat", "social"),) * 2, 0.28,
            (12, 12, 5, 1, 1, 0, 8, 4), is_content=True),
    Channel("email", (("crm", "email"), ("newsletter", "email")), 0.50,
            (2, 9, 10, 4, 13, 13, 0, 0), ("weekly_letter", "abandoned_basket", "member_day")),
    Channel("affiliates", (("dealnet", "affiliate"), ("savvypartners", "affiliate")), 0.05,
            (2, 3, 7, 4, 6, 9, 0, 0), ("coupon_sites", "cashback"), 9.0),
    Channel("display", (("retargeting", "display"),) * 2, 0.02, (8, 10, 3, 12, 12, 3, 0, 0),
            ("retarget_viewed", "retarget_basket"), 3.5),
    Channel("referral", (("smzdm.com", "referral"), ("wirecutter.com", "referral")), 0.15,
            (4, 3, 1, 6, 5, 2, 3, 1)),
    Channel("organic_social", (("zhihu", "social"), ("instagram", "social")), 0.20,
            (5, 3, 1, 16, 8, 2, 4, 1), is_content=True),
    Channel("tmall_ads", (("tmall", "cpc"),) * 2, 0.40, (0, 0, 0, 0, 0, 0, 16, 20),
            ("zhitongche", "wanxiangtai"), 7.5),
    Channel("jd_ads", (("jd", "cpc"),) * 2, 0.38, (0, 0, 0, 0, 0, 0, 8, 9), ("jd_express",), 7.0),
    Channel("tmall", (("tmall", "organic"),) * 2, 0.15, (0, 0, 0, 0, 0, 0, 7, 11)),
    Channel("jd", (("jd", "organic"),) * 2, 0.12, (0, 0, 0, 0, 0, 0, 5, 5)),
)  # fmt: skip
CHANNEL_IDS = tuple(channel.channel for channel in CHANNELS)
WARM_UP_EFFECT = 0.7
"""Extra readiness when a search follows content: content warms people up, search closes."""

CAMPAIGNS = tuple(
    (number, f"{channel.channel}_{name}")
    for number, channel in enumerate(CHANNELS)
    for name in channel.campaigns
)
"""Channel number and full name of every campaign; a campaign's number is its place here."""

TOUCH_KINDS = ("visit", "ad_click", "ad_impression", "email_click", "content_view",
               "add_to_cart", "lead")  # fmt: skip


@dataclass(frozen=True)
class Account:
    """A social account: platform, kinds of post, posts a month, usual impressions of a post."""

    account: str
    platform: str
    kinds: tuple[str, ...]
    posts_a_month: int
    impressions: int
    engagement: float


ACCOUNTS = (
    Account("douyin_official", "douyin", ("video", "live"), 14, 42_000, 0.058),
    Account("xiaohongshu_official", "xiaohongshu", ("note", "video"), 16, 18_000, 0.072),
    Account("wechat_official", "wechat", ("article",), 8, 12_000, 0.034),
    Account("weibo_official", "weibo", ("photo", "video"), 12, 26_000, 0.018),
    Account("instagram_official", "instagram", ("photo", "reel"), 12, 15_000, 0.041),
)

ACCOUNT_OF_CHANNEL = {"xiaohongshu_content": 1, "wechat": 2, "organic_social": 4}
"""Whose posts a content view of the channel is on."""


@dataclass(frozen=True)
class Post:
    """Posts of one role in a team; each holder owns one entry of `owns`."""

    team: str
    role: str
    grade: int
    owns: tuple[tuple[str, ...], ...]  # "dimension=value" of every holder


POSTS = (
    Post("management", "general_manager", 5, ((),)),
    *(Post(f"{department}_office", "department_head", 4, ((),)) for department in (
        "marketing", "content", "ecommerce", "category", "service", "supply_chain", "technology",
        "people_finance")),
    Post("performance_marketing", "channel_manager", 2, (
        ("channel=paid_search",), ("channel=paid_social",), ("channel=douyin_ads",),
        ("channel=display", "channel=affiliates"), ("channel=tmall_ads", "channel=jd_ads"))),
    Post("brand_marketing", "channel_manager", 2, (
        ("channel=organic_search", "channel=direct"), ("channel=email",),
        ("channel=xiaohongshu_content", "channel=wechat"),
        ("channel=organic_social", "channel=referral", "channel=tmall", "channel=jd"))),
    Post("content_studio", "content_creator", 1, (
        ("content_account=douyin_official",), ("content_account=xiaohongshu_official",),
        ("content_account=wechat_official",), ("content_account=weibo_official",),
        ("content_account=instagram_official",), ())),
    Post("own_shop", "shop_operator", 2, (
        ("shop=own_cn",), ("shop=own_global",), ("shop=own_eu",))),
    Post("marketplace_shops", "shop_operator", 2, (
        ("shop=tmall_flagship",), ("shop=jd_store",), ("shop=douyin_store",), ())),
    Post("soft_goods", "category_manager", 2, (
        ("category=fashion",), ("category=beauty",), ("category=mother_baby",), ())),
    Post("hard_goods", "category_manager", 2, (
        ("category=electronics",), ("category=jewellery",))),
    Post("service_presale", "service_agent", 1, (
        ("queue=presale_chat",), ("queue=vip",), ())),
    Post("service_aftersale", "service_agent", 1, (
        ("queue=aftersale",), ("queue=returns",), (), ())),
    Post("warehouse_domestic", "warehouse_planner", 1, (("warehouse=shanghai",), (), ())),
    Post("warehouse_crossborder", "warehouse_planner", 1, (
        ("warehouse=ningbo_bonded",), ("warehouse=los_angeles",), ())),
    Post("data_platform", "engineer", 3, ((),) * 6),
    Post("people_finance_team", "specialist", 2, ((),) * 5),
)  # fmt: skip
DEPARTMENT_OF_TEAM = {
    "performance_marketing": "marketing", "brand_marketing": "marketing",
    "content_studio": "content", "own_shop": "ecommerce", "marketplace_shops": "ecommerce",
    "soft_goods": "category", "hard_goods": "category", "service_presale": "service",
    "service_aftersale": "service", "warehouse_domestic": "supply_chain",
    "warehouse_crossborder": "supply_chain", "data_platform": "technology",
    "people_finance_team": "people_finance",
}  # fmt: skip
