"""Simulated devices on the real broker and gateway."""

from itertools import islice

import pytest
from click.testing import CliRunner

from portal.settings import get_settings
from telemetry_ingest.broker.callout import Callout
from telemetry_ingest.broker.jwt import Issuer
from telemetry_ingest.simulate import command, enrolling, mqtt
from telemetry_ingest.simulate.delivering import Credentials, Run, Tally
from telemetry_ingest.simulate.https import HttpTrouble, Poster
from telemetry_ingest.simulate.scenario import Faults, Plan, messages
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

    assert (tally.messages > 5, tally.troubles, tally.refused) == (True, 0, 0)
    # The one under way when the time was over may be stored too.
    assert await stored(nc) - (tally.messages + tally.again) in {0, 1}


async def test_what_is_acknowledged_over_https_is_stored(nc):
    device = await enrolled()
    tally = Tally()
    async with served() as address:
        run = Run(plan=PLAN, address=address, most_s=1.0)
        await run.devices([Credentials(device.row.id.hex, device.token)], tally)

    assert (tally.messages > 5, tally.troubles) == (True, 0)
    assert await stored(nc) - tally.messages in {0, 1}  # the broker knows the second copies


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

    assert (tally.messages, tally.refused > 0, tally.last_trouble) == (0, True, "status 401")


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
    body = next(islice(messages(Plan(), 0, 0), 1)).body
    assert body["seq"] == 0
    waiting = publisher.publish(f"pilots/{device.row.id.hex}/readings", b"{}")
    await publisher.close()

    with pytest.raises(mqtt.MqttTrouble):
        await waiting
    with pytest.raises(mqtt.MqttTrouble):
        publisher.publish("x", b"")


async def test_devices_of_the_demonstration_keep_their_serial_and_get_a_new_token(db):
    await make_pilot(await two_sides(), PilotState.RUNNING)

    first, again = await enrolling.enrolled(2), await enrolling.enrolled(3)

    assert [one.device for one in first] == [one.device for one in again[:2]]
    assert {one.token for one in first}.isdisjoint(one.token for one in again)


async def test_without_a_running_pilot_nothing_is_enrolled(db):
    await make_pilot(await two_sides(), PilotState.AGREED)

    with pytest.raises(enrolling.NothingToSimulate):
        await enrolling.enrolled(1)


def test_credentials_come_from_a_file(tmp_path):
    path = tmp_path / "credentials"
    path.write_text(f"# two devices\n{'a' * 32}.{'B' * 43}\n\n{'c' * 32}.{'D' * 43}\n")

    assert [one.device[0] for one in enrolling.read(path)] == ["a", "c"]


@pytest.mark.parametrize("content", ["", "x", f"{'a' * 32}.short"])
def test_a_bad_file_of_credentials_is_said(tmp_path, content):
    path = tmp_path / "credentials"
    path.write_text(content)

    with pytest.raises(enrolling.NothingToSimulate):
        enrolling.read(path)


def test_the_command_says_when_nothing_was_kept(tmp_path):
    from telemetry_ingest.cli import simulate

    path = tmp_path / "credentials"
    path.write_text(f"{'a' * 32}.{'B' * 43}\n")
    asked = ["--to", "mqtt://127.0.0.1:1", "--for", "1.5", "--credentials", str(path)]

    told = CliRunner().invoke(simulate, [*asked, "--every", "0.01"])

    assert (told.exit_code, "no answer" in told.output) == (1, True)


def test_one_line_says_how_it_goes():
    line = command.said(Tally(messages=2, readings=20, last_trouble="x"))

    assert line.startswith("2 messages and 20 readings acknowledged")


@pytest.mark.parametrize("size", [0, 127, 128, 16_383, 16_384, 2_000_000])
def test_lengths_are_written_seven_bits_a_byte(size):
    written, value, shift = mqtt.length_of(size), 0, 0
    for part in written:
        value |= (part & 0x7F) << shift
        shift += 7

    assert value == size
