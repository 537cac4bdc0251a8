"""The listener: how many it lets in, certificates, and that it ends whole."""

import asyncio
import os
import re
import ssl
import subprocess
import time
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import mqtt5
import msgspec
import pytest
from httpx import AsyncClient
from mqtt5 import DisconnectReasonCode as Code
from mqtt5 import PubAckReasonCode

from portal import database
from portal.local.nats import Nats
from portal.local.places import Places, any_port
from portal.settings import get_settings
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.service import connect
from telemetry_ingest.consumer.figures import Figures
from telemetry_ingest.gateway.mqtt5 import door, greeting
from telemetry_ingest.process import lanes_of
from telemetry_ingest.wire.subjects import STREAM
from tests.telemetry_ingest.broker.authority import make_authority
from tests.telemetry_ingest.consumer.devices import drop_days
from tests.telemetry_ingest.gateway.gateways import enrolled, readings
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
from tests.telemetry_ingest.simulate.serving import served


async def test_a_reading_goes_all_the_way_to_its_row_and_twice_is_once(broker, device):
    now = time.time_ns() // 1000
    values = [[now + place, 150456, 97.0 + place] for place in range(3)]
    message = readings(sent=now, readings=values)
    stopping = asyncio.Event()
    async with opened() as http:
        for duplicate in (False, True):
            async with let_in(door_of(http).port, device) as one:
                await one.send(one.message(device, message, duplicate=duplicate))
                assert (await one.hear()).reason_code is PubAckReasonCode.SUCCESS
        lane = lanes_of(get_settings(), broker, Figures(started_at=0.0), stopping)[0]
        running = asyncio.create_task(lane.run())
        try:
            rows = []
            for _ in range(200):
                rows = await database.fetch("SELECT value FROM reading ORDER BY seq")
                if len(rows) >= 3:
                    break
                await asyncio.sleep(0.05)
        finally:
            stopping.set()
            await running
            await drop_days()

    assert [row["value"] for row in rows] == [97.0, 98.0, 99.0]


async def test_the_same_name_again_takes_the_place_of_the_first(device):
    name = device.row.id.hex
    async with opened() as http:
        port = door_of(http).port
        async with (
            let_in(port, device, client_id=name) as first,
            let_in(port, device, client_id=name) as second,
        ):
            said = await first.hear()
            await second.send(mqtt5.PingReqPacket())
            assert isinstance(await second.hear(), mqtt5.PingRespPacket)

    assert said.reason_code is Code.SESSION_TAKEN_OVER


async def test_the_oldest_of_too_many_gives_way(device):
    async with opened() as http:
        port = door_of(http).port
        async with let_in(port, device) as first, let_in(port, device), let_in(port, device):
            said = await first.hear()
        assert await until(lambda: not door_of(http)._sessions)

    assert said.reason_code is Code.SESSION_TAKEN_OVER


@pytest.mark.parametrize("limit", ["MOST_STRANGERS", "MOST_CONNECTIONS"])
async def test_strangers_and_all_together_are_limited(device, monkeypatch, limit):
    monkeypatch.setattr(door, limit, 2)
    async with opened() as http:
        port = door_of(http).port
        async with raw(port), raw(port):
            await asyncio.sleep(0.1)
            async with raw(port) as third:
                await third.send(connect_packet(device))
                turned_away = await third.hear()
        assert await until(lambda: door_of(http).connections == 0)
        async with let_in(port, device):
            pass
        text = (await http.get("/metrics")).text

    assert turned_away is None
    assert 'tajhiz_gateway_mqtt5_ends_total{reason="full"} 1.0' in text


async def test_who_says_nothing_is_let_go(broker, monkeypatch):
    monkeypatch.setattr(greeting, "CONNECT_S", 0.2)
    async with opened() as http, raw(door_of(http).port) as one:
        assert await one.hear() is None


async def test_nothing_is_left_when_it_closes(device):
    before = asyncio.all_tasks()
    async with opened() as http:
        port = door_of(http).port
        async with raw(port), let_in(port, device) as one:
            await asyncio.sleep(0.1)
            ready = (await http.get("/readyz")).json()
            gauge = (await http.get("/metrics")).text
            await door_of(http).stop()
            said = await one.hear()
            closed = (await http.get("/readyz")).status_code
    left = [task for task in asyncio.all_tasks() - before if not task.done()]

    assert (ready["parts"]["mqtt5"], closed, left) == ("ok", 503, [])
    assert "tajhiz_gateway_mqtt5_connections 2.0" in gauge
    assert said.reason_code is Code.SERVER_SHUTTING_DOWN


async def test_a_gateway_that_is_told_to_stop_says_goodbye(device):
    port = any_port()
    async with AsyncExitStack() as connection:
        async with served(port):
            one = await connection.enter_async_context(let_in(port, device))
            await one.send(one.message(device, readings()))
            kept = await one.hear()
        said = await one.hear()

    assert (kept.reason_code, said.reason_code) == (
        PubAckReasonCode.SUCCESS, Code.SERVER_SHUTTING_DOWN,
    )  # fmt: skip


async def test_processes_of_a_gateway_share_the_port(device):
    port = any_port()
    async with served(port) as one, served(port) as other, AsyncExitStack() as connections:
        for _ in range(24):
            await connections.enter_async_context(raw(port))
        async with AsyncClient() as client:
            texts = [(await client.get(f"{each}/metrics")).text for each in (one, other)]
    counts = [int(re.search(r"mqtt5_connections (\d+)", text)[1]) for text in texts]

    assert (sum(counts), min(counts) > 0) == (24, True)


async def test_it_listens_only_where_it_was_told_to(broker):
    async with opened(ingest_mqtt5_listen=None) as http:
        assert http.app.state.door is None
        assert "mqtt5" not in (await http.get("/readyz")).json()["parts"]


@pytest.fixture
def signed(tmp_path):
    authority = make_authority(tmp_path / "authority")
    certificate, key = authority.sign("mqtt", "127.0.0.1")
    return authority, {"ingest_mqtt5_certificate": certificate, "ingest_mqtt5_key": key}


async def test_tls_with_a_self_made_authority(device, signed):
    authority, files = signed
    async with opened(**files) as http:
        port = door_of(http).port
        async with on_paho(port, device.row.id.hex, device.token, ca_certs=authority.file) as one:
            answer = await one.publish(readings_topic(device), readings())

    assert answer == "Success"


async def test_a_gateway_of_another_authority_or_name_gets_no_token(broker, signed, tmp_path):
    authority, files = signed
    other = make_authority(tmp_path / "other")
    async with opened(**files) as http:
        for trust, name in ((other, "127.0.0.1"), (authority, "mqtt.example.org")):
            context = ssl.create_default_context(cafile=trust.file)
            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.open_connection(
                    "127.0.0.1", door_of(http).port, ssl=context, server_hostname=name
                )


async def test_nobody_speaks_in_the_clear_or_with_an_old_version(device, signed):
    _authority, files = signed
    async with opened(**files) as http:
        port = door_of(http).port
        async with raw(port) as plain:
            await plain.send(connect_packet(device))
            in_the_clear = await plain.hear()
        shaken = [await handshake(port, version) for version in ("-tls1_1", "-tls1_2", "-tls1_3")]

    assert (in_the_clear, shaken) == (None, [False, True, True])


async def handshake(port, version):
    """Say whether this version is spoken; Python itself warns of a client with an old one."""
    done = await asyncio.to_thread(
        subprocess.run,
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", version,
         "-cipher", "ALL:@SECLEVEL=0"],
        input=b"", capture_output=True, timeout=20, check=False,
    )  # fmt: skip
    return done.returncode == 0


async def test_a_renewed_certificate_is_shown_without_a_restart(broker, signed):
    authority, files = signed
    context = door._context(*files.values())
    renewing = asyncio.create_task(door._keep_renewed(context, *files.values(), every_s=0.05))
    shown = []
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    replaced = zip(files.values(), authority.sign("new", "127.0.0.1"), strict=True)
    for attempt in range(3):
        if attempt:  # first the certificate alone, as whoever renews writes one after the other
            old, new = next(replaced)
            Path(old).write_bytes(new.read_bytes())
            os.utime(files["ingest_mqtt5_certificate"], (attempt, attempt))
            await asyncio.sleep(0.3)
        trust = ssl.create_default_context(cafile=authority.file)
        _reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
        shown.append(writer.get_extra_info("peercert")["serialNumber"])
        writer.close()
    renewing.cancel()
    server.close()

    assert shown[0] == shown[1] != shown[2]


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "production", "ingest_mqtt5_listen": "0.0.0.0:8884"},
        {"ingest_mqtt5_certificate": Path("/nowhere")},
    ],
)
def test_tokens_never_travel_in_the_clear(changes):
    settings = get_settings().model_copy(update={"ingest_mqtt5_listen": "127.0.0.1:0"} | changes)

    with pytest.raises(ValueError, match="TAJHIZ_INGEST_MQTT5_CERTIFICATE"):
        door.Door(settings, None)


@pytest.mark.parametrize(
    ("said", "found"), [("127.0.0.1:8884", ("127.0.0.1", 8884)), ("[::]:1", ("::", 1))]
)
def test_where_it_listens(said, found):
    settings = get_settings().model_copy(update={"ingest_mqtt5_listen": said})

    assert door.address_of(settings) == found


async def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(db, tmp_path):
    places = Places(tmp_path / "broker")
    places.make()
    server = Nats(places, any_port(), any_port(), any_port())
    server.prepare()
    child = server.child()
    child.start()
    child.wait_ready()
    try:
        async with connected(server.url) as nc:
            device = await enrolled()
            url = type(get_settings().nats_url)(server.url)
            async with opened(nats_url=url) as http:
                sending = asyncio.create_task(_sent(door_of(http).port, device, 120))
                for _ in range(2):
                    await asyncio.sleep(0.5)
                    child.end_now()
                    child.finish(0)
                    await asyncio.sleep(0.2)
                    child.start()
                    child.wait_ready()
                acknowledged = await sending
            assert await until(lambda: nc.is_connected, 20)
            state = (await nc.jetstream().stream_info(STREAM)).state
            kept = [
                msgspec.json.decode((await nc.jetstream().get_msg(STREAM, number)).data)["seq"]
                for number in range(state.first_seq, state.last_seq + 1)
            ]
    finally:
        child.stop()

    assert (set(acknowledged) - set(kept), len(acknowledged)) == (set(), 120)


@asynccontextmanager
async def connected(url):
    nc = await connect(url)
    try:
        await streams.prepare(nc)
        yield nc
    finally:
        await nc.close()


async def _sent(port, device, many):
    """Send message after message as the guide says: each until it is acknowledged."""
    acknowledged = []
    while len(acknowledged) < many:
        try:
            async with let_in(port, device) as one:
                while len(acknowledged) < many:
                    seq = 2 * len(acknowledged)
                    await one.send(one.message(device, readings(seq=seq)))
                    said = await one.hear()
                    if not isinstance(said, mqtt5.PubAckPacket) or said.reason_code.value:
                        break
                    acknowledged.append(seq)
                    await asyncio.sleep(0.01)
        except (AssertionError, OSError):
            await asyncio.sleep(0.1)
    return acknowledged
