"""What advertising costs: spend, clicks and impressions by day, platform and campaign.

Follows the touches that campaigns really brought, the season, and the skill of whoever runs the
channel.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from orchestration.demo import company
from orchestration.demo.calendar import DAYS, Floats, Ints, date_of
from orchestration.demo.stage import Stage

EXTRA_CLICKS = 1.12
"""Platforms count more clicks than sites see sessions."""
IMPRESSIONS_A_CLICK = {"cpc": 42, "paid_social": 75, "affiliate": 18, "display": 260}


@dataclass(frozen=True)
class Spend:
    """One campaign on one platform: arrays with one entry a day."""

    source: str
    medium: str
    campaign: str
    impressions: Ints
    clicks: Ints
    cost: Floats  # CNY

    def rows(self, first: int, until: int) -> list[tuple[date, int, int, float]]:
        """Day, impressions, clicks and cost of every day on which the campaign ran."""
        return [
            (date_of(d), int(self.impressions[d]), int(self.clicks[d]), float(self.cost[d]))
            for d in range(max(0, first), until)
            if self.impressions[d]
        ]


def spends(stage: Stage) -> list[Spend]:
    """Every campaign's figures, ordered by platform and campaign."""
    world, found = stage.world, []
    landed = stage.rows("""
        select t.campaign, case when t.abroad then c.source_abroad else c.source end as source,
            any_value(case when t.abroad then c.medium_abroad else c.medium end), count(*)
        from touches t join channels c on c.idx = t.channel
        where t.campaign >= 0 and t.kind not in (5, 6)
        group by 1, 2 order by 1, 2
    """)
    share = world.intensity / world.intensity.sum()
    for campaign, source, medium, touches in landed:
        number, name = company.CAMPAIGNS[campaign]
        channel = company.CHANNELS[number]
        if not channel.cost_per_click:
            continue
        random = world.streams(f"media.{name}.{source}")
        wanted = touches * EXTRA_CLICKS * share * np.exp(random.normal(0, 0.12, DAYS))
        clicks = np.floor(wanted + random.random(DAYS)).astype(np.int64)
        each = IMPRESSIONS_A_CLICK[medium] * np.exp(random.normal(0, 0.15, DAYS))
        impressions = np.maximum(clicks, (wanted * each).astype(np.int64)) + 1
        dear = np.where(world.promotion[:DAYS] >= 0, 1.25, 1.0)
        price = channel.cost_per_click * dear * np.exp(
            -0.16 * world.channel_skill[number] + random.normal(0, 0.08, DAYS))  # fmt: skip
        cost = np.round(wanted * price, 2)
        found.append(Spend(source, medium, name, impressions, clicks, cost))
    return found
