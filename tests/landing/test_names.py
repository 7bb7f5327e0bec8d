"""Awkward names: each file's own bytes are read, nothing is expanded, nothing is overwritten."""

import gzip
import os
from pathlib import Path

import pytest
from landing_home import LINES, Landing

from orchestration.landing.claims import claimed
from orchestration.landing.feeds import WrongFeed, load_feeds
from orchestration.landing.names import plain_name, shown
from orchestration.landing.quarantine import set_aside

HEADER = "order_id,line_id,quantity,amount\n"
MAPPING = {"order_lines": {"select": LINES}}
AWKWARD = [
    "b[1].csv", "b1.csv", "*.csv", "?.csv", "a.csv", "[!a].csv", "it's \"x\".csv", "100%20.csv",
    "a\nb.csv", "a\\b.csv", "a\\*.csv", "-rf.csv", "订单😀.csv", "$HOME.csv", "{a,b}.csv", "~.csv",
    "x=1.csv", "a|b.csv", "[red]x[bold].csv", "x" * 251 + ".csv",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_name_gives_its_own_rows(landing: Landing, encoding: str) -> None:
    read = {"format": "csv", "encoding": encoding}
    folder = landing.feed("lines", MAPPING, files="**/*.csv", read=read)
    (folder / "[2024]*").mkdir()
    names = [*AWKWARD, "[2024]*/a.csv", "[2024]*/b[1].csv"]
    for number, name in enumerate(names):
        (folder / name).write_text(HEADER + f"{number},1,1,5\nbad,1,{number}.5,5\nshort,1\n")
    report = landing.admit()
    assert len(report.files) == len(names)
    found = landing.rows("order_lines", "order_id, _file", "cast(order_id as int)")
    assert found == [(str(number), name) for number, name in enumerate(names)]
    rejected = landing.rows("rejected", "reasons, _file", "_file, _row")
    assert len(rejected) == 2 * len(names)
    for number, name in enumerate(names):
        reasons = [reason for reason, file in rejected if file == name]
        assert f"quantity: '{number}.5' is not a whole number" in reasons
        assert "unreadable: line 4: fewer values than the 4 columns" in reasons


def test_a_reason_names_the_file_as_it_was_landed(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, files="*", read={"format": "parquet"})
    (folder / "b[1].parquet").write_bytes(b"PAR1 and no more than that")
    aside = landing.admit().quarantined[0]
    assert (aside.file, "b[1].parquet" in aside.reason) == ("b[1].parquet", True)
    assert str(landing.home.root) not in aside.reason


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain 订单.csv", "plain 订单.csv"),
        ("a\nb\t.csv", "a\\nb\\t.csv"),
        ("a\\nb", "a\\\\nb"),
        ("\u202egnp.csv", "\\u202egnp.csv"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
    ],
)
def test_a_name_is_shown_on_one_line(name: str, expected: str) -> None:
    assert shown(name) == expected


def test_plain_names_differ_and_keep_their_ending() -> None:
    names = [plain_name(name) for name in ("a[1].csv.gz", "a[2].csv.gz", "a[1].csv")]
    assert len(set(names)) == 3
    assert [name[24:] for name in names] == [".csv.gz", ".csv.gz", ".csv"]


def test_two_files_that_are_one_but_for_their_compression_are_both_read(landing: Landing) -> None:
    read = {"format": "csv", "encoding": "gb18030"}
    folder = landing.feed("lines", MAPPING, files=["*.csv", "*.gz"], read=read)
    (folder / "a.csv").write_text(HEADER + "a,1,1,5\n")
    (folder / "a.csv.gz").write_bytes(gzip.compress((HEADER + "b,1,1,5\n").encode()))
    landing.admit()
    assert landing.rows("order_lines", "order_id") == [("a",), ("b",)]


def test_a_long_name_is_set_aside_under_a_short_one(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    name = "x" * 251 + ".csv"
    (folder / name).write_text("")
    assert [aside.file for aside in landing.admit().quarantined] == [name]
    aside = sorted(path.name for path in (landing.home.quarantine / "lines").iterdir())
    assert aside == [plain_name(name), f"{plain_name(name)}.reason"]


def test_setting_aside_overwrites_nothing(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    (folder / "d").mkdir()
    names = ["a.csv.reason", "a.csv", "d.csv", "d/x.csv", "a.csv"]
    for name in names:
        (folder / name).write_text(name)
        set_aside(landing.home, "lines", folder, name, "why")
    (folder / "e").write_text("e")
    set_aside(landing.home, "lines", folder, "e", "why")
    (folder / "e").mkdir()
    (folder / "e" / "x.csv").write_text("e/x.csv")
    set_aside(landing.home, "lines", folder, "e/x.csv", "why")
    aside = [path for path in landing.home.quarantine.rglob("*") if path.is_file()]
    contents = [path.read_text() for path in aside]
    reasons = [text for text in contents if text.startswith("why\n")]
    assert sorted(set(contents) - set(reasons)) == sorted({*names, "e", "e/x.csv"})
    assert len(reasons) == len(contents) - len(reasons) == 7


def test_a_reason_that_a_dead_run_left_without_its_file_takes_no_name(landing: Landing) -> None:
    """A kill falls between writing the reason and moving the file."""
    folder = landing.feed("lines", {"order_lines": {"select": LINES}})
    aside = landing.home.quarantine / "lines"
    aside.mkdir(parents=True)
    (aside / "a.csv.reason").write_text("why it died\n")
    (folder / "a.csv").write_text("x")
    assert set_aside(landing.home, "lines", folder, "a.csv", "why") == aside / "a.csv"
    assert (aside / "a.csv.reason").read_text() == "why\n"


def test_a_link_that_is_set_aside_still_points_to_its_file(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, files="b*")
    (folder / "a.csv").write_text("")
    (folder / "b.csv").symlink_to("a.csv")
    landing.admit()
    moved = landing.home.quarantine / "lines" / "b.csv"
    assert moved.is_symlink() and moved.resolve() == (folder / "a.csv").resolve()


def test_a_file_that_cannot_be_moved_stays_and_is_told(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text("")
    landing.home.quarantine.mkdir()

    def refuse(source: Path, target: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("orchestration.landing.quarantine._move", refuse)
    assert [str(pending) for pending in landing.admit().pending] == [
        "lines/a.csv: is empty: it has no header; it cannot be moved to landing/_quarantine "
        "(Read-only file system) and stays"
    ]
    assert path.exists() and not list(landing.home.quarantine.rglob("*.reason"))


def test_a_file_that_cannot_be_opened_is_left_and_told(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = landing.feed("lines", MAPPING)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + f"{name},1,1,5\n")
    really = os.open

    def refuse(path: Path, flags: int, *more: int) -> int:
        if str(path).endswith("a.csv"):
            raise PermissionError(13, "Permission denied")
        return really(path, flags, *more)

    monkeypatch.setattr("orchestration.landing.candidates.os.open", refuse)
    report = landing.admit()
    assert [str(pending) for pending in report.pending] == [
        "lines/a.csv: cannot be opened (Permission denied); give this user the right to read it"
    ]
    assert landing.rows("order_lines", "order_id") == [("b.csv",)]


@pytest.mark.parametrize("unlistable", ["lines", "lines/2024", "other"])
def test_a_folder_that_cannot_be_listed_stops_its_feed_alone(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, unlistable: str
) -> None:
    for name in ("lines", "good"):
        folder = landing.feed(name, MAPPING)
        (folder / "2024").mkdir()
        (folder / "a.csv").write_text(HEADER + f"{name},1,1,5\n")
    (landing.home.landing / "other").mkdir()
    really = os.scandir

    def refuse(path: str) -> object:
        if str(path) == str(landing.home.landing / unlistable):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(os, "scandir", refuse)
    words = f"landing/{unlistable} cannot be listed (Permission denied)"
    wrong = [str(feed) for feed in load_feeds(landing.home.landing) if isinstance(feed, WrongFeed)]
    assert len(wrong) == 1
    assert words in wrong[0].replace(": cannot", " cannot")
    report = landing.admit()
    assert not report.ok and "good" in [file.feed for file in report.files]


def test_links_are_followed_inside_the_landing_zone_only(tmp_path: Path) -> None:
    landing, outside = tmp_path / "landing", tmp_path / "landing_too"
    folder = landing / "x"
    folder.mkdir(parents=True)
    outside.mkdir()
    (outside / "a.csv").write_text("")
    (landing / "shared.csv").write_text("")
    (folder / "in.csv").symlink_to("../shared.csv")
    (folder / "out.csv").symlink_to(outside / "a.csv")
    claims = claimed(folder, ["*.csv"], landing)
    assert claims.files == ("in.csv",)
    assert [name for name, _ in claims.refused] == ["out.csv"]


def test_a_landing_zone_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    home = tmp_path / "home"
    home.mkdir()
    (home / "landing").symlink_to("../disk")
    landing = Landing(home)
    (landing.feed("lines", MAPPING) / "b[1].csv").write_text(HEADER + "a,1,1,5\n")
    assert landing.admit().ok
    assert landing.rows("order_lines", "order_id") == [("a",)]


def test_an_admitted_file_that_becomes_a_link_out_keeps_its_rows(landing: Landing) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text(HEADER + "a,1,1,5\n")
    landing.admit()
    path.rename(landing.home.root / "a.csv")
    path.symlink_to("../../a.csv")
    assert "leads out of the landing zone" in landing.admit().notes[0]
    assert landing.rows("order_lines", "order_id") == [("a",)]
