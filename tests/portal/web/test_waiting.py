from portal import database
from portal.notifications.actions import inform
from portal.notifications.queries import unread_count
from portal.web.address import current_scope
from portal.web.waiting import waiting
from tests.people import make_person, sign_in


async def test_the_header_says_how_many_notices_are_unread(client, db):
    person = await make_person()
    await sign_in(client, person)
    nothing = await client.get("/en/account")
    async with database.transaction():
        for _ in range(2):
            await inform(person.id, "Yes")

    answer = await client.get("/en/account")

    assert await unread_count(person.id) == 2
    assert '<span class="visually-hidden">2 unread notices</span>' in answer.text
    assert "unread notice" not in nothing.text


async def test_it_costs_one_statement_and_strangers_none(client, db, statements):
    person = await make_person()
    statements.clear()
    await client.get("/en/about")
    strangers = list(statements)
    await sign_in(client, person)
    statements.clear()

    await client.get("/en/about")

    assert [one for one in strangers if "notice" in one] == []
    assert len([one for one in statements if "notice" in one]) == 1


async def test_outside_a_request_nothing_waits():
    current_scope.set(None)

    assert waiting() == {}
