"""Quarters follow the fiscal year: labels, ends, grace, partitions."""

from datetime import UTC, date, datetime

import pytest

from orchestration.reviews.quarters import Quarter, quarter_partitions
from orchestration.settings import Settings


@pytest.mark.parametrize(
    ("first_day", "fiscal_year_start", "label"),
    [
        (date(2026, 1, 1), 1, "2026-Q1"),
        (date(2026, 10, 1), 1, "2026-Q4"),
        (date(2026, 4, 1), 4, "2026-Q1"),
        (date(2026, 1, 1), 4, "2025-Q4"),
        (date(2025, 11, 1), 2, "2025-Q4"),
        (date(2026, 2, 1), 2, "2026-Q1"),
        (date(2025, 12, 1), 12, "2025-Q1"),
        (date(2026, 9, 1), 12, "2025-Q4"),
    ],
)
def test_label_is_of_the_year_in_which_the_fiscal_year_starts(
    first_day: date, fiscal_year_start: int, label: str
) -> None:
    assert Quarter(first_day).label(Settings(fiscal_year_start=fiscal_year_start)) == label


def test_a_quarter_is_due_after_its_end_and_grace_in_the_business_time_zone() -> None:
    settings = Settings(business_timezone="Asia/Shanghai", grace_days=10)
    assert Quarter(date(2026, 1, 1)).due_at(settings) == datetime(2026, 4, 10, 16, tzinfo=UTC)


def test_the_quarter_over_new_year_ends_in_the_next_year() -> None:
    assert Quarter(date(2025, 11, 1)).next_first_day == date(2026, 2, 1)


@pytest.mark.parametrize("fiscal_year_start", range(1, 13))
def test_partitions_are_the_first_days_of_quarters(fiscal_year_start: int) -> None:
    settings = Settings(business_timezone="Asia/Shanghai", fiscal_year_start=fiscal_year_start)
    partitions = quarter_partitions(settings)
    keys = partitions.get_partition_keys(current_time=datetime(2026, 8, 1, tzinfo=UTC))
    for key in keys[-8:]:
        quarter = Quarter(date.fromisoformat(key))
        assert quarter.first_day.day == 1
        assert (quarter.first_day.month - fiscal_year_start) % 3 == 0
        window = partitions.time_window_for_partition_key(key)
        assert window.end.date() == quarter.next_first_day
