"""Two sweeps: documents the virus scanner has not seen, and files that belong to no document."""

import logging
from typing import Any

from arq import cron

from portal.documents.actions import release, storage
from portal.documents.queries import digests_in_use, quarantined

logger = logging.getLogger(__name__)
ORPHAN_AFTER_S = 24 * 3600  # an upload whose transaction still runs is never so old
BATCH = 1000


async def scan_quarantine(ctx: dict[str, Any]) -> int:
    """Ask the virus scanner about every document that waits for it; safe to run twice."""
    return len([one for one in [await release(id_) for id_ in await quarantined()] if one])


async def remove_orphans(ctx: dict[str, Any]) -> int:
    """Remove files of uploads that failed and of documents that were removed or refused."""
    keys = await storage().keys(ORPHAN_AFTER_S)
    removed = 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        used = await digests_in_use([key.split(".")[0] for key in batch])
        for key in batch:
            if key.split(".")[0] not in used:
                await storage().remove(key)
                removed += 1
    return removed


CRONS = (
    cron(scan_quarantine, name="documents.scan_quarantine", minute=set(range(0, 60, 2)), second=30),
    cron(remove_orphans, name="documents.remove_orphans", hour=3, minute=40),
)
