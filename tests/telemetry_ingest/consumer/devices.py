"""Pilots and devices for tests of the pipeline, and what is in its tables afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from catalog.tables import DeviceModel
from portal import database
from portal.permissions import OrganisationKind
from portal.settings import get_settings
from telemetry_ingest import protocol as protocols
from telemetry_ingest.consumer.catalogue import Catalogue
from telemetry_ingest.consumer.checking import micros
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.consumer.storing import Store
from telemetry_ingest.states import PilotState, Topic
from telemetry_ingest.tables import Pilot, PilotDevice
from telemetry_ingest.wire import subject_of
from telemetry_ingest.wire.arrived import Arrived
from tests.catalog.devices import make_device
from tests.people import make_organisation
from tests.telemetry_ingest.protocols import STARTS, protocol

SPO2, PULSE = 150456, 149530
NOW = micros(STARTS + timedelta(days=2))
TABLES = (
    "reading", "device_status", "device_alarm", "device_ledger", "device_clock", "device_last",
    "device_refused", "dirty_hour",
)  # fmt: skip


async def make_pilot(state: PilotState = PilotState.RUNNING, **columns: Any) -> Pilot:
    """Return a pilot of a fictional pulse oximeter in a fictional hospital."""
    maker = await make_organisation()
    hospital = await make_organisation(OrganisationKind.BUYER, name="CHU des Orangers (fictif)")
    device: DeviceModel = await make_device(maker, udi_di=None)
    agreed = protocol()
    values: dict[str, Any] = {
        "id": uuid4(), "device": device.id, "owner": maker.id, "host": hospital.id,
        "state": state, "protocol": protocols.written(agreed).decode(),
        "protocol_digest": protocols.digest(agreed), "starts_at": agreed.starts_at,
        "ends_at": agreed.ends_at,
    }  # fmt: skip
    row = Pilot(**values | columns)
    await row.save()
    return row


async def make_pilot_device(pilot: Pilot | None = None, **columns: Any) -> PilotDevice:
    """Return a device of a running pilot."""
    of = pilot or await make_pilot()
    row = PilotDevice(**{"id": uuid4(), "pilot": of.id, "serial": uuid4().hex[:12]} | columns)
    await PilotDevice.insert(row)
    found = await PilotDevice.objects().get(PilotDevice.id == row.id)
    assert found is not None
    return found


async def catalogue() -> Catalogue:
    """Return what is known of the devices now."""
    found = Catalogue()
    await found.read(database.fetch)
    return found


def arrived(
    device: UUID,
    message: dict[str, Any] | bytes,
    *,
    topic: Topic = Topic.READINGS,
    received_us: int = NOW,
) -> Arrived:
    """Return a message as it comes from the broker."""
    content = message if isinstance(message, bytes) else msgspec.msgpack.encode(message)
    return Arrived(subject_of(device, topic), content, received_us)


def readings(
    seq: int, values: Sequence[float | None], *, boot: int = 1, at: int = NOW, metric: Any = SPO2
) -> dict[str, Any]:
    """Return a message of readings, one a second."""
    found = [(at + place * 1_000_000, metric, value) for place, value in enumerate(values)]
    return {"boot": boot, "seq": seq, "sent": at, "readings": found}


async def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything the pipeline writes, in order."""
    found = {}
    for table in TABLES:
        rows = await database.fetch(f"SELECT * FROM {table} AS one ORDER BY one::text")
        found[table] = [tuple(row) for row in rows]
    rows = await database.fetch(
        "SELECT subject, reason, field, digest, content IS NULL FROM quarantine ORDER BY 1, 4"
    )
    found["quarantine"] = [tuple(row) for row in rows]
    return found


async def drop_days() -> None:
    """Take the partitions away again: other tests begin without."""
    rows = await database.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits "
        "WHERE inhparent IN ('reading'::regclass, 'rollup_minute'::regclass)"
    )
    for row in rows:
        await database.fetch(f"DROP TABLE {row['name']}")


def moment(us: int) -> datetime:
    """Return microseconds as a time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


async def refuse(*messages: Arrived) -> None:
    """Store messages that end in the quarantine."""
    store = Store(get_settings().database_url.get_secret_value())
    await store.store(gather(messages, (await catalogue()).get))
    await store.close()
