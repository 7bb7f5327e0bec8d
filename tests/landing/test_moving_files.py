"""Files that change or vanish while the door looks at them: told, never admitted half, no crash."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from landing_home import LATER, LINES, Landing

from orchestration.landing import admission, candidates
from orchestration.landing.admission import admit
from orchestration.landing.feeds import Feed
from orchestration.landing.quarantine import set_aside

HEADER = "order_id,line_id,quantity,amount\n"
MAPPING = {"order_lines": {"select": LINES}}
CHANGED = (
    "lines/a.csv: changed while it was looked at and read; the next run takes it if it is whole "
    "by then"
)
VANISHED = (
    "lines: a.csv vanished while it was looked at and read; nothing of it is admitted by this run"
)
Act = Callable[[Path], object]


def line(order: str, quantity: int = 1) -> str:
    return HEADER + f"{order},1,{quantity},5\n"


def grow(path: Path) -> None:
    with path.open("a") as file:
        file.write("more,1,1,5\n")


def rewrite(path: Path) -> None:
    """Other bytes of the same length, and the time of modification set back."""
    status = path.stat()
    path.write_text(path.read_text().replace("a,1,1", "a,1,7"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_text(line("a", 7))
    other.replace(path)


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def once(act: Act, path: Path, after: int = 0) -> Callable[[], None]:
    """Act one time only, after so many times: a run that follows finds nothing moving."""
    times = iter(range(1_000_000))

    def acting() -> None:
        if next(times) == after:
            act(path)

    return acting


def act_at(patch: pytest.MonkeyPatch, point: str, act: Callable[[], None]) -> None:
    """Let something happen at one point of an admission."""
    places: dict[str, tuple[Any, str]] = {
        "listed": (Feed, "claims"),
        "looked at": (candidates, "digest"),
        "hashed": (candidates.hashlib, "file_digest"),
        "inspected": (admission, "inspect"),
        "judged": (admission, "fitting"),
        "read": (admission, "admit_batch"),
    }
    owner, name = places[point.removeprefix("before being ").removeprefix("after being ")]
    original = getattr(owner, name)

    def hooked(*arguments: Any, **named: Any) -> Any:
        if point.startswith("before"):
            act()
        try:
            return original(*arguments, **named)
        finally:
            if point.startswith("after"):
                act()

    patch.setattr(owner, name, hooked)


POINTS = [
    "before being looked at",
    "after being hashed",
    "before being inspected",
    "after being inspected",
    "after being judged",
    "before being read",
    "after being read",
]


def landed(landing: Landing) -> Path:
    folder = landing.feed("lines", MAPPING)
    for name in "abc":
        (folder / f"{name}.csv").write_text(line(name))
    return folder / "a.csv"


def orders(landing: Landing) -> list[str]:
    return [row[0] for row in landing.rows("order_lines", "order_id || ' ' || quantity")]


CHANGES: list[tuple[str, Act]] = [(point, grow) for point in POINTS]
CHANGES += [(p, act) for p in ("after being hashed", POINTS[-1]) for act in (rewrite, replace)]


@pytest.mark.parametrize(("point", "act"), CHANGES)
def test_a_file_that_changes_is_left_for_the_next_run(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, point: str, act: Act
) -> None:
    path = landed(landing)
    with monkeypatch.context() as patch:
        act_at(patch, point, once(act, path))
        report = landing.admit()
    assert report.ok and not report.quarantined
    assert [str(pending) for pending in report.pending] == [CHANGED]
    assert orders(landing) == ["b 1", "c 1"]
    assert not landing.admit().pending
    assert {row for row in orders(landing) if row[0] in "am"} == {
        grow: {"a 1", "more 1"}, rewrite: {"a 7"}, replace: {"a 7"},
    }[act]  # fmt: skip


@pytest.mark.parametrize("point", ["before being looked at", "after being read"])
def test_a_file_that_becomes_a_named_pipe_is_left(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    path = landed(landing)
    act_at(monkeypatch, point, once(become_a_pipe, path))
    assert [str(pending) for pending in landing.admit().pending] == [CHANGED]
    assert orders(landing) == ["b 1", "c 1"]


@pytest.mark.parametrize("point", ["after being listed", *POINTS])
def test_a_file_that_vanishes_is_told(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    path = landed(landing)
    feeds_are_loaded_first = 1 if "listed" in point else 0
    act_at(monkeypatch, point, once(Path.unlink, path, feeds_are_loaded_first))
    report = landing.admit()
    assert report.ok and not report.quarantined and not report.pending
    assert report.notes == [VANISHED]
    assert orders(landing) == ["b 1", "c 1"]


def test_a_file_that_changes_keeps_its_former_rows(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = landed(landing)
    landing.admit()
    path.write_text(line("a", 3))
    with monkeypatch.context() as patch:
        act_at(patch, "after being read", once(grow, path))
        landing.admit()
    assert orders(landing) == ["a 1", "b 1", "c 1"]
    landing.admit()
    assert orders(landing) == ["a 3", "b 1", "c 1", "more 1"]


@pytest.mark.parametrize(
    "act", [lambda path: path.chmod(0o600), lambda path: os.link(path, path.with_suffix(".bak"))]
)
def test_a_change_of_mode_is_no_change(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    path = landed(landing)
    act_at(monkeypatch, "before being read", once(act, path))
    assert not landing.admit().pending
    assert orders(landing) == ["a 1", "b 1", "c 1"]


def test_a_file_written_again_with_the_same_bytes_may_have_been_read_half(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = landed(landing)
    act_at(monkeypatch, "after being read", once(lambda p: p.write_text(line("a")), path))
    assert [str(pending) for pending in landing.admit().pending] == [CHANGED]


def test_a_file_that_is_still_growing_is_not_set_aside(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = landing.feed("lines", MAPPING, files="*.csv.gz")
    whole = gzip.compress(line("a").encode() * 500)
    path = folder / "a.csv.gz"
    path.write_bytes(whole[:-40])
    with monkeypatch.context() as patch:
        act_at(patch, "after being inspected", once(lambda p: p.write_bytes(whole), path))
        report = landing.admit()
    assert not report.quarantined and len(report.pending) == 1
    assert path.read_bytes() == whole


def test_a_half_written_header_stops_no_feed(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text("order_id,li")
    with monkeypatch.context() as patch:
        act_at(patch, "after being judged", once(lambda p: p.write_text(line("a")), path))
        report = landing.admit()
    assert report.ok
    assert [str(pending) for pending in report.pending] == [CHANGED]
    landing.admit()
    assert orders(landing) == ["a 1"]


def test_an_unreadable_file_that_vanishes_is_told(
    landing: Landing,
) -> None:
    path = landing.feed("lines", MAPPING) / "a.csv"
    path.write_text("")

    def vanish(*arguments: Any) -> Path:
        path.unlink()
        return set_aside(*arguments)

    report = admit(landing.home, LATER, aside=vanish)
    assert (report.notes, report.quarantined) == ([VANISHED], [])
    assert not list(landing.home.quarantine.rglob("*.reason"))


def test_a_file_of_a_settled_past_is_not_hashed_again(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed(landing)
    hashed: list[Path] = []
    digest = candidates.digest
    monkeypatch.setattr(candidates, "_SETTLED_NS", 0)
    monkeypatch.setattr(candidates, "digest", lambda path: hashed.append(path) or digest(path))
    landing.admit()
    assert [path.name for path in hashed] == ["a.csv", "b.csv", "c.csv"]
