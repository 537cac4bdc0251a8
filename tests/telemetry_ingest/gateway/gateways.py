"""A gateway for tests, on the real broker and database, and a device that sends to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from httpx import ASGITransport, AsyncClient, Response

from portal.settings import Settings, get_settings
from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway import create_gateway
from telemetry_ingest.states import PilotState
from telemetry_ingest.tables import Pilot, PilotDevice
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides

AT = 1_772_350_000_000_000


@dataclass(frozen=True)
class Device:
    """An enrolled device and its token."""

    row: PilotDevice
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.row.id.hex}.{self.token}",
            "content-type": "application/json",
        }


async def enrolled(state: PilotState = PilotState.RUNNING) -> Device:
    """Return a device of a pilot, with the token that nobody else has."""
    pilot = await make_pilot(await two_sides(), state)
    token = tokens.new_token()
    return Device(await make_unit(pilot, token_hash=tokens.hash_of(token)), token)


async def beside(device: Device) -> Device:
    """Return another device of the same pilot."""
    token, pilot = tokens.new_token(), await Pilot.objects().get(Pilot.id == device.row.pilot)
    return Device(await make_unit(pilot, "beside", token_hash=tokens.hash_of(token)), token)


def readings(seq: int = 0, count: int = 2, **changes: Any) -> dict[str, Any]:
    values = [[AT + place * 1_000_000, 150456, 97.0] for place in range(count)]
    return {"v": 1, "boot": 1, "seq": seq, "sent": AT, "readings": values} | changes


@asynccontextmanager
async def gateway(**changes: Any) -> AsyncIterator[AsyncClient]:
    settings: Settings = get_settings().model_copy(update=changes)
    app = create_gateway(settings)
    async with app.lifespan():
        transport = ASGITransport(app=app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            client.app = app  # type: ignore[attr-defined]
            yield client


async def send(client: AsyncClient, device: Device, message: Any, **more: Any) -> Response:
    topic = more.pop("topic", "readings")
    body = message if isinstance(message, bytes) else msgspec.json.encode(message)
    headers = {**device.headers, **more.pop("headers", {})}
    return await client.post(f"/v1/{topic}", content=body, headers=headers)
