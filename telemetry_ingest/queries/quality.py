"""How good the data of a device are in a period: its ledger, gaps, clock, repeated numbers."""

from dataclasses import dataclass
from datetime import datetime

from portal import database
from telemetry_ingest.cold.parquet import micros
from telemetry_ingest.quality.ledgers import Boot, Completeness, overlaps
from telemetry_ingest.queries.availability import Interval, intervals
from telemetry_ingest.queries.protocols import protocol_of
from telemetry_ingest.rollups.conditions import State, service
from telemetry_ingest.rollups.uptime import SECOND, length
from telemetry_ingest.states import Topic
from telemetry_ingest.statistics.clocks import Clock, clock

BOOTS = """
SELECT boot, first_at, last_at, ARRAY(
  SELECT ARRAY[lower(one), upper(one)] FROM unnest(stored) AS one ORDER BY lower(one)
) AS stored
FROM device_ledger
WHERE device = $1 AND topic = $2 AND last_at >= $3 AND first_at < $4 ORDER BY boot
"""
COUNTED = """
SELECT coalesce(sum(n + failed), 0) AS stored, coalesce(sum(implausible), 0) AS implausible,
  coalesce(sum(failed), 0) AS failed
FROM rollup_hour WHERE device = $1 AND start >= $2 AND start < $3
"""
# The smallest delay of each hour: what the network added to it is smallest as well.
OFFSETS = """
SELECT (extract(epoch FROM date_trunc('hour', minute)) * 1000000)::bigint AS hour,
  min(offset_us) AS offset_us FROM device_clock
WHERE device = $1 AND minute >= $2 AND minute < $3 GROUP BY 1 ORDER BY 1
"""
# One number of one start can be one reading only; two of them are a replay or a counter reset.
REPEATED = """
SELECT count(*) AS numbers FROM (
  SELECT 1 FROM reading WHERE device = $1 AND at >= $2 AND at < $3
  GROUP BY boot, seq HAVING count(*) > 1
) AS twice
"""


@dataclass(frozen=True)
class Quality:
    """What is known of the data of a device in a period.

    Attributes:
        gaps: covered hours in which nothing was heard: unknown, not down.
        overlapping: pairs of starts at the same time.
        repeated: numbers that stand for more than one reading, in days not yet moved to files.
        clock: as the evidence counts it; ``None`` when no message came.
    """

    completeness: Completeness
    boots: tuple[Boot, ...]
    gaps: tuple[Interval, ...]
    failed: int
    implausible: int
    overlapping: tuple[tuple[int, int], ...]
    repeated: int
    clock: Clock | None


async def quality(device: int, frm: datetime, to: datetime) -> Quality | None:
    """Return how good the data of whole hours are; ``None`` for a device nobody knows."""
    protocol = await protocol_of(device)
    if protocol is None:
        return None
    boots = await boots_of(device, frm, to)
    counted = (await database.fetch(COUNTED, device, frm, to))[0]
    offsets = await database.fetch(OFFSETS, device, frm, to)
    served = length(service(protocol, micros(frm), micros(to)))
    rate = sum(int(served / (one.every_s * SECOND)) for one in protocol.watched)
    return Quality(
        Completeness(counted["stored"], sum(one.expected for one in boots), rate),
        boots,
        tuple(one for one in await intervals(device, frm, to) if one.state is State.UNKNOWN),
        counted["failed"],
        counted["implausible"],
        tuple(overlaps(boots)),
        (await database.fetch(REPEATED, device, frm, to))[0]["numbers"],
        clock([(row["hour"], row["offset_us"]) for row in offsets]),
    )


async def boots_of(device: int, frm: datetime, to: datetime) -> tuple[Boot, ...]:
    """Return what the ledger says of the starts that sent readings in a period, each whole."""
    rows = await database.fetch(BOOTS, device, Topic.READINGS.value, frm, to)
    return tuple(
        Boot(
            row["boot"],
            tuple((start, end) for start, end in row["stored"]),
            micros(row["first_at"]),
            micros(row["last_at"]),
        )
        for row in rows
    )
