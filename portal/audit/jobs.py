"""Publishing the end of the chain once a day."""

from datetime import datetime, timedelta
from typing import Any

from arq import cron

from portal.audit.actions import keep_head
from portal.web.i18n import CASABLANCA


async def publish_head(ctx: dict[str, Any]) -> None:
    """Keep the digest of the chain for the day that just ended; safe to run twice."""
    yesterday = (datetime.now(CASABLANCA) - timedelta(days=1)).date()
    await keep_head(yesterday)


# Just after midnight in Casablanca (UTC+1, UTC in Ramadan); the hours after are for a worker that
# was down then: the first one of a day counts.
CRONS = (cron(publish_head, name="audit.publish_head", minute=1, run_at_startup=True),)
