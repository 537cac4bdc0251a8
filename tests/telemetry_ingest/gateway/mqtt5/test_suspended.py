"""Over MQTT 5, too, a suspended side of a pilot shuts the door."""

import asyncio

import mqtt5
import pytest
from mqtt5 import DisconnectReasonCode as Code

from telemetry_ingest.gateway.entry import EVERY_S
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled
from tests.telemetry_ingest.gateway.mqtt5.devices import (
    connect_packet,
    door_of,
    let_in,
    opened,
    raw,
)
from tests.telemetry_ingest.pilots import hold, release


@pytest.mark.parametrize("side", ["owner", "host"])
async def test_a_suspended_side_ends_an_idle_connection_and_the_same_token_comes_back(db, side):
    async with prepared(services()), opened() as http:
        device, port = await enrolled(), door_of(http).port
        async with let_in(port, device) as one:
            await asyncio.sleep(0.6)
            await hold(device.row.pilot, side)
            async with asyncio.timeout(4 * EVERY_S):
                said = await one.hear()
        refused = await greeted(port, device)
        await release(device.row.pilot, side)
        await asyncio.sleep(2 * EVERY_S)
        again = await greeted(port, device)

    assert said.reason_code is Code.NOT_AUTHORIZED
    assert refused is mqtt5.ConnAckReasonCode.NOT_AUTHORIZED
    assert again is mqtt5.ConnAckReasonCode.SUCCESS


async def greeted(port, device):
    """Return how a device that connects is greeted."""
    async with raw(port) as one:
        await one.send(connect_packet(device))
        return (await one.hear()).reason_code
