"""Names and texts are sealed by a key an employee; reviews are signed; a kept head tells all."""

import json
import shutil
import stat

import duckdb
import pytest
from built_homes import make_record

from orchestration.paths import Home
from orchestration.reviews.chain import Review, read_chain, seal, write_head
from orchestration.reviews.freeze import freeze_quarter
from orchestration.reviews.frozen_tables import key_of
from orchestration.reviews.people_file import (
    SEALED_FILE,
    CannotOpenError,
    destroy_key,
    open_sealed,
)
from orchestration.reviews.quarters import Quarter
from orchestration.reviews.signing import (
    SIGNATURE_FILE,
    SigningKeyExistsError,
    make_signing_key,
    public_key,
)
from orchestration.reviews.verification import verify
from orchestration.serving.publish import publish
from orchestration.settings import Settings

SETTINGS = Settings()
Q1, Q2 = Quarter.labelled("2026-Q1", SETTINGS), Quarter.labelled("2026-Q2", SETTINGS)
NAME = '=cmd|"<b>名字 🙂'


@pytest.fixture
def home(built_home: Home) -> Home:
    with duckdb.connect(str(built_home.warehouse)) as warehouse:
        warehouse.execute(
            "update core.dim_employees set employee_name = ? where employee_id = 'e3'", [NAME]
        )
    publish(built_home, SETTINGS, make_record(built_home))
    return built_home


def _opened(home: Home, review: Review) -> dict[str, object]:
    return open_sealed(home, review.folder, review.quarter, key_of(home)("e3"))


def test_a_name_is_sealed_and_opens_with_its_key(home: Home) -> None:
    review = freeze_quarter(home, SETTINGS, Q1)
    assert "名字" not in (review.folder / SEALED_FILE).read_text()
    assert _opened(home, review) == {"employee_id": "e3", "employee_name": NAME}
    key = home.secrets / "employees" / f"{key_of(home)('e3')}.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_an_erased_employee_is_read_by_nobody_and_the_chain_holds(home: Home) -> None:
    review = freeze_quarter(home, SETTINGS, Q1)
    totals = review.content["totals"]
    assert destroy_key(home, key_of(home)("e3"))
    with pytest.raises(CannotOpenError, match="erased"):
        _opened(home, review)
    assert verify(home) == [] and read_chain(home)[0].content["totals"] == totals
    later = freeze_quarter(home, SETTINGS, Q2)
    sealed = json.loads((later.folder / SEALED_FILE).read_text())["employees"]
    assert key_of(home)("e3") not in sealed and key_of(home)("e2") in sealed


def test_a_box_that_was_moved_to_another_person_does_not_open(home: Home) -> None:
    review = freeze_quarter(home, SETTINGS, Q1)
    path = review.folder / SEALED_FILE
    content = json.loads(path.read_text())
    keys = key_of(home)
    content["employees"][keys("e3")] = content["employees"][keys("e2")]
    path.write_text(json.dumps(content))
    with pytest.raises(CannotOpenError, match="not the key"):
        _opened(home, review)


def test_reviews_are_signed_once_there_is_a_key(home: Home) -> None:
    first = freeze_quarter(home, SETTINGS, Q1)
    key = make_signing_key(home)
    second = freeze_quarter(home, SETTINGS, Q2)
    assert first.content["signed_by"] is None and second.content["signed_by"] == key
    assert public_key(home) == key and verify(home) == []
    with pytest.raises(SigningKeyExistsError, match=key):
        make_signing_key(home)


@pytest.mark.parametrize("harm", ["removed", "another", "other key"])
def test_a_signature_that_is_not_right_is_found(home: Home, harm: str) -> None:
    make_signing_key(home)
    first, second = (freeze_quarter(home, SETTINGS, quarter) for quarter in (Q1, Q2))
    place = second.folder / SIGNATURE_FILE
    if harm == "removed":
        place.unlink()
        wanted = "missing, though the review says it is signed"
    elif harm == "another":
        shutil.copyfile(first.folder / SIGNATURE_FILE, place)
        wanted = "not the signature of this review"
    else:
        (home.secrets / "review_signing_key.pem").unlink()
        make_signing_key(home)
        wanted = "by another key than the one in secrets/"
    assert any(wanted in problem for problem in verify(home))


def test_a_kept_head_finds_a_newest_review_that_was_deleted_with_the_recorded_head(
    home: Home,
) -> None:
    first, second = (freeze_quarter(home, SETTINGS, quarter) for quarter in (Q1, Q2))
    assert verify(home, second.sha256) == [] and verify(home, first.sha256.upper()) == []
    shutil.rmtree(second.folder)
    write_head(home, first.sha256)
    assert verify(home) == []  # whoever may write secrets/ too hides it from that
    (told,) = verify(home, second.sha256)
    assert second.sha256 in told and "ends at 2026-Q1 revision 1" in told


def test_a_kept_head_finds_a_tail_that_was_rewritten_with_fresh_hashes(home: Home) -> None:
    first, second = (freeze_quarter(home, SETTINGS, quarter) for quarter in (Q1, Q2))
    rewritten = seal({**first.content, "reason": "as agreed"})
    (first.folder / "review.json").write_text(json.dumps(rewritten))
    following = seal({**second.content, "previous_sha256": rewritten["review_sha256"]})
    (second.folder / "review.json").write_text(json.dumps(following))
    write_head(home, following["review_sha256"])
    assert verify(home) == []
    assert any(second.sha256 in problem for problem in verify(home, second.sha256))


def test_reviews_that_swapped_their_places_are_found(home: Home) -> None:
    first, second = (freeze_quarter(home, SETTINGS, quarter) for quarter in (Q1, Q2))
    aside = home.reviews / "aside"
    first.folder.rename(aside)
    second.folder.rename(first.folder)
    aside.rename(second.folder)
    problems = verify(home)
    assert any("quarter=2026-Q1/revision=1" in problem for problem in problems), problems
