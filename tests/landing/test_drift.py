"""Which columns a file is held to, and what the manifest remembers of them."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from cases_drift import parquet
from landing_home import LINES, Landing

from orchestration.landing.drift import Export, judge
from orchestration.landing.feeds import Feed, load_feeds
from orchestration.landing.manifest import ManifestError, read_manifest
from orchestration.landing.varying import presented, presented_sql

HEADER = "order_id,line_id,quantity,amount\n"
WITH_SHOP = "order_id,line_id,quantity,amount,shop\n"
MAPPING = {"order_lines": {"select": LINES}}
A, AB = (("a", "VARCHAR"),), (("a", "VARCHAR"), ("b", "VARCHAR"))


def export(name: str, shape: tuple[tuple[str, str], ...], **more: bool) -> Export:
    return Export(name, datetime(2024, 1, int(name[-1])), shape, **more)


def test_the_file_exported_before_decides_not_the_one_that_came_before() -> None:
    third = export("x3", A)
    assert judge([third], [export("x1", AB), export("x2", A)], ()).drifted == {}
    assert list(judge([third], [export("x1", A), export("x2", AB)], ()).drifted) == ["x3"]
    assert judge([third], [export("x4", AB)], ()).drifted == {}


def test_the_instant_of_export_goes_before_the_name() -> None:
    early, late = export("b1", AB), export("a2", A)
    assert list(judge([early, late], [], ()).drifted) == ["a2"]


def test_a_file_set_aside_is_no_measure_for_the_next() -> None:
    judgement = judge([export("x1", AB), export("x2", A), export("x3", AB)], [], ())
    assert list(judgement.drifted) == ["x2"]
    assert judgement.notes == []


def test_a_file_that_does_not_fit_is_no_measure_for_the_next() -> None:
    judgement = judge([export("x1", (("z", "VARCHAR"),), fits=False), export("x2", A)], [], ())
    assert judgement.drifted == {}


def test_what_stands_is_not_judged_again() -> None:
    assert judge([export("x1", AB), export("x2", A, stands=True)], [], ()).drifted == {}


def test_columns_that_may_vary_are_not_compared() -> None:
    assert judge([export("x1", AB), export("x2", A)], [], ("B",)).drifted == {}


def test_varying_columns_are_text_and_always_there() -> None:
    shape = (("a", "DOUBLE"), ("b", "VARCHAR"), ("c", "BIGINT"))
    assert presented(shape, ("A", "b", "d")) == (
        ("a", "VARCHAR"), ("b", "VARCHAR"), ("c", "BIGINT"), ("d", "VARCHAR"),
    )  # fmt: skip
    assert presented_sql(shape, ("d",)) == '"a", "b", "c", cast(null as varchar) as "d"'


def test_a_whole_number_of_a_float_column_stays_whole_as_text(landing: Landing) -> None:
    read = {"format": "parquet", "varying_columns": ["order_id"]}
    folder = landing.feed("lines", MAPPING, files="*.parquet", read=read)
    rest = "'1' as line_id, 1 as quantity, 5 as amount"
    for name, value in {"a": "12345::double", "b": "'12345'", "c": "12345"}.items():
        parquet(folder / f"{name}.parquet", f"select {value} as order_id, {rest}")
    landing.admit()
    assert landing.rows("order_lines", "order_id") == [("12345",)] * 3


def test_an_older_export_that_comes_later_changes_nothing_that_stands(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y).csv")
    (folder / "l_2024.csv").write_text(HEADER + "a,1,1,5\n")
    landing.admit()
    before = landing.rows("order_lines")
    (folder / "l_2023.csv").write_text(WITH_SHOP + "b,1,1,5,web\n")
    report = landing.admit()
    assert not report.quarantined
    assert [row for row in landing.rows("order_lines") if row[0] == "a"] == before
    landing.feed("lines", {"order_lines": {"select": LINES | {"shop": "'x'"}}},
                 exported_at="l_(%Y).csv")  # fmt: skip
    assert not landing.admit().quarantined


def test_a_file_that_lacks_a_column_keeps_its_former_rows(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING, exported_at="l_(%Y).csv")
    for year in (2023, 2024):
        (folder / f"l_{year}.csv").write_text(WITH_SHOP + f"{year},1,1,5,web\n")
    landing.admit()
    (folder / "l_2024.csv").write_text(HEADER + "other,1,1,5\n")
    assert [aside.file for aside in landing.admit().quarantined] == ["l_2024.csv"]
    assert landing.rows("order_lines", "order_id") == [("2023",), ("2024",)]


def test_the_manifest_holds_each_shape_once(landing: Landing) -> None:
    folder = landing.feed("lines", MAPPING)
    for number, name in enumerate("abc"):
        path = folder / f"{name}.csv"
        path.write_text((WITH_SHOP if name == "c" else HEADER) + f"{name},1,1,5\n")
        os.utime(path, (1_700_000_000 + number,) * 2)
    landing.admit()
    content = landing.manifest("lines")
    shapes = [content["files"][f"{name}.csv"]["shape"] for name in "abc"]
    assert shapes[0] == shapes[1] != shapes[2]
    assert content["shapes"][shapes[0]] == [[c, "VARCHAR"] for c in HEADER.strip().split(",")]
    (folder / "c.csv").write_text(HEADER + "c,1,1,5\n")
    landing.feed("lines", MAPPING, read={"format": "csv", "varying_columns": ["shop"]})
    landing.admit()
    assert len(landing.manifest("lines")["shapes"]) == 1


def manifest_of(landing: Landing, version: int) -> Path:
    """The manifest of an admitted file as an earlier version wrote it."""
    (landing.feed("lines", MAPPING) / "a.csv").write_text(WITH_SHOP + "a,1,1,5,web\n")
    landing.admit()
    content = landing.manifest("lines") | {"version": version}
    del content["shapes"]
    for file in content["files"].values():
        del file["shape"]
    path = landing.home.manifest / "lines.json"
    path.write_text(json.dumps(content))
    return path


def test_a_manifest_without_columns_still_loads(landing: Landing) -> None:
    manifest_of(landing, 1)
    assert read_manifest(landing.home, "lines").files["a.csv"].shape is None
    (landing.home.landing / "lines" / "b.csv").write_text(HEADER + "b,1,1,5\n")
    report = landing.admit()
    assert (report.unchanged, report.quarantined) == (1, [])
    assert landing.rows("order_lines", "order_id") == [("a",), ("b",)]
    assert landing.manifest("lines")["version"] == 2


@pytest.mark.parametrize("version", [2, 3])
def test_a_manifest_that_is_no_known_version_is_an_error(landing: Landing, version: int) -> None:
    manifest_of(landing, version)
    with pytest.raises(ManifestError):
        read_manifest(landing.home, "lines")


def test_later_read_keys_admit_nothing_again_where_they_are_not_set(landing: Landing) -> None:
    def content_hash(**read: object) -> str:
        landing.feed("lines", MAPPING, read={"format": "csv"} | read)
        feed = load_feeds(landing.home.landing)[0]
        assert isinstance(feed, Feed)
        return feed.content_hash("")

    assert content_hash() == (
        "a42f784829edd26b6df7b0721ce8072f8d2d340896f6eb2394853601ff8a1c73"  # before they came
    )
    assert content_hash(time_limit="1 hour") == content_hash()
    assert content_hash(varying_columns=["amount"]) != content_hash()
