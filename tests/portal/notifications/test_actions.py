from uuid import UUID

import pytest

from portal import database
from portal.notifications.actions import inform, mark_read, notify
from portal.notifications.errors import UnusableAddress
from portal.notifications.queries import due_mail, notices, unread_count

MIA, NOA = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("address", ["mia", "mia@x\nBcc: zoe@x", "mia @x", "a@b@c", ""])
async def test_notify_refuses_an_address_that_cannot_stand_in_a_header(db, address):
    with pytest.raises(UnusableAddress):
        await notify(address, template="a/b", language="fr")

    assert await due_mail() == []


async def test_notify_falls_back_to_french(db):
    await notify("mia@hospital.example", template="a/b", language="xx")

    rows = await database.fetch("SELECT language FROM mail")
    assert [row["language"] for row in rows] == ["fr"]


async def test_inform_shows_a_line_to_one_person_until_it_is_read(db):
    await inform(MIA, "Your organisation %(name)s is verified.", name="CHU", route="home")

    (notice,) = await notices(MIA)
    assert (notice.message, notice.details) == (
        "Your organisation %(name)s is verified.",
        {"name": "CHU"},
    )
    assert (await unread_count(MIA), await unread_count(NOA)) == (1, 0)

    await mark_read(MIA)
    assert await unread_count(MIA) == 0
