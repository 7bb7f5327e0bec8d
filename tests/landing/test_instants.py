"""Local times through the door, against Python's own time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landing_home import ORDERS, Landing

from orchestration.landing.checks import Conventions, readings, typed_sql
from orchestration.landing.contracts import Column
from orchestration.landing.instants import Readings
from orchestration.landing.zones import transition_days

ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Shanghai",
         "Europe/London", "Africa/Casablanca", "Pacific/Apia", "America/Havana", "UTC"]  # fmt: skip
COLUMN = Column("at", "timestamp")


def admitted(conventions: Conventions, kind: str, values: list[datetime]) -> list[datetime | None]:
    """What the door's SQL makes of local times, as texts or as timestamps."""
    read = readings("value", kind, COLUMN, conventions)
    assert read is not None and read.latest is None
    typed = typed_sql("value", kind, COLUMN, conventions, Readings("earliest"))
    value = "cast(value as varchar)" if kind == "text" else "value"
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = '{conventions.timezone}'")
        rows = connection.execute(
            f"select {typed} from (select *, {read.earliest} as earliest "
            f"from (select {value} as value from (select unnest($values::timestamp[]) as value)))",
            {"values": values},
        ).fetchall()
    return [row[0] for row in rows]


def expected(zone: ZoneInfo, local: datetime, repeated: str | None) -> datetime | None:
    """The instant of a local time by PEP 495: None in a gap, and in a fold unless it is settled."""
    first, second = (
        local.replace(tzinfo=zone, fold=fold).astimezone(UTC).replace(tzinfo=None)
        for fold in (0, 1)
    )
    if first > second:
        return None
    if first < second:
        return {"first": first, "second": second, None: None}[repeated]
    return first


@st.composite
def local_times(draw: st.DrawFn) -> tuple[str, list[datetime]]:
    """A zone and local times in it: anywhere, and within a day of a change of its offset."""
    name = draw(st.sampled_from(ZONES))
    # Later years are announced, not history: two editions of the zones need not agree on them.
    anywhere = st.datetimes(datetime(1975, 1, 1), datetime(2024, 12, 31))
    recent = [day for day in transition_days(name) if 5 * 365 < day < 55 * 365] or [10_000]
    near = st.builds(
        lambda day, seconds: datetime(1970, 1, 1) + timedelta(days=day, seconds=seconds),
        st.sampled_from(recent),
        st.integers(-48, 96).map(lambda halves: halves * 1800 + 600),
    )
    return name, draw(st.lists(st.one_of(anywhere, near), min_size=1, max_size=40))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    local_times(),
    st.sampled_from([None, "first", "second"]),
    st.sampled_from(["text", "timestamp"]),
)
def test_a_local_time_is_the_instant_that_the_zone_says_or_a_reason(
    times: tuple[str, list[datetime]], repeated: str | None, kind: str
) -> None:
    name, values = times
    conventions = Conventions(name, ("",), repeated_hour=repeated)  # type: ignore[arg-type]
    found = admitted(conventions, kind, values)
    assert found == [expected(ZoneInfo(name), value, repeated) for value in values]


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+3", "Asia/Kolkata", "Asia/Shanghai"])
def test_a_zone_costs_as_many_looks_as_it_has_changes(zone: str) -> None:
    last = max(transition_days(zone), default=None)
    assert last is None if zone in ("UTC", "Etc/GMT+3") else last is not None and last < 8000


@pytest.mark.parametrize(
    ("settled", "instant"),
    [("first", datetime(2024, 10, 27, 0, 30)), ("second", datetime(2024, 10, 27, 1, 30))],
)
def test_a_repeated_hour_is_settled_in_parquet_and_in_texts(
    landing: Landing, settled: str, instant: datetime
) -> None:
    read = {"timezone": "Europe/Berlin", "repeated_hour": settled}
    select = {"orders": {"select": ORDERS | {"updated_at": "strftime(placed, '%d.%m.%Y %H:%M')"}}}
    folder = landing.feed(
        "orders", select, files="*.parquet",
        read=read | {"format": "parquet", "timestamp_formats": ["%d.%m.%Y %H:%M"]},
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select '1' as id, timestamp '2024-10-27 02:30:00' as placed, 'paid' as status, "
            f"'EUR' as currency) to '{folder}/a.parquet'"
        )
    assert landing.admit().ok
    assert landing.rows("orders", "ordered_at, updated_at") == [(instant, instant)]


def test_a_skipped_hour_of_a_typed_column_is_a_reason(landing: Landing) -> None:
    select = ORDERS | {"ordered_at": "timestamp '2024-10-06 02:10:00'"}
    read = {"format": "csv", "timezone": "Australia/Lord_Howe"}
    folder = landing.feed("orders", {"orders": {"select": select}}, read=read)
    (folder / "a.csv").write_text("id,status,currency\n1,paid,AUD\n")
    landing.admit()
    assert landing.reasons() == [
        "ordered_at: 2024-10-06 02:10:00 does not exist in Australia/Lord_Howe: "
        "clocks go forward (is read.timezone right?)"
    ]


def test_a_day_that_two_formats_read_differently_is_a_reason(landing: Landing) -> None:
    select = {"warehouse": "w", "product_id": "p", "on_hand": "1", "counted_on": "d"}
    read = {"format": "csv", "timestamp_formats": ["%d/%m/%y", "%m/%d/%y", "%Y%m%d"]}
    folder = landing.feed("stock", {"inventory_levels": {"select": select}}, read=read)
    (folder / "a.csv").write_text(
        "w,p,d\na,1,01/02/24\na,2,20240131\na,3,13/02/24\na,4,2024-03-01\n"
    )
    landing.admit()
    assert landing.reasons() == [
        "counted_on: '01/02/24' is not one date: it reads as 2024-01-02 and as 2024-02-01, "
        "ambiguous (leave one of its formats in read.timestamp_formats)"
    ]
    days = [str(day) for (day,) in landing.rows("inventory_levels", "counted_on")]
    assert days == ["2024-01-31", "2024-02-13", "2024-03-01"]
