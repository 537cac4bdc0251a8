"""Draining dirty hours: several workers at once, and no reading is missed.

1. *Take*, in a short transaction: dirty hours that nobody holds go over to ``taken_hour``. The
   consumer, whose insert would have to wait for it, waits milliseconds.
2. *Wait* until every transaction that was writing then has ended. One of them may have found its
   hour already marked, and its readings become visible only at its commit. (The consumer marks an
   hour after it wrote its readings: it has a transaction number by then, which is waited for.)
3. *Recompute* with a look at the readings that sees all of these. What commits later found no mark
   and made one.
4. *Finish*: what is done leaves ``taken_hour``; what a dead worker left there, or what failed, is
   marked dirty again by the sweep.
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import database
from telemetry_ingest.rollups.recompute import recompute_hours

logger = logging.getLogger(__name__)

AT_ONCE = 200  # hours that a worker takes at a time
WAIT_S, LOOK_S = 5.0, 0.01
LEFT = timedelta(minutes=5)  # in hand for longer: its worker died, or it failed

TAKE = """
WITH gone AS (
  DELETE FROM dirty_hour WHERE (device, hour) IN (
    SELECT device, hour FROM dirty_hour ORDER BY hour DESC, device LIMIT $1
    FOR UPDATE SKIP LOCKED
  ) RETURNING device, hour
), kept AS (
  INSERT INTO taken_hour (device, hour, taken_at) SELECT device, hour, clock_timestamp() FROM gone
  ON CONFLICT (device, hour) DO UPDATE SET taken_at = excluded.taken_at
  RETURNING device, hour, taken_at
)
SELECT device, hour, taken_at FROM kept
"""
NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS number"
OLDEST = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS number"
FINISH = """
DELETE FROM taken_hour USING unnest($1::int[], $2::timestamptz[], $3::timestamptz[])
  AS done (device, hour, taken_at)
WHERE taken_hour.device = done.device AND taken_hour.hour = done.hour
  AND taken_hour.taken_at = done.taken_at
"""
GIVE_BACK = """
WITH gone AS (
  DELETE FROM taken_hour WHERE (device, hour) IN (
    SELECT device, hour FROM taken_hour WHERE taken_at < clock_timestamp() - $1::interval
    ORDER BY device, hour FOR UPDATE SKIP LOCKED
  ) RETURNING device, hour
)
INSERT INTO dirty_hour (device, hour) SELECT device, hour FROM gone ORDER BY device, hour
ON CONFLICT DO NOTHING RETURNING device
"""


class StillWriting(Exception):
    """A transaction that began before does not end; the hours wait for the sweep."""


@dataclass(frozen=True)
class Taken:
    """An hour that this worker has in hand."""

    device: int
    hour: datetime
    taken_at: datetime


async def drain(most: int = 10_000) -> int:
    """Recompute dirty hours until there are none, or ``most`` are done; return how many.

    Raises:
        StillWriting: what is in hand waits for the sweep.
    """
    done = 0
    while done < most:
        taken = await take(min(AT_ONCE, most - done))
        if not taken:
            break
        await writers_ended()
        await work_off(taken)
        done += len(taken)
    return done


async def take(most: int) -> list[Taken]:
    """Take hours in hand that no other worker holds."""
    return [Taken(**row) for row in await database.fetch(TAKE, most)]


async def writers_ended() -> None:
    """Wait until whatever was being written has been committed or not.

    Raises:
        StillWriting: it takes too long.
    """
    before = (await database.fetch(NEXT))[0]["number"]
    try:
        async with asyncio.timeout(WAIT_S):
            # Nobody tells us of their commit.
            while (await database.fetch(OLDEST))[0]["number"] < before:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise StillWriting from None


async def work_off(taken: list[Taken]) -> None:
    """Recompute what is in hand, device by device; one that fails does not stop the others."""
    by_device: dict[int, list[Taken]] = defaultdict(list)
    for one in taken:
        by_device[one.device].append(one)
    for device, hours in by_device.items():
        try:
            await recompute_hours(device, [one.hour for one in hours])
        except Exception:
            logger.exception("the roll-ups of device %s were not computed", device)
        else:
            await _finish(hours)


async def _finish(taken: list[Taken]) -> None:
    columns = zip(*((one.device, one.hour, one.taken_at) for one in taken), strict=True)
    await database.fetch(FINISH, *map(list, columns))


async def give_back(after: timedelta = LEFT) -> int:
    """Mark dirty again what was taken long ago and not finished; return how many hours."""
    return len(await database.fetch(GIVE_BACK, after))
