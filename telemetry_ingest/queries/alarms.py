"""Alarms of a device in the order of their key, a piece at a time; none is moved to files."""

from dataclasses import dataclass

from portal import database
from telemetry_ingest.evidence.observed import moment

# Not « AS at »: the order would be that of the number, which no index has.
ALARMS = """
SELECT (extract(epoch FROM at) * 1000000)::bigint AS t, boot, seq, code, priority, active
FROM device_alarm WHERE device = $1 AND at >= $2 AND at < $3{after} ORDER BY {order} LIMIT $4
"""
COUNT = """
SELECT count(*) AS alarms FROM device_alarm WHERE device = $1 AND at >= $2 AND at < $3
"""


@dataclass(frozen=True)
class Alarm:
    """An alarm that begins (``active``) or ends, as the device said it."""

    at: int  # µs since 1970
    boot: int
    seq: int
    code: int
    priority: str
    active: bool


async def alarms(
    device: int,
    span: tuple[int, int],
    most: int = 1_000,
    *,
    after: tuple[int, int, int] | None = None,
    newest_first: bool = False,
) -> list[Alarm]:
    """Return the next alarms of a stretch, at most ``most``, in the order of their key."""
    if span[0] >= span[1]:
        return []
    values = [device, *map(moment, span), most]
    clause = ""
    if after is not None:
        clause = f" AND (at, boot, seq) {'<' if newest_first else '>'} ($5, $6, $7)"
        values += [moment(after[0]), *after[1:]]
    order = "at DESC, boot DESC, seq DESC" if newest_first else "at, boot, seq"
    rows = await database.fetch(ALARMS.format(after=clause, order=order), *values)
    return [Alarm(*row) for row in rows]


async def count_alarms(device: int, span: tuple[int, int]) -> int:
    """Return how many alarms a stretch holds."""
    if span[0] >= span[1]:
        return 0
    return int((await database.fetch(COUNT, device, *map(moment, span)))[0]["alarms"])
