"""Real devices on the real broker, decided about by the real database."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.broker import callout, jwt
from telemetry_ingest.broker.callout import Callout, may_be_called
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.broker.tokens import new_token
from telemetry_ingest.queries.credentials import ended
from telemetry_ingest.states import PilotState
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import on_mqtt, prepared
from tests.telemetry_ingest.broker.enrolling import enrol, enrol_beside

FOR_EVER = ("$MQTT_rmsgs", "$MQTT_qos2in")
SUCCESS, REFUSED = "connect Success", "connect Not authorized"


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        issuer = Issuer(get_settings().nats_issuer_seed.get_secret_value())
        deciding = Callout(connection, issuer)
        await deciding.start()
        yield connection
        await deciding.stop()


async def stored(nc):
    return (await nc.jetstream().stream_info(STREAM)).state.messages


async def test_a_device_connects_and_what_it_publishes_is_stored(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token

    async with on_mqtt(services(), device, token) as unit:
        acknowledged = [
            await unit.publish(f"pilots/{device}/{topic}")
            for topic in ("readings", "status", "alarms")
        ]

    assert (unit.heard[0], acknowledged, await stored(nc)) == (SUCCESS, [True] * 3, 3)


async def test_a_forbidden_subject_is_acknowledged_and_never_stored(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token
    other = uuid4().hex

    async with on_mqtt(services(), device, token, client_id=device) as unit:
        trap = [
            await unit.publish(topic)
            for topic in (f"pilots/{other}/readings", "live/x", "anything", "$MQTT/msgs/x")
        ]
        still = await unit.publish(f"pilots/{device}/readings")

    assert (trap, still, await stored(nc)) == ([True] * 4, True, 1)


async def test_a_device_leaves_nothing_in_the_broker_but_messages_of_its_three_topics(nc):
    """A retained message of any topic, or one of QoS 2, would be kept for ever."""
    mine = await enrol()
    js = nc.jetstream()
    async with on_mqtt(services(), mine.hex, mine.token, client_id=mine.hex) as unit:
        before = [(await js.stream_info(one)).state.last_seq for one in FOR_EVER]
        for topic in ("readings/1", "x", "Ahmed"):
            unit.client.publish(f"pilots/{mine.hex}/{topic}", b"x", qos=1, retain=True)
        assert await unit.publish(f"pilots/{mine.hex}/readings")
        assert not await unit.publish(f"pilots/{mine.hex}/readings", qos=2, within_s=3)
        assert await unit.hears("disconnect")

    after = [(await js.stream_info(one)).state.last_seq for one in FOR_EVER]
    assert (after, await stored(nc)) == (before, 1)


async def test_a_device_reads_nothing(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token

    async with on_mqtt(services(), device, token) as unit:
        for topic in ("#", "pilots/#", f"pilots/{device}/readings", "live/+"):
            unit.client.subscribe(topic, qos=1)
        await unit.hears("subscribe Unspecified error", times=4)

    assert unit.heard[1:5] == ["subscribe Unspecified error"] * 4


@pytest.mark.parametrize(
    "columns",
    [{"revoked_at": datetime(2026, 3, 2, tzinfo=UTC)}, {"token_hash": None}],
    ids=["revoked", "without a token"],
)
async def test_a_device_that_may_not_is_refused(nc, columns):
    mine = await enrol(**columns)
    device, token = mine.hex, mine.token

    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == REFUSED
        assert not unit.client.is_connected()


@pytest.mark.parametrize("state", PilotState)
async def test_only_an_agreed_or_running_pilot_takes_connections(nc, state):
    mine = await enrol(state)
    device, token = mine.hex, mine.token
    open_ = state in {PilotState.AGREED, PilotState.RUNNING}

    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == (SUCCESS if open_ else REFUSED)


async def test_a_wrong_token_another_device_and_nonsense_are_refused(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token
    tried = [
        (device, new_token()),
        (uuid4().hex, token),
        (device.upper(), token),
        ("tajhiz", token),
        ("", ""),
        (device, ""),
        ("x" * 3000, "y" * 3000),
    ]

    for user, password in tried:
        async with on_mqtt(services(), user, password) as unit:
            assert unit.heard[0] != SUCCESS, user[:40]


async def test_nobody_ends_the_session_of_another_by_taking_its_name(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token
    robber = await enrol_beside(mine)

    async with on_mqtt(services(), device, token, client_id=device) as unit:
        async with on_mqtt(services(), robber.hex, robber.token, client_id=device) as taking:
            assert taking.heard[0] == REFUSED
        assert await unit.publish(f"pilots/{device}/readings")


def test_which_names_are_safe():
    device = uuid4()

    assert may_be_called(device.hex, device)
    assert may_be_called(f"{device.hex}-2", device)
    assert not may_be_called(f"{device.hex}-{'x' * 60_000}", device)
    assert not may_be_called(f"{device.hex}-100", device)
    assert may_be_called("ldFhQgIDkt7Ycp5EJm38Mm", device)
    assert not may_be_called(uuid4().hex, device)
    assert not may_be_called("oximeter-1", device)


async def test_revoking_acts_on_the_next_connection(nc):
    mine = await enrol()
    device, token = mine.hex, mine.token
    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == SUCCESS

    await database.fetch("UPDATE pilot_device SET revoked_at = now()")

    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == REFUSED
    assert [(one.device.hex, one.until) for one in await ended(60)] == [(device, None)]


async def test_the_permission_ends_after_an_hour(nc, monkeypatch):
    mine = await enrol()
    device, token = mine.hex, mine.token
    monkeypatch.setattr(jwt, "VALID_S", 1)

    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == SUCCESS
        assert await unit.hears("disconnect")


async def test_a_database_that_does_not_answer_refuses_and_says_nothing(nc, monkeypatch):
    mine = await enrol()
    device, token = mine.hex, mine.token

    async def away(_device):
        raise OSError("away")

    monkeypatch.setattr(callout, "enrolled", away)
    async with on_mqtt(services(), device, token) as unit:
        assert unit.heard[0] == REFUSED


async def test_our_own_processes_are_not_asked_about(nc):
    """Otherwise nobody could start the service that answers."""
    async with prepared(services()) as other:
        assert other.is_connected
