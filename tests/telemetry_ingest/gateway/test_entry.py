"""Who is let in, without a database."""

import time
from uuid import UUID

import pytest

from telemetry_ingest.broker import tokens
from telemetry_ingest.gateway import entry
from telemetry_ingest.gateway.entry import Entry, Known
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.problems import Problem

DEVICE = UUID(int=7)
TOKEN = tokens.new_token()
RIGHT = f"Bearer {DEVICE.hex}.{TOKEN}"


def asked_of(known: dict[UUID, Known], calls: list[UUID]):
    async def ask(device: UUID) -> Known | None:
        calls.append(device)
        return known.get(device)

    return ask


def known() -> Known:
    return Known(1, tokens.hash_of(TOKEN), True, time.monotonic())


async def test_the_database_is_asked_once_in_two_seconds():
    calls: list[UUID] = []
    door = Entry(most_a_minute=100, ask=asked_of({DEVICE: known()}, calls))

    senders = {await door.admit(RIGHT, "192.0.2.1") for _ in range(5)}

    assert ({one.device for one in senders}, len(calls)) == ({DEVICE}, 1)


async def test_who_guesses_is_stopped_and_a_known_device_beside_it_is_not(monkeypatch):
    monkeypatch.setattr(entry, "MINUTE_S", 10**9)
    calls: list[UUID] = []
    door = Entry(most_a_minute=100, known_s=0, ask=asked_of({DEVICE: known()}, calls))
    await door.admit(RIGHT, "192.0.2.1")
    statuses = []
    for number in range(entry.MOST_FAILURES + 5):
        with pytest.raises(Problem) as caught:
            await door.admit(f"Bearer {number + 100:032x}.{TOKEN}", "192.0.2.1")
        statuses.append(caught.value.status)

    sender = await door.admit(RIGHT, "192.0.2.1")

    assert (set(statuses[:-5]), set(statuses[-4:]), sender.device) == ({401}, {429}, DEVICE)
    assert len(calls) <= entry.MOST_FAILURES + 3


def test_measures_are_text_for_prometheus():
    measures = GatewayMeasures()
    measures.readings.inc(2)

    assert b"tajhiz_gateway_readings_total 2.0" in measures.text()
