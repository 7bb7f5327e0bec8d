"""Personal values: keyed hashes in the lake, masks everywhere else."""

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from landing_home import LATER, Landing

from orchestration.landing.admission import admit
from orchestration.landing.hashing import HashKey, load_hash_key

SECRETS = ["ada@example.com", "+86 138 0000 0000", "Ada Lovelace", "123456.78", "not good enough"]
CUSTOMERS = {"customer_id": "id", "email": "mail", "phone": "phone", "created_at": "made"}


def python_hmac(key: HashKey, value: str) -> str:
    return hmac.new(key.key, value.encode(), hashlib.sha256).hexdigest()


def everything_written(landing: Landing) -> str:
    """All that a run wrote into the lake: Parquet rows as text, manifests and reasons as they are.

    The bytes of Parquet files are compressed, so that the values must be read to be searched.
    """
    texts = [path.read_text() for path in landing.home.root.rglob("*.json")]
    texts += [path.read_text() for path in landing.home.root.rglob("*.reason")]
    for entity in landing.home.lake.iterdir():
        if any(entity.glob("*.parquet")):
            texts.append(repr(landing.rows(entity.name)))
    return "\n".join(texts)


@pytest.mark.parametrize("value", ["ada@example.com", "  ADA@Example.com\t", "Ünïcode 婴儿"])
def test_a_hashed_column_is_hmac_sha256_of_the_trimmed_lower_case(
    landing: Landing, value: str
) -> None:
    folder = landing.feed("crm", {"customers": {"select": CUSTOMERS}})
    (folder / "a.csv").write_text(f'id,mail,phone,made\n1,"{value}",,\n')
    assert landing.admit().ok
    expected = python_hmac(load_hash_key(landing.home), value.strip().lower())
    assert landing.rows("customers", "email, phone") == [(expected, None)]


def test_the_key_is_made_once_and_closed_to_others(landing: Landing) -> None:
    key = load_hash_key(landing.home)
    assert load_hash_key(landing.home) == key
    assert (landing.home.secrets / "hmac.key").stat().st_mode & 0o777 == 0o600
    assert len(key.key) == 32


def test_another_key_admits_again(landing: Landing) -> None:
    folder = landing.feed("crm", {"customers": {"select": CUSTOMERS}})
    (folder / "a.csv").write_text("id,mail,phone,made\n1,a@b.c,,\n")
    landing.admit()
    first = landing.rows("customers", "email")
    (landing.home.secrets / "hmac.key").write_text("ab" * 32)
    assert [file.replaced for file in landing.admit().files] == [True]
    assert landing.rows("customers", "email") != first


def test_no_key_is_made_where_nothing_is_hashed(landing: Landing) -> None:
    folder = landing.feed("p", {"products": {"select": {"product_id": "id"}}})
    (folder / "a.csv").write_text("id\n1\n")
    landing.admit()
    assert not (landing.home.secrets / "hmac.key").exists()


def assert_masked(landing: Landing, rejected: int) -> None:
    lines: list[str] = []
    report = admit(landing.home, LATER, lines.append)
    assert lines
    assert sum(file.rejected + file.unreadable for file in report.files) == rejected
    told = everything_written(landing) + repr(report) + "\n".join(lines)
    assert [secret for secret in SECRETS if secret.lower() in told.lower()] == []


def test_planted_values_are_nowhere_in_lake_rejects_manifest_and_report(landing: Landing) -> None:
    mail, phone, _, _, _ = SECRETS
    folder = landing.feed("crm", {"customers": {"select": CUSTOMERS}})
    rows = [f"1,{mail},{phone},2024-01-01", f",{mail},{phone},2024-01-01", f"3,{mail},{phone},no"]
    unreadable = f"4,{mail},{phone},2024-01-01,one too many"
    (folder / "a.csv").write_text("\n".join(["id,mail,phone,made", *rows, unreadable]))
    assert_masked(landing, rejected=3)
    raw = [json.loads(row[0]) for row in landing.rows("rejected", "raw", "_row nulls last")]
    assert raw == [
        {"id": None, "mail": "***", "phone": "***", "made": "2024-01-01"},
        {"id": "3", "mail": "***", "phone": "***", "made": "no"},
        "***",
    ]
    assert landing.reasons()[:2] == ["customer_id: missing", "created_at: 'no' is not a timestamp"]


def test_restricted_values_are_masked_in_reasons(landing: Landing) -> None:
    select = {
        "employee_id": "id",
        "valid_from": "since",
        "fixed_amount": "fixed",
        "variable_amount": "variable",
        "currency": "currency",
    }
    folder = landing.feed("hr", {"salaries": {"select": select}})
    (folder / "a.csv").write_text(
        "id,since,fixed,variable,currency\n"
        "1,2024-01-01,-123456.78,123456.78,CNY\n2,2024-01-01,123456.78x,123456.78,CNY\n"
    )
    assert_masked(landing, rejected=2)
    assert landing.reasons() == [
        "fixed_amount: *** is below 0",
        "fixed_amount: '***' is not a number",
    ]


def test_a_column_that_repeats_a_masked_one_is_masked_too(landing: Landing) -> None:
    select = CUSTOMERS | {"created_at": "mail"}
    folder = landing.feed("crm", {"customers": {"select": select}})
    (folder / "a.csv").write_text(f"id,mail,phone,made\n1,{SECRETS[0]},,\n")
    assert_masked(landing, rejected=1)
    assert landing.reasons() == ["created_at: '***' is not a timestamp"]


@pytest.mark.parametrize("nested", [True, False])
def test_json_rows_are_masked_by_key_or_as_a_whole(landing: Landing, nested: bool) -> None:
    mail = "json->>'$.buyer.mail'" if nested else "json->>'$..mail'"
    if not nested:
        mail = "(json->'$..mail')[1]->>'$'"
    select = {"customer_id": "json->>'$.id'", "email": mail, "created_at": "json->>'$.made'"}
    read = {"format": "json_lines"}
    folder = landing.feed("crm", {"customers": {"select": select}}, read=read, files="*.jsonl")
    row: dict[str, Any] = {"id": 1, "made": "no", "buyer": {"mail": SECRETS[0]}}
    (folder / "a.jsonl").write_text(json.dumps(row) + f'\n{{"broken": "{SECRETS[0]}"\n')
    assert_masked(landing, rejected=2)
    raw = json.loads(landing.rows("rejected", "raw", "_row")[0][0])
    assert raw == ({"id": 1, "made": "no", "buyer": "***"} if nested else "***")


def test_one_entity_masks_the_raw_rows_of_the_others(landing: Landing) -> None:
    lines = {"order_id": "id", "line_id": "id", "quantity": "n", "line_amount": "'1'"}
    entities = {"customers": {"select": CUSTOMERS}, "order_lines": {"select": lines}}
    folder = landing.feed("shop", entities)
    (folder / "a.csv").write_text(f"id,mail,phone,made,n\n1,{SECRETS[0]},,,-5\n")
    assert_masked(landing, rejected=1)
    assert landing.reasons() == ["quantity: -5 is below 0"]


def test_a_query_that_gives_masked_columns_masks_the_whole_raw_row(landing: Landing) -> None:
    query = "select _row, id as employee_id, day as written_at, id as entry_id, t as entry from raw"
    folder = landing.feed("diary", {"diary_entries": {"query": query}})
    (folder / "a.csv").write_text(f"id,day,t\n1,someday,{SECRETS[4]}\n")
    assert_masked(landing, rejected=1)
    assert landing.rows("rejected", "raw") == [('"***"',)]


def test_an_expression_that_fails_does_not_tell_on_what(landing: Landing) -> None:
    select = CUSTOMERS | {"segment": "cast(mail as integer)"}
    folder = landing.feed("crm", {"customers": {"select": select}})
    (folder / "a.csv").write_text(f"id,mail,phone,made\n1,{SECRETS[0]},,\n")
    report = landing.admit()
    assert not report.ok
    assert SECRETS[0] not in repr(report)


def test_the_key_never_shows(landing: Landing, tmp_path: Path) -> None:
    folder = landing.feed("crm", {"customers": {"select": CUSTOMERS}})
    (folder / "a.csv").write_text("id,mail,phone,made\n1,a@b.c,,x\n")
    report = landing.admit(datetime(2030, 1, 1))
    key = load_hash_key(landing.home).key.hex()
    assert key not in everything_written(landing) + repr(report)
