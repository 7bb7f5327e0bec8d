"""How far each attribution model is from the demo's truth: `python -m tests.benchmarks.truth`.

The measure is written in docs/attribution.md; this prints its tables in Markdown. The truth of a
channel is what the generator lost with the channel's effect switched off, normalised.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.demo import AS_OF, generate
from orchestration.paths import DBT_PROJECT, Home
from orchestration.settings import Clocks, load_settings
from orchestration.warehouse.project import run_dbt
from tests.benchmarks.measuring import measure

SEEDS = (1, 2, 3, 4, 5)
TOUCHES = 200_000
LAST_CLICK = "last_touch"
UNATTRIBUTED = "(unattributed)"
PATH_LEVEL = """
select model_id, channel, sum(conversions) from attribution.channel_attribution_daily
where conversion_type = 'purchase' group by model_id, channel
"""
POPULATION = """
select model_id, channel, sum(conversions) from attribution.channel_attribution_period
where conversion_type = 'purchase' and period_grain = 'quarter'
    and model_id not in (select model_id from attribution.channel_attribution_daily)
group by model_id, channel
"""

Shares = dict[str, float]


@dataclass(frozen=True)
class Compared:
    """One company: the true shares, each model's, and what each model leaves unattributed."""

    truth: Shares
    models: dict[str, Shares]
    unattributed: Shares


def total_variation(one: Shares, other: Shares) -> float:
    """Half the sum of absolute differences of two distributions over channels."""
    channels = sorted(one.keys() | other.keys())
    return sum(abs(one.get(each, 0.0) - other.get(each, 0.0)) for each in channels) / 2


def compare(home: Home, seed: int, touches: int) -> Compared:
    """Generate, admit and build one company, and read what its models say."""
    generate(home, touches, seed=seed)
    known = AS_OF.isoformat()
    measure(
        f"seed {seed}: admit",
        ["-m", "orchestration.cli", "admit", "--home", str(home.root), "--known-until", known],
    )
    has_periods = any(DBT_PROJECT.rglob("channel_attribution_period.sql"))
    selected = ["+channel_attribution_daily"] + ["+channel_attribution_period"] * has_periods
    print(f"seed {seed}: build", file=sys.stderr, flush=True)
    run_dbt(
        home, load_settings(home), Clocks(AS_OF, AS_OF),
        "build", "--select", *selected, "--exclude-resource-type", "test", "unit_test",
    )  # fmt: skip
    return _read(home, has_periods)


def _read(home: Home, has_periods: bool) -> Compared:
    planted = json.loads((home.root / "truth.json").read_text(encoding="utf-8"))["channels"]
    lost = {name: float(max(0, each["conversions_lost"])) for name, each in planted.items()}
    conversions: dict[str, Shares] = defaultdict(dict)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.execute(PATH_LEVEL).fetchall()
        if has_periods:
            rows += connection.execute(POPULATION).fetchall()
    for model, channel, amount in rows:
        conversions[model][channel] = amount
    unattributed = {
        model: amounts.get(UNATTRIBUTED, 0.0) / sum(amounts.values())
        for model, amounts in conversions.items()
    }
    models = {model: _shares(amounts) for model, amounts in conversions.items()}
    return Compared(_shares(lost), models, unattributed)


def _shares(amounts: Shares) -> Shares:
    known = {channel: each for channel, each in amounts.items() if channel != UNATTRIBUTED}
    total = sum(known.values())
    return {channel: each / total for channel, each in known.items()}


def distances(companies: Sequence[Compared]) -> list[str]:
    """The table of models by mean distance, nearest first, as lines of Markdown."""
    found = []
    for model in companies[0].models:
        apart = [total_variation(each.truth, each.models[model]) for each in companies]
        left = [each.unattributed[model] for each in companies]
        found.append(
            (sum(apart) / len(apart), min(apart), max(apart), sum(left) / len(left), model)
        )
    head = [
        "| model | mean distance | least | most | unattributed |",
        "| --- | --- | --- | --- | --- |",
    ]
    return head + [
        f"| {model} | {mean:.3f} | {least:.3f} | {most:.3f} | {left:.1%} |"
        for mean, least, most, left, model in sorted(found)
    ]


def flattery(companies: Sequence[Compared]) -> list[str]:
    """The table of channels by what last click gives them beyond the truth, most first."""
    channels = sorted(
        {name for each in companies for name in each.truth.keys() | each.models[LAST_CLICK].keys()}
    )
    found = []
    for channel in channels:
        true = [each.truth.get(channel, 0.0) for each in companies]
        last = [each.models[LAST_CLICK].get(channel, 0.0) for each in companies]
        beyond = [one - other for one, other in zip(last, true, strict=True)]
        mean = [sum(values) / len(values) for values in (beyond, true, last)]
        found.append((-mean[0], channel, mean[1], mean[2], min(beyond), max(beyond)))
    head = [
        "| channel | true share | last click | last click beyond the truth, points | range |",
        "| --- | --- | --- | --- | --- |",
    ]
    return head + [
        f"| {channel} | {true:.1%} | {last:.1%} | {-less * 100:+.1f} "
        f"| {least * 100:+.1f} to {most * 100:+.1f} |"
        for less, channel, true, last, least, most in sorted(found)
    ]


def truth(folder: Path, seeds: Sequence[int] = SEEDS, touches: int = TOUCHES) -> list[str]:
    """Both tables over one fresh company a seed."""
    companies = [compare(Home(folder / f"truth_{seed}").prepare(), seed, touches) for seed in seeds]
    return [
        "", f"### Distance from the truth, {len(seeds)} companies of {touches:,} touches", "",
        *distances(companies), "", "### Where last click flatters", "", *flattery(companies),
    ]  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="*", type=int, default=list(SEEDS))
    parser.add_argument("--touches", type=int, default=TOUCHES)
    parser.add_argument("--folder", type=Path, help="where homes are made; default: temporary")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steelyard_truth_", dir=options.folder) as folder:
        print("\n".join(truth(Path(folder), options.seeds, options.touches)))


if __name__ == "__main__":
    main()
