import asyncio
from uuid import uuid4

import pytest

from catalog.tables import DeviceVariant
from portal import database
from telemetry_ingest.actions import devices
from telemetry_ingest.actions.devices import Issued, Unit, enrol, revoke, rotate
from telemetry_ingest.broker.tokens import hash_of
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
from telemetry_ingest.queries.pilots import devices_of, pilot_device
from telemetry_ingest.states import PilotState
from tests.catalog.devices import make_device
from tests.telemetry_ingest.pilots import make_pilot, two_sides


async def kept(device_id) -> bytes | None:
    rows = await database.fetch("SELECT token_hash FROM pilot_device WHERE id = $1", device_id)
    return rows[0]["token_hash"]


async def agreed(sides, **protocol):
    return await make_pilot(sides, PilotState.AGREED, protocol=protocol)


async def test_a_device_is_enrolled_and_its_token_is_kept_by_nobody(db):
    sides = await two_sides()
    row = await agreed(sides, reference=True)
    variant = await DeviceVariant.objects().get(DeviceVariant.device == sides.device.id)

    issued = await enrol(row.id, Unit("SN-7", "1.2", variant.id), actor=sides.by_host)
    reference = await enrol(row.id, Unit("REF-1", is_reference=True), actor=sides.by_host)

    found = await devices_of(row.id)
    assert [(one.serial, one.firmware, one.variant_name, one.is_reference) for one in found] == [
        ("SN-7", "1.2", "Variante 1", False), ("REF-1", "", "", True),
    ]  # fmt: skip
    assert len(issued.token) == 43
    assert await kept(issued.device_id) == hash_of(issued.token)
    assert issued.token not in repr(issued)
    assert reference.token != issued.token
    events = await database.fetch("SELECT event, details::text AS d FROM audit_record")
    assert {one["event"] for one in events} == {"pilot_device.enrolled"}
    assert not any(issued.token in one["d"] for one in events)


async def test_what_is_not_enrolled(db, monkeypatch):
    sides = await two_sides()
    row = await agreed(sides)
    await enrol(row.id, Unit("SN-1"), actor=sides.by_host)
    stranger = await make_device(sides.owner_id, udi_di=None)
    variant = await DeviceVariant.objects().get(DeviceVariant.device == stranger.id)
    proposed = await make_pilot(sides)
    closed = await make_pilot(sides, PilotState.CLOSED)
    cases = [
        (row.id, Unit("SN-1"), SerialTaken),
        (row.id, Unit("SN-2", variant_id=variant.id), VariantNotOfDevice),
        (row.id, Unit("SN-2", is_reference=True), NoReferenceAgreed),
        (proposed.id, Unit("SN-2"), EnrolmentClosed),
        (closed.id, Unit("SN-2"), EnrolmentClosed),
        (uuid4(), Unit("SN-2"), PilotNotFound),
    ]

    for id_, unit, error in cases:
        with pytest.raises(error):
            await enrol(id_, unit, actor=sides.by_host)

    monkeypatch.setattr(devices, "MOST", 1)
    with pytest.raises(TooManyDevices):
        await enrol(row.id, Unit("SN-2"), actor=sides.by_host)
    assert [one.serial for one in await devices_of(row.id)] == ["SN-1"]


async def test_of_two_who_enrol_one_device_one_gets_a_token(db):
    sides = await two_sides()
    row = await agreed(sides)

    results = await asyncio.gather(
        *(enrol(row.id, Unit("SN-1"), actor=sides.by_host) for _ in range(2)),
        return_exceptions=True,
    )

    issued = [one for one in results if isinstance(one, Issued)]
    assert [len(issued), sum(isinstance(one, SerialTaken) for one in results)] == [1, 1]
    assert await kept(issued[0].device_id) == hash_of(issued[0].token)


async def test_a_new_token_replaces_the_old_one_and_a_revoked_device_has_none(db):
    sides = await two_sides()
    row = await agreed(sides)
    first = await enrol(row.id, Unit("SN-1"), actor=sides.by_host)

    second = await rotate(first.device_id, token_number=1, actor=sides.by_host)
    assert await kept(first.device_id) == hash_of(second.token) != hash_of(first.token)

    await revoke(first.device_id, token_number=2, actor=sides.by_host)
    assert await kept(first.device_id) is None
    assert (await pilot_device(first.device_id)).revoked_at is not None

    third = await rotate(first.device_id, token_number=2, actor=sides.by_host)
    one = await pilot_device(first.device_id)
    assert (one.revoked_at, one.token_number) == (None, 3)
    assert await kept(first.device_id) == hash_of(third.token)


async def test_who_saw_an_older_token_changes_nothing(db):
    sides = await two_sides()
    row = await agreed(sides)
    one = await enrol(row.id, Unit("SN-1"), actor=sides.by_host)

    results = await asyncio.gather(
        rotate(one.device_id, token_number=1, actor=sides.by_host),
        rotate(one.device_id, token_number=1, actor=sides.by_host),
        return_exceptions=True,
    )

    assert sum(isinstance(each, TokenChangedMeanwhile) for each in results) == 1
    with pytest.raises(TokenChangedMeanwhile):
        await revoke(one.device_id, token_number=1, actor=sides.by_host)
    await revoke(one.device_id, token_number=2, actor=sides.by_host)
    with pytest.raises(TokenChangedMeanwhile):
        await revoke(one.device_id, token_number=2, actor=sides.by_host)
    for act in (rotate, revoke):
        with pytest.raises(PilotDeviceNotFound):
            await act(uuid4(), token_number=1, actor=sides.by_host)
