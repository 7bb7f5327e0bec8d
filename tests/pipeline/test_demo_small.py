"""`steelyard demo --scale small`, whole, twice: what `make demo` promises, on fewer touches."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pay_examples
import pytest
from command import said, steelyard
from explained_demo import changed_by_present_values, present_values
from served import Seen, watched

from orchestration.demo import AS_OF, PLAY_DATES
from orchestration.landing.contracts import load_contracts
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain
from orchestration.reviews.freeze import due_quarters
from orchestration.reviews.verification import verify
from orchestration.serving.build import Build
from orchestration.serving.summary import PERFORMANCE_SQL
from orchestration.settings import load_settings

PERSONAL = {"employee_id", "manager_id", "employee_name", "employee_name_zh", "agent_id"}


@dataclass(frozen=True)
class Played:
    """The home after two demos, and what both said."""

    home: Home
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    first_build: Build
    frozen_first: dict[str, bytes]
    tables_first: dict[str, dict[str, int]]
    seen: Seen


def _frozen_files(home: Home) -> dict[str, bytes]:
    files = (path for path in home.reviews.rglob("*") if path.is_file())
    return {path.relative_to(home.reviews).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    first = steelyard("demo", home, "--scale", "small")
    assert first.returncode == 0, said(first)
    first_build, frozen = Build.current(home), _frozen_files(home)
    with watched(home, pause=0.05) as seen:
        second = steelyard("demo", home, "--scale", "small")
    return Played(home, first, second, first_build, frozen, first_build.content["tables"], seen)


def _one(build: Build, sql: str) -> tuple[object, ...]:
    with build.open() as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def test_the_summary_shows_what_the_issue_asks_for(played: Played) -> None:
    told = played.first.stdout
    for words in (
        "Rows admitted",
        "Revenue by channel and attribution model",
        "Return on spend by paid channel",
        "Company scorecard",
        "Employees by tier",
        str(played.home.serving),
        "duckdb.connect",
    ):
        assert words in told, words
    assert all(model in told for model in ("first_touch", "last_touch", "u_shaped"))


def test_the_summary_counts_spend_once(played: Played) -> None:
    with Build.current(played.home).open() as connection:
        shown = connection.execute(PERFORMANCE_SQL, ["u_shaped"]).fetchall()
        spent = connection.execute(
            "select channel, sum(spend) from public.core.fct_ad_spend"
            " where is_paid group by channel"
        ).fetchall()
    assert spent
    assert {channel: spend for channel, spend, _, _ in shown if spend} == dict(spent)


def test_the_command_that_opens_the_results_opens_them(played: Played) -> None:
    found = re.search(r"import duckdb; (.*)\"$", played.first.stdout, flags=re.MULTILINE)
    assert found is not None
    with_rows = found.group(1).replace(".show()", ".fetchall()")
    rows = eval(with_rows, {"duckdb": duckdb})
    assert len(rows) > 10


def test_progress_is_visible(played: Played) -> None:
    told = played.first.stderr
    for words in ("as known on 2026-04-11", "rows read", "dbt: ", "published build", "froze 2026"):
        assert words in told, words


def test_the_demo_is_played_forward(played: Played) -> None:
    known = {review.content["known_until"] for review in read_chain(played.home)}
    wanted = {each.astimezone(UTC).isoformat() for each in PLAY_DATES if each != AS_OF}
    assert known == wanted
    assert played.first_build.clocks.as_of == AS_OF.astimezone(UTC)


def test_every_closed_quarter_is_frozen_and_holds(played: Played) -> None:
    assert due_quarters(played.home, load_settings(played.home)) == []
    quarters = [review.quarter for review in read_chain(played.home)]
    assert quarters[-2:] == ["2026-Q1", "2026-Q2"]
    assert verify(played.home) == []
    totals = read_chain(played.home)[-1].content["totals"]["scorecards.parquet"]
    assert totals["by_owner_kind"]["employee"] > 30 and totals["by_owner_kind"]["company"] == 1


def test_dirty_rows_are_rejected_and_kept(played: Played) -> None:
    rejected = duckdb.connect().execute(
        f"select count(*), count(reasons) from '{played.home.rejected}/*.parquet'"
    )
    rows, reasons = rejected.fetchall()[0]
    assert rows == reasons and rows > 0


def test_the_second_demo_changes_nothing_that_readers_see(played: Played) -> None:
    assert played.second.returncode == 0, said(played.second)
    again = Build.current(played.home)
    assert again.build_id == played.first_build.build_id
    assert "nothing new since the build that is published" in played.second.stderr
    assert again.content["tables"] == played.tables_first
    assert again.clocks == played.first_build.clocks
    for kind, table in (("revenue", "core.fct_orders"), ("credit", "attribution.touch_credits")):
        sql = f"select count(*), sum({kind})::decimal(38, 6) from public.{table}"
        assert _one(again, sql) == _one(played.first_build, sql)


def test_the_second_demo_generates_and_admits_nothing(played: Played) -> None:
    assert "nothing to generate" in played.second.stderr
    assert "rows read" not in played.second.stderr
    assert "reading the dbt project" not in played.second.stderr


def test_the_second_demo_leaves_frozen_quarters_alone(played: Played) -> None:
    assert _frozen_files(played.home) == played.frozen_first


def test_a_reader_saw_no_error_while_the_build_was_switched(played: Played) -> None:
    assert played.seen.errors == []
    assert played.seen.looks > 5


def test_public_tables_show_no_employee(played: Played) -> None:
    with played.first_build.open() as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where database_name = 'public'"
        ).fetchall()
        assert not {column for _, _, column in columns} & PERSONAL
        employees = connection.execute(
            "select employee_id, employee_name from people.core.dim_employees"
        ).fetchall()
        assert len({each for each, _ in employees}) > 50
        for schema, table, column in columns:
            if column in ("owner_id", "dimension_value", "measured_owner_id"):
                hit = connection.execute(
                    f"select 1 from public.{schema}.{table} where {column} in "
                    "(select employee_id from people.core.dim_employees) limit 1"
                ).fetchone()
                assert hit is None, (schema, table, column)


def test_every_table_and_column_is_described(played: Played) -> None:
    with played.first_build.open() as connection:
        bare = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal "
            "and database_name in ('public', 'people') and comment is null "
            "union all select table_name, null from duckdb_tables() "
            "where database_name in ('public', 'people') and comment is null"
        ).fetchall()
    assert bare == []


def test_parquet_has_the_same_rows_as_the_database(played: Played) -> None:
    files = sorted((played.first_build.folder / "parquet").rglob("*.parquet"))
    assert len(files) > 20
    with played.first_build.open() as connection:
        for file in files:
            name = f"public.{file.parent.name}.{file.stem}"
            counted = f"select (select count(*) from {name}), (select count(*) from '{file}')"
            row = connection.execute(counted).fetchone()
            assert row is not None and row[0] == row[1], name


def test_build_file_and_tables_agree(played: Played) -> None:
    for table, files in played.tables_first.items():
        for catalog, rows in files.items():
            assert _one(played.first_build, f"select count(*) from {catalog}.{table}") == (rows,)


def test_employees_stand_in_every_tier(played: Played) -> None:
    with played.first_build.open() as connection:
        tiers = connection.execute(
            "select tier_id, count(*) from people.scorecards.scorecards "
            "where owner_kind = 'employee' and period_grain = 'quarter' and is_closed "
            "and tier_id is not null group by tier_id"
        ).fetchall()
    assert len(tiers) == 3, tiers


def test_runs_tell_dagster_rows_and_samples_but_nothing_about_an_employee(played: Played) -> None:
    """What the UI shows: read from the event log of the home's own instance."""
    import dagster as dg

    from orchestration.runs import dagster_instance

    people = {"dim_employees", "fct_salaries", "fct_diary_entries", "fct_review_ratings"}
    people |= {"quarterly_pay", "quarterly_pay_spans", "incentive_shares", "annual_rewards"}
    entities = load_contracts()
    with dagster_instance(played.home) as instance:
        last = _materializations(instance)
    rows = {key: metadata.get("dagster/row_count") for key, metadata in last.items()}
    assert rows["core/fct_orders"] and rows["lake/orders"] and len(rows) > 80
    sampled = {key for key, metadata in last.items() if "sample" in metadata}
    assert "core/fct_orders" in sampled and "lake/orders" in sampled
    assert not {f"staging/stg_{entity}" for entity in entities} & sampled
    assert not {f"lake/{entity}" for entity in ("employees", "salaries", "rejected")} & sampled
    for key in sampled:
        assert isinstance(last[key]["sample"], dg.MarkdownMetadataValue)
        text = last[key]["sample"].value
        lines = text.splitlines()
        if key.split("/")[-1] in people:
            assert len(lines) == 2, key
        assert "employee" not in _column(lines, "owner_kind", "dimension"), key


def _column(lines: list[str], *names: str) -> set[str]:
    """Values of the first of these columns that a Markdown table has."""
    header, _, *rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    at = next((header.index(name) for name in names if name in header), None)
    return set() if at is None else {row[at] for row in rows}


def _materializations(instance: object) -> dict[str, dict[str, object]]:
    """Metadata of the last materialization of each asset, by its key as text."""
    import dagster as dg

    assert isinstance(instance, dg.DagsterInstance)
    found: dict[str, dict[str, object]] = {}
    for key in instance.all_asset_keys():
        event = instance.get_latest_materialization_event(key)
        if event and event.asset_materialization:
            found["/".join(key.path)] = dict(event.asset_materialization.metadata)
    return found


def test_build_json_records_both_clocks_and_the_run(played: Played) -> None:
    content = json.loads((played.home.serving / "build.json").read_text())
    assert datetime.fromisoformat(content["as_of"]) == AS_OF
    assert datetime.fromisoformat(content["known_until"]) == AS_OF
    assert re.fullmatch(r"[0-9a-f-]{36}", content["run_id"])
    assert re.fullmatch(r"0\.1\.0\+[0-9a-f]{12}", content["code_version"])


def test_status_tells_how_the_home_stands(played: Played) -> None:
    done = steelyard("status", played.home)
    assert done.returncode == 0, said(done)
    for words in ("freeze success", "refresh success"):
        if words in done.stdout:
            break
    else:
        pytest.fail(said(done))
    assert "2026-Q2" in done.stdout and "<- serving" in done.stdout


def test_a_frozen_quarter_is_explained_down_to_its_files(played: Played) -> None:
    done = steelyard("explain", played.home, "--employee", "E010", "--quarter", "2026-Q2")
    assert done.returncode == 0, said(done)
    assert "Frozen as revision 1" in done.stdout and "Channel manager" in done.stdout
    assert "Return on ad spend (own)" in done.stdout
    assert re.search(r"landing/partner_costs/\S+: [0-9,]+ rows in the quarter of", done.stdout)


def test_the_present_values_change_nothing(played: Played) -> None:
    quarter = date(2026, 4, 1)
    assert len(present_values(played.first_build, quarter)) > 50
    assert changed_by_present_values(played.first_build, quarter, employees=8) == []


def test_nothing_is_written_outside_the_home(played: Played) -> None:
    project = Path(__file__).parents[2]
    stray = [project / "dbt_project" / name for name in ("target", "logs", ".user.yml")]
    assert not [path for path in stray if path.exists()]
    assert os.access(played.home.root, os.R_OK)


def test_pay_is_what_the_raw_files_and_the_score_make_it(played: Played) -> None:
    """Every closed quarter of every employee, worked out a second time."""
    known = pay_examples.scores(played.first_build)
    with played.first_build.open() as connection:
        rows = connection.execute(
            "select employee_id, period_start, fixed_paid_amount, performance_pay_amount, "
            "total_amount from people.scorecards.quarterly_pay"
        ).fetchall()
    assert len(rows) > 400
    for employee, quarter, *paid in rows:
        score = known.get((employee, quarter), pay_examples.Score(None, "no_scorecard"))
        again = pay_examples.work_out(played.home, employee, quarter, score)
        assert tuple(paid) == again.paid, (employee, quarter)


def test_the_pay_page_shows_the_demos_own_numbers(played: Played) -> None:
    shown = pay_examples.render(played.home, played.first_build)
    assert pay_examples.on_page() == shown, "python tests/pipeline/pay_examples.py HOME writes it"
