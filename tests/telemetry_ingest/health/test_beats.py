"""Signs of life: said, forgotten by who ends, left by who is killed."""

import asyncio
import time

import pytest
from valkey.asyncio import Valkey

from portal.settings import get_settings
from telemetry_ingest.health import beats as beats_module
from telemetry_ingest.health.beats import KEY, Beat, beating, beats, own_memory, own_name, say


@pytest.fixture
async def valkey():
    client = Valkey.from_url(get_settings().valkey_url.get_secret_value())
    await client.delete(KEY)
    yield client
    await client.delete(KEY)
    await client.aclose()


async def test_a_process_says_how_it_is_until_it_ends(valkey, monkeypatch):
    monkeypatch.setattr(beats_module, "SAY_S", 0.02)
    figures = {"readings": 1}
    url = get_settings().valkey_url.get_secret_value()
    async with beating(url, "gateway", lambda: figures):
        for _ in range(100):
            found = await beats(valkey)
            if found:
                break
            await asyncio.sleep(0.02)

    [one] = found
    assert (one.kind, one.name, one.figures) == ("gateway", own_name(), {"readings": 1.0})
    assert one.alive(time.time())
    assert one.memory > 10_000_000 < own_memory()
    assert await beats(valkey) == []


async def test_one_that_is_killed_is_silent_and_is_forgotten_after_an_hour(valkey):
    now = time.time()
    for name, ago in (("lives", 9), ("died", 11), ("long gone", 3601)):
        await say(valkey, Beat("ingest", name, now - ago, now, 1, {}))

    found = await beats(valkey, now)

    assert [(one.name, one.alive(now)) for one in found] == [("died", False), ("lives", True)]
    assert await valkey.hlen(KEY) == 2


async def test_a_process_works_on_when_nobody_can_hear_it():
    async with beating("redis://127.0.0.1:1/0", "ingest", dict):
        await asyncio.sleep(0.05)
