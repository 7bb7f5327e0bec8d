"""What people write about people: kept to the letter, and ratings refused whole or not at all."""

import json

from cases_people import ENTRIES, diary, ratings
from landing_home import Landing


def test_a_diary_entry_is_kept_to_the_letter(landing: Landing) -> None:
    diary(landing)
    assert landing.admit().ok
    kept = [text for (text,) in landing.rows("diary_entries", "entry", "entry_id")]
    assert kept == [json.loads(f'"{text}"') for text in ENTRIES]


def test_a_refused_rating_leaves_the_others(landing: Landing) -> None:
    ratings("manager,112", "hr,good", "self,100", "peer,0")(landing)
    assert landing.admit().ok
    kept = landing.rows("review_ratings", "rater_kind, cast(rating as varchar)", "rating_id")
    assert kept == [("self", "100.000000"), ("peer", "0.000000")]
