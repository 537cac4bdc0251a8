"""What a device is answered over MQTT 5, on the real broker and database."""

import asyncio

import mqtt5
import msgspec
import pytest
from mqtt5 import DisconnectReasonCode as Code
from mqtt5 import PubAckReasonCode, SubAckReasonCode

from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest import sparkplug
from telemetry_ingest.actions.devices import revoke, rotate
from telemetry_ingest.gateway.entry import EVERY_S
from telemetry_ingest.gateway.mqtt5 import session
from telemetry_ingest.gateway.mqtt5.greeting import MOST_PACKET, SENT_AHEAD
from telemetry_ingest.gateway.taking import MOST_OF_ONE
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import MOST_BYTES, subject_of
from telemetry_ingest.wire.subjects import STREAM
from tests.telemetry_ingest.gateway.gateways import AT, beside, readings
from tests.telemetry_ingest.gateway.mqtt5.devices import (
    connect_packet,
    door_of,
    let_in,
    on_paho,
    opened,
    raw,
    readings_topic,
    until,
)

ONCE, AT_MOST_ONCE = mqtt5.QoS.AT_LEAST_ONCE, mqtt5.QoS.AT_MOST_ONCE


async def stored(nc) -> int:
    return (await nc.jetstream().stream_info(STREAM)).state.messages


async def refused_rows():
    rows = await database.fetch("SELECT reason, field, messages FROM device_refused ORDER BY 1, 2")
    return [tuple(row) for row in rows]


async def test_the_very_bytes_are_kept_before_they_are_acknowledged(broker, device, port):
    body = b' {"boot":1,"seq":0,"sent":1,"readings":[[1,"MDC_PULS_OXIM_SAT_O2",97.5]]}'

    async with on_paho(port, device.row.id.hex, device.token, device.row.id.hex) as one:
        answer = await one.publish(readings_topic(device), body)
        kept = await broker.jetstream().get_last_msg(
            STREAM, subject_of(device.row.id, Topic.READINGS)
        )

    assert (one.connected, answer, kept.data) == (["Success"], "Success", body)


async def test_the_door_says_what_it_does_not_do(device, port):
    async with raw(port) as one:
        await one.send(connect_packet(device, session_expiry_interval=3600, keep_alive=0))
        said = await one.hear()

    assert (said.session_present, said.session_expiry_interval, said.max_qos) == (False, 0, ONCE)
    assert (said.receive_max, said.max_packet_size) == (SENT_AHEAD, MOST_PACKET)
    assert (said.retain_available, said.wildcard_subscription_available) == (False, False)
    assert (said.shared_subscription_available, said.subscription_id_available) == (False, False)
    assert (said.server_keep_alive, len(said.assigned_client_id)) == (300, 22)


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("readings", msgspec.msgpack.encode(readings())),
        ("readings", sparkplug.written(readings())),
        ("status", {"boot": 1, "seq": 0, "sent": AT, "at": AT, "state": "up"}),
        ("alarms", {"boot": 1, "seq": 0, "sent": AT, "at": AT, "code": 150456,
                    "priority": "high", "active": True}),
    ],
    ids=["msgpack", "sparkplug", "status", "alarms"],
)  # fmt: skip
async def test_everything_that_https_takes_is_taken(broker, device, port, topic, body):
    async with on_paho(port, device.row.id.hex, device.token) as one:
        answer = await one.publish(readings_topic(device, topic), body)

    assert (answer, await stored(broker)) == ("Success", 1)


async def test_a_message_that_is_sent_again_over_a_new_connection_is_kept_once(
    broker, device, http, port
):
    for duplicate in (False, True):
        async with let_in(port, device) as one:
            await one.send(one.message(device, readings(), duplicate=duplicate))
            answer = await one.hear()
            assert answer.reason_code is PubAckReasonCode.SUCCESS

    assert await stored(broker) == 1
    text = (await http.get("/metrics")).text
    assert 'tajhiz_gateway_mqtt5_messages_total{answer="kept",topic="readings"} 1.0' in text
    assert 'tajhiz_gateway_mqtt5_messages_total{answer="duplicate",topic="readings"} 1.0' in text
    assert 'tajhiz_gateway_mqtt5_connects_total{answer="success"} 2.0' in text


@pytest.mark.parametrize(
    ("message", "word"),
    [
        (b"neither", "not_readable"),
        ({**readings(), "patient": "x"}, "unknown_field (patient)"),
        ({**readings(), "boot": -1}, "wrong_value (boot)"),
        (readings(count=10_001), "too_large (readings)"),
        (b" " * (MOST_BYTES + 1), "too_large"),
    ],
    ids=["bytes", "field", "value", "many", "large"],
)
async def test_what_is_not_right_is_refused_in_words_and_counted(
    broker, device, port, message, word
):
    async with on_paho(port, device.row.id.hex, device.token) as one:
        answer = await one.publish(readings_topic(device), message)
        (said,) = [words for _reason, words in one.answers.values()]
        after = await one.publish(readings_topic(device), readings())

    assert (answer, said.partition(":")[0], after) == ("Payload format invalid", word, "Success")
    assert (await stored(broker), [row[2] for row in await refused_rows()]) == (1, [1])


@pytest.mark.parametrize("place", ["pilots/{other}/readings", "pilots/{own}/waves", "a/b"])
async def test_a_foreign_topic_is_refused_and_counted(broker, device, port, place):
    other = await beside(device)
    topic = place.format(other=other.row.id.hex, own=device.row.id.hex)

    async with let_in(port, device) as one:
        await one.send(one.message(device, readings(), topic=topic))
        answer = await one.hear()

    assert answer.reason_code is PubAckReasonCode.NOT_AUTHORIZED
    assert answer.reason_str.startswith("A device publishes to pilots/<its own")
    assert (await stored(broker), await refused_rows()) == (0, [("wrong_topic", "publish", 1)])


async def test_there_is_nothing_to_subscribe_to(device, port):
    filters = [mqtt5.TopicFilter("pilots/#"), mqtt5.TopicFilter(readings_topic(device))]
    async with let_in(port, device) as one:
        await one.send(mqtt5.SubscribePacket(7, filters))
        refused = await one.hear()
        await one.send(mqtt5.UnsubscribePacket(8, ["a"]), mqtt5.PingReqPacket())
        left, pong = await one.hear(), await one.hear()

    assert refused.reason_codes == [SubAckReasonCode.NOT_AUTHORIZED] * 2
    assert left.reason_codes == [mqtt5.UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED]
    assert isinstance(pong, mqtt5.PingRespPacket)
    assert await refused_rows() == [("wrong_topic", "subscribe", 1)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"qos": mqtt5.QoS.EXACTLY_ONCE}, Code.QOS_NOT_SUPPORTED),
        ({"qos": AT_MOST_ONCE}, Code.QOS_NOT_SUPPORTED),
        ({"retain": True}, Code.RETAIN_NOT_SUPPORTED),
        ({"topic_alias": 4}, Code.TOPIC_ALIAS_INVALID),
        ({"topic_alias": 1, "topic": ""}, Code.PROTOCOL_ERROR),
        ({"subscription_ids": [1]}, Code.PROTOCOL_ERROR),
    ],
)
async def test_how_a_message_may_not_be_sent(broker, device, port, changes, code):
    async with let_in(port, device) as one:
        await one.send(one.message(device, readings(), **changes))
        said, closed = await one.hear(), await one.hear()

    assert (said.reason_code, closed, await stored(broker)) == (code, None, 0)


# Text that is not UTF-8 makes the codec panic: Python tells of it besides what we do about it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (mqtt5.ConnectPacket("again"), Code.PROTOCOL_ERROR),
        (mqtt5.PubRelPacket(1), Code.PROTOCOL_ERROR),
        (mqtt5.AuthPacket(), Code.PROTOCOL_ERROR),
        (b"\x00\x00", Code.MALFORMED_PACKET),
        (b"\x30\x05\x00\x01\xff\x00x", Code.MALFORMED_PACKET),
        (b"\x30\xff\xff\xff\xff\x01", Code.MALFORMED_PACKET),
        (b"\x32\xff\xff\xff\x7f", Code.PACKET_TOO_LARGE),
        (b"\x82\xff\xff\x7f", Code.PACKET_TOO_LARGE),
    ],
)
async def test_what_is_no_packet_ends_the_connection(device, port, packet, code):
    async with let_in(port, device) as one:
        await one.send(packet)
        said, closed = await one.hear(), await one.hear()

    assert (said.reason_code, closed) == (code, None)


async def test_a_topic_has_a_short_name_after_it_was_said_once(broker, device, port):
    async with let_in(port, device) as one:
        await one.send(one.message(device, readings(), topic_alias=3))
        await one.send(one.message(device, readings(seq=2), topic="", topic_alias=3))
        answers = [await one.hear(), await one.hear()]

    assert [one.reason_code for one in answers] == [PubAckReasonCode.SUCCESS] * 2
    assert await stored(broker) == 2


async def test_what_is_sent_ahead_waits_in_the_line_of_the_device(
    broker, device, http, port, monkeypatch
):
    publisher = http.app.state.publisher
    held, publish, begun = asyncio.Event(), publisher.publish, []

    async def slowly(*said):
        begun.append(said)
        await held.wait()
        return await publish(*said)

    monkeypatch.setattr(publisher, "publish", slowly)
    async with let_in(port, device) as one:
        await one.send(*(one.message(device, readings(seq=2 * n)) for n in range(SENT_AHEAD + 9)))
        await asyncio.sleep(0.3)
        in_hand = len(begun)
        held.set()
        heard = [await one.hear() for _ in range(SENT_AHEAD + 9)]

    assert in_hand == MOST_OF_ONE
    assert {int(said.reason_code) for said in heard} == {PubAckReasonCode.SUCCESS.value}
    assert await stored(broker) == SENT_AHEAD + 9


async def test_the_same_number_twice_at_once_is_no_mqtt(device, http, port, monkeypatch):
    async def never(*_said):
        await asyncio.sleep(60)

    monkeypatch.setattr(http.app.state.publisher, "publish", never)
    async with let_in(port, device) as one:
        message = one.message(device, readings())
        await one.send(message, message)
        said = await one.hear()

    assert said.reason_code is Code.PROTOCOL_ERROR


async def test_many_messages_within_the_agreement(broker, device, port):
    async with on_paho(port, device.row.id.hex, device.token) as one:
        numbers = [
            one.client.publish(
                readings_topic(device), msgspec.json.encode(readings(seq=2 * n)), qos=1
            ).mid
            for n in range(200)
        ]
        assert await until(lambda: len(one.answers) == len(numbers))

    assert {reason.getName() for reason, _words in one.answers.values()} == {"Success"}
    assert (one.left, await stored(broker)) == (["Normal disconnection"], 200)


async def test_two_devices_send_beside_each_other(broker, device, port):
    other = await beside(device)

    async with let_in(port, device) as one, let_in(port, other) as two:
        for seq in range(0, 20, 2):
            await one.send(one.message(device, readings(seq=seq)))
            await two.send(two.message(other, readings(seq=seq)))
        answers = [await each.hear() for each in (one, two) for _ in range(10)]

    assert [answer.reason_code for answer in answers] == [PubAckReasonCode.SUCCESS] * 20
    assert await stored(broker) == 20


@pytest.mark.parametrize("ending", [revoke, rotate])
async def test_a_token_that_ends_ends_an_idle_connection_at_once(device, port, ending):
    async with let_in(port, device) as one:
        await asyncio.sleep(0.6)
        await ending(device.row.id, token_number=device.row.token_number, actor=SYSTEM)
        async with asyncio.timeout(4 * EVERY_S):  # looked up every so often; a busy machine
            said = await one.hear()
        async with raw(port) as again:
            await again.send(connect_packet(device))
            refused = await again.hear()

    assert said.reason_code is Code.NOT_AUTHORIZED
    assert refused.reason_code is mqtt5.ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD


async def test_without_the_database_nothing_is_taken_and_the_device_keeps_it(
    broker, device, http, port, monkeypatch
):
    async def away(_devices):
        raise OSError

    async with let_in(port, device) as one:
        monkeypatch.setattr(http.app.state.entry, "_ask", away)
        await asyncio.sleep(2.2)
        await one.send(one.message(device, readings()))
        said = await one.hear()
        async with raw(port) as again:
            await again.send(connect_packet(device))
            refused = await again.hear()

    assert (said.reason_code, await stored(broker)) == (Code.SERVER_BUSY, 0)
    assert refused.reason_code is mqtt5.ConnAckReasonCode.SERVER_UNAVAILABLE


async def test_a_device_that_sends_too_often_is_let_go(broker, device):
    async with opened(ingest_requests_per_minute=3) as http, raw(door_of(http).port) as one:
        await one.send(connect_packet(device))
        await one.send(*(one.message(device, readings(seq=2 * n)) for n in range(3)))
        heard = [await one.hear() for _ in range(4)]

    codes = [said.reason_code for said in heard]
    assert codes == [0, *[PubAckReasonCode.SUCCESS] * 2, Code.MESSAGE_RATE_TOO_HIGH]
    assert "Wait" in heard[-1].reason_str


async def test_who_is_silent_for_longer_than_agreed_is_let_go(device, port):
    async with let_in(port, device, keep_alive=1) as one:
        begun = asyncio.get_running_loop().time()
        said = await one.hear()

    assert said.reason_code is Code.KEEP_ALIVE_TIMEOUT
    assert 1.4 < asyncio.get_running_loop().time() - begun < 3


async def test_a_packet_that_does_not_come_whole_gives_its_room_back(
    device, http, port, monkeypatch
):
    monkeypatch.setattr(session, "READ_S", 0.2)
    async with let_in(port, device) as one:
        await one.send(one.message(device, readings()).write()[:-3])
        said = await one.hear()

    taking = door_of(http)._taking
    assert (said.reason_code, taking._bytes) == (Code.UNSPECIFIED_ERROR, 0)


async def test_who_does_not_read_the_answers_is_not_read_either_and_let_go(
    broker, device, http, port, monkeypatch
):
    monkeypatch.setattr(session, "READ_S", 0.3)
    async with let_in(port, device) as one:
        (kept,) = door_of(http)._sessions[device.row.id]
        kept._writer.transport.set_write_buffer_limits(high=0)
        monkeypatch.setattr(kept._writer.transport, "write", lambda _packet: None)
        kept._writer.transport._protocol.pause_writing()
        await one.send(*(one.message(device, readings(seq=2 * n)) for n in range(20)))
        closed = await one.hear()

    assert (closed, await stored(broker)) == (None, MOST_OF_ONE)


async def test_reasons_in_words_are_left_out_where_they_are_not_wanted(device, port):
    answers = []
    for changes in ({"request_problem_info": False}, {"max_packet_size": 40}, {}):
        async with let_in(port, device, **changes) as one:
            await one.send(one.message(device, b"neither"))
            answers.append(await one.hear())

    assert [bool(one.reason_str) for one in answers] == [False, False, True]


async def test_what_was_read_is_acknowledged_before_the_door_closes(broker, device):
    async with opened() as http, let_in(door_of(http).port, device) as one:
        await one.send(one.message(device, readings()))
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(door_of(http).stop())
        heard = [await one.hear() for _ in range(3)]
        await stopping

    assert [getattr(said, "reason_code", None) for said in heard] == [
        PubAckReasonCode.SUCCESS, Code.SERVER_SHUTTING_DOWN, None,
    ]  # fmt: skip
    assert await stored(broker) == 1
