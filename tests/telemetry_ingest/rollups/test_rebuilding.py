"""All roll-ups counted again say the same."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from portal import database
from telemetry_ingest.cli import rollups_group
from telemetry_ingest.rollups import rebuilding
from telemetry_ingest.rollups.draining import drain
from telemetry_ingest.rollups.rebuilding import rebuild
from tests.telemetry_ingest.consumer.devices import SPO2, drop_days, make_pilot_device
from tests.telemetry_ingest.rollups.days import STARTS, generated, put, rollups


@pytest.fixture
async def device(db):
    yield (await make_pilot_device()).number
    await drop_days()


async def test_roll_ups_that_were_spoilt_are_mended(device):
    await put(generated(device, STARTS, 5))
    await drain()
    right = await rollups("rollup_hour", device, SPO2)
    await database.fetch("UPDATE rollup_hour SET n = 0, up_s = 0")

    window = STARTS, STARTS + timedelta(days=1)
    assert await rebuild(device + 1, *window) == 0
    assert await rebuild(device, *window) == 5
    assert await rollups("rollup_hour", device, SPO2) == right


def test_the_command_asks_for_one_device_and_a_period(monkeypatch):
    asked = []
    monkeypatch.setattr(rebuilding, "run", lambda *given: asked.append(given))
    result = CliRunner().invoke(
        rollups_group, ["rebuild", "--device", "7", "--from", "2026-03-01", "--to", "2026-03-02"]
    )

    assert (result.exit_code, asked) == (0, [(7, STARTS, STARTS + timedelta(days=1))])
