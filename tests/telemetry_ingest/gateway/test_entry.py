"""Who is let in, without a database."""

from uuid import UUID

import pytest

from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway import entry
from telemetry_ingest.gateway.entry import Entry, Known
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.problems import Problem

DEVICE = UUID(int=7)
TOKEN = tokens.new_token()
RIGHT = f"Bearer {DEVICE.hex}.{TOKEN}".encode()
KNOWN = Known(1, tokens.hash_of(TOKEN), True)


class Asked:
    """What the database would say, and what it was asked."""

    def __init__(self) -> None:
        self.known = {DEVICE: KNOWN}
        self.calls: list[list[UUID]] = []

    async def __call__(self, devices: list[UUID]) -> dict[UUID, Known]:
        self.calls.append(devices)
        return {one: self.known[one] for one in devices if one in self.known}


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def door(asked):
    return Entry(most_a_minute=100, ask=asked)


async def test_the_database_is_asked_once(door, asked):
    await door.admit(RIGHT, "192.0.2.1")

    senders = {door.known(RIGHT).device for _ in range(5)}

    assert (senders, asked.calls) == ({DEVICE}, [[DEVICE]])


@pytest.mark.parametrize(
    "after",
    [None, Known(1, tokens.hash_of(tokens.new_token()), True), Known(1, KNOWN.token_hash, False)],
    ids=["revoked", "renewed", "withdrawn"],
)
async def test_who_is_not_as_before_has_to_sign_in_again(door, asked, after):
    await door.admit(RIGHT, "192.0.2.1")
    asked.known = {DEVICE: after} if after else {}
    await door.look_up()

    assert door.known(RIGHT) is None
    with pytest.raises(Problem):
        await door.admit(RIGHT, "192.0.2.1")


async def test_who_sends_lately_stays_known_in_one_question_for_all(door, asked, monkeypatch):
    others = [UUID(int=number) for number in range(100, 150)]
    asked.known |= dict.fromkeys(others, KNOWN)
    for one in [DEVICE, *others]:
        await door.admit(f"Bearer {one.hex}.{TOKEN}".encode(), "192.0.2.1")
    asked.calls.clear()

    await door.look_up()
    monkeypatch.setattr(entry, "LATELY_S", -1.0)
    await door.look_up()

    assert [len(one) for one in asked.calls] == [51]
    assert door.known(RIGHT) is not None


async def test_what_is_old_is_not_believed(door, monkeypatch):
    await door.admit(RIGHT, "192.0.2.1")
    monkeypatch.setattr(entry, "KNOWN_S", -1.0)

    assert door.known(RIGHT) is None


async def test_who_guesses_is_stopped_and_a_known_device_beside_it_is_not(door, asked, monkeypatch):
    monkeypatch.setattr(entry, "MINUTE_S", 10**9)
    await door.admit(RIGHT, "192.0.2.1")
    statuses = []
    for number in range(entry.MOST_FAILURES + 5):
        with pytest.raises(Problem) as caught:
            await door.admit(f"Bearer {number + 100:032x}.{TOKEN}".encode(), "192.0.2.1")
        statuses.append(caught.value.status)

    sender = await door.admit(RIGHT, "192.0.2.1")

    assert (set(statuses[:-5]), set(statuses[-4:]), sender.device) == ({401}, {429}, DEVICE)
    assert len(asked.calls) <= entry.MOST_FAILURES + 3


def test_measures_are_text_for_prometheus():
    measures = GatewayMeasures()
    measures.readings.inc(2)
    measures.answered("status", "kept")

    assert b"tajhiz_gateway_readings_total 2.0" in measures.text()
    assert b'tajhiz_gateway_answers_total{answer="kept",topic="status"} 1.0' in measures.text()


@pytest.mark.parametrize("after", [None, Known(1, KNOWN.token_hash, False)])
async def test_who_is_connected_is_looked_up_however_long_it_says_nothing(
    door, asked, monkeypatch, after
):
    ended = []
    (await door.admit(RIGHT, "192.0.2.1")).held.add(lambda: ended.append(DEVICE))
    for limit in ("LATELY_S", "FORGOTTEN_S"):
        monkeypatch.setattr(entry, limit, -1.0)
    await door.look_up()
    before = list(ended)
    asked.known = {DEVICE: after} if after else {}

    await door.look_up()

    assert (before, ended, door.known(RIGHT)) == ([], [DEVICE], None)


async def test_another_request_that_finds_the_token_ended_ends_what_is_connected(
    door, asked, monkeypatch
):
    ended = []
    for after in ({}, {DEVICE: Known(1, KNOWN.token_hash, False)}):
        asked.known = {DEVICE: KNOWN}
        (await door.admit(RIGHT, "192.0.2.1")).held.add(lambda: ended.append(DEVICE))
        asked.known = after
        with pytest.raises(Problem):
            await door.admit(RIGHT, "192.0.2.1")

    assert ended == [DEVICE] * 2


async def test_who_is_connected_is_not_forgotten_when_there_are_many(door, monkeypatch):
    monkeypatch.setattr(entry, "MOST_KNOWN", 1)
    sender = await door.admit(RIGHT, "192.0.2.1")
    sender.held.add(print)

    assert await door.admit(RIGHT, "192.0.2.1") is sender
