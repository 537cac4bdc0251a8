"""Pilots and devices in the database of the settings, printed with their tokens as JSON.

python -m tests.telemetry_ingest.chaos.planting 4
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

from portal import database
from telemetry_ingest import protocol as protocols
from telemetry_ingest.broker import tokens
from tests.telemetry_ingest.consumer.devices import make_pilot, make_pilot_device
from tests.telemetry_ingest.protocols import protocol


async def plant(devices: int) -> list[dict[str, str | int]]:
    """Make one running pilot with so many devices."""
    begins = datetime.now(UTC) - timedelta(hours=1)
    agreed = protocol(starts_at=begins, ends_at=begins + timedelta(days=30))
    found: list[dict[str, str | int]] = []
    async with database.pool(min_size=1, max_size=2):
        pilot = await make_pilot(
            protocol=protocols.written(agreed).decode(),
            protocol_digest=protocols.digest(agreed),
            starts_at=agreed.starts_at,
            ends_at=agreed.ends_at,
        )
        for _ in range(devices):
            token = tokens.new_token()
            one = await make_pilot_device(pilot, token_hash=tokens.hash_of(token))
            found.append({"device": one.id.hex, "number": one.number, "token": token})
    return found


if __name__ == "__main__":
    json.dump(asyncio.run(plant(int(sys.argv[1]))), sys.stdout)
