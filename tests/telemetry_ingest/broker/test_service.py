"""What the process does for the broker while it runs, with real devices connected."""

import asyncio
import secrets
import time

import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.broker import room, streams, violations
from telemetry_ingest.broker.service import guarding
from telemetry_ingest.broker.violations import Violation, violation
from telemetry_ingest.wire.subjects import STREAM
from tests.services import services
from tests.telemetry_ingest.broker.brokers import on_mqtt
from tests.telemetry_ingest.broker.enrolling import enrol, enrol_beside, enrol_of_others
from tests.telemetry_ingest.pilots import hold, release

SUCCESS, REFUSED = "connect Success", "connect Not authorized"


@pytest.fixture
async def guarded(db, monkeypatch):
    monkeypatch.setattr(violations, "EVERY_S", 0.1)
    async with guarding(get_settings()) as nc:
        yield nc


async def refusals(want=1):
    """Return what was counted, once there is enough of it."""
    for _ in range(100):
        rows = await database.fetch(
            "SELECT device, reason, field, messages FROM device_refused ORDER BY 1, 3"
        )
        if sum(row["messages"] for row in rows) >= want:
            break
        await asyncio.sleep(0.1)
    return [tuple(row) for row in rows]


async def test_the_stream_is_there_before_the_first_device(guarded):
    info = await guarded.jetstream().consumer_info(STREAM, streams.CONSUMER)

    assert info.config.filter_subject == "$MQTT.msgs.>"


async def test_a_revoked_device_is_off_at_once_and_the_others_stay(guarded):
    mine = await enrol()
    other = await enrol_beside(mine)

    async with (
        on_mqtt(services(), mine.hex, mine.token) as unit,
        on_mqtt(services(), other.hex, other.token) as staying,
    ):
        assert (unit.heard, staying.heard) == ([SUCCESS], [SUCCESS])
        await database.fetch("UPDATE pilot_device SET revoked_at = now() WHERE id = $1", mine.id)

        assert await unit.hears("disconnect")
        assert await unit.hears(REFUSED)  # it tried again
        assert staying.heard == [SUCCESS]


async def test_a_closed_pilot_ends_the_connections_of_its_devices(guarded):
    mine = await enrol()

    async with on_mqtt(services(), mine.hex, mine.token) as unit:
        await database.fetch("UPDATE pilot SET state = 'closed', closed_at = now()")

        assert await unit.hears("disconnect")


@pytest.mark.parametrize("side", ["owner", "host"])
@pytest.mark.parametrize("state", ["suspended", "refused"])
async def test_devices_of_a_suspended_side_are_off_and_come_back_with_the_same_token(
    guarded, side, state
):
    mine = await enrol()
    other = await enrol_of_others()
    async with (
        on_mqtt(services(), mine.hex, mine.token) as unit,
        on_mqtt(services(), other.hex, other.token) as staying,
    ):
        assert await unit.publish(f"pilots/{mine.hex}/readings")
        since = time.monotonic()
        await hold(mine.pilot, side, state)
        assert await unit.hears("disconnect")
        assert time.monotonic() - since < 2
        assert await unit.hears(REFUSED)  # it tried again

        await release(mine.pilot, side)
        async with on_mqtt(services(), mine.hex, mine.token) as again:
            assert again.heard == [SUCCESS]
            assert await again.publish(f"pilots/{mine.hex}/readings")
        assert staying.heard == [SUCCESS]

    kept = await guarded.jetstream().stream_info(STREAM, subjects_filter=">")
    mine_kept = kept.state.subjects[f"$MQTT.msgs.pilots.{mine.hex}.readings"]
    assert mine_kept == 2  # what came before is there as well


async def test_another_token_ends_only_what_the_old_one_began(guarded):
    mine = await enrol()

    async with on_mqtt(services(), mine.hex, mine.token) as unit:
        await database.fetch(
            "UPDATE pilot_device SET token_at = now() - interval '3 s', token_number = 2"
        )
        await asyncio.sleep(1.5)
        assert unit.heard == [SUCCESS]

        await database.fetch("UPDATE pilot_device SET token_at = now() + interval '1 s'")
        assert await unit.hears("disconnect")


@pytest.mark.parametrize("named", [True, False], ids=["named", "name made up by the broker"])
async def test_what_a_device_tries_and_may_not_is_counted_for_it(guarded, named):
    mine = await enrol()
    other = await enrol_beside(mine)

    async with on_mqtt(services(), mine.hex, mine.token, mine.hex if named else "") as unit:
        for _ in range(3):
            assert await unit.publish(f"pilots/{other.hex}/readings")
        await unit.publish(f"pilots/{mine.hex}/readings")
        unit.client.subscribe("#")
        await unit.hears("subscribe Unspecified error")
        counted = await refusals(want=4)

    assert counted == [
        (mine.number, "wrong_topic", "publish", 3),
        (mine.number, "wrong_topic", "subscribe", 1),
    ]


async def test_a_log_is_counted_once_also_when_it_is_renamed(guarded, tmp_path):
    mine = await enrol()
    line = LINE.replace("DEVICE", mine.hex)
    log = tmp_path / "nats-1.log"
    log.write_text(line * 3 + line[:40])  # the last line is not whole yet

    assert not await violations.count_once(guarded, tmp_path)
    assert not await violations.count_once(guarded, tmp_path)
    assert await refusals() == [(mine.number, "wrong_topic", "publish", 3)]

    with log.open("a") as more:
        more.write(line[40:])
    log.rename(tmp_path / "nats-1.log.2026")
    log.write_text(line * 2)
    for _ in range(3):
        await violations.count_once(guarded, tmp_path)

    assert await refusals(want=6) == [(mine.number, "wrong_topic", "publish", 6)]


LINE = (
    '[7] 2026/11/22 05:14:54.629 [ERR] 127.0.0.1:40651 - mid:11 - "DEVICE" - Publish Violation'
    ' - Subject "pilots.def.readings"\n'
)


def test_a_line_of_the_log_is_read():
    assert violation(LINE) == Violation(11, "DEVICE", "publish")
    assert violation(LINE.replace("Publish", "Subscription")) == Violation(
        11, "DEVICE", "subscribe"
    )
    assert violation("[7] 2026/11/22 05:14:54.629 [INF] Server is ready") is None


async def test_nobody_writes_lines_about_another_into_the_log(guarded):
    mine = await enrol()
    forged = f'x" - Publish Violation - Subject "\n{LINE.replace("DEVICE", mine.hex)}'
    beginning = f'{mine.hex}" - Publish Violation - Subject "x'

    for user, client in [(forged, forged), (mine.hex, beginning), (beginning, "")]:
        async with on_mqtt(services(), user, "x" * 43, client) as unit:
            assert unit.heard[0] != SUCCESS
    await asyncio.sleep(0.5)

    assert await refusals(want=0) == []


async def test_sessions_of_made_up_names_are_bounded_and_who_lost_one_goes_on(guarded):
    unit, first = await enrol(), secrets.token_hex(11)
    names = [first, *(secrets.token_hex(11) for _ in range(9))]
    js = guarded.jetstream()
    for name in names[:2]:
        async with on_mqtt(services(), unit.hex, unit.token, name, clean=False) as one:
            assert one.heard == [SUCCESS]
    await room.bound_sessions(guarded, 5)
    try:
        for name in names[2:]:
            async with on_mqtt(services(), unit.hex, unit.token, name, clean=False) as one:
                assert await one.publish(f"pilots/{unit.hex}/readings")
        assert (await js.stream_info(room.SESSIONS)).state.messages == 5

        # Its session is gone: it may be refused once, and is let in when it tries again.
        for _turn in range(2):
            async with on_mqtt(services(), unit.hex, unit.token, first, clean=False) as one:
                assert await one.hears(SUCCESS), one.heard
                assert await one.publish(f"pilots/{unit.hex}/readings")
        # So does one that is connected while others push its session out.
        async with on_mqtt(services(), unit.hex, unit.token, clean=True) as staying:
            for name in names[1:8]:
                async with on_mqtt(services(), unit.hex, unit.token, name, clean=False):
                    pass
            assert await staying.publish(f"pilots/{unit.hex}/readings")
            assert staying.heard == [SUCCESS]
        assert (await js.stream_info(room.SESSIONS)).state.messages <= 5
    finally:
        await room.bound_sessions(guarded)
        await js.purge_stream(room.SESSIONS)
