"""Steelyard on the peers' journeys: dbt's whole build, and the attribution SQL alone.

The whole build goes from touches and orders in the lake to the mart of a part. The SQL alone is
what dbt compiled for the models after a cut, run by one DuckDB process (`run_sql.py`) that loads
what stands before the cut from Parquet and writes the mart to Parquet. Cut after the journeys or
paths, it starts where the peers do; cut after the facts, it builds them, too.
"""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import SEEDS, Home
from orchestration.warehouse.project import target_path
from tests.benchmarks.attribution import build
from tests.benchmarks.measuring import Measured, measure_command

RUN_SQL = Path(__file__).with_name("run_sql.py")
FACTS = ("fct_touches", "fct_conversions", "fct_orders")
PATHS = (*FACTS, "int_conversion_paths", "int_path_windows", "int_journeys")
CUTS = {"paths": PATHS, "facts": FACTS}
MARTS = {
    "heuristics": "channel_attribution_daily",
    "shapley": "channel_attribution_daily",
    "markov_1": "markov_removal_effects",
    "markov_2": "markov_removal_effects",
    "markov_3": "markov_removal_effects",
}
HEURISTICS = {
    "first_touch", "last_touch", "last_non_direct", "linear", "position", "time_decay",
}  # fmt: skip


def write_rules(home: Home, part: str) -> int:
    """The home's own attribution_models.csv: the shipped models of one part; how many they are."""
    with (SEEDS / "attribution_models.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for row in rows if _is_of(row, part)]
    # Some model must be the default, and a population model cannot be: its paths are not built.
    default = [row for row in rows if row["family"] == "last_touch"] if "markov" in part else []
    for number, row in enumerate([*default, *chosen]):
        row.update(conversion_types="purchase", is_default=str(number == 0).lower())
    home.rules.mkdir(exist_ok=True)
    with (home.rules / "attribution_models.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*default, *chosen])
    return len(chosen)


def _is_of(row: dict[str, str], part: str) -> bool:
    if part == "heuristics":
        return row["family"] in HEURISTICS
    if part == "shapley":
        return row["family"] == "shapley"
    return row["family"] == "markov" and row["markov_order"] == part[-1]


def run_part(home: Home, part: str) -> list[Measured]:
    """From paths, facts and lake; none where no shipped model is of the part. Raises StepError."""
    if not write_rules(home, part):
        return []
    home.warehouse.unlink(missing_ok=True)
    mart = MARTS[part]
    whole = build(f"Steelyard, {part}: dbt, lake to mart", home, f"+{mart}")[0]
    alone = []
    for start, cut in CUTS.items():
        plan = home.root / f"plan_{part}_{start}.json"
        plan.write_text(json.dumps(_plan(home, mart, cut)), encoding="utf-8")
        step = f"Steelyard, {part}: SQL, {start} to mart"
        alone.append(measure_command(step, [sys.executable, str(RUN_SQL), str(plan)]))
    _write_shares(home, part)
    return [*alone, whole]


def shares_of(home: Path, part: str) -> Path:
    """Where a part's shares of conversions by channel lie once it was run."""
    return home / f"shares_{part}.parquet"


def _write_shares(home: Home, part: str) -> None:
    """All journeys lie in one quarter: its Markov chain is that of all of them."""
    mart = f"'{home.root / f'{MARTS[part]}.parquet'}'"
    select = (
        f"select channel, credit_share as share from {mart} where period_grain = 'quarter'"
        if "markov" in part
        else "select channel, sum(conversions) / sum(sum(conversions)) over () as share"
        f" from {mart} group by channel"
    )
    with duckdb.connect() as connection:
        connection.execute(f"copy ({select}) to '{shares_of(home.root, part)}' (format parquet)")


def _plan(home: Home, mart: str, cut: Sequence[str]) -> dict[str, Any]:
    """What to load, run and write: the compiled models between a cut and the mart."""
    target = target_path(home)
    nodes = _nodes(target)
    parents = {
        name: [each for each in node["depends_on"].get("nodes", []) if each in nodes]
        for name, node in nodes.items()
    }
    after = _ancestors(parents, _named(nodes, mart)) - {
        each
        for name in cut
        for found in [_named(nodes, name)]
        for each in _ancestors(parents, found)
    }
    steps = [name for name in nodes if name in after and nodes[name]["resource_type"] == "model"]
    inputs = {each for name in steps for each in parents[name]} | {
        name for name in after if nodes[name]["resource_type"] == "seed"
    }
    folder = home.root / "facts"
    folder.mkdir(exist_ok=True)
    return {
        "inputs": {
            relation: str(_export(home, relation, folder))
            for relation in sorted(_relation(nodes[each]) for each in inputs - set(steps))
        },
        "steps": [
            [_relation(nodes[name]), nodes[name]["config"]["materialized"], nodes[name]["code"]]
            for name in _in_order(steps, parents)
        ],
        "outputs": {_relation(nodes[_named(nodes, mart)]): str(home.root / f"{mart}.parquet")},
    }


def _nodes(target: Path) -> dict[str, Any]:
    """Models and seeds of the build just done, with the SQL that it compiled."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        each["unique_id"]: {**manifest[each["unique_id"]], "code": each["compiled_code"]}
        for each in results
        if manifest.get(each["unique_id"], {}).get("resource_type") in ("model", "seed")
    }


def _named(nodes: dict[str, Any], name: str) -> str:
    return next((each for each, node in nodes.items() if node["name"] == name), "")


def _ancestors(parents: dict[str, list[str]], name: str) -> set[str]:
    """A node and all before it."""
    found, waiting = set(), [name] if name else []
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += parents[each]
    return found


def _in_order(names: list[str], parents: dict[str, list[str]]) -> list[str]:
    """Names with each after its parents."""
    ordered: list[str] = []
    while len(ordered) < len(names):
        ordered += [
            name
            for name in names
            if name not in ordered
            and all(each in ordered for each in parents[name] if each in names)
        ]
    return ordered


def _relation(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def _export(home: Home, relation: str, folder: Path) -> Path:
    path = folder / f"{relation}.parquet"
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        connection.execute(f"copy {relation} to '{path}' (format parquet)")
    return path
