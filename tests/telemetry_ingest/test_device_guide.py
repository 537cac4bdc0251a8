"""The examples of the device guide, run as they stand there."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from portal.local.places import any_port
from portal.settings import get_settings
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import MOST_BYTES, MOST_READINGS, address_of, decode
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.sources import ROOT
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled
from tests.telemetry_ingest.simulate.serving import served

GUIDE = (ROOT / "docs" / "device-guide.md").read_text(encoding="utf-8")


def example(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        seed = get_settings().nats_issuer_seed
        deciding = Callout(connection, Issuer(seed.get_secret_value()))
        await deciding.start()
        yield connection
        await deciding.stop()


async def ran(nc, command: list[str], ingest: str = "", mqtt5_port: int = 0) -> tuple[str, list]:
    """Run an example as a new device; return what it said and what of it is stored."""
    device = await enrolled()
    environment = {
        "PATH": os.environ["PATH"], "DEVICE": device.row.id.hex, "TOKEN": device.token,
        "MQTT_HOST": "127.0.0.1", "MQTT_PORT": str(services().mqtt_port), "INGEST": ingest,
        "MQTT5_PORT": str(mqtt5_port),
    }  # fmt: skip
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    state = (await nc.jetstream().stream_info(STREAM)).state
    kept = [
        await nc.jetstream().get_msg(STREAM, number)
        for number in range(state.first_seq, state.last_seq + 1)
    ]
    found = [(address_of(one.subject), one.data) for one in kept]
    assert {address.device for address, _data in found} == {device.row.id}
    return done.stdout, [decode(address.topic, data) for address, data in found]


async def test_python(nc):
    said, messages = await ran(nc, [sys.executable, "-c", example("python")])

    assert (said, [one.seq for one in messages]) == ("", [0, 1, 2])
    assert [one.readings[0][2] for one in messages] == [97.0, None, 96.5]


async def test_python_over_mqtt_5(nc):
    port = any_port()
    async with served(port):
        said, messages = await ran(
            nc, [sys.executable, "-c", example("python mqtt5")], mqtt5_port=port
        )

    assert (said, [one.readings[0][2] for one in messages]) == ("", [97.0, None, 96.5])


@pytest.mark.skipif(not shutil.which("mosquitto_pub"), reason="mosquitto_pub is not installed")
async def test_mosquitto_pub_over_mqtt_5(nc):
    port = any_port()
    async with served(port):
        _said, (message,) = await ran(nc, ["sh", "-c", example("sh mosquitto5")], mqtt5_port=port)

    assert (message.boot, message.state) == (14, "up")


@pytest.mark.skipif(not shutil.which("mosquitto_pub"), reason="mosquitto_pub is not installed")
async def test_mosquitto_pub(nc):
    _said, (message,) = await ran(nc, ["sh", "-c", example("sh mosquitto")])

    assert (message.state, message.firmware) == ("up", "1.4.2")


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
async def test_curl(nc):
    async with served() as ingest:
        said, (message,) = await ran(nc, ["sh", "-c", example("sh curl")], ingest)

    assert said == '{"readings":1,"duplicate":false}'
    assert abs(message.readings[0][0] / 1e6 - datetime.now(UTC).timestamp()) < 60


def test_the_limits_and_topics_are_those_of_the_code():
    assert f"at most {MOST_READINGS:,} and {MOST_BYTES:,} bytes" in GUIDE
    assert all(f"`pilots/<device>/{topic.name.lower()}`" in GUIDE for topic in Topic)
