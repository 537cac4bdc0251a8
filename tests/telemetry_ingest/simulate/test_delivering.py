"""Simulated devices on the real broker and gateway."""

import pytest

from portal.settings import get_settings
from telemetry_ingest.actions import devices
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.simulate import enrolling, mqtt
from telemetry_ingest.simulate.delivering import Credentials, Run, Tally
from telemetry_ingest.simulate.https import HttpTrouble, Poster
from telemetry_ingest.simulate.scenario import Faults, Plan
from telemetry_ingest.states import PilotState
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled
from tests.telemetry_ingest.pilots import make_pilot, two_sides
from tests.telemetry_ingest.simulate.serving import served

PLAN = Plan(every_s=0.01, per_message=5, faults=Faults(duplicated=0.2))


@pytest.fixture
async def nc(db):
    async with prepared(services()) as connection:
        seed = get_settings().nats_issuer_seed
        deciding = Callout(connection, Issuer(seed.get_secret_value()))
        await deciding.start()
        yield connection
        await deciding.stop()


async def stored(nc) -> int:
    return (await nc.jetstream().stream_info(STREAM)).state.messages


def mqtt_address() -> str:
    return f"mqtt://127.0.0.1:{services().mqtt_port}"


async def test_what_is_acknowledged_over_mqtt_is_stored(nc):
    device = await enrolled()
    tally = Tally()
    run = Run(plan=PLAN, address=mqtt_address(), format="msgpack", most_s=1.0)

    await run.devices([Credentials(device.row.id.hex, device.token)], tally)

    assert (tally.total > 5, tally.troubles, tally.refused) == (True, 0, 0)
    assert await stored(nc) == tally.total + tally.again


async def test_what_is_acknowledged_over_https_is_stored(nc):
    device = await enrolled()
    tally = Tally()
    async with served() as address:
        run = Run(plan=PLAN, address=address, most_s=1.0)
        await run.devices([Credentials(device.row.id.hex, device.token)], tally)

    assert (tally.total > 5, tally.troubles) == (True, 0)
    assert await stored(nc) == tally.total  # the broker knows the second copies


async def test_a_wrong_token_is_said(nc):
    device = await enrolled()

    with pytest.raises(mqtt.MqttTrouble, match="refuses"):
        await mqtt.connect("127.0.0.1", services().mqtt_port, device.row.id.hex, "A" * 43)


async def test_over_https_a_wrong_token_is_refused_for_good(nc):
    device = await enrolled()
    tally = Tally()
    async with served() as address:
        run = Run(plan=Plan(every_s=0.01), address=address, most_s=1.0)
        await run.devices([Credentials(device.row.id.hex, "A" * 43)], tally)

    assert (tally.total, tally.refused > 0) == (0, True)
    assert str(tally.last).startswith("the gateway answers 401: ")
    assert "Bearer" in str(tally.last)


async def test_nobody_there_is_said():
    with pytest.raises(mqtt.MqttTrouble, match="no answer"):
        await mqtt.connect("127.0.0.1", 1, "x", "y")
    with pytest.raises(HttpTrouble):
        await Poster("http://127.0.0.1:1", "Bearer x").post("readings", b"", "application/json")


async def test_a_lost_connection_fails_whoever_waits(nc):
    device = await enrolled()
    publisher = await mqtt.connect(
        "127.0.0.1", services().mqtt_port, device.row.id.hex, device.token
    )
    waiting = publisher.publish(f"pilots/{device.row.id.hex}/readings", b"{}")
    await publisher.close()

    with pytest.raises(mqtt.MqttTrouble):
        await waiting
    with pytest.raises(mqtt.MqttTrouble):
        publisher.publish("x", b"")


async def test_devices_of_the_demonstration_keep_their_serial_and_get_a_new_token(db, monkeypatch):
    await make_pilot(await two_sides(), PilotState.RUNNING)

    monkeypatch.setattr(enrolling, "SETTLED_S", 0.0)
    first, again = await enrolling.enrolled(2), await enrolling.enrolled(3)

    numbers = [[one.device for one in fleet.credentials] for fleet in (first, again)]
    tokens = [{one.token for one in fleet.credentials} for fleet in (first, again)]
    assert (numbers[0], tokens[0] & tokens[1]) == (numbers[1][:2], set())
    assert first.metrics == {"MDC_PULS_OXIM_SAT_O2", "MDC_PULS_OXIM_PULS_RATE"}


async def test_without_a_running_pilot_nothing_is_enrolled(db):
    await make_pilot(await two_sides(), PilotState.AGREED)

    with pytest.raises(enrolling.NothingToSimulate, match="/fr/pilots/"):
        await enrolling.enrolled(1)


async def test_more_devices_than_the_pilot_has_room_for_are_refused_in_words(db, monkeypatch):
    monkeypatch.setattr(devices, "MOST", 2)
    await make_pilot(await two_sides(), PilotState.RUNNING)

    with pytest.raises(enrolling.NothingToSimulate, match="2"):
        await enrolling.enrolled(3)


async def test_without_any_pilot_nothing_is_enrolled(db):
    with pytest.raises(enrolling.NothingToSimulate, match="make run"):
        await enrolling.enrolled(1)


def test_credentials_come_from_a_file(tmp_path):
    path = tmp_path / "credentials"
    path.write_text(f"# two devices\n{'a' * 32}.{'B' * 43}\n\n{'c' * 32}.{'D' * 43}\n")

    assert [one.device[0] for one in enrolling.read(path).credentials] == ["a", "c"]


@pytest.mark.parametrize("content", ["", "x", f"{'a' * 32}.short"])
def test_a_bad_file_of_credentials_is_said(tmp_path, content):
    path = tmp_path / "credentials"
    path.write_text(content)

    with pytest.raises(enrolling.NothingToSimulate):
        enrolling.read(path)


@pytest.mark.parametrize("size", [0, 127, 128, 16_383, 16_384, 2_000_000])
def test_lengths_are_written_seven_bits_a_byte(size):
    written, value, shift = mqtt.length_of(size), 0, 0
    for part in written:
        value |= (part & 0x7F) << shift
        shift += 7

    assert value == size


async def test_a_line_that_breaks_is_made_again_and_nothing_is_lost(nc):
    device = await enrolled()
    tally = Tally()
    faults = Faults(offline=0.2, offline_messages=3, alarms=0.2, down=0.1)
    run = Run(plan=Plan(every_s=0.01, faults=faults), address=mqtt_address(), most_s=3.0)

    await run.devices([Credentials(device.row.id.hex, device.token)], tally)

    assert (tally.breaks > 1, tally.troubles, tally.refused) == (True, 0, 0)
    assert all(tally.messages.values())
    assert await stored(nc) == tally.total
