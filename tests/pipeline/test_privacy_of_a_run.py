"""Planted personal values, after one whole run: where the design allows them and nowhere else.

Every feed here carries distinctive values, in rows that are good, refused or unreadable, in files
that are broken and in a feed that fails. Then every file of the home is searched, each decoded as
what it is, and all that the command said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
import yaml
from command import said, steelyard

from orchestration.paths import Home

CLOCK = ("--as-of", "2026-04-11", "--known-until", "2026-04-11")
MAIL, PHONE = "@planted.example", "+49 171 77001"  # what all planted ones share
PII = (MAIL, PHONE)
NAME, NOTE, PAY = "Quuxmann", "planted remark", "918273."
RESTRICTED = (NAME, NOTE, PAY)
PAID = ("459136.55", "298438.76", "160697.79")
"""What E1's quarter makes of 918,273.11 and 918,273.12 a year: a fourth, and its 65 and 35 %."""
PLANTED = (*PII, *RESTRICTED, *PAID)

CUSTOMERS = {"customer_id": "id", "email": "mail", "phone": "phone", "created_at": "made"}
EMPLOYEES = {
    "employee_id": "id",
    "valid_from": "since",
    "employee_name": "name",
    "email": "mail",
    "team_id": "team",
    "role_id": "role",
    "hired_on": "since",
}
SALARIES = {
    "employee_id": "id",
    "valid_from": "since",
    "fixed_amount": "fixed",
    "variable_amount": "variable",
    "currency": "'CNY'",
}
DIARY = {
    "entry_id": "json->>'$.id'",
    "employee_id": "json->>'$.employee'",
    "written_at": "json->>'$.at'",
    "entry": "json->>'$.note.text'",
}
ORDERS = {
    "order_id": "json->>'$.id'",
    "ordered_at": "json->>'$.at'",
    "status": "'paid'",
    "currency": "'CNY'",
    "customer_id": "json->>'$.buyer.id'",
}
BUYERS = {
    "customer_id": "json->>'$.buyer.id'",
    "email": "json->>'$.buyer.mail'",
    "phone": "json->>'$.buyer.phone'",
}


def mail(place: str) -> str:
    return f"{place}{MAIL}"


def plant(home: Home) -> None:
    """Land every feed with its planted values."""
    home.settings.write_text("base_currency: CNY\n")
    _land(home, "crm", {"customers": {"select": CUSTOMERS}}, {
        "crm_20260301.csv": "id,mail,phone,made\n"
        f"C1,{mail('good')},{PHONE}1,2026-02-01\n"
        f",{mail('refused')},{PHONE}2,2026-02-01\n"
        f"C3,{mail('miscast')},{PHONE}3,soon\n"
        f"C4,{mail('unreadable')},{PHONE}4,2026-02-01,more\n"
        f"C5,\"{mail('unquoted')},{PHONE}5,2026-02-01\n",
        "crm_20260302.csv": b"id,mail,phone,made\nC6," + mail("broken").encode() + b"\xff\xfe,,\n",
        "crm_soon.csv": f"id,mail,phone,made\nC7,{mail('undated')},{PHONE}6,\n",
    })  # fmt: skip
    _land(home, "hr", {"employees": {"select": EMPLOYEES}}, {
        "hr_20260101.csv": "id,since,name,mail,team,role\n"
        f"E1,2026-01-01,{NAME} One,{mail('employee')},own_shop,shop_operator\n"
        f"E2,2026-01-01,{NAME} Two,{mail('refused.employee')},,shop_operator\n"
        f"E3,soon,{NAME} Three,{mail('moved')},own_shop,shop_operator\n"
        f"E4,2026-01-01,{NAME} Four\n",
    })  # fmt: skip
    _land(home, "pay", {"salaries": {"select": SALARIES}}, {
        "pay_20260101.csv": "id,since,fixed,variable\n"
        f"E1,2026-01-01,{PAY}11,{PAY}12\nE2,2026-01-01,-{PAY}21,{PAY}22\n"
        f"E3,2026-01-01,{PAY}31x,{PAY}32\nE4,2026-01-01,{PAY}41,{PAY}42,{PAY}43\n",
    })  # fmt: skip
    row = '{{"id": "D{0}", "employee": "E1", "at": "{1}", "note": {{"text": "{2} {0}"}}}}\n'
    diary = row.format(1, "2026-02-03T10:00:00Z", NOTE) + row.format(2, "soon", NOTE)
    diary += row.format("", "2026-02-03T10:00:00Z", NOTE)[:-3] + f'\n["{NOTE}"]\n'
    files: dict[str, str | bytes] = {"diary_20260301.jsonl": diary}
    _land(home, "diary", {"diary_entries": {"select": DIARY}}, files, format="json_lines")
    row = '{{"id": "{0}", "at": "2026-02-03T10:00:00Z", "buyer": {{"id": "C{1}", "mail": "{2}", '
    row += '"phone": "{3}"}}}}\n'
    shop = row.format("O1", 1, mail("buyer"), f"{PHONE}7") + row.format("", 2, mail("b"), PHONE)
    entities = {"orders": {"select": ORDERS}, "customers": {"where": "false", "select": BUYERS}}
    _land(home, "shop", entities, {"shop_20260301.jsonl": shop}, format="json_lines")
    stopped = {"customers": {"select": CUSTOMERS | {"segment": "cast(mail as integer)"}}}
    _land(home, "stopped", stopped, {
        "stopped_20260301.csv": f"id,mail,phone,made\nC9,{mail('stopped')},{PHONE}9,2026-02-01\n",
    })  # fmt: skip


def _land(
    home: Home,
    name: str,
    entities: dict[str, object],
    files: dict[str, str | bytes],
    **read: str,
) -> None:
    folder = home.landing / name
    folder.mkdir()
    suffix = Path(next(iter(files))).suffix
    spec = {
        "feed": name,
        "files": f"*{suffix}",
        "exported_at": f"{name}_(%Y%m%d){suffix}",
        "read": {"format": "csv"} | read,
        "entities": entities,
    }
    (folder / "feed.yml").write_text(yaml.safe_dump(spec, sort_keys=False))
    for file, content in files.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)


@dataclass(frozen=True)
class Run:
    """The home after the run and all that the command said."""

    home: Home
    said: str
    code: int
    found: dict[str, set[str]] = field(default_factory=dict)
    """By file (from the home): which of the planted values it holds."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = Home(tmp_path_factory.mktemp("private") / "home").prepare()
    plant(home)
    done = steelyard("run", home, *CLOCK)
    assert home.serving.exists(), said(done)
    return Run(home, done.stdout + done.stderr, done.returncode, search(home.root))


def search(root: Path) -> dict[str, set[str]]:
    found = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        if root / "serving" in path.parents:
            continue  # a link to a build, which is searched itself
        text = "\n".join(texts(path)).lower()
        if held := {value for value in PLANTED if value.lower() in text}:
            found[path.relative_to(root).as_posix()] = held
    return found


def texts(path: Path) -> Iterator[str]:
    """What a file holds, decoded as what it is, and its bytes as they are."""
    yield path.read_bytes().decode("utf-8", errors="replace")
    with duckdb.connect() as connection:
        if path.suffix == ".parquet":
            yield repr(connection.execute(f"from read_parquet('{path}')").fetchall())
        elif path.suffix == ".duckdb":
            connection.execute(f"attach '{path}' as found (read_only)")
            tables = connection.execute(
                "select schema_name, table_name, sql from duckdb_tables() "
                "where database_name = 'found'"
            ).fetchall()
            assert tables, path
            for schema, table, sql in tables:
                yield sql
                rows = connection.execute(
                    f'select cast(t as varchar) from found."{schema}"."{table}" as t'
                )
                yield repr(rows.fetchall())


def held_outside(run: Run, values: tuple[str, ...], *allowed: str) -> dict[str, set[str]]:
    """Files outside the allowed places that hold any of the values."""
    return {
        path: held & set(values)
        for path, held in run.found.items()
        if held & set(values) and not path.startswith(allowed)
    }


def quarantined_files(home: Home) -> tuple[str, ...]:
    """The files set aside as they were, their reasons not among them."""
    files = (path for path in home.quarantine.rglob("*") if path.is_file())
    return tuple(
        path.relative_to(home.root).as_posix() for path in files if path.suffix != ".reason"
    )


def landed(home: Home) -> tuple[str, ...]:
    return tuple(f"landing/{path.name}/" for path in home.landing.iterdir() if path.name[0] != "_")


def test_the_run_met_every_kind_of_row_and_file(run: Run) -> None:
    assert run.code == 1, run.said
    assert "landing/stopped/feed.yml" in run.said
    assert [Path(name).name for name in sorted(quarantined_files(run.home))] == [
        "crm_20260302.csv",
        "crm_soon.csv",
    ]
    rejected = run.home.rejected / "*.parquet"
    with duckdb.connect() as connection:
        refused = connection.execute(
            "select _feed, count(*), count(*) filter (where entity = '(unreadable)') "
            f"from read_parquet('{rejected}') group by all order by all"
        ).fetchall()
    assert {feed for feed, _, _ in refused} == {"crm", "diary", "hr", "pay", "shop"}
    assert {feed for feed, _, unreadable in refused if unreadable} >= {"crm", "diary", "hr", "pay"}
    assert list(run.home.reviews.glob("quarter=*")), "no quarter was frozen"


def test_the_search_finds_what_is_there(run: Run) -> None:
    for place in (*landed(run.home), *quarantined_files(run.home)):
        assert any(path.startswith(place) for path in run.found), place
    lake = {value for path, held in run.found.items() if path.startswith("lake/") for value in held}
    people = next(held for path, held in run.found.items() if path.endswith("people.duckdb"))
    assert lake == set(RESTRICTED) and people == {*RESTRICTED, *PAID}
    assert run.found["warehouse.duckdb"] == {*RESTRICTED, *PAID}
    searched = {path.name for path in run.home.dagster.rglob("*.db*")}
    assert {"runs.db"} <= searched and list(run.home.dbt.rglob("*.log"))


def test_no_hashed_value_left_the_landing_zone(run: Run) -> None:
    allowed = (*landed(run.home), *quarantined_files(run.home))
    assert held_outside(run, PII, *allowed) == {}


def test_restricted_values_lie_in_lake_warehouse_and_people_alone(run: Run) -> None:
    entities = ("employees", "salaries", "diary_entries")
    allowed = (*landed(run.home), *(f"lake/{entity}/" for entity in entities), "warehouse.duckdb")
    outside = held_outside(run, RESTRICTED, *allowed)
    assert {path for path in outside if not path.endswith("/people.duckdb")} == set()
    closed = [run.home.root / path for path in outside] + [run.home.warehouse]
    assert {path.stat().st_mode & 0o077 for path in closed} == {0}


def test_amounts_that_follow_from_a_salary_lie_in_warehouse_people_and_frozen_pay(run: Run) -> None:
    """A frozen quarter knows pay by the employee's key, in files that nobody else can open."""
    outside = held_outside(run, PAID, "warehouse.duckdb")
    names = {Path(path).name for path in outside}
    assert names - {"quarterly_pay.parquet", "review.json"} == {"people.duckdb"}
    frozen = [path for path in outside if Path(path).name != "people.duckdb"]
    assert {path.split("/")[0] for path in frozen} == {"reviews"}
    assert {(run.home.root / path).stat().st_mode & 0o077 for path in outside} == {0}
    with duckdb.connect() as connection:
        for path in run.home.reviews.rglob("quarterly_pay.parquet"):
            held = connection.execute(f"from read_parquet('{path}')").fetchall()
            assert held and "E1" not in {value for row in held for value in row}


def test_the_command_said_no_planted_value(run: Run) -> None:
    assert "rows read" in run.said
    assert [value for value in PLANTED if value.lower() in run.said.lower()] == []


@pytest.mark.parametrize(
    ("command", "options", "tells"),
    [
        ("status", (), "landing/stopped/feed.yml"),
        ("rejects", (), "customer_id: missing"),
        ("admit", ("--dry-run",), "created_at: … is not a timestamp"),
    ],
)
def test_nor_do_the_commands_that_show_what_was_refused(
    run: Run, command: str, options: tuple[str, ...], tells: str
) -> None:
    for file in run.home.landing.glob("crm/crm_20260301.csv"):
        header, rows = file.read_text().split("\n", 1)
        file.write_text(f"{header}\nC10,,,\n{rows}")  # so that a dry run has something to tell
    done = steelyard(command, run.home, *options)
    text = (done.stdout + done.stderr).lower()
    assert tells.lower() in text, text
    assert [value for value in PLANTED if value.lower() in text] == []
