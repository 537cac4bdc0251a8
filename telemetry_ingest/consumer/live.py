"""Telling who watches what was just committed: the latest of each device, once a batch."""

from typing import Any

import msgspec
from nats.aio.client import Client

from telemetry_ingest.consumer.batch import Batch
from telemetry_ingest.wire.messages import StatusMessage

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
    found: dict[int, dict[str, Any]] = {
        number: {"readings": tail, "status": None, "alarms": []}
        for number, tail in batch.tails().items()
    }
    for one in batch.said:
        content = found.setdefault(
            one.device.number, {"readings": [], "status": None, "alarms": []}
        )
        said = one.message
        if isinstance(said, StatusMessage):
            if content["status"] is None or said.at >= content["status"]["at"]:
                content["status"] = {
                    "at": said.at, "state": said.state.value, "firmware": said.firmware,
                }  # fmt: skip
        else:
            content["alarms"].append(
                {"at": said.at, "code": one.code, "priority": said.priority.value,
                 "active": said.active}
            )  # fmt: skip
    return found
