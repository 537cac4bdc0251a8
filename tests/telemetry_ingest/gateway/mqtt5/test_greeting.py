"""Who is let in over MQTT 5, and what everybody else is told."""

import mqtt5
import pytest
from mqtt5 import ConnAckReasonCode as Code

from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway import entry
from telemetry_ingest.gateway.mqtt5 import greeting
from telemetry_ingest.states import PilotState
from tests.services import services
from tests.telemetry_ingest.broker.brokers import on_mqtt
from tests.telemetry_ingest.gateway.gateways import enrolled
from tests.telemetry_ingest.gateway.mqtt5.devices import (
    connect_packet,
    door_of,
    on_paho,
    opened,
    raw,
)


async def told(port, *packets):
    """Return what is answered, and whether the connection is closed after it."""
    async with raw(port) as one:
        await one.send(*packets)
        first = await one.hear()
        return first, first is not None and await one.hear() is None


NO_WILL = mqtt5.Will("a", payload=b"gone")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": None}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"password": None}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"password": b"A" * 43}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"password": b"\xff\x00"}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"username": "0" * 32}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"username": "é\U0001f600"}, Code.BAD_USER_NAME_OR_PASSWORD),
        ({"client_id": "another"}, Code.CLIENT_ID_NOT_VALID),
        ({"will": NO_WILL}, Code.IMPLEMENTATION_SPECIFIC_ERROR),
        ({"authentication_method": "SCRAM"}, Code.BAD_AUTHENTICATION_METHOD),
        ({"user_properties": [("a", "b" * 9000)]}, Code.PACKET_TOO_LARGE),
    ],
)
async def test_who_is_not_let_in_is_told_why(port, changes, code):
    answer, closed = await told(port, connect_packet(await enrolled(), **changes))

    assert (answer.reason_code, answer.session_present, closed) == (code, False, True)


async def test_words_come_with_the_reason(port):
    device = await enrolled()
    answers = [
        (await told(port, connect_packet(device, **changes)))[0].reason_str
        for changes in ({"password": b"x"}, {"will": NO_WILL}, {"client_id": "x"})
    ]

    assert [words.split(":")[0].split(" ")[0] for words in answers] == ["User", "Connect", "Client"]


@pytest.mark.parametrize("suffix", ["", "-0", "-99"])
async def test_a_device_is_called_by_its_own_name(port, suffix):
    device = await enrolled()
    name = device.row.id.hex + suffix

    answer, _ = await told(port, connect_packet(device, client_id=name), b"\xe0\x00")

    assert (answer.reason_code, answer.assigned_client_id) == (Code.SUCCESS, None)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (PilotState.AGREED, Code.NOT_AUTHORIZED),
        (PilotState.WITHDRAWN, Code.NOT_AUTHORIZED),
        (PilotState.CLOSED, Code.SUCCESS),
    ],
)
async def test_a_pilot_has_to_have_begun(port, state, code):
    answer, _ = await told(port, connect_packet(await enrolled(state)), b"\xe0\x00")

    assert answer.reason_code is code


async def test_who_guesses_is_stopped(port, monkeypatch):
    monkeypatch.setattr(entry, "MINUTE_S", 10**9)
    monkeypatch.setattr(entry, "MOST_FAILURES", 3)
    device = await enrolled()
    async with opened() as http:
        port = door_of(http).port
        codes = []
        for _ in range(5):
            wrong = connect_packet(device, password=tokens.new_token().encode())
            codes.append((await told(port, wrong))[0].reason_code)

    assert codes == [Code.BAD_USER_NAME_OR_PASSWORD] * 3 + [Code.CONNECTION_RATE_EXCEEDED] * 2


async def test_without_the_broker_nobody_is_let_in(port, http):
    await http.app.state.publisher.stop()

    answer, _ = await told(port, connect_packet(await enrolled()))

    assert answer.reason_code is Code.SERVER_UNAVAILABLE


async def test_mqtt_3_1_1_is_refused_in_its_own_words(port):
    device = await enrolled()

    async with on_mqtt(services(), device.row.id.hex, device.token, port=port) as one:
        assert one.heard[0] == "connect Unsupported protocol version"


V6 = b"\x10\x0d\x00\x04MQTT\x06\x02\x00\x3c\x00\x00\x00"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (V6, Code.UNSUPPORTED_PROTOCOL_VERSION),
        (b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x09", Code.MALFORMED_PACKET),
        (b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01\xff", Code.MALFORMED_PACKET),
        (b"\x10\x02\x00\x04", Code.MALFORMED_PACKET),
    ],
)
async def test_what_is_no_connect_is_refused(port, sent, code):
    answer, closed = await told(port, sent)

    assert (answer.reason_code, closed) == (code, True)


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\n\r\n", b"\xc0\x00", b"\x10\xff\xff\xff\xff\xff", b"\x16\x03\x01"]
)
async def test_who_does_not_begin_with_connect_is_let_go_without_a_word(port, sent, monkeypatch):
    monkeypatch.setattr(greeting, "CONNECT_S", 0.3)

    assert (await told(port, sent))[0] is None


async def test_paho_hears_it_as_a_reason(port):
    device = await enrolled()

    async with on_paho(port, device.row.id.hex, "A" * 43) as one:
        assert one.connected[:1] == ["Bad user name or password"]
