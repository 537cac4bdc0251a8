"""Devices of a running pilot with a token of theirs, for tests on the broker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from telemetry_ingest.broker.tokens import hash_of, new_token
from telemetry_ingest.states import PilotState
from telemetry_ingest.tables import PilotDevice
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_others, two_sides


@dataclass(frozen=True)
class Unit:
    """A device as its maker sees it: who it is, and its token."""

    id: UUID
    number: int
    pilot: UUID
    token: str

    @property
    def hex(self) -> str:
        """Return its user name."""
        return self.id.hex


async def enrol(state: PilotState = PilotState.RUNNING, **columns: Any) -> Unit:
    """Return a device of a new pilot in ``state``."""
    token = new_token()
    pilot = await make_pilot(await two_sides(), state)
    unit = await make_unit(pilot, **{"token_hash": hash_of(token)} | columns)
    return Unit(unit.id, await _number(unit.id), pilot.id, token)


async def enrol_beside(unit: Unit, serial: str = "SN-002") -> Unit:
    """Return another device of the same pilot."""
    token = new_token()
    row = PilotDevice(pilot=unit.pilot, serial=serial, token_hash=hash_of(token))
    await row.save()
    return Unit(row.id, await _number(row.id), unit.pilot, token)


async def enrol_of_others() -> Unit:
    """Return a device of a pilot between two organisations that no other test unit belongs to."""
    token = new_token()
    pilot = await make_pilot(await two_others(), PilotState.RUNNING)
    unit = await make_unit(pilot, token_hash=hash_of(token))
    return Unit(unit.id, unit.number, unit.pilot, token)


async def _number(unit: UUID) -> int:
    found = await PilotDevice.select(PilotDevice.number).where(PilotDevice.id == unit).first()
    assert found is not None
    return int(found["number"])
