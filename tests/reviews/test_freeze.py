"""A quarter is frozen once, from one build, without names, and nothing that is done to it hides."""

import json
import shutil
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from built_homes import make_record

from orchestration.landing.hashing import load_hash_key
from orchestration.paths import Home
from orchestration.reviews.chain import Review, read_chain, seal, write_head
from orchestration.reviews.freeze import (
    AlreadyFrozenError,
    NotDueError,
    due_quarters,
    freeze_quarter,
)
from orchestration.reviews.quarters import Quarter
from orchestration.reviews.verification import verify
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()
Q1, Q2, Q3 = (Quarter(date(2026, month, 1)) for month in (1, 4, 7))


@pytest.fixture
def home(built_home: Home) -> Home:
    publish(built_home, SETTINGS, make_record(built_home))
    return built_home


@pytest.fixture
def frozen(home: Home) -> Home:
    for quarter in (Q1, Q2):
        freeze_quarter(home, SETTINGS, quarter)
    return home


def _folder(home: Home, label: str) -> Path:
    return home.reviews / f"quarter={label}" / "revision=1"


def test_closed_quarters_past_their_grace_are_due(home: Home) -> None:
    assert due_quarters(home, SETTINGS) == [Q1, Q2]


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        (datetime(2026, 7, 10, 23, 59, tzinfo=UTC), [Q1]),
        (datetime(2026, 7, 11, tzinfo=UTC), [Q1, Q2]),
    ],
)
def test_the_clocks_of_the_build_decide_not_todays_date(
    built_home: Home, as_of: datetime, due: list[Quarter]
) -> None:
    publish(built_home, SETTINGS, make_record(built_home, as_of=as_of))
    assert due_quarters(built_home, SETTINGS) == due


def test_a_frozen_quarter_is_due_no_more_and_never_rewritten(frozen: Home) -> None:
    assert due_quarters(frozen, SETTINGS) == []
    before = {path: path.read_bytes() for path in frozen.reviews.rglob("*") if path.is_file()}
    with pytest.raises(AlreadyFrozenError):
        freeze_quarter(frozen, SETTINGS, Q1)
    assert before == {p: p.read_bytes() for p in frozen.reviews.rglob("*") if p.is_file()}


def test_an_open_quarter_cannot_be_frozen(home: Home) -> None:
    with pytest.raises(NotDueError, match="2026-Q3"):
        freeze_quarter(home, SETTINGS, Q3)
    assert list(home.reviews.iterdir()) == []


def test_a_revision_holds_what_the_quarter_was_judged_by(frozen: Home) -> None:
    folder = _folder(frozen, "2026-Q1")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "kpi_scores.parquet",
        "kpi_values.parquet",
        "people.sealed.json",
        "review.json",
        "rules/kpi_targets.csv",
        "scorecards.parquet",
        "source_manifest.json",
    }
    content = json.loads((folder / "review.json").read_text())
    assert content["quarter"] == "2026-Q1" and content["revision"] == 1
    assert content["as_of"] == "2026-08-01T00:00:00+00:00"
    assert content["totals"]["kpi_values.parquet"]["by_owner_kind"] == {
        "company": 1,
        "employee": 6,
        "team": 1,
    }
    assert content["totals"]["kpi_values.parquet"]["sums"] == {"value": "15.000000"}
    starts = duckdb.connect().execute(
        f"select distinct period_start from '{folder}/scorecards.parquet'"
    )
    assert starts.fetchall() == [(date(2026, 1, 1),)]


def test_employees_are_known_by_their_key_alone(frozen: Home) -> None:
    for path in frozen.reviews.rglob("*"):
        if path.suffix == ".parquet":
            text = str(duckdb.connect().execute(f"select * from '{path}'").fetchall())
            assert "employee" in text
        elif path.is_file():
            text = path.read_text()
        else:
            continue
        assert "employee3" not in text and "Name of" not in text, path
    rows = (
        duckdb.connect()
        .execute(
            f"select distinct owner_id, measured_owner_id = owner_id "
            f"from '{_folder(frozen, '2026-Q1')}/kpi_scores.parquet' where owner_kind = 'employee'"
        )
        .fetchall()
    )
    assert len(rows) == 6 and all(len(key) == 64 and same for key, same in rows)
    targets = (_folder(frozen, "2026-Q1") / "rules" / "kpi_targets.csv").read_text()
    keys = {key for key, _ in rows}
    assert any(key in targets for key in keys) and "roas,team,*" in targets


def test_keys_are_the_same_in_each_quarter_and_others_with_another_secret(
    frozen: Home, tmp_path: Path
) -> None:
    def keys(home: Home, label: str) -> set[tuple[str]]:
        file = _folder(home, label) / "scorecards.parquet"
        sql = f"select owner_id from '{file}' where owner_kind = 'employee'"
        return set(duckdb.connect().execute(sql).fetchall())

    assert keys(frozen, "2026-Q1") == keys(frozen, "2026-Q2")
    other = Home(tmp_path / "other")
    shutil.copytree(frozen.root, other.root, symlinks=True)
    shutil.rmtree(other.reviews)
    (other.secrets / "hmac.key").unlink()
    (other.secrets / "review_head.json").unlink()
    assert load_hash_key(other).key != load_hash_key(frozen).key
    freeze_quarter(other, SETTINGS, Q1)
    assert keys(other, "2026-Q1").isdisjoint(keys(frozen, "2026-Q1"))


def test_frozen_files_are_private(frozen: Home) -> None:
    for path in frozen.reviews.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_each_review_follows_the_one_before_it(frozen: Home) -> None:
    first, second = read_chain(frozen)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.content["previous_sha256"] is None
    assert second.content["previous_sha256"] == first.sha256
    assert verify(frozen) == []


def test_a_flipped_byte_is_found(frozen: Home) -> None:
    file = _folder(frozen, "2026-Q1") / "scorecards.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert verify(frozen) == [
        "quarter=2026-Q1/revision=1/scorecards.parquet: changed since it was frozen"
    ]


def test_a_missing_file_is_found(frozen: Home) -> None:
    (_folder(frozen, "2026-Q2") / "rules" / "kpi_targets.csv").unlink()
    assert verify(frozen) == ["quarter=2026-Q2/revision=1/rules/kpi_targets.csv: missing"]


def test_an_added_file_is_found(frozen: Home) -> None:
    (_folder(frozen, "2026-Q2") / "later.csv").write_text("a\n")
    assert verify(frozen) == ["quarter=2026-Q2/revision=1/later.csv: not part of the review"]


def test_an_edited_review_file_is_found(frozen: Home) -> None:
    path = _folder(frozen, "2026-Q2") / "review.json"
    path.write_text(path.read_text().replace('"first freeze"', '"as agreed"'))
    assert any("another hash than it states" in problem for problem in verify(frozen))


def test_a_rewritten_review_is_found_though_it_is_sealed_again(frozen: Home) -> None:
    path = _folder(frozen, "2026-Q1") / "review.json"
    content = seal({**json.loads(path.read_text()), "reason": "as agreed"})
    path.write_text(json.dumps(content))
    assert verify(frozen) == ["2026-Q2 revision 1: does not follow the review frozen before it"]


def test_a_shortened_chain_is_found(frozen: Home) -> None:
    shutil.rmtree(frozen.reviews / "quarter=2026-Q2")
    problems = verify(frozen)
    assert len(problems) == 1 and "recorded head" in problems[0]


def test_an_emptied_folder_is_found(frozen: Home) -> None:
    for folder in frozen.reviews.iterdir():
        shutil.rmtree(folder)
    assert len(verify(frozen)) == 1


def test_a_crash_between_renaming_and_recording_is_no_tampering(frozen: Home) -> None:
    first, second = read_chain(frozen)
    write_head(frozen, first.sha256, following=second.sha256)
    assert verify(frozen) == []


def test_a_crash_before_renaming_leaves_nothing_and_is_made_good(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Path, target: Path) -> Path:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", crash)
        with pytest.raises(OSError, match="power cut"):
            freeze_quarter(home, SETTINGS, Q1)
    assert read_chain(home) == [] and verify(home) == []
    review = freeze_quarter(home, SETTINGS, Q1)
    assert isinstance(review, Review) and verify(home) == []
    assert [path.name for path in home.reviews.iterdir()] == ["quarter=2026-Q1"]


def test_later_data_freezes_later_quarters_and_leaves_earlier_ones(frozen: Home) -> None:
    """The frozen figures may differ from later ones, as they do in life."""
    before = (_folder(frozen, "2026-Q1") / "scorecards.parquet").read_bytes()
    with duckdb.connect(str(frozen.warehouse)) as warehouse:
        warehouse.execute("update scorecards.scorecards set final_score = 10")
    later = datetime(2026, 11, 1, tzinfo=UTC)
    publish(frozen, SETTINGS, make_record(frozen, as_of=later))
    assert due_quarters(frozen, SETTINGS) == [Q3]
    freeze_quarter(frozen, SETTINGS, Q3)
    assert (_folder(frozen, "2026-Q1") / "scorecards.parquet").read_bytes() == before
    assert [review.quarter for review in read_chain(frozen)] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert verify(frozen) == []
