"""The other side is told by mail and in the portal, in words, and whoever did it is not."""

import pytest

from portal import database
from telemetry_ingest.actions.telling import MESSAGES, Told, tell
from telemetry_ingest.queries.pilots import pilot
from tests.telemetry_ingest.pilots import make_pilot, two_sides


def test_everything_that_is_told_has_words():
    assert list(MESSAGES) == list(Told)


@pytest.mark.parametrize("what", list(Told))
async def test_the_side_that_did_not_do_it_is_told(db, what):
    sides = await two_sides()
    one = await pilot((await make_pilot(sides)).id)

    await tell(one, what, by=sides.host_id, reason="Parce que.")

    mails = await database.fetch("SELECT recipient, details::json->>'what' AS what FROM mail")
    assert [tuple(row) for row in mails] == [("sam@atlas.example", what.value)]
    told = await database.fetch("SELECT person_id FROM notice")
    assert [row["person_id"] for row in told] == [sides.maker.id]
