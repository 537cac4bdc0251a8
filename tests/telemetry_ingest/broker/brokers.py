"""A clean broker for a test, and devices that publish to it as real ones do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import nats
import paho.mqtt.client as mqtt
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from telemetry_ingest.broker import streams
from telemetry_ingest.wire.subjects import STREAM
from tests.services import Services


@asynccontextmanager
async def prepared(services: Services) -> AsyncIterator[Client]:
    """Give a connection to the broker of this worker, with an empty stream and its consumer."""
    nc = await nats.connect(services.nats_url)
    try:
        with suppress(NotFoundError):
            await nc.jetstream().delete_consumer(STREAM, streams.CONSUMER)
        with suppress(NotFoundError):
            await nc.jetstream().purge_stream(STREAM)
        await streams.prepare(nc)
        yield nc
    finally:
        await nc.close()


@dataclass
class Device:
    """A device on MQTT, as its makers write one; what it heard is kept."""

    client: mqtt.Client
    heard: list[str] = field(default_factory=list)

    async def publish(
        self, topic: str, content: bytes = b"x", qos: int = 1, *, within_s: float = 20
    ) -> bool:
        """Publish and say whether the broker acknowledged it in time."""
        sent = self.client.publish(topic, content, qos=qos)
        try:
            await asyncio.to_thread(sent.wait_for_publish, within_s)
        except RuntimeError:  # not connected
            return False
        return sent.is_published()

    async def hears(self, word: str, times: int = 1) -> bool:
        """Wait for what the broker says."""
        for _ in range(2000):
            if self.heard.count(word) >= times:
                return True
            await asyncio.sleep(0.01)
        return False


@asynccontextmanager
async def on_mqtt(
    services: Services, user: str, token: str, client_id: str = "", port: int = 0,
    clean: bool = True, **tls: str,
) -> AsyncIterator[Device]:  # fmt: skip
    """Connect a device and wait for the broker's answer, whatever it is."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean)
    device = Device(client)
    client.on_connect = lambda *said: device.heard.append(f"connect {said[3]}")
    client.on_disconnect = lambda *said: device.heard.append("disconnect")
    client.on_subscribe = lambda *said: device.heard.append(f"subscribe {said[3][0]}")
    client.username_pw_set(user, token)
    if tls:
        client.tls_set(**tls)
    await asyncio.to_thread(client.connect, "127.0.0.1", port or services.mqtt_port)
    client.loop_start()
    try:
        for _ in range(2000):
            if device.heard:
                break
            await asyncio.sleep(0.01)
        yield device
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
