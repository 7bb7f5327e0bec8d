"""Names and free text of a frozen quarter, encrypted with a key an employee.

Belongs here: which texts go along, the keys in secrets/employees/, sealing and opening. AES-SIV
(RFC 5297) is deterministic: the same quarter with the same keys is the same file, so that freezing
again can tell that nothing changed. Erasing a person destroys their key: what is sealed stays where
it is, the chain stays whole, and nobody reads it any more.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from orchestration.paths import PRIVATE_FOLDER, Home, make_folder
from orchestration.reviews.durable import replace_durably, sync_folder, write_durably
from orchestration.reviews.quarters import Quarter

SEALED_FILE = "people.sealed.json"
_KEY_BITS = 512
_PURPOSE = b"steelyard people file 1"


class CannotOpenError(RuntimeError):
    """What is sealed of a person cannot be read; the message says why."""


@dataclass(frozen=True)
class _Text:
    """Where a kind of free text stands: a table of people, its columns, and whose day counts."""

    schema: str
    table: str
    columns: tuple[str, ...]
    day: str


_TEXTS = (
    _Text("core", "fct_diary_entries", ("entry_id", "kpi_id", "entry"), "written_on"),
    _Text("core", "fct_review_ratings", ("rating_id", "rater_kind", "remark"), "quarter_start"),
    _Text("core", "fct_review_objections", ("objection_id", "kpi_id", "reason"), "quarter_start"),
)


def seal_people(
    home: Home,
    people: duckdb.DuckDBPyConnection,
    quarter: Quarter,
    label: str,
    employee_key: Callable[[str], str],
) -> bytes:
    """The sealed file's content: by employee key, names and texts of the quarter, encrypted.

    `people` has the build attached as `people`. An erased employee is left out: their key is gone
    for good and is not made anew.
    """
    sealed = {}
    for employee_id, known in sorted(_known(people, quarter).items()):
        key = employee_key(employee_id)
        if _is_erased(home, key):
            continue
        text = json.dumps(known, sort_keys=True, ensure_ascii=False, default=str)
        box = AESSIV(_key(home, key)).encrypt(text.encode(), _bound_to(label, key))
        sealed[key] = base64.b64encode(box).decode()
    content = {"algorithm": "AES-SIV (RFC 5297), one key an employee", "employees": sealed}
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def open_sealed(home: Home, folder: Path, label: str, key: str) -> dict[str, Any]:
    """Names and texts of one employee from the sealed file of a review's folder.

    Raises CannotOpenError where the person is not in it, was erased, or another key sealed it.
    """
    employees = json.loads((folder / SEALED_FILE).read_bytes())["employees"]
    if key not in employees:
        raise CannotOpenError(f"nothing of this employee is sealed in {label}")
    path = _key_path(home, key)
    if not path.exists():
        raise CannotOpenError(f"the key of this employee is gone: they were erased ({label})")
    try:
        box = base64.b64decode(employees[key])
        text = AESSIV(path.read_bytes()).decrypt(box, _bound_to(label, key))
    except InvalidTag:
        raise CannotOpenError(f"{path} is not the key that sealed {label}") from None
    content: dict[str, Any] = json.loads(text)
    return content


def destroy_key(home: Home, key: str) -> bool:
    """Destroy an employee's key and note that it is gone for good; whether there was one."""
    path = _key_path(home, key)
    existed = path.exists()
    make_folder(path.parent, PRIVATE_FOLDER)
    write_durably(_erased_path(home, key), b"")
    if existed:
        write_durably(path, b"\0" * path.stat().st_size)
        path.unlink()
    sync_folder(path.parent)
    return existed


def _key(home: Home, key: str) -> bytes:
    """The employee's key; made when there is none."""
    path = _key_path(home, key)
    if not path.exists():
        make_folder(path.parent, PRIVATE_FOLDER)
        replace_durably(path, AESSIV.generate_key(_KEY_BITS))
    return path.read_bytes()


def _key_path(home: Home, key: str) -> Path:
    return home.secrets / "employees" / f"{key}.key"


def _erased_path(home: Home, key: str) -> Path:
    return home.secrets / "employees" / f"{key}.erased"


def _is_erased(home: Home, key: str) -> bool:
    return _erased_path(home, key).exists()


def _bound_to(label: str, key: str) -> list[bytes]:
    """Associated data: a box that is moved to another quarter or person does not open."""
    return [_PURPOSE, label.encode(), key.encode()]


def _known(people: duckdb.DuckDBPyConnection, quarter: Quarter) -> Mapping[str, dict[str, Any]]:
    """Names and texts by employee id."""
    known: dict[str, dict[str, Any]] = {}
    names = _rows(people, "core", "dim_employees", ("employee_name", "employee_name_zh"), "true")
    for employee_id, row in names:
        known.setdefault(employee_id, {"employee_id": employee_id, **row})
    for text in _TEXTS:
        for employee_id, row in _rows(
            people, text.schema, text.table, text.columns, _within(text, quarter)
        ):
            person = known.setdefault(employee_id, {"employee_id": employee_id})
            person.setdefault(text.table, []).append(row)
    return known


def _within(text: _Text, quarter: Quarter) -> str:
    if text.day == "quarter_start":
        return f"{text.day} = date '{quarter.key}'"
    return f"{text.day} >= date '{quarter.key}' and {text.day} < date '{quarter.next_first_day}'"


def _rows(
    people: duckdb.DuckDBPyConnection, schema: str, table: str, columns: tuple[str, ...], where: str
) -> list[tuple[str, dict[str, Any]]]:
    """Rows of a table of people, in an order that does not depend on how they are stored."""
    held = {
        name
        for (name,) in people.execute(
            "select column_name from duckdb_columns() where database_name = 'people' "
            "and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
    }
    if "employee_id" not in held:
        return []
    shown = [name for name in columns if name in held]
    sql = (
        f"select {', '.join(['employee_id', *shown])} from people.{schema}.{table} "
        f"where {where} order by all"
    )
    return [
        (str(row[0]), dict(zip(shown, row[1:], strict=True)))
        for row in people.execute(sql).fetchall()
    ]
