"""Index what an import writes while it goes on, so that both cores have something to do."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from catalog.search import DEVICE_INDEX
from portal.search.draining import drain

logger = logging.getLogger(__name__)
PAUSE_S = 0.05


@asynccontextmanager
async def indexed_meanwhile() -> AsyncIterator[None]:
    """Index what waits during the block, and the rest at its end.

    When the search cannot be reached the import still counts: what waits stays marked in the
    database, and the worker indexes it later.
    """
    ended = asyncio.Event()
    task = asyncio.create_task(_drain_until(ended))
    try:
        yield
    finally:
        ended.set()
        try:
            await task
            await drain([DEVICE_INDEX])
        except OSError as error:
            logger.warning("Not indexed yet, the worker will try again: %s", error)


async def _drain_until(ended: asyncio.Event) -> None:
    while not ended.is_set():
        if not await drain([DEVICE_INDEX]):
            await asyncio.sleep(PAUSE_S)
