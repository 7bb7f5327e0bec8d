"""Generate the example company's raw exports into a home's landing zone.

Belongs here: the order of the steps, block sizes, the marker that makes a second call do nothing.
Does not belong here: causes (`behaviour.py` and its neighbours) and shapes (`exports/`).
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.demo.behaviour import TOUCHES_A_PERSON, channel_numbers
from orchestration.demo.exports import (
    ads,
    desk,
    erp,
    ga4,
    growth,
    hr,
    learning,
    master,
    okr,
    reference,
    reviews,
    shopify,
    social,
    traffic,
    voice,
)  # fmt: skip
from orchestration.demo.facts import planted_facts
from orchestration.demo.media import spends
from orchestration.demo.simulate import simulate
from orchestration.demo.stage import Stage
from orchestration.demo.truth import Truth
from orchestration.demo.world import World
from orchestration.paths import PRIVATE_FOLDER, READY_FEEDS, Home, make_folder

SCALES = {"small": 20_000, "medium": 1_200_000}
DEFAULT_SEED = 20_240_801
PEOPLE_A_BLOCK = 150_000
MARKER = "generated.json"
TRUTH = "truth.json"
SETTINGS = {
    "business_timezone": "Asia/Shanghai", "base_currency": "CNY", "fiscal_year_start": 1,
    "grace_days": 10,
}  # fmt: skip
"""What the demo's steelyard.yml says."""

Report = Callable[[str], None]


class DemoError(ValueError):
    """The demo cannot be generated here; the message says why and what to do."""


@dataclass(frozen=True)
class DemoReport:
    """What lies in the landing zone; `is_new` is False where it had been generated before."""

    touches_wanted: int
    seed: int
    is_new: bool
    touches: int
    orders: int
    files: int
    bytes: int


def generate(
    home: Home, scale: str | int = "medium", seed: int = DEFAULT_SEED,
    disabled_channels: Collection[str] = (), report: Report = lambda line: None,
) -> DemoReport:  # fmt: skip
    """Write the raw exports, feeds, settings and truth.json of the example company into `home`.

    `scale` is small, medium, or a number of touches up to 100 million. The same arguments give the
    same bytes; where they were generated before, nothing is written. `disabled_channels` switches
    the effect of channels off (their touches stay). Raises DemoError for a scale or channel that
    is none, and where the landing zone holds feeds that are not the demo's.
    """
    wanted = _touches(scale)
    disabled = frozenset(disabled_channels)
    try:
        channel_numbers(disabled)
    except ValueError as error:
        raise DemoError(str(error)) from error
    stamp = _stamp(wanted, seed, disabled)
    known = _known(home, stamp)
    if known is not None:
        report(f"demo data: {known.files} files are there already, nothing to generate")
        return known
    _clear(home, report)
    make_folder(home.root, PRIVATE_FOLDER)
    make_folder(home.landing, PRIVATE_FOLDER)
    (home.root / MARKER).write_text(json.dumps({"interrupted": True}), encoding="utf-8")
    scratch = home.root / ".demo_stage"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        truth = _generate(World(seed, disabled), wanted, scratch, home, report)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return _finish(home, stamp, truth, report)


def _touches(scale: str | int) -> int:
    if isinstance(scale, str) and not scale.isdigit():
        if scale not in SCALES:
            raise DemoError(f"no scale {scale!r}: write small, medium or a number of touches")
        return SCALES[scale]
    wanted = int(scale)
    if not 500 <= wanted <= 100_000_000:
        raise DemoError(f"{wanted} touches: the demo makes from 500 to 100 million")
    return wanted


def _generate(world: World, wanted: int, scratch: Path, home: Home, report: Report) -> Truth:
    stage, truth = Stage(scratch, world), Truth()
    people = max(50, round(wanted / TOUCHES_A_PERSON))
    blocks = -(-people // PEOPLE_A_BLOCK)
    for block in range(blocks):
        first = block * PEOPLE_A_BLOCK
        count = min(PEOPLE_A_BLOCK, people - first)
        report(f"demo data: people {first + 1:,} to {first + count:,} of {people:,}")
        simulated = simulate(world, block, count, first)
        stage.add(block, simulated.tables)
        truth.add_block(simulated.lost, simulated.counts)
    stage.ready()
    _export(stage, truth, wanted, home.landing, report)
    stage.finish()
    return truth


def _export(stage: Stage, truth: Truth, wanted: int, landing: Path, report: Report) -> None:
    world = stage.world
    is_large = wanted > SCALES["medium"]
    report("demo data: web analytics (GA4)")
    ga4.write(stage, landing, truth, parquet=is_large, shard_days=1 if is_large else 7)
    report("demo data: orders (Shopify)")
    shopify.prepare(stage)
    shopify.write(stage, landing, truth)
    report("demo data: advertising, employees, reference figures")
    spend = ads.write(spends(stage), landing, truth)
    hr.write(world.roster, world.streams, landing, truth)
    reference.write_rates(world.streams, landing, truth)
    size = wanted / SCALES["medium"]
    reference.write_benchmarks(world.streams, landing, size)
    report("demo data: marketplaces, mail, warehouse, service desk, social accounts, growth")
    traffic.write(stage, landing, truth)
    master.write(stage, landing, truth)
    erp.write(stage, landing, truth)
    desk.write(stage, landing, truth)
    social.write(world, landing, truth)
    growth.write(world, landing, truth)
    learning.write(world, landing, truth)
    voice.write_recommendations(stage, landing, truth)
    voice.write_mentions(world, landing, truth)
    voice.write_promotion_costs(world, landing, truth, size)
    reviews.write(world, landing, truth)
    okr.write(world, landing, truth)
    truth.facts = planted_facts(stage, truth, spend)


def _finish(home: Home, stamp: dict[str, object], truth: Truth, report: Report) -> DemoReport:
    _copy_feeds(home.landing)
    lines = [f"{key}: {value}" for key, value in SETTINGS.items()]
    home.settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    truth.write(home.root / TRUTH)
    files = [p for p in sorted(home.landing.rglob("*")) if p.is_file() and p.name != MARKER]
    totals = truth.facts["totals"]
    made = DemoReport(
        touches_wanted=int(str(stamp["touches_wanted"])), seed=int(str(stamp["seed"])),
        is_new=True, touches=totals["touches"], orders=totals["orders_landed"],
        files=len(files), bytes=sum(p.stat().st_size for p in files),
    )  # fmt: skip
    names = {p.relative_to(home.landing).as_posix(): p.stat().st_size for p in files}
    content = {**stamp, "report": asdict(made), "files": names}
    (home.root / MARKER).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    report(f"demo data: {made.touches:,} touches, {made.orders:,} orders in {made.files} files")
    return made


def _copy_feeds(landing: Path) -> None:
    """Put the ready feed beside the files of each feed."""
    for folder in sorted(path for path in landing.iterdir() if path.is_dir()):
        ready = READY_FEEDS / folder.name / "feed.yml"
        if ready.is_file():
            shutil.copyfile(ready, folder / "feed.yml")


def _stamp(wanted: int, seed: int, disabled: frozenset[str]) -> dict[str, object]:
    """What decides the bytes: the arguments, the generator, its feeds and the rules it reads."""
    code = hashlib.sha256()
    sources = [*Path(__file__).parent.rglob("*.py"), *READY_FEEDS.glob("*/feed.yml")]
    for path in sorted([*sources, reviews.TARGETS, *okr.RULES]):
        code.update(path.name.encode() + path.read_bytes())
    return {
        "touches_wanted": wanted, "seed": seed, "disabled_channels": sorted(disabled),
        "generator": code.hexdigest(),
    }  # fmt: skip


def _marker(home: Home) -> dict[str, object]:
    path = home.root / MARKER
    if not path.is_file():
        return {}
    content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _known(home: Home, stamp: dict[str, object]) -> DemoReport | None:
    """The earlier report, if the same was generated and every file still has its size."""
    content = _marker(home)
    if any(content.get(key) != value for key, value in stamp.items()):
        return None
    files, earlier = content["files"], content["report"]
    assert isinstance(files, dict) and isinstance(earlier, dict)
    for name, size in files.items():
        path = home.landing / name
        if not path.is_file() or path.stat().st_size != size:
            return None
    return DemoReport(**{**earlier, "is_new": False})


def _clear(home: Home, report: Report) -> None:
    """Take earlier demo data away; refuse where anything else lies in the landing zone."""
    if not home.landing.is_dir():
        return
    marker, feeds = _marker(home), demo_feeds()
    marked = marker.get("files")
    ours = set(marked) if isinstance(marked, dict) else set()
    found = {
        path.relative_to(home.landing).as_posix()
        for path in home.landing.rglob("*")
        if path.is_file() and path.relative_to(home.landing).parts[0] != "_quarantine"
    }
    if marker.get("interrupted"):  # a run that did not end wrote to these folders and no others
        ours = {name for name in found if name.split("/")[0] in feeds}
    if found - ours:
        raise DemoError(
            f"{home.landing} holds files that the demo did not make ({min(found - ours)}); "
            "generate into another home (--home) or empty the landing zone first"
        )
    if found:
        report(f"demo data: taking away {len(found)} files of an earlier demo")
    for name in {name.split("/")[0] for name in found}:
        shutil.rmtree(home.landing / name)


def demo_feeds() -> tuple[str, ...]:
    """Names of the ready feeds, which are those that the demo writes to."""
    return tuple(sorted(path.parent.name for path in READY_FEEDS.glob("*/feed.yml")))
