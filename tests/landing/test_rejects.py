"""What was refused is found again: by kind, as CSV, in quarantine, and admitted when mended."""

import csv
import os
from pathlib import Path

import duckdb
import pytest
from landing_home import LATER, LINES, Landing

from orchestration.landing.quarantine import put_back, quarantined
from orchestration.landing.reasons import each_reason_sql, kind_sql
from orchestration.landing.rejects import refusals, write_csv
from orchestration.landing.retry import Standing, retry

HEADER = "order_id,line_id,quantity,amount\n"
SELECT = {"order_lines": {"select": LINES}}


def lines(landing: Landing, rows: str, name: str = "a.csv") -> Path:
    folder = landing.feed("lines", SELECT)
    (folder / name).write_text(HEADER + rows)
    return folder


def test_reasons_are_grouped_by_kind_with_an_example(landing: Landing) -> None:
    folder = lines(landing, "A,1,2,3.00\nA,2,-5,3.00\nA,3,-6,x\nA,4\n")
    (folder / "b.csv").write_text(f"{HEADER}B,1,-7,3.00\n")
    landing.admit()
    found = {each.kind: each for each in refusals(landing.home)}
    assert {kind: each.count for kind, each in found.items()} == {
        "quantity: … is below 0": 3,
        "line_amount: … is not a number": 1,
        "unreadable: line …: fewer values than the 4 columns": 1,
    }
    below = found["quantity: … is below 0"]
    assert below.files == ("a.csv", "b.csv")
    assert (below.feed, below.entity, below.file, below.row) == ("lines", "order_lines", "a.csv", 2)
    assert below.reason == "quantity: -5 is below 0" and '"quantity":"-5"' in below.raw


@pytest.mark.parametrize(
    ("reasons", "kinds"),
    [
        ("quantity: 'a; b' is not a whole number", ["quantity: … is not a whole number"]),
        ("a: missing; b: 3 is above 2", ["a: missing", "b: … is above 2"]),
        (
            "at: 2030-01-01 00:00:00 is after the export of 2024-01-01 00:00:00",
            ["at: … is after the export of its file"],
        ),
        ("status: 'x\ny' is not one of open, paid", ["status: … is not one of open, paid"]),
        ("n: '***' does not fit bigint", ["n: … does not fit bigint"]),
    ],
)
def test_a_kind_is_a_reason_without_its_value(reasons: str, kinds: list[str]) -> None:
    each = f"select unnest({each_reason_sql('$reasons')}) as reason"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {kind_sql('reason')} from ({each})", {"reasons": reasons}
        )
        assert [row[0] for row in rows.fetchall()] == kinds


def test_only_one_feed_may_be_asked_for(landing: Landing) -> None:
    lines(landing, "A,2,-5,3.00\n")
    other = landing.feed("others", SELECT)
    (other / "o.csv").write_text(f"{HEADER}O,1,-1,3.00\n")
    landing.admit()
    assert {each.feed for each in refusals(landing.home)} == {"lines", "others"}
    assert {each.feed for each in refusals(landing.home, "others")} == {"others"}


def test_a_home_without_refusals_has_none(landing: Landing, tmp_path: Path) -> None:
    assert refusals(landing.home) == []
    assert write_csv(landing.home, tmp_path / "none.csv") == 0


def test_the_csv_holds_each_row_as_kept_and_no_formula(landing: Landing, tmp_path: Path) -> None:
    folder = lines(landing, '=cmd(),2,-5,"3,00"\n', name="=1+1.csv")
    (folder / "b.csv").write_text(f"{HEADER}B,1\n")
    landing.admit()
    path = tmp_path / "rejects.csv"
    assert write_csv(landing.home, path) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    assert [row["file"] for row in rows] == ["'=1+1.csv", "b.csv"]
    assert '"order_id":"=cmd()"' in rows[0]["raw"] and rows[0]["row"] == "1"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_the_csv_overwrites_nothing(landing: Landing, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_csv(landing.home, path)
    assert path.read_text() == "mine"


def test_a_corrected_feed_takes_back_what_was_set_aside(landing: Landing) -> None:
    wrong = {"format": "json_array", "records": "lines"}
    folder = landing.feed("lines", {"order_lines": {"select": JSON_LINES}}, **JSON, read=wrong)
    (folder / "a.json").write_text('{"rows": [{"o": "A", "l": 1, "q": 2, "a": 3}]}')
    landing.admit()
    assert [each.name for each in quarantined(landing.home)] == ["a.json"]
    mended = {"format": "json_array", "records": "rows"}
    landing.feed("lines", {"order_lines": {"select": JSON_LINES}}, **JSON, read=mended)
    done = retry(landing.home, LATER)
    assert done.before == {"lines": Standing(set_aside=1)}
    assert done.after == {"lines": Standing(accepted=1)}
    assert quarantined(landing.home) == [] and done.kept == []
    assert [path.name for path in (landing.home.quarantine / "lines").iterdir()] == []


JSON = {"files": "*.json"}
JSON_LINES = {
    "order_id": "json->>'$.o'",
    "line_id": "json->>'$.l'",
    "quantity": "json->>'$.q'",
    "line_amount": "json->>'$.a'",
}


def test_a_corrected_feed_admits_refused_rows_anew(landing: Landing) -> None:
    lines(landing, 'A,1,2,"3,00"\n')
    landing.admit()
    mended = {"order_lines": {"select": LINES | {"line_amount": "replace(amount, ',', '.')"}}}
    landing.feed("lines", mended)
    done = retry(landing.home, LATER)
    assert (done.before["lines"], done.after["lines"]) == (
        Standing(refused=1),
        Standing(accepted=1),
    )


def test_what_is_still_broken_is_set_aside_again(landing: Landing) -> None:
    folder = landing.feed("lines", SELECT)
    (folder / "a.csv").write_text("")
    landing.admit()
    done = retry(landing.home, LATER)
    assert done.before == done.after == {"lines": Standing(set_aside=1)}
    (aside,) = quarantined(landing.home)
    assert (aside.name, aside.reason) == ("a.csv", "is empty: it has no header")


def test_a_newer_file_of_the_name_is_never_overwritten(landing: Landing) -> None:
    folder = landing.feed("lines", SELECT)
    (folder / "a.csv").write_text("")
    landing.admit()
    newer = f"{HEADER}NEW,1,2,3.00\n"
    (folder / "a.csv").write_text(newer)
    done = retry(landing.home, LATER)
    assert (folder / "a.csv").read_text() == newer
    assert done.kept == [
        "landing/_quarantine/lines/a.csv stays: a newer a.csv lies in landing/lines"
    ]
    assert done.after["lines"] == Standing(accepted=1, set_aside=1)


def test_of_two_files_of_one_name_the_later_goes_back_under_its_name(landing: Landing) -> None:
    folder = landing.feed("lines", SELECT, files="**/*.csv")
    for content in ("", "\n"):
        (folder / "sub").mkdir(exist_ok=True)
        (folder / "sub" / "a.csv").write_text(content)
        landing.admit()
    first, second = quarantined(landing.home)
    assert (first.path.name, second.path.name) == ("a.csv", "a.csv.2")
    assert first.name == second.name == "sub/a.csv"
    assert second.reason == first.reason
    second.path.write_text(f"{HEADER}SECOND,1,2,3.00\n")
    done = retry(landing.home, LATER)
    assert landing.rows("order_lines", "order_id") == [("SECOND",)]
    assert len(done.kept) == 1 and "a.csv stays" in done.kept[0]


def test_a_file_whose_feed_is_gone_stays(landing: Landing) -> None:
    folder = landing.feed("lines", SELECT)
    (folder / "a.csv").write_text("")
    landing.admit()
    (folder / "feed.yml").unlink()
    done = retry(landing.home, LATER)
    assert "no usable landing/lines/feed.yml" in done.kept[0]
    assert len(quarantined(landing.home)) == 1


def test_putting_back_can_be_taken_up_where_it_was_broken_off(landing: Landing) -> None:
    folder = landing.feed("lines", SELECT)
    (folder / "a.csv").write_text("")
    landing.admit()
    (aside,) = quarantined(landing.home)
    os.link(aside.path, folder / "a.csv")
    assert put_back(aside, folder)
    assert (folder / "a.csv").exists() and quarantined(landing.home) == []
