from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from valkey.asyncio import Valkey

from portal.accounts.sealing import digest
from portal.accounts.sessions import Browser, Sessions, shortened
from portal.settings import get_settings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BROWSER = Browser("Firefox", "196.200.10.77")


@pytest.fixture
async def sessions(db):
    async with Valkey.from_url(get_settings().valkey_url.get_secret_value()) as valkey:
        yield Sessions(valkey, idle_s=3600, absolute_s=7200)


async def test_a_session_is_found_by_its_token_and_kept_without_it(sessions):
    person = uuid4()

    token = await sessions.open(person, BROWSER, NOW)

    found = await sessions.find(token, NOW)
    assert (found.person_id, found.complete, found.agent) == (person, True, "Firefox")
    assert found.address == "196.200.10.0"
    assert found.key == digest(token).hex()
    keys = [key.decode() async for key in sessions.valkey.scan_iter("session*")]
    assert not [key for key in keys if token in key]
    assert token.encode() not in await sessions.valkey.get(f"session:{found.key}")


async def test_two_sessions_have_different_tokens(sessions):
    person = uuid4()

    assert await sessions.open(person, BROWSER, NOW) != await sessions.open(person, BROWSER, NOW)


@pytest.mark.parametrize(("after_s", "alive"), [(3599, True), (3600, False)])
async def test_an_idle_session_ends(sessions, after_s, alive):
    token = await sessions.open(uuid4(), BROWSER, NOW)

    found = await sessions.find(token, NOW + timedelta(seconds=after_s))

    assert (found is not None) is alive


@pytest.mark.parametrize(("after_s", "alive"), [(7199, True), (7200, False)])
async def test_a_session_in_use_ends_at_its_absolute_age(sessions, after_s, alive):
    token = await sessions.open(uuid4(), BROWSER, NOW)
    for used_s in (3000, 6000):
        assert await sessions.find(token, NOW + timedelta(seconds=used_s))

    found = await sessions.find(token, NOW + timedelta(seconds=after_s))

    assert (found is not None) is alive


@pytest.mark.parametrize(("after_s", "alive"), [(599, True), (600, False)])
async def test_a_session_waiting_for_the_second_factor_ends_soon(sessions, after_s, alive):
    person = uuid4()
    token = await sessions.open(person, BROWSER, NOW, complete=False)

    found = await sessions.find(token, NOW + timedelta(seconds=after_s))

    assert (found is not None) is alive
    assert await sessions.all_of(person, NOW) == []


async def test_close_ends_ones_own_session_only(sessions):
    person = uuid4()
    token = await sessions.open(person, BROWSER, NOW)
    key = digest(token).hex()

    assert await sessions.close(uuid4(), key) is False
    assert await sessions.find(token, NOW)
    assert await sessions.close(person, key) is True
    assert await sessions.close(person, key) is False
    assert await sessions.find(token, NOW) is None


async def test_close_all_ends_every_session_but_one(sessions):
    person, other = uuid4(), uuid4()
    kept = await sessions.open(person, BROWSER, NOW)
    ended = await sessions.open(person, BROWSER, NOW)
    others = await sessions.open(other, BROWSER, NOW)

    await sessions.close_all(person, but=digest(kept).hex())

    assert await sessions.find(ended, NOW) is None
    assert [one.key for one in await sessions.all_of(person, NOW)] == [digest(kept).hex()]
    assert await sessions.find(others, NOW)


async def test_all_of_shows_the_last_used_first(sessions):
    person = uuid4()
    first = await sessions.open(person, BROWSER, NOW)
    second = await sessions.open(person, BROWSER, NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=10)
    await sessions.find(first, later)

    keys = [one.key for one in await sessions.all_of(person, later)]

    assert keys == [digest(first).hex(), digest(second).hex()]


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("196.200.10.77", "196.200.10.0"),
        ("2001:db8:12:34::1", "2001:db8:12::"),
        ("unknown", "unknown"),
    ],
)
def test_shortened_hides_the_last_part(address, short):
    assert shortened(address) == short
