"""The gateway's connection to the broker: however its bytes come, and over TLS."""

import asyncio
import ssl
from random import Random

import nats
import pytest

from portal.local.nats import Nats
from portal.local.places import Places, any_port
from telemetry_ingest.broker import streams
from telemetry_ingest.gateway.line import Line, connect
from telemetry_ingest.gateway.publishing import Publisher
from tests.telemetry_ingest.broker.authority import make_authority

SAID = (
    b'INFO {"a":1}\r\nPING\r\nMSG _INBOX.x.1 1 5\r\nhello\r\n+OK\r\n'
    b"HMSG _INBOX.x.22 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n"
    b"MSG _INBOX.x.3 1 4\r\n\r\n\r\n\r\nPONG\r\n"
    b"-ERR 'Permissions Violation'\r\nMSG _INBOX.x.4 1 0\r\n\r\n"
)
HEARD = [
    (b"_INBOX.x.1", b"hello"), (b"_INBOX.x.22", b"NATS/1.0 503\r\n\r\n"),
    (b"_INBOX.x.3", b"\r\n\r\n"), (b"_INBOX.x.4", b""),
]  # fmt: skip


class Wire(asyncio.Transport):
    """What was written, and in how many pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(data)

    def is_closing(self) -> bool:
        return False


@pytest.mark.parametrize("seed", range(20))
async def test_however_the_bytes_are_cut_the_same_is_heard(seed):
    heard: list[tuple[bytes, bytes]] = []
    line, random = Line(lambda *one: heard.append(one), lambda: None), Random(seed)
    line.connection_made(Wire())
    left = SAID
    while left:
        cut = random.randint(1, 1 if seed == 0 else 60)
        line.data_received(left[:cut])
        left = left[cut:]

    assert (heard, line.silent_for) == (HEARD, 0)


async def test_what_is_written_in_one_turn_leaves_together():
    line, wire = Line(lambda *_: None, lambda: None), Wire()
    line.connection_made(wire)
    for number in range(10):
        line.write(b"%d" % number, b",")
    await asyncio.sleep(0)
    line.ping()
    await asyncio.sleep(0)

    assert wire.pieces == [b"0,1,2,3,4,5,6,7,8,9,", b"PING\r\n"]


async def test_a_lost_connection_is_told():
    told: list[bool] = []
    line = Line(lambda *_: None, lambda: told.append(True))
    line.connection_made(Wire())
    before = line.open
    line.connection_lost(None)
    line.write(b"x")
    await asyncio.sleep(0)

    assert (before, line.open, told) == (True, False, [True])


async def test_nobody_there_is_an_error():
    with pytest.raises(OSError, match="Connect call failed"):
        await connect("nats://127.0.0.1:1", "_INBOX.x", lambda *_: None, lambda: None)


@pytest.fixture
async def secure(tmp_path):
    authority = make_authority(tmp_path / "authority")
    certificate, key = authority.sign("nats", "127.0.0.1")
    server = Nats(Places(tmp_path / "broker"), any_port(), any_port(), any_port())
    server.places.make()
    server.prepare()
    with (server.places.var / "nats" / "nats.conf").open("a") as file:
        file.write(f'tls {{ cert_file: "{certificate}", key_file: "{key}", timeout: 5 }}\n')
    child = server.child()
    child.start()
    child.wait_ready()
    url = server.url.replace("nats://", "tls://")
    nc = await nats.connect(url, tls=ssl.create_default_context(cafile=authority.file))
    await streams.prepare(nc)
    await nc.close()
    yield url, authority
    child.stop()


async def test_over_tls_only_a_broker_of_a_trusted_authority_is_told_anything(
    secure, monkeypatch, tmp_path
):
    url, authority = secure
    keeping = []
    for trusted in (make_authority(tmp_path / "other"), authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
        publisher = Publisher(url, patience_s=1)
        await publisher.start()
        if publisher.connected:
            ack = await publisher.publish("$MQTT.msgs.pilots.x.readings", b"{}", "1")
            keeping.append(ack.seq)
        await publisher.stop()

    assert keeping == [1]


async def test_a_wrong_password_is_no_connection(secure, monkeypatch):
    url, authority = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    publisher = Publisher(url.replace("tajhiz:", "tajhiz:x"), patience_s=1)
    await publisher.start()
    connected = publisher.connected
    await publisher.stop()

    assert not connected
