"""Social accounts: the posts of a month as JSON, and every post's figures of each day as CSV.

Engagement follows the account's owner and its own luck; nothing a customer does depends on it.
"""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np

from orchestration.demo.calendar import DAYS, date_of, day_of, month_ends
from orchestration.demo.company import ACCOUNTS, Account
from orchestration.demo.stage import dated, write_bytes, write_csv
from orchestration.demo.truth import Truth
from orchestration.demo.world import MONTHS, World

LIFE_DAYS = 14
_COMPLETED = {"video": 0.34, "live": 0.11, "reel": 0.41, "note": 0.52, "article": 0.44}
"""Share of plays or reads that come to the end, by kind of post."""
_TITLES = ("New arrivals", "How to wear it", "Behind the scenes", "Customer story", "Live tonight",
           "Care guide", "Member week", "Try-on")  # fmt: skip
_METRICS = ("post_id", "day", "account", "platform", "impressions", "reach", "views", "likes",
            "comments", "shares", "saves", "clicks", "watch_seconds", "completions")  # fmt: skip


def write(world: World, landing: Path, truth: Truth) -> None:
    """Write posts and figures of every month, from the month before the span on."""
    posts: list[dict[str, object]] = []
    rows: list[tuple[object, ...]] = []
    for account in ACCOUNTS:
        random = world.streams(f"social.{account.account}")
        skill = world.roster.skill(f"content_account={account.account}")
        shocks = random.normal(0, 0.12, MONTHS + 1)
        endings = world.streams(f"social.completions.{account.account}")
        for month in range(-1, MONTHS):
            for number in range(account.posts_a_month):
                first = _first_day(month)
                day = first + int(random.integers(0, 28))
                post = _post(account, month, number, day, int(random.integers(0, 840)))
                posts.append(post)
                liveliness = account.engagement * float(np.exp(shocks[month + 1]))
                rows += _with_completions(
                    endings, str(post["type"]), skill,
                    _figures(random, account, str(post["id"]), day, skill, liveliness),
                )  # fmt: skip
    _write_files(posts, rows, landing, truth)


def _first_day(month: int) -> int:
    index = 2024 * 12 + 7 + month
    return day_of(date(index // 12, index % 12 + 1, 1))


def _post(account: Account, month: int, number: int, day: int, minute: int) -> dict[str, object]:
    posted = f"{date_of(day)}T{8 + minute // 60:02d}:{minute % 60:02d}:00+08:00"
    return {
        "id": f"{account.account}_{date_of(day):%Y%m}_{number + 1:02d}",
        "account": account.account,
        "platform": account.platform,
        "type": account.kinds[number % len(account.kinds)],
        "published_at": posted,
        "caption": f"{_TITLES[number % len(_TITLES)]} {month + 2}",
    }


def _figures(
    random: np.random.Generator, account: Account, post: str, day: int, skill: np.ndarray,
    liveliness: float,
) -> list[tuple[object, ...]]:  # fmt: skip
    owner = float(skill[min(max(day, 0), DAYS - 1)])
    decay = 0.62 ** np.arange(LIFE_DAYS)
    total = account.impressions * float(np.exp(random.normal(0, 0.5)))
    shown = (total * decay / decay.sum() * random.uniform(0.8, 1.2, LIFE_DAYS)).astype(int) + 1
    rate = np.clip(liveliness * np.exp(0.14 * owner + random.normal(0, 0.15, LIFE_DAYS)), 0, 0.4)
    engaged = random.binomial(shown, rate)
    views = (shown * random.uniform(0.5, 0.7, LIFE_DAYS)).astype(int)
    clicks = random.binomial(shown, 0.011)
    rows: list[tuple[object, ...]] = []
    for age in range(LIFE_DAYS):
        if not 0 <= day + age < DAYS:
            continue
        count = int(engaged[age])
        comments, shares, saves = count // 9, count // 12, count // 6
        rows.append((
            post, date_of(day + age), account.account, account.platform, int(shown[age]),
            int(shown[age] * 0.8), int(views[age]), count - comments - shares - saves, comments,
            shares, saves, int(clicks[age]), int(views[age]) * 7,
        ))  # fmt: skip
    return rows


def _with_completions(
    random: np.random.Generator, kind: str, skill: np.ndarray, rows: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """Adds how many came to the end, and stayed longer for it; of a picture nobody can tell."""
    share = _COMPLETED.get(kind)
    if share is None:
        return [(*row, None) for row in rows]
    found = []
    for row in rows:
        owner = float(skill[day_of(date.fromisoformat(str(row[1])))])
        kept = min(0.95, share * float(np.exp(0.1 * owner + random.normal(0, 0.12))))
        views = int(str(row[6]))
        ended = int(random.binomial(views, kept))
        found.append((*row[:-1], views * 4 + ended * 10, ended))
    return found


def _write_files(
    posts: list[dict[str, object]], rows: list[tuple[object, ...]], landing: Path, truth: Truth
) -> None:
    posts.sort(key=lambda post: (str(post["published_at"]), str(post["id"])))
    rows.sort(key=lambda row: (str(row[1]), str(row[0])))
    posted: dict[str, list[dict[str, object]]] = defaultdict(list)
    measured: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for post in posts:  # those of the month before the span come with its first month
        posted[max(str(post["published_at"])[:7], "2024-08")].append(post)
    for row in rows:
        measured[str(row[1])[:7]].append(row)
    for place, end in enumerate(month_ends()):
        month, name = f"{date_of(end - 1):%Y-%m}", f"metrics_{dated(end)}.csv"
        if place == 0:
            measured[month].append(("weibo_x", date_of(end - 3), "weibo_official", "weibo", -9,
                                    0, 0, 0, 0, 0, 0, 0, 0, 0))  # fmt: skip
            truth.dirty("social_metrics", name, "content_metrics", "count_negative", "rejected")
        content = json.dumps({"posts": posted[month]}, ensure_ascii=False, indent=0)
        write_bytes(landing / "social_posts" / f"posts_{dated(end)}.json", content.encode())
        write_csv(landing / "social_metrics" / name, _METRICS, measured[month])
