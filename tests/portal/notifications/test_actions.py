from uuid import UUID

import pytest

from portal import database
from portal.notifications.actions import erase_messages, inform, mark_read, notify
from portal.notifications.errors import UnusableAddress
from portal.notifications.queries import due_mail, messages_of, notices, unread_count
from tests.people import mia, zoe

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


async def test_a_person_gets_and_erases_their_messages(db):
    person, other = await mia(), await zoe()
    for one in (person, other):
        await inform(one.id, "Hello", route="home")
        await notify(one.email, template="a/b", language="fr", token="secret")
    await database.fetch("UPDATE mail SET state = 'sent', sent_at = now()")

    copy = await messages_of(person.id)
    assert [len(copy[name]) for name in ("notices", "mails")] == [1, 1]
    assert "secret" not in str(copy)

    await erase_messages(person.id)
    assert await messages_of(person.id) == {"notices": [], "mails": []}
    assert len((await messages_of(other.id))["mails"]) == 1
