"""The demo's files: the same bytes each time, made once, never over anybody else's."""

import hashlib
import json
import shutil
from collections import Counter
from datetime import UTC
from gzip import decompress
from pathlib import Path

import pytest
from demo_homes import TINY, files, read_truth

from orchestration.demo import AS_OF, DemoError, generate
from orchestration.landing.feeds import Feed, load_feeds
from orchestration.paths import Home
from orchestration.settings import load_settings


def digests(home: Home) -> dict[str, str]:
    return {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in files(home).items()}


@pytest.fixture
def copied(tiny: Home, tmp_path: Path) -> Home:
    shutil.copytree(tiny.root, tmp_path / "home")
    return Home(tmp_path / "home")


def test_two_generations_have_the_same_bytes(tiny: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    assert generate(other, TINY).is_new
    assert digests(other) == digests(tiny)


def test_another_seed_gives_other_orders(tiny: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    generate(other, TINY, seed=7)
    here, there = digests(tiny), digests(other)
    pages = [name for name in here if "shopify_orders/orders" in name]
    changed = [name for name in pages if here[name] != there.get(name)]
    assert len(changed) > 0.9 * len(pages)


def test_a_second_call_writes_nothing(copied: Home) -> None:
    before = {name: path.stat().st_mtime_ns for name, path in files(copied).items()}
    report = generate(copied, TINY)
    assert not report.is_new
    assert report.touches > 0
    assert {name: path.stat().st_mtime_ns for name, path in files(copied).items()} == before


def test_a_lost_file_is_made_again(copied: Home, tiny: Home) -> None:
    (copied.landing / "fx_rates" / "rates_20250101.csv").unlink()
    assert generate(copied, TINY).is_new
    assert digests(copied) == digests(tiny)


def test_another_scale_takes_the_place_of_demo_data(copied: Home) -> None:
    report = generate(copied, 1_000)
    assert report.is_new
    assert read_truth(copied)["totals"]["touches"] == report.touches < 1_500


def test_files_of_others_are_never_touched(copied: Home) -> None:
    mine = copied.landing / "shopify_orders" / "orders_20260801_mine.json.gz"
    mine.write_bytes(b"my own orders")
    with pytest.raises(DemoError, match="orders_20260801_mine"):
        generate(copied, 1_000)
    assert mine.read_bytes() == b"my own orders"


def test_a_home_with_other_feeds_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.landing / "shopify_orders").mkdir(parents=True)
    (home.landing / "shopify_orders" / "feed.yml").write_text("feed: shopify_orders\n")
    with pytest.raises(DemoError, match="did not make"):
        generate(home, TINY)
    assert not (home.root / "generated.json").exists()


def test_an_interrupted_generation_can_be_taken_up(copied: Home, tiny: Home) -> None:
    (copied.root / "generated.json").write_text(json.dumps({"interrupted": True}))
    assert generate(copied, TINY).is_new
    assert digests(copied) == digests(tiny)


@pytest.mark.parametrize("scale", ["large", 10, 200_000_000])
def test_a_scale_that_is_none_is_refused(tmp_path: Path, scale: str | int) -> None:
    with pytest.raises(DemoError):
        generate(Home(tmp_path), scale)


def test_a_channel_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="no such channel: tv"):
        generate(Home(tmp_path), TINY, disabled_channels=["tv"])


def test_settings_are_the_example_companys(tiny: Home) -> None:
    settings = load_settings(tiny)
    assert (settings.business_timezone, settings.base_currency) == ("Asia/Shanghai", "CNY")


def test_every_feed_is_right_and_has_files(tiny: Home) -> None:
    feeds = load_feeds(tiny.landing)
    assert [str(feed) for feed in feeds if not isinstance(feed, Feed)] == []
    assert all(feed.files() for feed in feeds if isinstance(feed, Feed))
    claimed = sum(len(feed.files()) + 1 for feed in feeds if isinstance(feed, Feed))
    assert claimed == sum(1 for path in tiny.landing.rglob("*") if path.is_file())


def test_every_file_is_exported_by_the_end(tiny: Home) -> None:
    end = AS_OF.astimezone(UTC).replace(tzinfo=None)
    for feed in load_feeds(tiny.landing):
        assert isinstance(feed, Feed)
        assert max(feed.exported_at(name) for name in feed.files()) <= end


def test_switching_a_channel_off_loses_its_orders_and_nothing_else(
    tiny: Home, tmp_path: Path
) -> None:
    off = Home(tmp_path / "off")
    generate(off, TINY, disabled_channels=["paid_search"])
    with_it, without = read_truth(tiny), read_truth(off)
    lost = with_it["channels"]["paid_search"]["conversions_lost"]
    landed = without["totals"]["touches"], without["totals"]["touches_by_channel"]
    assert landed == (with_it["totals"]["touches"], with_it["totals"]["touches_by_channel"])
    assert lost > 0
    assert len(_order_ids(tiny)) - len(_order_ids(off)) == lost
    assert without["channels"]["paid_search"]["effect"] == 0
    assert _visits(off) == _visits(tiny)


def _order_ids(home: Home) -> set[str]:
    found = set()
    for path in (home.landing / "shopify_orders").glob("*.json.gz"):
        orders = json.loads(decompress(path.read_bytes()))["orders"]
        found |= {order["name"] for order in orders}
    return found


def _visits(home: Home) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in (home.landing / "ga4_events").glob("*.json.gz"):
        for line in decompress(path.read_bytes()).decode().splitlines():
            event = json.loads(line)
            if event["event_name"] not in ("login", "purchase"):
                found[f"{event['user_pseudo_id']} {event['event_timestamp']}"] += 1
    return found
