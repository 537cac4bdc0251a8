"""What the command says: how it goes, what became of it, and what to do when it cannot."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.web.i18n import language
from telemetry_ingest.cli import simulate
from telemetry_ingest.simulate import words
from telemetry_ingest.simulate.delivering import Tally
from telemetry_ingest.simulate.mqtt import NO_ANSWER, MqttTrouble
from telemetry_ingest.states import Topic
from tests.services import services
from tests.telemetry_ingest.broker.brokers import prepared
from tests.telemetry_ingest.gateway.gateways import enrolled
from tests.telemetry_ingest.simulate.serving import served


@pytest.fixture
def credentials(tmp_path):
    path = tmp_path / "credentials"
    path.write_text(f"{'a' * 32}.{'B' * 43}\n")
    return str(path)


@pytest.fixture(autouse=True)
def _own_language():
    before = language.get()
    yield
    language.set(before)


@pytest.fixture
async def broker(db):
    async with prepared(services()) as nc:
        yield nc


def ran(*asked: str):
    return CliRunner().invoke(simulate, ["--language", "en", *asked])


def test_nobody_there_says_what_to_do(credentials):
    told = ran("--to", "mqtt://127.0.0.1:1", "--credentials", credentials)

    assert told.exit_code == 1
    assert "Nobody answers at mqtt://127.0.0.1:1. Start the portal" in told.output


def test_in_arabic_too(credentials):
    told = CliRunner().invoke(
        simulate,
        ["--language", "ar", "--to", "mqtt://127.0.0.1:1", "--credentials", credentials],
    )

    assert (told.exit_code, "make run" in told.output, "Nobody" in told.output) == (1, True, False)


@pytest.mark.parametrize("address", ["127.0.0.1:1883", "ftp://127.0.0.1", "mqtt://"])
def test_what_is_no_address_is_said(credentials, address):
    told = ran("--to", address, "--credentials", credentials)

    assert (told.exit_code, "is no address" in told.output) == (1, True)


def test_a_folder_without_recordings_is_said(credentials, tmp_path):
    told = ran("--bidmc", str(tmp_path), "--credentials", credentials, "--to", "mqtt://127.0.0.1:1")

    assert (told.exit_code, "BIDMC" in told.output) == (1, True)


async def test_too_little_time_and_a_wrong_token_are_said(broker, credentials):
    async with served() as address:
        device = await enrolled()
        right = f"{credentials}.right"
        with open(right, "w") as file:  # noqa: ASYNC230
            file.write(f"{device.row.id.hex}.{device.token}\n")
        outcomes = [
            run_alone("--to", address, "--for", "1", "--every", every, "--credentials", path)
            for every, path in (("0.01", credentials), ("100", right))
        ]

    (wrong, short) = outcomes
    assert (wrong.returncode, "answers 401: Send " in wrong.stderr) == (1, True)
    assert "Refused for good: " in wrong.stdout
    assert (short.returncode, short.stderr.count("Error")) == (0, 0)  # it said that it is up


def run_alone(*asked: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        alone(*asked), env=surroundings(), capture_output=True, text=True, timeout=60, check=False
    )


def alone(*asked: str) -> list[str]:
    what = "from telemetry_ingest.cli import simulate; simulate()"
    return [sys.executable, "-c", what, "--language", "en", *asked]


def surroundings() -> dict[str, str]:
    return {**os.environ, **services().environment(), "PYTHONUNBUFFERED": "1"}


async def test_ctrl_c_ends_it_with_what_became_of_it(broker, tmp_path):
    device = await enrolled()
    path = tmp_path / "right"
    path.write_text(f"{device.row.id.hex}.{device.token}\n")
    async with served() as address:
        process = subprocess.Popen(  # noqa: ASYNC220
            alone("--to", address, "--every", "0.01", "--credentials", str(path)),
            env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        rest, error = process.communicate(timeout=60)

    assert lines[0].startswith("Devices: 1 → http://")
    assert lines[2].startswith("acknowledged: ")
    assert (process.returncode, error) == (0, "")
    assert rest.startswith("Acknowledged: ")
    assert "Conditions: 1\n" in rest


def test_one_line_says_how_it_goes():
    language.set("en")
    tally = Tally(readings=2000, again=3)
    tally.messages[Topic.READINGS] = 20
    tally.trouble(MqttTrouble(NO_ANSWER, place="x:1"))

    assert words.progress(tally) == (
        "acknowledged: 20 messages, 2,000 readings · second copies: 3 · refused: 0 · troubles: 1 "
        "(no answer from x:1)"
    )


def test_the_summary_has_a_line_for_everything_that_is_counted():
    language.set("en")

    assert len(words.summary(Tally())) == 9
