"""The protocol a device measures under, by the number that stands for it in the readings."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal import database
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Protocol, Watched, read

PROTOCOL = """
SELECT p.protocol FROM pilot_device d JOIN pilot p ON p.id = d.pilot WHERE d.number = $1
"""


@dataclass(frozen=True)
class Range:
    """A metric by its code, and what is plausible for it."""

    metric: int
    low: float
    high: float


async def protocol_of(device: int) -> Protocol | None:
    """Return the protocol of a device's pilot, ``None`` for a device nobody knows."""
    rows = await database.fetch(PROTOCOL, device)
    return read(rows[0]["protocol"]) if rows else None


def ranges(protocol: Protocol) -> tuple[Range, ...]:
    """Return what is plausible for each metric of a protocol."""
    return tuple(Range(code_of(one), one.low, one.high) for one in protocol.watched)


def leading(watched: Iterable[Watched]) -> Watched:
    """Return the metric that tells whether the device is heard: the one that comes most often."""
    return min(watched, key=lambda one: one.every_s)


def code_of(watched: Watched) -> int:
    """Return the code of a metric of a protocol."""
    return metrics()[watched.metric].code
