"""A dry run tells what the admission would do, word for word, and leaves every byte as it was."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

import pytest
from landing_home import LATER, LINES, Landing

from orchestration.landing.rehearsal import rehearse
from orchestration.landing.report import AdmissionReport
from orchestration.paths import Home

HEADER = "order_id,line_id,quantity,amount\n"
SELECT = {"order_lines": {"select": LINES}}
CUSTOMERS = {"customers": {"select": {"customer_id": "id", "email": "mail"}}}
KNOWN_UNTIL = datetime(2024, 6, 1)


def everything(home: Home) -> dict[str, tuple[str, int, int]]:
    """Every file of a home with its hash, time and mode; links by where they lead."""
    found = {}
    for path in sorted(home.root.rglob("*")):
        stat = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        name = str(path.relative_to(home.root))
        time = 0 if path.is_dir() else stat.st_mtime_ns
        found[name] = (hashlib.sha256(content).hexdigest(), time, stat.st_mode)
    return found


def said(report: AdmissionReport) -> tuple[object, ...]:
    return (
        sorted(report.files, key=lambda file: (file.feed, file.file)),
        report.pending,
        report.quarantined,
        report.wrong,
        report.notes,
        report.unchanged,
    )


@pytest.fixture
def busy(landing: Landing) -> Landing:
    """A home with a bit of everything: new, changed, same, later, broken, refused, stopped."""
    dated = {"exported_at": "l_(%Y%m%d).csv"}
    folder = landing.feed("lines", SELECT, **dated)
    for day in ("20240501", "20240502", "20240503"):
        (folder / f"l_{day}.csv").write_text(f"{HEADER}A{day},1,2,3.00\n")
    crm = landing.feed("crm", CUSTOMERS)
    (crm / "c.csv").write_text("id,mail\n1,ada@example.com\n")
    landing.admit(KNOWN_UNTIL)
    landing.admit()
    (folder / "l_20240502.csv").write_text(f"{HEADER}B,1,2,3.00\nB,2,-5,3.00\nB,3,-6,x\n")
    (folder / "l_20240504.csv").write_text(f"{HEADER}C,1,2,3.00\n")
    (folder / "l_20240704.csv").write_text(f"{HEADER}D,1,2,3.00\n")
    (folder / "l_20240505.csv").write_text("")
    (folder / "l_soon.csv").write_text(HEADER)
    unfit = landing.feed("unfit", {"shops": {"select": {"shop": "nowhere", "shop_kind": "k"}}})
    (unfit / "s.csv").write_text("shop,k\nkiosk,own_site\n")
    landing.feed("wrong", {"shoppes": {"select": {"shop": "shop"}}})
    later = landing.feed("later", SELECT)
    (later / "g.csv").write_text(f"{HEADER}G,1,2,3.00\n")
    for path in (later / "g.csv", unfit / "s.csv"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return landing


def test_a_dry_run_changes_no_byte(busy: Landing) -> None:
    before = everything(busy.home)
    report = rehearse(busy.home, KNOWN_UNTIL).report
    assert len(report.files) == 3 and report.wrong and report.quarantined and report.pending
    assert everything(busy.home) == before


def test_it_tells_what_the_admission_then_does(busy: Landing) -> None:
    told = rehearse(busy.home, KNOWN_UNTIL)
    assert said(told.report) == said(busy.admit(KNOWN_UNTIL))


def test_it_tells_new_changed_and_same_files_apart(busy: Landing) -> None:
    report = rehearse(busy.home, KNOWN_UNTIL).report
    assert {(each.file, each.replaced) for each in report.files} == {
        ("l_20240502.csv", True),
        ("l_20240504.csv", False),
        ("g.csv", False),
    }
    assert report.unchanged == 3
    assert [each.file for each in report.pending] == ["l_20240704.csv"]
    assert [each.file for each in report.quarantined] == ["l_soon.csv", "l_20240505.csv"]


def test_it_counts_the_reasons_of_the_files_it_would_admit(busy: Landing) -> None:
    found = rehearse(busy.home, KNOWN_UNTIL).refusals
    assert {(each.kind, each.count, each.files) for each in found} == {
        ("quantity: … is below 0", 2, ("l_20240502.csv",)),
        ("line_amount: … is not a number", 1, ("l_20240502.csv",)),
    }


def test_a_home_without_a_key_gets_none(landing: Landing) -> None:
    folder = landing.feed("crm", CUSTOMERS)
    (folder / "c.csv").write_text("id,mail\n1,ada@example.com\n")
    assert rehearse(landing.home, LATER).report.files
    assert list(landing.home.secrets.iterdir()) == []


def test_what_a_killed_dry_run_left_is_removed(landing: Landing) -> None:
    left = landing.home.root / ".rehearsal-x" / "lake"
    left.mkdir(parents=True)
    rehearse(landing.home, LATER)
    assert not list(Path(landing.home.root).glob(".rehearsal-*"))
