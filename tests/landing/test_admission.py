"""The state of a feed: what is new, what replaces what, and what a run that dies leaves behind."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from landing_home import LATER, LINES, Landing

from orchestration.landing import admission
from orchestration.landing.admission import admit_feed, recover
from orchestration.landing.batch import IdentityBroken, check_identities
from orchestration.landing.contracts import Column, Contract, load_contracts
from orchestration.landing.manifest import (
    EntityCounts,
    FileCounts,
    ManifestError,
    read_manifest,
)

HEADER = "order_id,line_id,quantity,amount\n"
MAPPING = {"order_lines": {"select": LINES}}


def line(order: str, quantity: int = 1) -> str:
    return HEADER + f"{order},1,{quantity},5\n"


def orders(landing: Landing) -> list[str]:
    return [row[0] for row in landing.rows("order_lines", "order_id || ' ' || quantity")]


def test_an_empty_home_admits_nothing_and_is_well(landing: Landing) -> None:
    report = landing.admit()
    assert report.ok
    assert not report.files
    assert landing.rows("orders") == []


def test_accepted_rows_carry_where_they_come_from(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y%m%d).csv")
    (folder / "l_20240301.csv").write_text(line("a") + "b,1,1,5\n")
    before = datetime.now(UTC).replace(tzinfo=None)
    landing.admit()
    rows = landing.rows("order_lines", "_feed, _file, _row, _item, _exported_at, _loaded_at")
    at = datetime(2024, 3, 1)
    assert [row[:5] for row in rows] == [
        ("lines", "l_20240301.csv", 1, 1, at),
        ("lines", "l_20240301.csv", 2, 1, at),
    ]
    assert before <= rows[0][5] <= datetime.now(UTC).replace(tzinfo=None)


def test_rows_of_many_files_know_their_file_and_row(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y%m%d).csv")
    for day in range(1, 29):
        text = HEADER + "".join(f"{day}-{row},1,{row},5\n" for row in range(1, day + 1))
        (folder / f"l_202402{day:02}.csv").write_text(text)
    (folder / "l_20240301.csv").write_text(HEADER)
    report = landing.admit()
    assert [file.accepted for file in report.files] == [*range(1, 29), 0]
    found = landing.rows("order_lines", "order_id, _file, _row, _exported_at", "_file, _row")
    assert found == [
        (f"{day}-{row}", f"l_202402{day:02}.csv", row, datetime(2024, 2, day))
        for day in range(1, 29)
        for row in range(1, day + 1)
    ]
    assert len(landing.manifest("lines")["batches"]) == 1


def test_a_second_run_does_nothing(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a") + "b,1,-1,5\n")
    landing.admit()
    before = landing.lake_files()
    report = landing.admit()
    assert (report.files, report.unchanged) == ([], 1)
    assert landing.lake_files() == before


def test_a_touched_file_of_the_same_bytes_is_not_new(landing: Landing) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text(line("a"))
    landing.admit()
    os.utime(path, (1, 1))
    assert landing.admit().unchanged == 1


def test_the_same_name_with_other_bytes_supersedes(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    for name in "abc":
        (folder / f"{name}.csv").write_text(line(name))
    landing.admit()
    (folder / "b.csv").write_text(line("b", 2) + "x,1,1,5\ny,1,-1,5\n")
    report = landing.admit()
    assert [(file.file, file.replaced) for file in report.files] == [("b.csv", True)]
    assert orders(landing) == ["a 1", "b 2", "c 1", "x 1"]
    assert len(landing.reasons()) == 1
    (folder / "b.csv").write_text(line("b"))
    landing.admit()
    assert orders(landing) == ["a 1", "b 1", "c 1"]
    assert landing.reasons() == []


def test_any_order_of_arrival_gives_the_same_rows(tmp_path: Path) -> None:
    found = []
    for number, arrival in enumerate(([["a", "b"], ["c"]], [["c"], ["b"], ["a"]])):
        landing = Landing(tmp_path / str(number))
        folder = landing.feed("lines", MAPPING, exported_at="*(%Y).csv")
        for names in arrival:
            for name in names:
                (folder / f"{name}2024.csv").write_text(line(name))
            landing.admit()
        columns = "order_id, line_id, _file, _row, _item, _exported_at"
        found.append(landing.rows("order_lines", columns))
    assert found[0] == found[1]


def test_a_changed_mapping_admits_again(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a"))
    landing.admit()
    landing.feed("lines", {"order_lines": {"select": LINES | {"quantity": 9}}})
    assert [file.replaced for file in landing.admit().files] == [True]
    assert orders(landing) == ["a 9"]


def test_a_comment_in_the_feed_or_another_pattern_admits_nothing_again(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a"))
    landing.admit()
    landing.feed("lines", MAPPING, files=["a*.csv", "b*.csv"])
    path = folder / "feed.yml"
    path.write_text("# One row a line.\n" + path.read_text())
    assert landing.admit().unchanged == 1


@pytest.mark.parametrize(
    ("change", "again"), [({}, False), ({"required": True}, True), ({"pattern": "^x"}, True)]
)
def test_only_an_enforced_change_of_the_contract_admits_again(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], again: bool
) -> None:
    mapping = {"order_lines": {"select": LINES | {"shop": "'xweb'"}}}
    (landing.feed("lines", mapping) / "a.csv").write_text(line("a"))
    landing.admit()
    contract = load_contracts()["order_lines"]
    shop = contract.column("shop")
    assert shop
    changed = Column(**{**vars(shop), **change})
    columns = tuple(changed if c.name == "shop" else c for c in contract.columns)
    contracts = {**load_contracts(), "order_lines": Contract("order_lines", columns)}
    monkeypatch.setattr("orchestration.landing.feeds.load_contracts", lambda: contracts)
    report = landing.admit()
    assert [file.replaced for file in report.files] == ([True] if again else [])
    assert orders(landing) == ["a 1"]


def test_files_exported_later_wait(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y%m%d).csv", exported_at_plus="1 day")
    (folder / "l_20240301.csv").write_text(line("a"))
    (folder / "l_20240302.csv").write_text(line("b"))
    report = landing.admit(datetime(2024, 3, 2))
    assert orders(landing) == ["a 1"]
    assert [(f.file, f.exported_at) for f in report.pending] == [
        ("l_20240302.csv", datetime(2024, 3, 3))
    ]
    aware = datetime(2024, 3, 3, 1, tzinfo=UTC) - timedelta(hours=1)
    assert not landing.admit(aware).pending
    assert orders(landing) == ["a 1", "b 1"]


def test_a_file_that_is_gone_stays_admitted(landing: Landing) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text(line("a"))
    landing.admit()
    path.unlink()
    landing.feed("lines", {"order_lines": {"select": LINES | {"quantity": 9}}})
    report = landing.admit()
    assert orders(landing) == ["a 1"]
    assert "1 admitted files are gone" in report.notes[0]


def test_a_file_that_the_feed_claims_no_longer_is_withdrawn(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a"))
    (folder / "b.csv").write_text(line("b"))
    landing.admit()
    landing.feed("lines", MAPPING, files="a.csv")
    landing.admit()
    assert orders(landing) == ["a 1"]
    assert list(landing.manifest("lines")["files"]) == ["a.csv"]


def test_a_feed_that_is_gone_keeps_its_rows_and_is_told(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a"))
    landing.admit()
    (folder / "feed.yml").unlink()
    notes = landing.admit().notes
    assert notes == ["lines: has no feed.yml any more; its 1 files stay admitted"]
    assert orders(landing) == ["a 1"]


def test_kept_rows_take_on_the_columns_of_a_changed_contract(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text(line("a"))
    landing.admit()
    path.unlink()
    contract = load_contracts()["order_lines"]
    columns = (*(c for c in contract.columns if c.name != "shop"), Column("colour", "string"))
    contracts = {**load_contracts(), "order_lines": Contract("order_lines", columns)}
    for module in ("feeds", "lake", "contracts"):
        monkeypatch.setattr(f"orchestration.landing.{module}.load_contracts", lambda: contracts)
    landing.admit()
    assert landing.rows("order_lines", "order_id, colour") == [("a", None)]
    before = landing.lake_files()
    landing.admit()
    assert landing.lake_files() == before


def test_filtered_rows_are_counted(landing: Landing) -> None:
    select = {"order_lines": {"select": LINES, "where": "order_id <> 'test'"}}
    (landing.feed("lines", select) / "a.csv").write_text(line("a") + "test,1,1,5\n,1,1,5\n")
    file = landing.admit().files[0]
    # NULL <> 'test' is not true: the row is filtered, and counted so.
    assert (file.rows_read, file.filtered, file.accepted, file.rejected) == (3, 2, 1, 0)


def test_a_row_counts_as_filtered_only_if_no_entity_takes_it(landing: Landing) -> None:
    product = {"product_id": "line_id"}
    query = "select _row, order_id as shop, 'own_site' as shop_kind from raw where line_id = '9'"
    entities = {
        "order_lines": {"select": LINES, "where": "quantity = '1'"},
        "products": {"select": product, "where": "quantity = '2'"},
        "shops": {"query": query},
    }
    text = HEADER + "a,1,1,5\nb,1,2,5\nc,1,3,5\nd,9,4,5\ne,9,1,5\n"
    (landing.feed("lines", entities) / "a.csv").write_text(text)
    file = landing.admit().files[0]
    assert (file.rows_read, file.filtered) == (5, 1)
    assert {name: c.accepted for name, c in file.entities.items()} == {
        "order_lines": 2, "products": 1, "shops": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("b.csv", b"", "is empty: it has no header"),
        ("b.csv.gz", gzip.compress(line("b").encode() * 500, mtime=0)[:-40],
         "is cut short: its gzip stream ends before its content does"),
        ("b.csv.gz", b"not gzip", "is no whole gzip file: it is damaged"),
        ("b.csv", b"other,columns\n1,2\n",
         'does not fit the feed: entities.order_lines.select.order_id: '
         'Referenced column "order_id" not found in FROM clause!'),
        ("b.csv", b"_row," + HEADER.encode(), "has a column _row, a name that admission needs"),
    ],
)  # fmt: skip
def test_an_unreadable_file_is_set_aside_and_the_run_goes_on(
    landing: Landing, name: str, content: bytes, reason: str
) -> None:
    folder = landing.feed("lines", MAPPING, files=["*.csv", "*.csv.gz"])
    (folder / "a.csv").write_text(line("a"))
    (folder / name).write_bytes(content)
    (folder / "c.csv").write_text(line("c"))
    report = landing.admit()
    assert report.ok
    assert orders(landing) == ["a 1", "c 1"]
    assert [(q.feed, q.file) for q in report.quarantined] == [("lines", name)]
    aside = landing.home.quarantine / "lines" / name
    assert aside.read_bytes() == content
    told = aside.with_name(f"{name}.reason").read_text()
    assert told.startswith(reason) and str(landing.home.root) not in told
    assert not (folder / name).exists()
    assert landing.admit().unchanged == 2


def test_a_name_that_does_not_say_when_it_was_exported_is_set_aside(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y%m%d).csv")
    (folder / "l_2024.csv").write_text(line("a"))
    report = landing.admit()
    assert [q.reason for q in report.quarantined] == ["'2024' does not follow %Y%m%d"]


def test_a_bad_file_of_the_same_name_is_kept_beside_the_first(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    for _ in range(2):
        (folder / "a.csv").write_text("")
        landing.admit()
    names = sorted(path.name for path in (landing.home.quarantine / "lines").iterdir())
    assert names == ["a.csv", "a.csv.2", "a.csv.2.reason", "a.csv.reason"]


def test_a_wrong_encoding_is_noticed(landing: Landing) -> None:
    read = {"format": "csv", "encoding": "gb18030"}
    folder = landing.feed("lines", MAPPING, read=read)
    (folder / "a.csv").write_bytes(HEADER.encode() + b"\xff\xff,1,1,5\n")
    assert "(line 2) is not gb18030" in landing.admit().quarantined[0].reason


def test_hidden_and_unfinished_files_are_left_alone(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, files="*")
    for name in (".a.csv", "a.csv.part", "a.csv.tmp"):
        (folder / name).write_text(line("a"))
    report = landing.admit()
    assert not report.files and not report.quarantined


def test_what_a_dead_run_left_is_removed(landing: Landing) -> None:
    (landing.feed("lines", MAPPING) / "a.csv").write_text(line("a") + "b,1,-1,5\n")
    landing.admit()
    before = landing.lake_files()
    lake = landing.home.lake
    held = next(path for path in (lake / "order_lines").glob("lines-*.parquet"))
    for entity, feed in (("order_lines", "lines"), ("orders", "lines"), ("orders", "never_seen")):
        (lake / entity / f"{feed}-0000.parquet").write_bytes(held.read_bytes())
    (lake / ".tmp" / "lines").mkdir(parents=True)
    (lake / ".tmp" / "lines" / "half.parquet").write_bytes(b"PAR1")
    recover(landing.home)
    assert landing.lake_files() == before


def test_a_run_that_dies_before_its_commit_changes_nothing(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "a.csv").write_text(line("a"))
    landing.admit()
    (folder / "a.csv").write_text(line("a", 2))
    (folder / "b.csv").write_text(line("b"))
    with monkeypatch.context() as patch:
        patch.setattr(admission, "write_manifest", lambda home, manifest: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            landing.admit()
    recover(landing.home)
    assert orders(landing) == ["a 1"]
    landing.admit()
    assert orders(landing) == ["a 2", "b 1"]


def test_large_landings_are_read_in_batches(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "_BATCH_BYTES", 100)
    folder = landing.feed("lines", MAPPING)
    for name in "abcdefg":
        (folder / f"{name}.csv").write_text(line(name))
    landing.admit()
    assert len(landing.manifest("lines")["batches"]) > 2
    assert orders(landing) == [f"{name} 1" for name in "abcdefg"]
    landing.feed("lines", {"order_lines": {"select": LINES | {"quantity": 9}}})
    landing.admit()
    assert orders(landing) == [f"{name} 9" for name in "abcdefg"]


def test_one_feed_alone(landing: Landing) -> None:
    for name in ("one", "two"):
        (landing.feed(name, MAPPING) / "a.csv").write_text(line(name))
    lines: list[str] = []
    report = admit_feed(landing.home, "one", LATER, lines.append)
    assert [file.feed for file in report.files] == ["one"]
    assert orders(landing) == ["one 1"]
    assert lines == [
        "one: 1 new files, 0 pending",
        "one: batch 1 of 1: 1 files, 1 rows read, 1 accepted, 0 rejected",
    ]
    assert str(admit_feed(landing.home, "three", LATER).wrong[0]) == (
        "landing/three/feed.yml: there is no such file"
    )


@pytest.mark.parametrize(
    "counts",
    [
        FileCounts(read=3, used=1, filtered=1, unreadable=0),
        FileCounts(1, 1, 0, 0, {"orders": EntityCounts(mapped=2, accepted=1, rejected=0)}),
    ],
)
def test_a_row_that_is_not_accounted_for_is_an_error(counts: FileCounts) -> None:
    with pytest.raises(IdentityBroken):
        check_identities("x/a.csv", counts)


def test_a_damaged_manifest_is_an_error_that_says_what_to_do(landing: Landing) -> None:
    (landing.home.manifest / "lines.json").write_text("{")
    with pytest.raises(ManifestError, match="restore it, or remove it"):
        read_manifest(landing.home, "lines")
