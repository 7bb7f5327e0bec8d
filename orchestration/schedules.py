"""When a refresh starts by the clock. Both schedules are off until someone turns one of them on."""

import dagster as dg

from orchestration.jobs import REFRESH
from orchestration.settings import Settings


def refresh_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """A daily and an hourly refresh, in the business time zone."""
    return [
        dg.ScheduleDefinition(
            name="daily_refresh",
            job_name=REFRESH,
            cron_schedule="30 4 * * *",
            execution_timezone=settings.business_timezone,
            description="Every morning, after the night's exports.",
        ),
        dg.ScheduleDefinition(
            name="hourly_refresh",
            job_name=REFRESH,
            cron_schedule="10 * * * *",
            execution_timezone=settings.business_timezone,
            description="Every hour, for shops whose exports come through the day.",
        ),
    ]
