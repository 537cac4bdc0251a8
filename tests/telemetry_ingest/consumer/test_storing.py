"""What a batch writes, on the real database."""

from contextlib import suppress
from uuid import UUID

import asyncpg
import msgspec
import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.consumer.batch import Batch
from telemetry_ingest.consumer.reading import gather
from telemetry_ingest.consumer.storing import Store, Stored, Stuck
from telemetry_ingest.states import PilotState, Topic
from tests.telemetry_ingest.consumer.devices import (
    NOW,
    PULSE,
    SPO2,
    arrived,
    catalogue,
    contents,
    drop_days,
    make_pilot,
    make_pilot_device,
    moment,
    readings,
)

SECOND = 1_000_000


@pytest.fixture
async def store(db):
    opened = Store(get_settings().database_url.get_secret_value())
    yield opened
    await opened.close()
    await drop_days()


async def put(store, *messages) -> Stored:
    return await store.store(gather(messages, (await catalogue()).get))


async def values() -> list[tuple[int, float | None]]:
    rows = await database.fetch("SELECT seq, value FROM reading ORDER BY boot, seq, at")
    return [tuple(row) for row in rows]


async def test_readings_and_all_that_follows_from_them(store):
    one = await make_pilot_device()

    stored = await put(store, arrived(one.id, readings(5, [97.5, None, 98.0])))

    found = await contents()
    hour = moment(NOW)
    assert stored == Stored(3, 0, 0)
    assert found["reading"] == [
        (one.number, SPO2, moment(NOW), 1, 5, 97.5),
        (one.number, SPO2, moment(NOW + SECOND), 1, 6, None),
        (one.number, SPO2, moment(NOW + 2 * SECOND), 1, 7, 98.0),
    ]
    [(number, topic, boot, _ranges, first, last, received)] = found["device_ledger"]
    assert (number, topic, boot, first, last, received) == (
        one.number, 1, 1, moment(NOW), moment(NOW + 2 * SECOND), moment(NOW),
    )  # fmt: skip
    assert await ranges() == ["{[5,8)}"]
    assert found["device_last"] == [
        (one.number, SPO2, moment(NOW + 2 * SECOND), 1, 7, 98.0, moment(NOW))
    ]
    assert found["device_clock"] == [(one.number, moment(NOW), 0, 1)]
    assert found["dirty_hour"] == [(one.number, hour)]


async def ranges() -> list[str]:
    rows = await database.fetch("SELECT stored::text FROM device_ledger ORDER BY 1")
    return [row["stored"] for row in rows]


async def test_the_same_again_changes_nothing(store):
    one = await make_pilot_device()
    status = {"boot": 1, "seq": 0, "sent": NOW, "at": NOW, "state": "down", "firmware": "1.2"}
    alarm = {"boot": 1, "seq": 0, "sent": NOW, "at": NOW, "code": 5, "priority": "low",
             "active": True}  # fmt: skip
    messages = [
        arrived(one.id, readings(0, [97.0, 96.0])),
        arrived(one.id, status, topic=Topic.STATUS),
        arrived(one.id, alarm, topic=Topic.ALARMS),
        arrived(one.id, b"no message"),
        arrived(one.id, readings(2, [1.0], metric=147842)),
    ]
    first = await put(store, *messages)
    before = await contents()
    await database.fetch("DELETE FROM dirty_hour")

    again = await put(store, *messages)

    assert (first, again) == (Stored(2, 0, 2), Stored(0, 2, 0))
    assert await contents() == before | {"dirty_hour": []}


async def test_twice_in_one_batch_is_once(store):
    one = await make_pilot_device()
    message = arrived(one.id, readings(0, [97.0, 96.0]))

    stored = await put(store, message, message)

    assert (stored, await values()) == (Stored(2, 2, 0), [(0, 97.0), (1, 96.0)])
    assert (await contents())["device_clock"] == [(one.number, moment(NOW), 0, 1)]


async def test_two_readings_of_one_moment_are_both_kept(store):
    one = await make_pilot_device()

    await put(store, arrived(one.id, {"boot": 1, "seq": 0, "sent": NOW, "readings": [
        [NOW, SPO2, 97.0], [NOW, SPO2, 96.0], [NOW, PULSE, 60.0]]}))  # fmt: skip

    assert await values() == [(0, 97.0), (1, 96.0), (2, 60.0)]


async def test_what_comes_late_is_stored_and_closes_its_gap(store):
    one = await make_pilot_device()
    await put(store, arrived(one.id, readings(0, [1.0])), arrived(one.id, readings(5, [6.0])))
    gap = await ranges()
    await database.fetch("DELETE FROM dirty_hour")

    late = NOW - 26 * 3_600 * SECOND
    await put(store, arrived(one.id, readings(1, [2.0, 3.0, 4.0, 5.0], at=late)))

    assert (gap, await ranges()) == (["{[0,1),[5,6)}"], ["{[0,6)}"])
    assert (await contents())["dirty_hour"] == [(one.number, moment(late))]
    # The latest value is that of the latest moment, not of what came last.
    assert [row[4:6] for row in (await contents())["device_last"]] == [(5, 6.0)]


async def test_a_restart_has_a_ledger_of_its_own(store):
    one = await make_pilot_device()

    await put(store, arrived(one.id, readings(9, [1.0], boot=1)),
              arrived(one.id, readings(0, [2.0], boot=2)))  # fmt: skip

    assert await ranges() == ["{[0,1)}", "{[9,10)}"]


async def test_what_is_refused_is_counted_and_its_content_not_kept(store):
    one = await make_pilot_device()
    secret = readings(0, [97.0]) | {"patient_name": "Fatima"}

    stored = await put(store, arrived(one.id, secret))

    found = await contents()
    assert (stored, found["reading"]) == (Stored(0, 0, 1), [])
    assert [row[2:] for row in found["device_refused"]] == [("unknown_field", "patient_name", 1)]
    assert [(row[1], row[2], row[4]) for row in found["quarantine"]] == [
        ("unknown_field", "patient_name", True)
    ]
    rows = await database.fetch("SELECT quarantine::text AS whole FROM quarantine")
    assert "Fatima" not in rows[0]["whole"]


async def test_an_unknown_metric_is_refused_alone(store):
    one = await make_pilot_device()
    message = {"boot": 1, "seq": 0, "sent": NOW, "readings": [
        [NOW, SPO2, 97.0], [NOW, 147842, 60.0], [NOW, "MDC_NOT_THERE", 1.0]]}  # fmt: skip

    await put(store, arrived(one.id, message))

    found = await contents()
    assert [row[2:] for row in found["device_refused"]] == [("unknown_metric", "", 2)]
    assert (await values(), await ranges()) == ([(0, 97.0)], ["{[0,1)}"])
    # A name that nobody knows could be anybody's.
    assert [row[4] for row in found["quarantine"]] == [True]


async def test_a_device_nobody_knows_is_number_nought(store):
    await put(store, arrived(UUID(int=3), readings(0, [97.0])))

    assert [row[0:1] + row[2:] for row in (await contents())["device_refused"]] == [
        (0, "unknown_device", "", 1)
    ]


async def test_a_pilot_that_does_not_run_stores_nothing(store):
    one = await make_pilot_device(await make_pilot(PilotState.AGREED))

    stored = await put(store, arrived(one.id, readings(0, [97.0])))

    assert (stored, await values()) == (Stored(0, 0, 1), [])


async def test_the_clock_of_a_minute_is_its_smallest_delay(store):
    one = await make_pilot_device()
    sent = [readings(seq, [1.0]) | {"sent": NOW - late} for seq, late in ((0, 70), (1, 30))]

    await put(store, *(arrived(one.id, each) for each in sent))
    await put(store, arrived(one.id, readings(2, [1.0]) | {"sent": NOW - 50}))

    assert (await contents())["device_clock"] == [(one.number, moment(NOW), 30, 3)]


async def test_a_full_quarantine_still_counts(db):
    one = await make_pilot_device()
    store = Store(get_settings().database_url.get_secret_value(), most_held=1)
    try:
        await put(store, arrived(one.id, b"first"))
        await put(store, arrived(one.id, b"second"))
    finally:
        await store.close()

    found = await contents()
    assert [row[4] for row in found["device_refused"]] == [2]
    assert len(found["quarantine"]) == 1


async def test_a_partition_that_was_taken_away_is_made_again(store):
    one = await make_pilot_device()
    await put(store, arrived(one.id, readings(0, [1.0])))
    await drop_days()
    with pytest.raises(asyncpg.CheckViolationError):
        await put(store, arrived(one.id, readings(1, [2.0])))
    await put(store, arrived(one.id, readings(1, [2.0])))

    assert await values() == [(1, 2.0)]


async def test_a_connection_that_is_gone_is_opened_again(store):
    one = await make_pilot_device()
    await put(store, arrived(one.id, readings(0, [1.0])))
    await database.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'tajhiz ingest' AND datname = current_database()"
    )
    with suppress(asyncpg.PostgresError, asyncpg.InternalClientError, OSError):  # noticed or not
        await put(store, arrived(one.id, readings(1, [2.0])))
    await put(store, arrived(one.id, readings(1, [2.0])))

    assert await values() == [(0, 1.0), (1, 2.0)]


async def test_a_store_that_gets_no_answer_gives_up(db):
    one = await make_pilot_device()
    store = Store(get_settings().database_url.get_secret_value(), patience_s=0.3)
    await put(store, arrived(one.id, readings(0, [1.0])))
    async with database.transaction():
        await database.fetch("LOCK TABLE reading IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Stuck):
            await store.store(
                gather([arrived(one.id, readings(1, [2.0]))], (await catalogue()).get)
            )
    await put(store, arrived(one.id, readings(1, [2.0])))
    await store.close()

    assert await values() == [(0, 1.0), (1, 2.0)]
    await drop_days()


async def test_an_empty_batch_is_nothing(store):
    assert await store.store(Batch()) == Stored(0, 0, 0)


async def test_the_smallest_json_is_stored_like_msgpack(store):
    one = await make_pilot_device()

    await put(store, arrived(one.id, msgspec.json.encode(readings(0, [97.5]))))

    assert await values() == [(0, 97.5)]
