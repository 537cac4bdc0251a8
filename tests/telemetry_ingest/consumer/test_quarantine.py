"""What was refused: how it is kept, listed and forgotten."""

import json
from datetime import date, timedelta

import pytest

from portal import database
from portal.settings import get_settings
from telemetry_ingest.cli import REASONS
from telemetry_ingest.consumer import jobs
from telemetry_ingest.consumer.commands import line, which
from telemetry_ingest.consumer.quarantine import Which, forget_old, kept
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.wire.arrived import Arrived
from telemetry_ingest.wire.subjects import subject_of
from tests.telemetry_ingest.consumer.devices import (
    NOW,
    SPO2,
    arrived,
    make_pilot,
    make_pilot_device,
    moment,
    readings,
    refuse,
)


async def test_a_name_in_the_place_of_a_metric_is_kept_nowhere(clean):
    """Not as an unknown metric, not before the start, and not where a second field hides it."""
    running, early = await make_pilot_device(), await make_pilot(PilotState.AGREED)
    waiting = await make_pilot_device(early)
    named = {"boot": 1, "seq": 0, "sent": NOW, "readings": [[NOW, "MDC_AHMED_ALAMI", 1]]}
    hidden = json.dumps(named)[:-1] + f', "readings": [[{NOW}, {SPO2}, 97.0]]}}'
    alarm = Arrived(
        subject_of(running.id, Topic.ALARMS),
        json.dumps({"boot": 1, "seq": 0, "sent": NOW, "at": NOW, "code": "MDC_AHMED_ALAMI",
                    "priority": "low", "active": True}).encode(),
        NOW,
    )  # fmt: skip
    await refuse(
        arrived(running.id, named), arrived(waiting.id, named), alarm,
        arrived(waiting.id, hidden.encode()),
    )  # fmt: skip

    rows = await database.fetch("SELECT field, content FROM quarantine ORDER BY content")
    assert [row["field"] for row in rows if "AHMED" in row["field"]] == []
    assert [row["content"] and row["content"].count(b"AHMED") for row in rows] == [0, *[None] * 3]


async def test_it_is_listed_by_device_and_reason(clean):
    pilot = await make_pilot(PilotState.AGREED)
    one, other = await make_pilot_device(pilot), await make_pilot_device(pilot)
    await refuse(arrived(one.id, readings(0, [97.0])), arrived(other.id, b"{"))

    assert {item.reason for item in await kept(Which())} == {
        Refusal.NOT_RUNNING,
        Refusal.NOT_READABLE,
    }
    assert [item.reason for item in await kept(Which(device=one.id))] == [Refusal.NOT_RUNNING]
    [shown] = await kept(Which(reason=Refusal.NOT_READABLE))
    assert line(shown).split("\t")[2:] == ["not_readable", "-", "-", "not kept"]


async def test_old_ones_are_forgotten(clean):
    one = await make_pilot_device()
    await refuse(arrived(one.id, b"?"))
    days = get_settings().quarantine_days

    early = await forget_old(moment(NOW) + timedelta(days=days - 1))
    late = await forget_old(moment(NOW) + timedelta(days=days + 1))

    assert (early, late) == (0, 1)
    assert await jobs.forget_refused({}) == 0


async def test_days_are_made_ahead(clean):
    assert await jobs.make_days_around(date(2031, 5, 1)) == 5
    assert await jobs.make_days({}) == 5

    rows = await database.fetch(
        "SELECT relname FROM pg_class WHERE relname LIKE 'reading_203105%' "
        "AND relkind = 'r' OR relname = 'reading_20310430' ORDER BY relname"
    )
    assert [row["relname"] for row in rows] == [
        "reading_20310430", "reading_20310501", "reading_20310502", "reading_20310503",
        "reading_20310504",
    ]  # fmt: skip


def test_the_command_knows_every_reason():
    assert sorted(REASONS) == sorted(Refusal)


def test_what_was_typed_is_read():
    found = which("0" * 31 + "1", "not_running")

    assert (found.device and found.device.int, found.reason) == (1, Refusal.NOT_RUNNING)
    with pytest.raises(Exception, match="32 hexadecimal digits"):
        which("one", None)
