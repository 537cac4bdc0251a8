"""Enrolling the physical units of a pilot: a token each, shown once, renewed, revoked at once."""

from dataclasses import dataclass, field
from uuid import UUID

from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from telemetry_ingest.actions.telling import Told, tell
from telemetry_ingest.broker.tokens import hash_of, new_token
from telemetry_ingest.errors import (
    EnrolmentClosed,
    NoReferenceAgreed,
    PilotDeviceNotFound,
    PilotNotFound,
    SerialTaken,
    TokenChangedMeanwhile,
    TooManyDevices,
    VariantNotOfDevice,
)
from telemetry_ingest.queries.pilots import PilotDeviceView, PilotView, pilot, pilot_device
from telemetry_ingest.states import PilotState

MOST = 200
OPEN = frozenset({PilotState.AGREED, PilotState.RUNNING})


@dataclass(frozen=True)
class Unit:
    """What is told about one physical unit."""

    serial: str
    firmware: str = ""
    variant_id: UUID | None = None
    is_reference: bool = False


@dataclass(frozen=True)
class Issued:
    """A device and its token; this is the only time anybody sees it."""

    device_id: UUID
    token: str = field(repr=False)


async def enrol(pilot_id: UUID, unit: Unit, *, actor: Actor) -> Issued:
    """Enrol a device and return its token.

    Raises:
        PilotNotFound: there is no such pilot.
        EnrolmentClosed: the pilot is not agreed, or over.
        SerialTaken: the pilot has a device with this serial number.
        VariantNotOfDevice: the variant is of another device.
        NoReferenceAgreed: it is a reference device and the protocol has none.
        TooManyDevices: the pilot has as many as it may.
    """
    async with database.transaction():
        one = await _open(pilot_id)
        await _fits(one, unit)
        token = new_token()
        rows = await database.fetch(
            "INSERT INTO pilot_device (id, pilot, variant, serial, firmware, is_reference,"
            " token_hash, token_number, token_at, enrolled_by, created_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 1, now(), $7, now())"
            " ON CONFLICT (pilot, serial) DO NOTHING RETURNING id",
            one.id, unit.variant_id, unit.serial, unit.firmware, unit.is_reference,
            hash_of(token), actor.person_id,
        )  # fmt: skip
        if not rows:
            raise SerialTaken
        device_id = UUID(int=rows[0]["id"].int)
        await _record("pilot_device.enrolled", device_id, one, actor, number=1)
    return Issued(device_id, token)


async def _open(pilot_id: UUID) -> PilotView:
    # Whoever starts or closes the pilot meanwhile waits, and so does a second enrolment.
    await database.fetch("SELECT 1 FROM pilot WHERE id = $1 FOR NO KEY UPDATE", pilot_id)
    one = await pilot(pilot_id)
    if one is None:
        raise PilotNotFound
    if one.state not in OPEN:
        raise EnrolmentClosed
    return one


async def _fits(one: PilotView, unit: Unit) -> None:
    if unit.is_reference and not one.protocol.reference:
        raise NoReferenceAgreed
    rows = await database.fetch(
        "SELECT (SELECT count(*) FROM pilot_device WHERE pilot = $1) AS devices,"
        " $2::uuid IS NULL OR EXISTS (SELECT 1 FROM device_variant WHERE id = $2 AND device = $3)"
        " AS fits",
        one.id, unit.variant_id, one.device_id,
    )  # fmt: skip
    if not rows[0]["fits"]:
        raise VariantNotOfDevice
    if rows[0]["devices"] >= MOST:
        raise TooManyDevices(most=MOST)


async def rotate(device_id: UUID, *, token_number: int, actor: Actor) -> Issued:
    """Give a device a new token, also one that was revoked; the old one is refused at once.

    Raises:
        PilotDeviceNotFound: there is no such device.
        EnrolmentClosed: the pilot is over.
        TokenChangedMeanwhile: somebody renewed it meanwhile.
    """
    token = new_token()
    async with database.transaction():
        unit = await _unit(device_id)
        one = await _open(unit.pilot_id)
        rows = await database.fetch(
            "UPDATE pilot_device SET token_hash = $3, token_number = token_number + 1,"
            " token_at = now(), revoked_at = NULL WHERE id = $1 AND token_number = $2"
            " RETURNING token_number",
            unit.id, token_number, hash_of(token),
        )  # fmt: skip
        if not rows:
            raise TokenChangedMeanwhile
        number = int(rows[0]["token_number"])
        await _record("pilot_device.renewed", unit.id, one, actor, number=number)
    return Issued(unit.id, token)


async def revoke(device_id: UUID, *, token_number: int, actor: Actor) -> None:
    """Refuse a device from now on; what it sent stays.

    Raises:
        PilotDeviceNotFound: there is no such device.
        TokenChangedMeanwhile: somebody renewed or revoked its token meanwhile.
    """
    async with database.transaction():
        unit = await _unit(device_id)
        rows = await database.fetch(
            "UPDATE pilot_device SET token_hash = NULL, revoked_at = now()"
            " WHERE id = $1 AND token_number = $2 AND revoked_at IS NULL RETURNING 1",
            unit.id, token_number,
        )  # fmt: skip
        if not rows:
            raise TokenChangedMeanwhile
        one = await pilot(unit.pilot_id)
        assert one is not None
        await _record("pilot_device.revoked", unit.id, one, actor, number=token_number)
        if all(each.organisation_id != one.host_id for each in actor.memberships):
            await tell(one, Told.REVOKED, by=one.owner_id)  # the host learns what others did


async def _unit(device_id: UUID) -> PilotDeviceView:
    unit = await pilot_device(device_id)
    if unit is None:
        raise PilotDeviceNotFound
    return unit


async def _record(
    event: str, device_id: UUID, one: PilotView, actor: Actor, *, number: int
) -> None:
    await record(
        event,
        subject=("pilot", one.id),
        actor=actor,
        organisation_id=one.host_id,
        device=str(device_id),
        token_number=number,
    )
