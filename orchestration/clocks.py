"""The clocks of a Dagster run: from its tags, else the instant at which the run was made."""

from collections.abc import Mapping
from datetime import UTC, datetime

import dagster as dg

from orchestration.settings import Clocks

AS_OF_TAG = "steelyard/as_of"
KNOWN_UNTIL_TAG = "steelyard/known_until"


def clock_tags(clocks: Clocks) -> dict[str, str]:
    """Run tags that carry the clocks."""
    return {
        AS_OF_TAG: clocks.as_of.isoformat(),
        KNOWN_UNTIL_TAG: clocks.known_until.isoformat(),
    }


def clocks_of(context: dg.AssetExecutionContext) -> Clocks:
    """The clocks of the run that this step belongs to: the same in each of its steps."""
    record = context.instance.get_run_record_by_id(context.run_id)
    made_at = record.create_timestamp if record else datetime.now(UTC)
    return clocks_from_tags(context.run.tags, made_at)


def clocks_from_tags(tags: Mapping[str, str], otherwise: datetime) -> Clocks:
    """Clocks that the tags name, each one `otherwise` where its tag is absent."""
    return Clocks(
        as_of=_instant(tags.get(AS_OF_TAG), otherwise),
        known_until=_instant(tags.get(KNOWN_UNTIL_TAG), otherwise),
    )


def _instant(text: str | None, otherwise: datetime) -> datetime:
    instant = datetime.fromisoformat(text) if text else otherwise
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
