"""Any bytes at all: a packet, or a refusal; never a crash, a task or room that stays."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from contextlib import suppress

import mqtt5
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telemetry_ingest.gateway.mqtt5 import greeting
from telemetry_ingest.gateway.mqtt5.packets import Heading, Malformed, level, packet
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled, readings
from tests.telemetry_ingest.gateway.mqtt5.devices import (
    connect_packet,
    door_of,
    let_in,
    opened,
    readings_topic,
    until,
)

ONCE = mqtt5.QoS.AT_LEAST_ONCE
SEEDS = [
    mqtt5.ConnectPacket("a", username="u", password=b"p", will=mqtt5.Will("w", payload=b"x")),
    mqtt5.PublishPacket("a/b", b"{}", qos=ONCE, packet_id=3, topic_alias=2, content_type="t"),
    mqtt5.SubscribePacket(3, [mqtt5.TopicFilter("a/#")], subscription_id=4),
    mqtt5.UnsubscribePacket(3, ["a", "b"]),
    mqtt5.DisconnectPacket(reason_str="x"),
    mqtt5.AuthPacket(authentication_method="a"),
    mqtt5.PubAckPacket(3, reason_str="x"),
    mqtt5.PingReqPacket(),
]


def changed(content: bytes, place: int, value: int) -> bytes:
    place %= len(content)
    return content[:place] + bytes([value]) + content[place + 1 :]


PACKETS = st.one_of(
    st.sampled_from(SEEDS).map(lambda one: one.write()),
    st.builds(
        changed,
        st.sampled_from(SEEDS).map(lambda one: one.write()),
        st.integers(0, 200),
        st.integers(0, 255),
    ),
    st.binary(min_size=1, max_size=60),
)

# The codec panics at text that is not UTF-8: Python tells of it besides what we do about it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@given(PACKETS.filter(lambda one: len(one) >= 2))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_a_packet_or_malformed(content):
    with suppress(Malformed):
        packet(Heading(content[:2], len(content) - 2), content[2:])


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        (b"\x00\x04MQTT\x05\x02", 5), (b"\x00\x04MQTT\x04\x02", 4), (b"\x00\x06MQIsdp\x03", 3),
        (b"\x00\x04MQTT", 0), (b"", 0), (b"\x00\x04HTTP\x05", 0),
    ],
)  # fmt: skip
def test_which_mqtt_is_spoken(rest, found):
    assert level(rest) == found


PANIC = """
from telemetry_ingest.gateway.mqtt5.packets import Heading, Malformed, packet
try:
    packet(Heading(b"\\x32\\x06", 6), b"\\0\\1\\xff\\0\\1\\0")
except Malformed as error:
    print(error)
"""


def test_a_panic_of_the_codec_takes_no_backtrace():
    ended = subprocess.run(
        [sys.executable, "-c", PANIC],
        env={**os.environ, "RUST_BACKTRACE": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert ended.stdout == "text that is not UTF-8\n"
    assert ("panicked" in ended.stderr, "stack backtrace" in ended.stderr) == (True, False)


async def test_the_door_stays_open_whatever_is_sent(db, monkeypatch, caplog):
    monkeypatch.setattr(greeting, "CONNECT_S", 0.2)
    async with prepared(services()), opened() as http:
        device = await enrolled()
        port = door_of(http).port
        right = mqtt5.PublishPacket(
            readings_topic(device), msgspec.json.encode(readings()), qos=ONCE, packet_id=1
        ).write()
        beginnings = st.sampled_from([b"", *[connect_packet(device).write()] * 3])
        pieces = st.lists(st.one_of(PACKETS, st.just(right)), max_size=6)

        @given(beginnings, pieces)
        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        def any_bytes(beginning, sent):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
                line.sendall(beginning + b"".join(sent))
                line.shutdown(socket.SHUT_WR)
                while line.recv(65_536):
                    pass

        with caplog.at_level(logging.ERROR):
            await asyncio.to_thread(any_bytes)
        gone = await until(lambda: door_of(http).connections == 0)
        names = [one.get_coro().__qualname__ for one in asyncio.all_tasks()]
        async with let_in(port, device) as one:
            await one.send(one.message(device, readings(seq=50)))
            answer = await one.hear()

    taking = door_of(http)._taking
    assert (gone, taking._bytes, caplog.messages) == (True, 0, [])
    assert [name for name in names if "Session" in name or "Door" in name] == []
    assert answer.reason_code is mqtt5.PubAckReasonCode.SUCCESS
