"""A refusal is counted, and a database that is away spoils nothing."""

from portal import database
from telemetry_ingest.gateway.refused import count_refusal
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire import Refused


async def test_without_a_database_nothing_is_raised(monkeypatch):
    async def away(*_args):
        raise OSError

    monkeypatch.setattr(database, "fetch", away)

    await count_refusal(1, Refused(Refusal.WRONG_VALUE, "boot"))


async def test_refusals_of_a_kind_are_added_up(db):
    for _ in range(3):
        await count_refusal(1, Refused(Refusal.WRONG_VALUE, "boot"))

    rows = await database.fetch("SELECT messages FROM device_refused")
    assert [row["messages"] for row in rows] == [3]
