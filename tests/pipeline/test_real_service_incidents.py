"""A service desk's log of 141,712 events through the whole main job: 24,918 tickets by their last.

Every figure of the issue is met. What the file does to a careless reader, and what decides here:

- Events carry minutes, and 13,627 times a ticket changed more than once in one; for 66 tickets the
  events of the last minute disagree. The desk's counter of changes orders them.
- Six events stand out of order (one by time, four by the counter, which stands twice on five
  pairs), and all events come in one file: neither place nor arrival may decide, nor does.
- Five events in state -100 are refused by the contract (status: one of four). They are no ticket's
  last event, so both tickets stand as the desk left them.
- The times name no zone and are read as UTC, in which no hour is left out or repeated: by London's
  clock nine of them would not exist.
"""

import gzip

import pytest
from real_sets import Published, assert_row_identities

FEED = "incident_events"
EVENTS = 141_712
TICKETS = 24_918


@pytest.fixture(scope="session")
def events(service_incidents: Published) -> str:
    """The raw events, with their place in the file and with times and counter as such."""
    return f"""(
        select
            *,
            row_number() over () as place,
            strptime(opened_at, '%d/%m/%Y %H:%M') as opened,
            strptime(sys_updated_at, '%d/%m/%Y %H:%M') as changed,
            strptime(nullif(resolved_at, '?'), '%d/%m/%Y %H:%M') as resolved,
            cast(sys_mod_count as bigint) as changes
        from {service_incidents.raw(FEED)}
    )"""


@pytest.fixture(scope="session")
def last_events(events: str) -> str:
    """The last event of each ticket, told by its time and the desk's counter."""
    return f"""(
        select * from {events}
        qualify row_number() over (partition by number order by changed desc, changes desc) = 1
    )"""


def test_every_event_is_a_version_or_refused(service_incidents: Published) -> None:
    assert assert_row_identities(service_incidents.home, FEED, {"tickets": 5}) == {FEED: EVENTS}
    assert service_incidents.row(
        "select rows_read, rows_used, rows_filtered, rows_unreadable, rows_mapped, rows_accepted,"
        f" rows_rejected, top_reason from core.admitted_files where feed = '{FEED}'"
    ) == (
        EVENTS,
        EVENTS,
        0,
        0,
        EVENTS,
        EVENTS - 5,
        5,
        "status: … is not one of open, pending, resolved, closed (5 times)",
    )


def test_tickets_stand_by_their_last_event(service_incidents: Published) -> None:
    assert service_incidents.row(
        """
        select
            count(*),
            count(distinct ticket_id),
            count(*) filter (where status = 'closed'),
            count(*) filter (where is_resolution_within_target),
            count(*) filter (where not is_resolution_within_target),
            count(*) filter (where resolved_at is null)
        from core.fct_tickets
        """
    ) == (TICKETS, TICKETS, TICKETS, 15_803, TICKETS - 15_803, 1_556)


def test_each_ticket_is_what_the_file_says_of_it(
    service_incidents: Published, last_events: str
) -> None:
    differing = service_incidents.rows(
        f"""
        select coalesce(raw.number, tickets.ticket_id)
        from {last_events} as raw
        full join core.fct_tickets as tickets on raw.number = tickets.ticket_id
        where
            raw.opened is distinct from tickets.opened_at
            or raw.resolved is distinct from tickets.resolved_at
            or epoch(raw.resolved) - epoch(raw.opened)
                is distinct from tickets.resolution_seconds
            or cast(raw.made_sla as boolean) is distinct from tickets.is_resolution_within_target
            or lower(raw.ident_state) is distinct from tickets.status
            or raw.contact_type is distinct from tickets.contact_channel
            or raw.priority is distinct from tickets.priority
            or nullif(raw.caller_id, '?') is distinct from tickets.customer_key
            or replace(raw.assignment_group, '?', '(none)') is distinct from tickets.queue
            or replace(raw.category, '?', '(none)') is distinct from tickets.category
            or replace(raw.category_1, '?', '(none)') is distinct from tickets.subcategory
        """
    )
    assert differing == []


def test_no_two_events_of_a_ticket_are_equally_new(service_incidents: Published) -> None:
    """Else a hash would choose between them: right as often as it is wrong."""
    lake = service_incidents.home.lake / "tickets" / f"{FEED}-*.parquet"
    assert service_incidents.row(
        "select count(*), count(distinct (ticket_id, updated_at)), count(distinct ticket_id)"
        f" from read_parquet('{lake}')"
    ) == (EVENTS - 5, EVENTS - 5, TICKETS)


def test_the_file_is_as_muddled_as_the_feed_expects(
    service_incidents: Published, events: str
) -> None:
    """What the tie-break is for; a tidier file would make it unneeded."""
    minutes = f"(select number, changed, count(*) as n from {events} group by all)"
    assert service_incidents.row(f"select count(*), sum(n) from {minutes} where n > 1") == (
        13_627,
        27_745,
    )
    assert service_incidents.row(
        f"""
        with last_minute as (
            select * from {events}
            qualify changed = max(changed) over (partition by number)
        ),
        crowded as (
            select count(distinct (ident_state, made_sla, resolved_at)) as said
            from last_minute group by number having count(*) > 1
        )
        select count(*), count(*) filter (where said > 1) from crowded
        """
    ) == (68, 66)
    assert service_incidents.row(
        f"""
        select
            count(*) filter (where changed < changed_before),
            count(*) filter (where changes < changes_before),
            count(*) filter (where changed < opened)
        from (
            select
                *,
                lag(changed) over (partition by number order by place) as changed_before,
                lag(changes) over (partition by number order by place) as changes_before
            from {events}
        )
        """
    ) == (1, 4, 5)
    assert (
        service_incidents.value(
            f"select count(*) from (select 1 from {events} group by number, changes"
            " having count(*) > 1)"
        )
        == 5
    )


def test_an_unknown_state_is_refused_and_named(service_incidents: Published) -> None:
    rejected = service_incidents.home.lake / "rejected" / f"{FEED}-*.parquet"
    rows = service_incidents.rows(
        "select entity, reasons, mapped->>'$.ticket_id' as ticket_id, count(*)"
        f" from read_parquet('{rejected}') group by all order by ticket_id"
    )
    reason = "status: '-100' is not one of open, pending, resolved, closed"

    assert rows == [("tickets", reason, "0028089", 2), ("tickets", reason, "0030413", 3)]
    assert service_incidents.rows(
        "select ticket_id, status, is_resolution_within_target from core.fct_tickets"
        " where ticket_id in ('0028089', '0030413') order by all"
    ) == [("0028089", "closed", False), ("0030413", "closed", False)]


def test_both_columns_of_one_name_arrive(service_incidents: Published, last_events: str) -> None:
    (file,) = (service_incidents.home.landing / FEED).glob("*.csv.gz")
    with gzip.open(file, "rt", encoding="utf-8") as text:
        header = next(text).strip().split(",")

    assert header.count("category") == 2
    for column, name in (("category", "category"), ("category_1", "subcategory")):
        raw = service_incidents.rows(
            f"select replace({column}, '?', '(none)'), count(*) from {last_events}"
            " group by all order by all"
        )
        assert raw == service_incidents.rows(
            f"select {name}, count(*) from core.fct_tickets group by all order by all"
        )
    assert service_incidents.row(
        "select count(distinct category), count(distinct subcategory) from core.fct_tickets"
    ) == (53, 246)


def test_a_question_mark_is_nothing(service_incidents: Published) -> None:
    assert service_incidents.row(
        """
        select
            count(*) filter (where queue = '(none)'),
            count(*) filter (where category = '(none)'),
            count(*) filter (where subcategory = '(none)'),
            count(*) filter (where customer_key is null),
            count(*) filter (where contains(concat_ws(
                '', queue, category, subcategory, contact_channel, priority, customer_key
            ), '?'))
        from core.fct_tickets
        """
    ) == (2_157, 7, 8, 3, 0)


def test_days_come_before_months(service_incidents: Published) -> None:
    """A reader of months before days would lose 29/2 and turn the 3rd of April into March."""
    assert service_incidents.row(
        "select cast(min(opened_at) as varchar), cast(max(opened_at) as varchar),"
        " cast(max(resolved_at) as varchar) from core.fct_tickets"
    ) == ("2016-02-29 01:16:00", "2017-02-16 14:17:00", "2017-02-17 00:47:00")


def test_times_are_of_a_clock_without_summer_time(
    service_incidents: Published, events: str
) -> None:
    """What the company's own zone, London, would refuse or guess at, were the feed to name it."""
    assert service_incidents.rows(
        f"""
        select cast(date_trunc('hour', moment) as varchar), count(*)
        from (select unnest([opened, changed, resolved]) as moment from {events})
        where cast(moment as date) in ('2016-03-27', '2016-10-30') and hour(moment) = 1
        group by all
        """
    ) == [("2016-03-27 01:00:00", 9)]
