"""Contracts: what the door enforces, read from the dbt sources files that staging reads too.

Belongs here: the contracts as Python objects, their hash, and the typed files of no rows that make
an empty entity an empty table. Does not belong here: how rows are checked (`checks.py`).
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.faults import during
from orchestration.paths import DBT_PROJECT

SYSTEM_COLUMNS: tuple[tuple[str, str], ...] = (
    ("_feed", "VARCHAR"),
    ("_file", "VARCHAR"),
    ("_row", "BIGINT"),
    ("_item", "BIGINT"),
    ("_exported_at", "TIMESTAMP"),
    ("_loaded_at", "TIMESTAMP"),
)
"""Columns that admission adds to every accepted row, with their DuckDB types."""

# The C loader reads the contracts in a tenth of the time; wheels bring it, a source build may not.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "boolean": "BOOLEAN", "date": "DATE",
          "timestamp": "TIMESTAMP"}  # fmt: skip
_DECIMAL = re.compile(r"^decimal\((\d{1,2}),\s?(\d{1,2})\)$")
_COLUMN_META = {"key", "required", "values", "pattern", "min", "max", "not_after_export", "pii",
                "restricted"}  # fmt: skip


class ContractError(ValueError):
    """A sources file declares something that the door cannot enforce."""


@dataclass(frozen=True)
class Column:
    """One column of a contract and what is enforced on it.

    `minimum` and `maximum` are inclusive bounds as SQL number literals; `data_type` is written as
    in the sources file, `sql_type` as DuckDB names it.
    """

    name: str
    data_type: str
    key: bool = False
    required: bool = False
    values: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    not_after_export: bool = False
    hashed: bool = False
    restricted: bool = False

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the column in the lake."""
        return _TYPES.get(self.data_type) or self.data_type.upper().replace(" ", "")

    @property
    def masked(self) -> bool:
        """Whether a value may never be shown outside the lake."""
        return self.hashed or self.restricted


@dataclass(frozen=True)
class Contract:
    """One canonical entity: its columns in order, as the door enforces them."""

    entity: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def enforced_hash(self) -> str:
        """SHA-256 (hex) over what the door enforces; descriptions and versions do not count."""
        enforced = [
            [getattr(c, field) for field in Column.__dataclass_fields__] for c in self.columns
        ]
        return hashlib.sha256(json.dumps([self.entity, enforced]).encode()).hexdigest()


@cache
def load_contracts(staging: Path = DBT_PROJECT / "models" / "staging") -> dict[str, Contract]:
    """The contract of every entity by its name; tables marked `system` are none.

    Raises ContractError when a file declares a type or rule that the door does not know.
    """
    tables = [table for table in _tables(staging) if not _meta(table).get("system")]
    return {table["name"]: _contract(table) for table in tables}


@cache
def identifying_names() -> frozenset[str]:
    """Names of text columns that tell rows apart, in the entity whose key they are and elsewhere.

    Columns whose values the contract lists or describes are no free spellings and are left out.
    """
    columns = [column for each in load_contracts().values() for column in each.columns]
    ids = {c.name for c in columns if c.data_type == "string" and (c.key or c.name.endswith("_id"))}
    return frozenset(ids - {c.name for c in columns if c.masked or c.values or c.pattern})


@cache
def event_times(staging: Path = DBT_PROJECT / "models" / "staging") -> dict[str, Column]:
    """Of each entity whose rows happen at a time, the column that holds it."""
    contracts = load_contracts(staging)
    named = {table["name"]: _meta(table).get("event_time") for table in _tables(staging)}
    columns = {
        name: contracts[name].column(str(column))
        for name, column in named.items()
        if name in contracts and column
    }
    return {name: column for name, column in columns.items() if column is not None}


def system_tables(
    staging: Path = DBT_PROJECT / "models" / "staging",
) -> dict[str, list[tuple[str, str]]]:
    """The tables that admission writes itself: names and DuckDB types of their columns."""
    tables = [_contract(table) for table in _tables(staging) if _meta(table).get("system")]
    return {table.entity: [(c.name, c.sql_type) for c in table.columns] for table in tables}


@during("writing the lake's typed files of no rows")
def ensure_typed_lake(lake: Path) -> None:
    """Write `_empty.parquet`, typed and without rows, at the root of every entity's folder.

    A glob without files is an error to every reader; with these an empty entity is an empty table.
    """
    folders = {
        contract.entity: [(c.name, c.sql_type) for c in contract.columns] + list(SYSTEM_COLUMNS)
        for contract in load_contracts().values()
    }
    folders |= system_tables()
    scratch = lake / ".tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for entity, columns in folders.items():
            (lake / entity).mkdir(parents=True, exist_ok=True)
            written = scratch / f"{os.getpid()}-{entity}._empty.parquet"
            connection.execute(_copy_of_no_rows(columns, written))
            written.replace(lake / entity / "_empty.parquet")


def _copy_of_no_rows(columns: Iterable[tuple[str, str]], path: Path) -> str:
    typed = ", ".join(f'cast(null as {sql_type}) as "{name}"' for name, sql_type in columns)
    target = str(path).replace("'", "''")
    return f"copy (select {typed} where false) to '{target}' (format parquet)"


@cache
def _tables(staging: Path) -> list[dict[str, Any]]:
    files = sorted(staging.glob("*/_*__sources.yml"))
    contents = [yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader) for file in files]
    sources = [source for content in contents for source in content["sources"]]
    return [table for source in sources if source["name"] == "lake" for table in source["tables"]]


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or {}


def _contract(table: dict[str, Any]) -> Contract:
    return Contract(table["name"], tuple(_column(table["name"], c) for c in table["columns"]))


def _column(entity: str, node: dict[str, Any]) -> Column:
    meta, data_type = _meta(node), str(node["data_type"])
    place = f"{entity}.{node['name']}"
    if data_type not in _TYPES and not _DECIMAL.match(data_type):
        raise ContractError(f"{place}: the door knows no data_type {data_type!r}")
    if unknown := sorted(set(meta) - _COLUMN_META):
        raise ContractError(f"{place}: the door enforces no {', '.join(unknown)}")
    if meta.get("pii") not in (None, "hash") or ("pii" in meta and data_type != "string"):
        raise ContractError(f"{place}: pii is 'hash', and only on a string")
    if meta.get("not_after_export") and data_type not in ("timestamp", "date"):
        raise ContractError(f"{place}: not_after_export needs a timestamp or a date")
    return Column(
        name=node["name"],
        data_type=data_type,
        key=bool(meta.get("key")),
        required=bool(meta.get("required")),
        values=tuple(str(value) for value in meta.get("values", ())),
        pattern=meta.get("pattern"),
        minimum=_bound(place, data_type, meta.get("min")),
        maximum=_bound(place, data_type, meta.get("max")),
        not_after_export=bool(meta.get("not_after_export")),
        hashed=meta.get("pii") == "hash",
        restricted=bool(meta.get("restricted")),
    )


def _bound(place: str, data_type: str, value: float | str | None) -> str | None:
    if value is None:
        return None
    if data_type != "bigint" and not _DECIMAL.match(data_type):
        raise ContractError(f"{place}: min and max need a number")
    return format(Decimal(str(value)), "f")
