"""The door reads the contracts that staging declares."""

from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.landing.contracts import (
    SYSTEM_COLUMNS,
    ContractError,
    ensure_typed_lake,
    load_contracts,
    system_tables,
)


def write_source(folder: Path, columns: list[dict[str, object]], **meta: object) -> Path:
    table = {"name": "things", "config": {"meta": meta}, "columns": columns}
    # A folder of its own each time: contracts are read once a folder.
    staging = folder / f"staging_{len(list(folder.iterdir()))}"
    path = staging / "sales" / "_sales__sources.yml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump({"sources": [{"name": "lake", "tables": [table]}]}))
    return staging


def enforced_hash(folder: Path, column: dict[str, object]) -> str:
    contracts = load_contracts(write_source(folder, [{"name": "a", **column}]))
    return contracts["things"].enforced_hash()


def test_every_declared_entity_has_a_contract_and_system_tables_have_none() -> None:
    contracts = load_contracts()
    assert {"orders", "touchpoints", "employees", "fx_rates"} <= set(contracts)
    assert "rejected" not in contracts


def test_what_is_enforced_is_read_from_the_sources_file() -> None:
    orders, rates = load_contracts()["orders"], load_contracts()["fx_rates"]
    status, ordered_at = orders.column("status"), orders.column("ordered_at")
    assert status and status.required and status.values[0] == "open"
    assert ordered_at and ordered_at.not_after_export and ordered_at.sql_type == "TIMESTAMP"
    rate = rates.column("rate")
    assert rate and (rate.minimum, rate.sql_type) == ("0.000001", "DECIMAL(18,6)")
    email = load_contracts()["customers"].column("email")
    assert email and email.hashed and email.masked


def test_a_description_is_no_part_of_the_hash_but_a_rule_is(tmp_path: Path) -> None:
    plain = enforced_hash(tmp_path, {"data_type": "string", "description": "A thing."})
    assert enforced_hash(tmp_path, {"data_type": "string", "description": "Better."}) == plain
    rule = {"data_type": "string", "config": {"meta": {"required": True}}}
    assert enforced_hash(tmp_path, rule) != plain
    assert enforced_hash(tmp_path, {"data_type": "bigint"}) != plain


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ({"data_type": "text"}, "knows no data_type 'text'"),
        ({"data_type": "string", "config": {"meta": {"maximum": 3}}}, "enforces no maximum"),
        ({"data_type": "string", "config": {"meta": {"min": 3}}}, "min and max need a number"),
        ({"data_type": "date", "config": {"meta": {"pii": "hash"}}}, "only on a string"),
        ({"data_type": "string", "config": {"meta": {"not_after_export": True}}}, "a timestamp"),
    ],
)
def test_a_rule_that_the_door_cannot_enforce_is_an_error(
    tmp_path: Path, column: dict[str, object], problem: str
) -> None:
    staging = write_source(tmp_path, [{"name": "a", **column}])
    with pytest.raises(ContractError, match=problem):
        load_contracts(staging)


def test_an_empty_home_has_every_entity_typed_and_empty(tmp_path: Path) -> None:
    ensure_typed_lake(tmp_path / "lake")
    with duckdb.connect() as connection:
        for name, contract in load_contracts().items():
            path = tmp_path / "lake" / name / "**" / "*.parquet"
            found = connection.execute(f"describe from read_parquet('{path}')").fetchall()
            declared = [(column.name, column.sql_type) for column in contract.columns]
            assert [row[:2] for row in found] == declared + list(SYSTEM_COLUMNS)
            assert connection.execute(f"select * from read_parquet('{path}')").fetchall() == []
        for name, columns in system_tables().items():
            described = f"describe from read_parquet('{tmp_path}/lake/{name}/*.parquet')"
            assert [row[:2] for row in connection.execute(described).fetchall()] == columns
