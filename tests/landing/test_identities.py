"""Whatever a file holds, every row is accounted for and clean rows come through unchanged."""

import shutil
from typing import Any

import pytest
from dirty_files import (
    DAMAGE,
    DECLARED,
    DIRTY_LINES,
    ENCODINGS,
    TEXT_OF,
    WRAPPED,
    Damage,
    Row,
    clean_rows,
    written,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_home import LINES, Landing

from orchestration.landing.report import AdmissionReport

ORDINARY = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow],
}
CAMPAIGN = ORDINARY | {"derandomize": False, "max_examples": 500}
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
WRAPPING = st.sampled_from(sorted(WRAPPED))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """One home for all examples: making its typed lake takes longer than admitting a file."""
    return Landing(tmp_path_factory.mktemp("identities") / "home")


def admitted(
    landing: Landing, content: bytes, ending: str, **read: Any
) -> tuple[AdmissionReport, list[Any]]:
    """Admit one file of order lines; both identities hold or it is set aside whole."""
    for left in (landing.home.landing, landing.home.manifest):
        shutil.rmtree(left, ignore_errors=True)
    landing.home.landing.mkdir()
    mapping = {"order_lines": {"select": LINES, "where": "order_id is not null"}}
    folder = landing.feed("lines", mapping, read={"format": "csv", **read}, files="a.csv*")
    (folder / f"a.csv{ending}").write_bytes(content)
    report = landing.admit()
    if any("not found in FROM clause" in wrong.problem for wrong in report.wrong):
        return report, []  # the header itself was damaged
    assert report.ok, report.wrong
    assert len(report.files) + len(report.quarantined) == 1, report
    for aside in report.quarantined:
        note = landing.home.quarantine / "lines" / f"{aside.file}.reason"
        assert aside.reason and note.read_text() == f"{aside.reason}\n"
        assert not landing.rows("order_lines")
    if report.files:
        check_identities(landing, report)
    return report, landing.rows("order_lines", "order_id, quantity, line_amount", "_row")


def check_identities(landing: Landing, report: AdmissionReport) -> None:
    file = report.files[0]
    counts = file.entities["order_lines"]
    assert file.rows_read == counts.mapped + file.filtered + file.unreadable
    assert counts.mapped == counts.accepted + counts.rejected
    assert counts.accepted == len(landing.rows("order_lines"))
    kept = landing.rows("rejected", "entity, reasons")
    assert len(kept) == counts.rejected + file.unreadable
    assert all(reasons for _, reasons in kept)


def dirty_rows_leave_clean_ones_alone(
    landing: Landing, clean: list[Row], dirty: list[str], line_end: str, ending: str
) -> None:
    """Clean rows stand before the dirty ones: an open quote swallows what follows it."""
    content = (written(clean, line_end) + "".join(dirty)).encode()
    report, found = admitted(landing, WRAPPED[ending](content), ending)
    if report.files:
        assert found[: len(clean)] == clean


def rows_come_through(
    landing: Landing, rows: list[Row], encoding: str, line_end: str, ending: str
) -> None:
    content = written(rows, line_end).encode(encoding)
    report, found = admitted(
        landing, WRAPPED[ending](content), ending, encoding=encoding.removesuffix("-sig")
    )
    assert report.files, report
    assert found == rows


def anything_ends_in_an_account(
    landing: Landing,
    rows: list[Row],
    encoding: str,
    declared: str,
    ending: str,
    inner: Damage,
    outer: Damage,
) -> None:
    content = inner.done_to(written(rows, "\n").encode(encoding, "replace"))
    admitted(landing, outer.done_to(WRAPPED[ending](content)), ending, encoding=declared)


@st.composite
def encoded_rows(draw: st.DrawFn) -> tuple[list[Row], str]:
    encoding = draw(st.sampled_from(ENCODINGS))
    return draw(clean_rows(TEXT_OF[encoding.removesuffix("-sig")])), encoding


DIRTY = given(
    clean=clean_rows(TEXT_OF["utf-8"]), dirty=DIRTY_LINES, line_end=LINE_ENDS, ending=WRAPPING
)
ENCODED = given(encoded=encoded_rows(), line_end=LINE_ENDS, ending=WRAPPING)
DAMAGED = given(
    encoded=encoded_rows(),
    declared=st.sampled_from(DECLARED),
    ending=WRAPPING,
    inner=DAMAGE,
    outer=DAMAGE,
)


@settings(max_examples=30, **ORDINARY)
@DIRTY
def test_every_row_is_accounted_for_and_clean_rows_are_unchanged(
    home: Landing, clean: list[Row], dirty: list[str], line_end: str, ending: str
) -> None:
    dirty_rows_leave_clean_ones_alone(home, clean, dirty, line_end, ending)


@settings(max_examples=15, **ORDINARY)
@ENCODED
def test_rows_of_every_encoding_come_through(
    home: Landing, encoded: tuple[list[Row], str], line_end: str, ending: str
) -> None:
    rows_come_through(home, *encoded, line_end, ending)


@settings(max_examples=30, **ORDINARY)
@DAMAGED
def test_damaged_and_wrongly_declared_files_end_in_an_account(
    home: Landing,
    encoded: tuple[list[Row], str],
    declared: str,
    ending: str,
    inner: Damage,
    outer: Damage,
) -> None:
    anything_ends_in_an_account(home, *encoded, declared, ending, inner, outer)


@pytest.mark.slow
@settings(**CAMPAIGN)
@DIRTY
def test_campaign_of_dirty_rows(
    home: Landing, clean: list[Row], dirty: list[str], line_end: str, ending: str
) -> None:
    dirty_rows_leave_clean_ones_alone(home, clean, dirty, line_end, ending)


@pytest.mark.slow
@settings(**CAMPAIGN)
@ENCODED
def test_campaign_of_encodings(
    home: Landing, encoded: tuple[list[Row], str], line_end: str, ending: str
) -> None:
    rows_come_through(home, *encoded, line_end, ending)


@pytest.mark.slow
@settings(**CAMPAIGN)
@DAMAGED
def test_campaign_of_damage(
    home: Landing,
    encoded: tuple[list[Row], str],
    declared: str,
    ending: str,
    inner: Damage,
    outer: Damage,
) -> None:
    anything_ends_in_an_account(home, *encoded, declared, ending, inner, outer)
