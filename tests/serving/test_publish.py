"""What readers find: whole builds, employees in their own file, a switch that nobody notices."""

import stat
import struct
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from built_homes import AS_OF, MARTS, make_record

from orchestration.paths import Home
from orchestration.serving.build import Build, NothingPublishedError
from orchestration.serving.publish import PublishError, publish
from orchestration.settings import Settings

SETTINGS = Settings()


def _read(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def build(built_home: Home) -> Build:
    return publish(built_home, SETTINGS, make_record(built_home))


def test_rows_about_one_employee_are_in_people_alone(built_home: Home, build: Build) -> None:
    with _read(build.folder / "steelyard.duckdb") as public:
        kinds = public.execute("select distinct owner_kind from scorecards.scorecards").fetchall()
        tables = public.execute("select table_name from duckdb_tables()").fetchall()
    assert sorted(kinds) == [("company",), ("team",)]
    assert ("dim_employees",) not in tables
    with _read(build.folder / "people.duckdb") as people:
        kinds = people.execute("select distinct owner_kind from scorecards.scorecards").fetchall()
        employees = people.execute("select count(*) from core.dim_employees").fetchone()
    assert kinds == [("employee",)]
    assert employees == (6,)


def test_no_row_is_lost_between_the_two_files(built_home: Home, build: Build) -> None:
    with duckdb.connect(str(built_home.warehouse), read_only=True) as warehouse:
        for table, files in build.content["tables"].items():
            if MARTS[table].get("view_over"):
                continue
            rows = warehouse.execute(f"select count(*) from {table}").fetchone()
            assert rows == (sum(files.values()),), table


def test_only_public_schemas_are_published(build: Build) -> None:
    with _read(build.folder / "steelyard.duckdb") as public:
        schemas = public.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert sorted(schemas) == [("attribution",), ("core",), ("kpis",), ("scorecards",)]


def test_a_view_over_published_tables_stays_a_view_that_answers(build: Build) -> None:
    with _read(build.folder / "steelyard.duckdb") as public:
        total = public.execute("select sum(revenue) from attribution.fct_touch_credits").fetchone()
        views = public.execute("select view_name from duckdb_views() where not internal").fetchall()
    assert total is not None and int(total[0]) == sum(range(100))
    assert views == [("fct_touch_credits",)]


def test_a_view_answers_from_another_database_too(build: Build) -> None:
    with duckdb.connect() as reader:
        reader.execute(f"attach '{build.folder / 'steelyard.duckdb'}' as shop (read_only)")
        rows = reader.execute("select count(*) from shop.attribution.fct_touch_credits").fetchone()
    assert rows == (100,)


def test_a_view_over_what_is_not_published_becomes_a_table(built_home: Home) -> None:
    marts = {**MARTS, "kpis.roas": {"view_over": ["staging.stg_values"]}}
    build = publish(built_home, SETTINGS, make_record(built_home, marts=marts))
    assert build.content["tables"]["kpis.roas"] == {"public": 1}


def test_descriptions_travel_as_comments(build: Build) -> None:
    with _read(build.folder / "steelyard.duckdb") as public:
        table = public.execute(
            "select comment from duckdb_tables() where table_name = 'fct_orders'"
        ).fetchone()
        column = public.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'fct_orders' and column_name = 'revenue'"
        ).fetchone()
        view = public.execute(
            "select comment from duckdb_views() where view_name = 'fct_touch_credits'"
        ).fetchone()
    assert table == ("One row per order; it's additive.",)
    assert column == ("Revenue in the base currency.",)
    assert view == ("One row per credit.",)


def test_parquet_holds_the_public_tables_and_views_and_no_employee(build: Build) -> None:
    folder = build.folder / "parquet"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert files == {
        "core/fct_orders.parquet",
        "attribution/touch_credits.parquet",
        "attribution/fct_touch_credits.parquet",
        "kpis/kpi_values.parquet",
        "scorecards/kpi_scores.parquet",
        "scorecards/scorecards.parquet",
    }
    kinds = duckdb.connect().execute(
        f"select distinct owner_kind from '{folder}/kpis/kpi_values.parquet'"
    )
    assert sorted(kinds.fetchall()) == [("company",), ("team",)]


def test_files_have_the_modes_that_keep_people_private(built_home: Home, build: Build) -> None:
    assert _mode(built_home.root) == 0o700
    assert _mode(build.folder / "steelyard.duckdb") == 0o644
    assert _mode(build.folder / "people.duckdb") == 0o600
    assert _mode(build.folder / "rules") == 0o700
    assert _mode(build.folder / "source_manifest.json") == 0o600


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("core.agents", "select 'e1' as agent_id"),
        ("kpis.by_owner", "select 'employee' as owner_kind, 'e1' as owner_id"),
        ("kpis.by_dimension", "select 'employee' as dimension, 'e1' as dimension_value"),
    ],
)
def test_a_table_that_shows_an_employee_unsaid_is_refused(
    built_home: Home, table: str, sql: str
) -> None:
    before = publish(built_home, SETTINGS, make_record(built_home))
    with duckdb.connect(str(built_home.warehouse)) as warehouse:
        warehouse.execute(f"create table {table} as {sql}")
    with pytest.raises(PublishError, match=table):
        publish(built_home, SETTINGS, make_record(built_home, marts={**MARTS, table: {}}))
    assert Build.current(built_home).build_id == before.build_id
    assert [path.name for path in built_home.builds.iterdir()] == [before.build_id]


def test_build_file_tells_clocks_counts_and_code(build: Build) -> None:
    assert build.clocks.as_of == AS_OF
    assert build.content["code_version"] == "0.1.0+test"
    assert build.content["tables"]["core.fct_orders"] == {"public": 100}
    assert build.content["tables"]["kpis.kpi_values"] == {"public": 6, "people": 18}


def test_the_last_builds_are_kept_and_the_served_one_always(built_home: Home) -> None:
    settings = Settings(retention=2)
    ids = [publish(built_home, settings, make_record(built_home)).build_id for _ in range(4)]
    assert sorted(path.name for path in built_home.builds.iterdir()) == ids[-2:]
    assert built_home.serving.resolve().name == ids[-1]


def test_readers_never_meet_a_missing_or_half_build(built_home: Home) -> None:
    """A reader in a loop sees only whole builds while builds are switched under it."""
    publish(built_home, SETTINGS, make_record(built_home))
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with _read(built_home.serving / "steelyard.duckdb") as public:
                row = public.execute(
                    "select (select count(*) from core.fct_orders), "
                    "(select count(*) from attribution.fct_touch_credits)"
                ).fetchone()
                assert row is not None
                seen.append(row)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        publish(built_home, SETTINGS, make_record(built_home))
    done.set()
    reader.join(timeout=30)
    assert len(seen) > 5
    assert set(seen) == {(100, 100)}


def test_an_open_reader_keeps_its_build(built_home: Home) -> None:
    publish(built_home, SETTINGS, make_record(built_home))
    with _read(built_home.serving / "steelyard.duckdb") as early:
        with duckdb.connect(str(built_home.warehouse)) as warehouse:
            warehouse.execute("delete from core.fct_orders where revenue > 49")
        publish(built_home, SETTINGS, make_record(built_home))
        assert early.execute("select count(*) from core.fct_orders").fetchone() == (100,)
    with _read(built_home.serving / "steelyard.duckdb") as late:
        assert late.execute("select count(*) from core.fct_orders").fetchone() == (50,)


@pytest.mark.parametrize("name", ["steelyard.duckdb", "people.duckdb"])
def test_files_are_in_the_storage_version_of_duckdb_1(build: Build, name: str) -> None:
    """Bytes 12 to 19 of a DuckDB file are its storage version; DuckDB 1.0 wrote 64."""
    with (build.folder / name).open("rb") as file:
        header = file.read(20)
    assert header[8:12] == b"DUCK"
    assert struct.unpack("<Q", header[12:20]) == (64,)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.0.0", "1.4.*"])
def test_a_client_of_duckdb_1_opens_both_files(build: Build, tmp_path: Path, version: str) -> None:
    environment = tmp_path / "old"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", f"duckdb=={version}"]
    subprocess.run(install, check=True)
    read = (
        "import duckdb, sys\n"
        "shop = duckdb.connect(sys.argv[1] + '/steelyard.duckdb', read_only=True)\n"
        "print(shop.execute('select count(*), sum(revenue) from attribution.fct_touch_credits')"
        ".fetchone())\n"
        "people = duckdb.connect(sys.argv[1] + '/people.duckdb', read_only=True)\n"
        "print(people.execute('select count(*) from core.dim_employees').fetchone())\n"
    )
    done = subprocess.run(
        [python, "-c", read, str(build.folder)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split("\n")[1] == "(6,)", done.stderr
    assert done.stdout.startswith("(100, ")


def test_nothing_published_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="steelyard run"):
        Build.current(Home(tmp_path).prepare())


def test_clocks_of_a_build_are_the_records(built_home: Home) -> None:
    early = AS_OF - timedelta(days=30)
    build = publish(built_home, SETTINGS, make_record(built_home, as_of=early))
    assert build.clocks.known_until == early
