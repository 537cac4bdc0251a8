"""Telling who watches what was just committed: the latest of each device, once a batch."""

from collections import defaultdict
from typing import Any

import msgspec
from nats.aio.client import Client

from telemetry_ingest.consumer.batch import MOST_LIVE, Batch, Columns
from telemetry_ingest.wire.messages import AlarmMessage, StatusMessage

SUBJECT = "live"


class Live:
    """Publishes to NATS itself, not to JetStream: nobody needs yesterday's."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    async def tell(self, batch: Batch) -> None:
        """Publish one message for each device of a batch."""
        if not self._nc.is_connected:
            return
        for number, content in told(batch).items():
            device = batch.devices[number].id.hex
            whole = {"device": device, "number": number, **content}
            await self._nc.publish(f"{SUBJECT}.{device}", msgspec.msgpack.encode(whole))


def told(batch: Batch) -> dict[int, dict[str, Any]]:
    """Return what is told of each device, by its number."""
    found: dict[int, dict[str, Any]] = {}
    status: dict[int, StatusMessage] = {}
    alarms: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in batch.said:
        number = one.device.number
        if isinstance(one.said, StatusMessage):
            if number not in status or one.said.at >= status[number].at:
                status[number] = one.said
        elif isinstance(one.said, AlarmMessage):
            alarms[number].append(
                {"at": one.said.at, "code": one.code, "priority": one.said.priority.value,
                 "active": one.said.active}
            )  # fmt: skip
    for number in batch.devices:
        said = status.get(number)
        found[number] = {
            "readings": latest(batch.tails.get(number, [])),
            "status": said
            and {"at": said.at, "state": said.state.value, "firmware": said.firmware},
            "alarms": alarms[number],
        }
    return found


def latest(columns: list[Columns]) -> list[tuple[int, int, float | None]]:
    """Return the last readings, in the order they came."""
    rows = [row for one in columns for row in zip(*one, strict=True)]
    return rows[-MOST_LIVE:]
