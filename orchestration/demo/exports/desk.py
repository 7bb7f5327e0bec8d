"""The service desk in Zendesk's shape: an incremental export of tickets with their metric set."""

from pathlib import Path

from orchestration.demo.calendar import HOUR, instant_of, month_ends
from orchestration.demo.stage import Stage, dated, write_bytes
from orchestration.demo.truth import Truth

_GROUPS = "['Pre-sale chat', 'After-sale', 'Returns', 'VIP desk']"
_SUBJECTS = "['Question before buying', 'Where is my order', 'I want to return it', 'VIP request']"
_CATEGORIES = "['product_question', 'delivery', 'return', 'concierge']"
_RESPONSE = "[30, 3600, 7200, 480]"
_RESOLUTION = "[3600, 172800, 259200, 86400]"

_TICKETS = """
with due as (
    select t.*, row_number() over (order by opened_at, number) as n
    from tickets t
    where (opened_at >= {since} and opened_at < {until})
        or (resolved_at + {hour} >= {since} and resolved_at + {hour} < {until}
            and opened_at < {until})
)
select cast(to_json(struct_pack(
    id := case when {spoil} and n = 1 then null else 9000000 + number end,
    created_at := case when {spoil} and n = 2 then 'yesterday' else zulu(opened_at) end,
    updated_at := zulu(case when score > 0 and resolved_at + {hour} < {until}
        then resolved_at + {hour}
        when resolved_at < {until} then resolved_at
        when responded_at < {until} then responded_at
        else opened_at end),
    status := case when {spoil} and n = 3 then 'lost'
        when resolved_at < {until} then 'solved'
        when responded_at < {until} then 'pending' else 'open' end,
    priority := case queue when 3 then 'high' else 'normal' end,
    via := struct_pack(
        channel := case queue when 0 then 'chat' when 3 then 'phone' else 'email' end),
    "group" := {groups}[queue + 1],
    subject := {subjects}[queue + 1],
    requester := struct_pack(
        external_id := case when customer >= 0 then customer_id(customer) end,
        user_fields := struct_pack(
            vip := queue = 3 or customer in (select customer from customers where vip))
    ),
    custom_fields := [
        struct_pack(id := 360001, value := {categories}[queue + 1]),
        struct_pack(id := 360002, value := case when order_number >= 0
            then order_id(order_number) end)
    ],
    metric_set := struct_pack(
        reply_time_in_seconds := struct_pack(calendar := case when responded_at < {until}
            then cast((responded_at - opened_at) // 1000000 as bigint) end),
        solved_at := case when resolved_at < {until} then zulu(resolved_at) end
    ),
    slas := struct_pack(
        first_reply_seconds := {response}[queue + 1], resolution_seconds := {resolution}[queue + 1]
    ),
    satisfaction_rating := case when score > 0 and resolved_at + {hour} < {until}
        then struct_pack(
            id := 7000000 + number,
            score := case when score >= 4 then 'good' else 'bad' end,
            rating := score,
            created_at := zulu(resolved_at + {hour}))
        end
)) as varchar)
from due
order by opened_at, number
"""

_SPOILT_MONTH = 5


def write(stage: Stage, landing: Path, truth: Truth) -> None:
    """Write an export of every month; one of them has spoilt rows."""
    start = 0
    for place, end in enumerate(month_ends()):
        since, until = instant_of(start), instant_of(end)
        spoil = place == _SPOILT_MONTH
        name = f"tickets_{dated(end)}.json.gz"
        sql = _TICKETS.format(
            since=since, until=until, hour=HOUR, spoil="true" if spoil else "false",
            groups=_GROUPS, subjects=_SUBJECTS, categories=_CATEGORIES, response=_RESPONSE,
            resolution=_RESOLUTION,
        )  # fmt: skip
        tickets = ",\n".join(row[0] for row in stage.rows(sql))
        content = f'{{"tickets":[{tickets}],"end_of_stream":true,"end_time":{until // 1000000}}}\n'
        write_bytes(landing / "zendesk_tickets" / name, content.encode())
        if spoil:
            for kind in ("id_missing", "created_at_unreadable", "status_unknown"):
                truth.dirty("zendesk_tickets", name, "tickets", kind, "rejected")
        start = end
