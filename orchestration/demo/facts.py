"""The content of truth.json: effects, broken hours, drivers and control totals.

Only tests read it; it is gathered from the staged rows, before any vendor's shape is put on them.
"""

from typing import Any

from orchestration.demo import company, fulfilment
from orchestration.demo.calendar import BROKEN
from orchestration.demo.exports import shopify
from orchestration.demo.stage import END, Stage
from orchestration.demo.truth import Truth


def planted_facts(stage: Stage, truth: Truth, spend: dict[str, str]) -> dict[str, Any]:
    """Everything that tests may compare with."""
    return {
        "channels": _channels(stage, truth),
        "disabled_channels": sorted(stage.world.disabled),
        "warm_up_effect": company.WARM_UP_EFFECT,
        "broken_hours": [
            {
                "cause": b.cause, "what": b.what, "starts_at": b.starts.isoformat(),
                "hours": b.hours, "share_lost": b.share_lost,
            }
            for b in BROKEN
        ],
        "repurchase_drivers": {
            "drives": {
                "order_to_delivery_hours": -fulfilment.DELIVERY_MOOD,
                "first_response_within_target": fulfilment.RESPONSE_MOOD,
            },
            "does_not_drive": ["content_engagement_rate", "training_hours"],
        },
        "employee_skills": {e.employee_id: e.skill for e in stage.world.roster.employees},
        "path_length": _path_length(truth),
        "totals": {**_touch_totals(stage), **shopify.totals(stage), "spend": spend},
    }  # fmt: skip


def _channels(stage: Stage, truth: Truth) -> dict[str, Any]:
    lost = truth.lost()
    return {
        channel.channel: {
            "effect": 0.0 if channel.channel in stage.world.disabled else channel.effect,
            **lost[channel.channel],
        }
        for channel in company.CHANNELS
    }


def _path_length(truth: Truth) -> dict[str, float]:
    counts = truth.counts
    return {
        kind: round(counts[f"{kind}_buyer_touches"] / max(1, counts[f"{kind}_orders"]), 4)
        for kind in ("own_site", "marketplace")
    }


def _touch_totals(stage: Stage) -> dict[str, Any]:
    kinds = stage.rows("""
        select k.kind, count(*) from touches t join kinds k on k.idx = t.kind group by 1 order by 1
    """)
    channels = stage.rows("""
        select c.channel, count(*) from touches t join channels c on c.idx = t.channel
        group by 1 order by 1
    """)
    return {
        "touches": sum(count for _, count in kinds),
        "touches_by_kind": dict(kinds),
        "touches_by_channel": dict(channels),
        "logins": stage.rows(
            "select count(*) from touches "
            f"where system = 0 and login and touched_at + 45000000 < {END}")[0][0],
    }  # fmt: skip
