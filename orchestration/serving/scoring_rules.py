"""The scoring step as a build ran it, shipped with the build: its own SQL, and what that reads.

Belongs here: which models score (told by dbt's graph), taking their text and their inputs along,
and running that text again. Does not belong here: any rule, and what is shown of the result.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.landing.sql_text import literal
from orchestration.paths import PRIVATE_FILE, Home
from orchestration.serving.build import SCORING_FILE, Build
from orchestration.warehouse.project import target_path

START = "kpi_values"
"""The model whose values a what-if changes."""
RESULTS = ("kpi_scores", "scorecards")
"""The models that say what became of them."""
_DATABASE = "warehouse"  # as dbt names it in what it compiles
_RULES = "scoring_rules"


class NoScoringRulesError(RuntimeError):
    """The build has no scoring rules with it; the message says what to run."""


@dataclass(frozen=True)
class Chain:
    """The models from a KPI's value to a scorecard, in the order they run, and what they read."""

    models: tuple[Mapping[str, Any], ...]
    inputs: tuple[Mapping[str, Any], ...]


def scoring_chain(manifest: Mapping[str, Any]) -> Chain:
    """The scoring step of a dbt manifest: whatever lies between START and RESULTS."""
    nodes = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    parents = {
        unique_id: [each for each in node.get("depends_on", {}).get("nodes", []) if each in nodes]
        for unique_id, node in nodes.items()
    }

    @cache
    def depth(unique_id: str) -> int | None:
        """Steps from START; None where START is not among its ancestors."""
        if nodes[unique_id]["name"] == START:
            return 0
        depths = [found for each in parents[unique_id] if (found := depth(each)) is not None]
        return max(depths) + 1 if depths else None

    wanted = [each for each, node in nodes.items() if node["name"] in RESULTS]
    chain: set[str] = set()
    while wanted:
        unique_id = wanted.pop()
        if unique_id not in chain and depth(unique_id):
            chain.add(unique_id)
            wanted += parents[unique_id]
    read = {each for unique_id in chain for each in parents[unique_id]} - chain
    ordered = sorted(chain, key=lambda each: (depth(each) or 0, each))
    return Chain(
        tuple(nodes[each] for each in ordered), tuple(nodes[each] for each in sorted(read))
    )


def write_scoring_rules(
    home: Home, manifest: Mapping[str, Any], file: Path, storage_version: str
) -> None:
    """Write the text of the scoring step and copies of what it reads; nothing without the text."""
    chain = scoring_chain(manifest)
    texts = [_compiled(home, model) for model in chain.models]
    if not texts or None in texts:
        return
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(home.warehouse))} as {_DATABASE} (read_only)")
        connection.execute(
            f"attach {literal(str(file))} as shipped (storage_version '{storage_version}')"
        )
        for node in chain.inputs:
            connection.execute(f'create schema if not exists shipped."{node["schema"]}"')
            connection.execute(
                f"create table shipped.{_relation(node)} as from {_DATABASE}.{_relation(node)}"
            )
        connection.execute(
            f"create table shipped.{_RULES} "
            "(place int, schema_name varchar, model varchar, rule varchar)"
        )
        for place, (model, text) in enumerate(zip(chain.models, texts, strict=True)):
            connection.execute(
                f"insert into shipped.{_RULES} values (?, ?, ?, ?)",
                [place, model["schema"], model["name"], text],
            )
        connection.execute("detach shipped")
    file.chmod(PRIVATE_FILE)


def _compiled(home: Home, model: Mapping[str, Any]) -> str | None:
    """What dbt ran for the model in the build that the warehouse holds."""
    path = target_path(home) / "compiled" / str(model.get("package_name", "steelyard"))
    path = path / str(model.get("original_file_path", model["name"]))
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _relation(node: Mapping[str, Any]) -> str:
    return f'"{node["schema"]}"."{node["name"]}"'


@contextmanager
def scoring_bench(build: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that holds what the scoring step reads; changes to it are forgotten.

    Raises NoScoringRulesError where the build has no rules with it.
    """
    file = build.folder / SCORING_FILE
    if not file.exists():
        raise NoScoringRulesError(
            f"the build {build.build_id} has no scoring rules with it: run `steelyard run` first"
        )
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as {_DATABASE}")
        connection.execute(f"attach {literal(str(file))} as shipped (read_only)")
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'shipped' and table_name <> ? order by all",
            [_RULES],
        ).fetchall():
            connection.execute(f'create schema if not exists {_DATABASE}."{schema}"')
            connection.execute(
                f'create table {_DATABASE}."{schema}"."{name}" as from shipped."{schema}"."{name}"'
            )
        yield connection


def run_rules(connection: duckdb.DuckDBPyConnection) -> Sequence[str]:
    """Run the shipped text of each model on what the bench holds; returns the models' names."""
    rules = connection.execute(
        f"select schema_name, model, rule from shipped.{_RULES} order by place"
    ).fetchall()
    for schema, model, rule in rules:
        connection.execute(f'create schema if not exists {_DATABASE}."{schema}"')
        connection.execute(f'create or replace table {_DATABASE}."{schema}"."{model}" as {rule}')
    return [model for _, model, _ in rules]
