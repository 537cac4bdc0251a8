"""Pilots for tests: a maker's pulse oximeter in a hospital, agreed by nobody yet."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from catalog.tables import DeviceModel
from portal import database
from portal.accounts.tables import Person
from portal.permissions import Actor, OrganisationKind
from telemetry_ingest.protocol import Protocol, digest, written
from telemetry_ingest.states import PilotState
from telemetry_ingest.tables import Pilot, PilotDevice
from tests.catalog.devices import actor_for, make_device
from tests.people import make_organisation, make_person, mia, organisation_of, sam
from tests.telemetry_ingest.protocols import protocol


@dataclass(frozen=True)
class Sides:
    """Both sides of a pilot: sam makes the device, mia's hospital tries it out."""

    maker: Person
    host: Person
    owner_id: UUID
    host_id: UUID
    device: DeviceModel
    by_maker: Actor
    by_host: Actor


async def two_sides() -> Sides:
    """Return a maker with a published device, and a hospital."""
    return await sides_of(await sam(), await mia())


async def sides_of(maker: Person, host: Person) -> Sides:
    """Return the sides that two people belong to."""
    owner, hospital = await organisation_of(maker), await organisation_of(host)
    device = await make_device(owner, name_fr="Oxymètre de pouls", emdn_code="Z120302")
    return Sides(
        maker, host, owner.id, hospital.id, device, await actor_for(maker), await actor_for(host)
    )


def soon(**changes: Any) -> Protocol:
    """Return a protocol whose period has just begun and lasts 30 days."""
    begins = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    return protocol(**{"starts_at": begins, "ends_at": begins + timedelta(days=30)} | changes)


async def make_pilot(
    sides: Sides, state: PilotState = PilotState.PROPOSED, **changes: Any
) -> Pilot:
    """Return a pilot in any state, as its table holds it."""
    agreement = soon(**changes.pop("protocol", {}))
    now = datetime.now(UTC) if state is not PilotState.PROPOSED else None
    row = Pilot(
        **{
            "device": sides.device.id,
            "owner": sides.owner_id,
            "host": sides.host_id,
            "site": "Réanimation",
            "state": state,
            "protocol": written(agreement).decode(),
            "protocol_digest": digest(agreement),
            "starts_at": agreement.starts_at,
            "ends_at": agreement.ends_at,
            "owner_agreed_at": now,
            "host_agreed_at": now,
        }
        | changes
    )
    await row.save()
    return row


async def two_others() -> Sides:
    """Return a maker and a hospital that have nothing to do with the others."""
    maker, hospital = await make_organisation(), await make_organisation(OrganisationKind.BUYER)
    return await sides_of(
        await make_person(organisation=maker), await make_person(organisation=hospital)
    )


async def hold(pilot_id: UUID, side: str, state: str = "suspended") -> None:
    """Suspend the owner or the host of a pilot, or refuse it after its verification."""
    column = {"suspended": "suspended_at", "refused": "withdrawn_at"}[state]
    await database.fetch(
        f"UPDATE organisation SET state = $2, {column} = now()"
        f" WHERE id = (SELECT {side} FROM pilot WHERE id = $1)",
        pilot_id, state,
    )  # fmt: skip


async def release(pilot_id: UUID, side: str) -> None:
    """Verify the owner or the host of a pilot again."""
    await database.fetch(
        "UPDATE organisation SET state = 'verified', suspended_at = NULL, withdrawn_at = NULL"
        f" WHERE id = (SELECT {side} FROM pilot WHERE id = $1)",
        pilot_id,
    )


async def make_unit(pilot: Pilot, serial: str = "SN-001", **columns: Any) -> PilotDevice:
    """Return a device of a pilot; without a token unless ``token_hash`` is given."""
    row = PilotDevice(pilot=pilot.id, serial=serial, **columns)
    await row.save()
    await row.refresh()  # its number, which the database gives
    return row
