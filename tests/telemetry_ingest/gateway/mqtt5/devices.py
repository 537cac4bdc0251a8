"""Devices that speak MQTT 5: as makers write them, with paho, and byte by byte."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import mqtt5
import msgspec
import paho.mqtt.client as paho
from paho.mqtt.properties import Properties

from telemetry_ingest.gateway.mqtt5.door import Door
from telemetry_ingest.gateway.mqtt5.packets import heading, packet
from tests.telemetry_ingest.gateway.gateways import Device, gateway

LISTEN = "127.0.0.1:0"
PATIENCE_S = 8.0


@asynccontextmanager
async def opened(**changes: Any) -> AsyncIterator[Any]:
    """Run a gateway that listens; gives its HTTPS side, whose ``app`` has all the rest."""
    async with gateway(**{"ingest_mqtt5_listen": LISTEN} | changes) as http:
        yield http


def door_of(http: Any) -> Door:
    return http.app.state.door


def readings_topic(device: Device, topic: str = "readings") -> str:
    return f"pilots/{device.row.id.hex}/{topic}"


@dataclass
class Paho:
    """A device as its makers write one."""

    client: paho.Client
    connected: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    answers: dict[int, Any] = field(default_factory=dict)
    connack: Properties | None = None

    async def publish(self, topic: str, message: Any, **more: Any) -> Any:
        """Publish and return the reason code of the PUBACK."""
        content = message if isinstance(message, bytes) else msgspec.json.encode(message)
        number = self.client.publish(topic, content, qos=1, **more).mid
        assert await until(lambda: number in self.answers), (self.left, self.answers)
        return self.answers[number][0].getName()


@asynccontextmanager
async def on_paho(
    port: int, user: str, token: str, client_id: str = "", *, will: str = "", **tls: Any
) -> AsyncIterator[Paho]:
    """Connect and wait for the answer, whatever it is."""
    client = paho.Client(
        paho.CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv5
    )
    one = Paho(client)

    def connected(_client, _data, _flags, reason, properties):
        one.connected.append(reason.getName())
        one.connack = properties

    def published(_client, _data, mid, reason, properties):
        one.answers[mid] = (reason, getattr(properties, "ReasonString", ""))

    client.on_connect = connected
    client.on_publish = published
    client.on_disconnect = lambda *said: one.left.append(said[3].getName())
    client.username_pw_set(user, token)
    if will:
        client.will_set(will, b"gone")
    if tls:
        client.tls_set(**tls)
    await asyncio.to_thread(client.connect, "127.0.0.1", port)
    client.loop_start()
    try:
        await until(lambda: bool(one.connected or one.left))
        yield one
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)


async def until(condition: Any, patience_s: float = PATIENCE_S) -> bool:
    """Wait until something holds, and say whether it does."""
    for _ in range(int(patience_s / 0.01)):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return bool(condition())


@dataclass
class Raw:
    """A connection on which every packet is written by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def send(self, *packets: Any) -> None:
        self.writer.write(
            b"".join(one if isinstance(one, bytes) else one.write() for one in packets)
        )
        await self.writer.drain()

    async def hear(self) -> mqtt5.Packet | None:
        """Return the next packet; nothing when the connection is closed."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                begun = await heading(self.reader)
                return packet(begun, await self.reader.readexactly(begun.size))
        except (EOFError, OSError):
            return None

    def message(self, device: Device, message: Any, **changes: Any) -> mqtt5.PublishPacket:
        content = message if isinstance(message, bytes) else msgspec.json.encode(message)
        said = {"qos": mqtt5.QoS.AT_LEAST_ONCE, "packet_id": next(self.numbers)} | changes
        topic = said.pop("topic", readings_topic(device))
        if said["qos"] is mqtt5.QoS.AT_MOST_ONCE:
            said["packet_id"] = None
        return mqtt5.PublishPacket(topic, content, **said)


@asynccontextmanager
async def raw(port: int) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()


def connect_packet(device: Device, **changes: Any) -> mqtt5.ConnectPacket:
    said = {
        "client_id": "", "username": device.row.id.hex, "password": device.token.encode(),
        "keep_alive": 30,
    } | changes  # fmt: skip
    return mqtt5.ConnectPacket(**said)


@asynccontextmanager
async def let_in(port: int, device: Device, **changes: Any) -> AsyncIterator[Raw]:
    """A connection that was answered « success »."""
    async with raw(port) as one:
        await one.send(connect_packet(device, **changes))
        answer = await one.hear()
        assert isinstance(answer, mqtt5.ConnAckPacket), answer
        assert answer.reason_code is mqtt5.ConnAckReasonCode.SUCCESS, answer
        yield one
