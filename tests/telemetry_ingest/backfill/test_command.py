"""A file goes through the broker, where its device would publish."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from portal import database
from telemetry_ingest.backfill import command
from telemetry_ingest.backfill.command import BackfillRefused
from telemetry_ingest.backfill.reading import FileRefused
from telemetry_ingest.states import PilotState
from telemetry_ingest.wire import address_of
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        yield connection


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "readings.csv"
    path.write_text(f"time,metric,value\n{datetime.now(UTC).isoformat()},150456,97\n")
    return path


async def test_the_same_file_twice_is_one_message(nc, file):
    device = (await enrolled()).row.id

    first, again = await command.send(file, device), await command.send(file, device)

    state = (await nc.jetstream().stream_info(STREAM)).state
    kept = await nc.jetstream().get_msg(STREAM, state.last_seq)
    assert (first, again, state.messages) == ((1, 0), (1, 1), 1)
    assert address_of(kept.subject).device == device


async def test_the_audit_knows_which_file_and_how_much(nc, file):
    device = (await enrolled()).row.id

    await command.send(file, device)

    [said] = await recorded("pilot_device.backfilled")
    assert (said["actor"], said["subject_kind"]) == ("system", "pilot")
    assert json.loads(said["details"]) == {
        "device": str(device),
        "file": hashlib.sha256(file.read_bytes()).hexdigest(),
        "readings": 1,
    }


async def test_a_file_that_is_refused_is_not_in_the_audit(nc, tmp_path):
    device = (await enrolled()).row.id
    path = tmp_path / "wrong.csv"
    path.write_text("time,metric,value\nyesterday,150456,97\n")

    with pytest.raises(FileRefused):
        await command.send(path, device)

    assert await recorded("pilot_device.backfilled") == []


async def recorded(event: str) -> list[dict[str, object]]:
    rows = await database.fetch(
        "SELECT actor, subject_kind, details FROM audit_record WHERE event = $1", event
    )
    return [dict(row) for row in rows]


async def test_a_device_that_is_not_there_is_said(nc, file):
    with pytest.raises(BackfillRefused, match="no pilot device"):
        await command.send(file, uuid4())


async def test_a_pilot_that_has_not_begun_takes_nothing(nc, file):
    device = await enrolled(PilotState.AGREED)

    with pytest.raises(BackfillRefused, match="not begun"):
        await command.send(file, device.row.id)
