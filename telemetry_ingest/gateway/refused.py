"""Counts with the device what the gateway refuses, so that its page shows it."""

import logging
from uuid import UUID

from portal import database
from telemetry_ingest.actions.violations import count_violations
from telemetry_ingest.wire import Refused

logger = logging.getLogger(__name__)
COUNT = """
    INSERT INTO device_refused (device, day, reason, field, messages)
    VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, $3, 1)
    ON CONFLICT (device, day, reason, field)
    DO UPDATE SET messages = device_refused.messages + 1
"""


async def count_refusal(device: int, refused: Refused) -> None:
    """Add one; a database that is away loses the count, never the answer."""
    try:
        await database.fetch(COUNT, device, refused.reason.value, refused.field)
    except Exception as error:  # asyncpg raises several families of them when it cannot
        logger.warning("a refusal was not counted: %s", type(error).__name__)


async def count_violation(device: UUID, what: str) -> None:
    """Add one to what a device tried and may not: « publish » or « subscribe »."""
    try:
        await count_violations({(device, what): 1})
    except Exception as error:
        logger.warning("a violation was not counted: %s", type(error).__name__)
