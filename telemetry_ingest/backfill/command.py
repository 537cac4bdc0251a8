"""``tajhiz backfill``: checks a whole file, then publishes it where its device would."""

import asyncio
import hashlib
import time
from pathlib import Path
from uuid import UUID

import click
import msgspec

from portal import database
from portal.audit.actions import record
from portal.permissions import SYSTEM
from portal.settings import get_settings
from telemetry_ingest.backfill.reading import LARGEST_FILE, FileRefused, Table, read
from telemetry_ingest.consumer.checking import TAKES, Known, micros
from telemetry_ingest.gateway.publishing import NotKept, Publisher
from telemetry_ingest.queries.pilots import pilot, pilot_device
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import subject_of

MOST_TRIES = 20


class BackfillRefused(Exception):
    """Nothing can be sent; the text says why."""


async def known(device_id: UUID) -> Known:
    """Return what decides about readings of a device.

    Raises:
        BackfillRefused: there is no such device, or its pilot takes none.
    """
    unit = await pilot_device(device_id)
    one = await pilot(unit.pilot_id) if unit else None
    if unit is None or one is None:
        raise BackfillRefused("There is no pilot device with this id.")
    if one.state not in TAKES:
        raise BackfillRefused("The pilot of this device has not begun, or was withdrawn.")
    closed_us = micros(one.closed_at) if one.closed_at else None
    return Known(
        unit.id, unit.number, one.state, one.protocol.codes, micros(one.starts_at), closed_us
    )


async def recorded(device_id: UUID, digest: str, table: Table) -> None:
    """Write into the audit which file the readings of a device are taken from."""
    unit = await pilot_device(device_id)
    assert unit is not None
    one = await pilot(unit.pilot_id)
    assert one is not None
    async with database.transaction():
        await record(
            "pilot_device.backfilled",
            subject=("pilot", one.id),
            actor=SYSTEM,
            organisation_id=one.host_id,
            device=device_id,
            readings=len(table.readings),
            file=digest,
        )


async def publish(table: Table, device: UUID, publisher: Publisher) -> int:
    """Publish every message until it is acknowledged; return how many the broker had already.

    Raises:
        NotKept: the broker did not take one in many tries.
    """
    duplicates = 0
    for message in table.messages(time.time_ns() // 1000):
        name = f"{device.hex}/backfill/{table.boot}/{message['seq']}"
        content = msgspec.msgpack.encode(message)
        duplicates += await _until_kept(
            publisher, subject_of(device, Topic.READINGS), content, name
        )
    return duplicates


async def _until_kept(publisher: Publisher, subject: str, content: bytes, name: str) -> bool:
    for _try in range(MOST_TRIES - 1):
        try:
            return (await publisher.publish(subject, content, name)).duplicate
        except NotKept:
            await asyncio.sleep(0.5)
    return (await publisher.publish(subject, content, name)).duplicate


async def send(path: Path, device_id: UUID) -> tuple[int, int]:
    """Send a file; return its readings, and how many messages the broker had already.

    Raises:
        BackfillRefused: the device, the file or the settings are not fit for it.
        FileRefused: lines are wrong.
    """
    settings = get_settings()
    if settings.nats_url is None:
        raise BackfillRefused("Set TAJHIZ_NATS_URL.")
    content = path.read_bytes()
    if len(content) > LARGEST_FILE:
        raise BackfillRefused(f"At most {LARGEST_FILE:,} bytes: cut the file into parts.")
    async with database.pool(min_size=1, max_size=1):
        table = read(content, await known(device_id), time.time_ns() // 1000)
        # Before the first message: nothing is handed over of which the audit does not know.
        await recorded(device_id, hashlib.sha256(content).hexdigest(), table)
    publisher = Publisher(settings.nats_url.get_secret_value())
    await publisher.start()
    try:
        duplicates = await publish(table, device_id, publisher)
    except NotKept:
        raise BackfillRefused(
            "The broker does not take it. Run the same command again: nothing is stored twice."
        ) from None
    finally:
        await publisher.stop()
    return len(table.readings), duplicates


def backfill(path: Path, device_id: UUID) -> None:
    """Do what the command was asked for.

    Raises:
        click.ClickException: nothing was sent, or not everything; the text says why.
    """
    try:
        readings, duplicates = asyncio.run(send(path, device_id))
    except FileRefused as refused:
        for fault in refused.faults:
            click.echo(f"line {fault.line}: {fault.said}", err=True)
        raise click.ClickException("Nothing was sent. Mend these lines and try again.") from None
    except BackfillRefused as refused:
        raise click.ClickException(str(refused)) from None
    told = f"{readings} readings handed over; « tajhiz ingest » checks and stores them."
    click.echo(told + (f" {duplicates} messages were there already." if duplicates else ""))
