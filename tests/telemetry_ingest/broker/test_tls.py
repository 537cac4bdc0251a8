"""MQTT over TLS with a self-made authority; the table of docs/telemetry-tls.md, line by line."""

import socket
import ssl
import subprocess

import nats
import pytest

from portal.local.nats import Nats
from portal.local.places import Places, any_port
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.jwt import Issuer
from tests.services import services
from tests.telemetry_ingest.broker.authority import make_authority
from tests.telemetry_ingest.broker.brokers import on_mqtt
from tests.telemetry_ingest.broker.enrolling import enrol

SECURE = """
mqtt {{
  listen: "127.0.0.1:{port}"
  tls {{ cert_file: "{certificate}", key_file: "{key}", min_version: "1.2", timeout: 5 }}
}}
"""


@pytest.fixture
def authority(tmp_path):
    return make_authority(tmp_path / "authority")


@pytest.fixture
async def broker(db, tmp_path, authority, request):
    """Run a broker whose MQTT listener shows a certificate of this authority."""
    certificate, key = authority.sign("mqtt", *getattr(request, "param", ("127.0.0.1",)))
    places = Places(tmp_path / "broker")
    places.make()
    server = Nats(places, any_port(), any_port(), any_port())
    server.prepare()
    file = places.var / "nats" / "nats.conf"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("mqtt ")]
    secure = SECURE.format(port=server.mqtt_port, certificate=certificate, key=key)
    file.write_text("\n".join(lines) + secure)
    child = server.child()
    child.start()
    child.wait_ready()
    nc = await nats.connect(server.url)
    await streams.prepare(nc)
    callout = Callout(nc, Issuer(server.issuer_seed))
    await callout.start()
    yield server
    await callout.stop()
    await nc.close()
    child.stop()


async def test_who_trusts_the_authority_publishes(broker, authority):
    unit = await enrol()

    async with on_mqtt(
        services(), unit.hex, unit.token, port=broker.mqtt_port, ca_certs=authority.file
    ) as device:
        assert device.heard == ["connect Success"]
        assert await device.publish(f"pilots/{unit.hex}/readings")


def handshake(port, ca_file):
    """Begin as every client does that checks whom it talks to."""
    trust = ssl.create_default_context(cafile=ca_file)
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        trust.wrap_socket(plain, server_hostname="127.0.0.1"),
    ):
        return True


async def test_a_broker_of_another_authority_gets_no_token(broker, authority, tmp_path):
    other = make_authority(tmp_path / "other")

    assert handshake(broker.mqtt_port, authority.file)
    with pytest.raises(ssl.SSLCertVerificationError, match="verify failed"):
        handshake(broker.mqtt_port, other.file)


@pytest.mark.parametrize("broker", [("mqtt.example.org",)], indirect=True)
async def test_a_broker_of_another_name_gets_no_token(broker, authority):
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        handshake(broker.mqtt_port, authority.file)


async def test_nobody_speaks_in_the_clear_or_with_an_old_version(broker, authority):
    unit = await enrol()

    async with on_mqtt(services(), unit.hex, unit.token, port=broker.mqtt_port) as device:
        assert not device.client.is_connected()
        assert "connect Success" not in device.heard

    # Python itself warns of a client that speaks an old version: here the server's word counts.
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{broker.mqtt_port}", "-tls1_1",
         "-cipher", "ALL:@SECLEVEL=0"],
        input=b"", capture_output=True, timeout=20, check=False,
    )  # fmt: skip
    assert b"alert protocol version" in done.stderr
