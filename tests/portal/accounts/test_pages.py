"""Every page of accounts, for every kind of person: who sees it, and that it renders."""

from datetime import UTC, datetime

import pytest

from portal.accounts.actions.members import invite
from portal.accounts.identity import actor_with
from portal.accounts.tables import Organisation
from portal.permissions import Role
from tests.people import (
    make_organisation,
    make_person,
    mia,
    organisation_of,
    sam,
    sign_in,
    vera,
    zoe,
)
from tests.portal.accounts.mails import last_token

NOW = datetime.now(UTC)
EVERYBODY = ("stranger", "zoe", "reader", "admin", "other", "vera")
PAGES = {
    # address → who gets 200; a stranger is sent to sign in, the others get 403
    "/register": {"stranger"},
    "/register/sent": set(EVERYBODY),
    "/confirm": set(EVERYBODY),
    "/sign-in": {"stranger"},
    "/password/forgotten": set(EVERYBODY),
    "/successions": set(EVERYBODY),
    "/privacy/register": set(EVERYBODY),
    "/account": set(EVERYBODY) - {"stranger"},
    "/account/password": set(EVERYBODY) - {"stranger"},
    "/account/sessions": set(EVERYBODY) - {"stranger"},
    "/account/second-factor": set(EVERYBODY) - {"stranger"},
    "/account/data": set(EVERYBODY) - {"stranger"},
    "/account/data.json": set(EVERYBODY) - {"stranger"},
    "/account/erase": set(EVERYBODY) - {"stranger"},
    "/organisations/new": set(EVERYBODY) - {"stranger"},
    "/organisations/{id}": {"reader", "admin", "vera"},
    "/organisations/{id}/edit": {"admin"},
    "/organisations/{id}/invite": {"admin"},
    "/organisations/{id}/leave": {"reader", "admin"},
    "/organisations/{id}/members/{person}": {"admin"},
    "/verification": {"vera"},
    "/verification/{id}": {"vera"},
    "/successions/new": {"vera"},
}
MOVES_ON = {"/register", "/sign-in"}  # whoever is signed in needs them no more


async def cast():
    """Return the organisation and, by name, the person of each column."""
    admin = await sam()
    organisation = await organisation_of(admin)
    reader = await make_person(organisation=organisation, role=Role.VIEWER, name="Lecteur")
    people = {
        "stranger": None,
        "zoe": await zoe(),
        "reader": reader,
        "admin": admin,
        "other": await mia(),
        "vera": await vera(),
    }
    return organisation, people


def expected(path, who):
    if who in PAGES[path]:
        return 200
    return 302 if path in MOVES_ON else 303 if who == "stranger" else 403


@pytest.mark.parametrize("path", PAGES)
async def test_who_sees_a_page(client, path):
    organisation, people = await cast()
    address = path.format(id=organisation.id, person=people["reader"].id)
    seen = {}

    for who, person in people.items():
        client.cookies.clear()
        if person is not None:
            await sign_in(client, person)
        seen[who] = (await client.get(f"/fr{address}")).status_code

    assert seen == {who: expected(path, who) for who in people}


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
async def test_every_page_is_written_in_every_language(client, language):
    organisation, people = await cast()
    seen = {}

    for path in PAGES:
        client.cookies.clear()
        who = sorted(PAGES[path] - {"stranger"} or {"stranger"})[0]
        if people[who] is not None:
            await sign_in(client, people[who])
        address = path.format(id=organisation.id, person=people["reader"].id)
        answer = await client.get(f"/{language}{address}")
        seen[path] = (answer.status_code, f'<html lang="{language}"' in answer.text)

    del seen["/account/data.json"]
    assert set(seen.values()) == {(200, True)}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sign-out", "POST"),
        ("/account/sessions/others/end", "POST"),
        ("/account/second-factor/off", "POST"),
        ("/organisations/{id}/members/{id}/remove", "POST"),
        ("/verification/{id}/verified", "POST"),
    ],
)
async def test_what_changes_something_does_not_answer_to_get(client, path, allowed):
    organisation, people = await cast()
    await sign_in(client, people["vera"])

    answer = await client.get(f"/fr{path.format(id=organisation.id)}")

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"OPTIONS", allowed}


@pytest.mark.parametrize("count", [1, 3])
async def test_the_queue_asks_the_same_however_many_wait(client, statements, count):
    await sign_in(client, await vera())
    await client.get("/fr/verification")
    for _ in range(count):
        await make_organisation(verified=False)
    statements.clear()

    answer = await client.get("/fr/verification")

    assert answer.text.count('id="organisation-') == count
    assert len(statements) == 4  # who asks, the list, the counts, the notices


@pytest.mark.parametrize("count", [1, 3])
async def test_the_members_ask_the_same_however_many_there_are(client, statements, count):
    admin = await sam()
    organisation = await organisation_of(admin)
    actor = await actor_with(admin.id)
    for number in range(count):
        await make_person(organisation=organisation)
        await invite(
            organisation.id,
            f"guest-{number}@ailleurs.example",
            Role.VIEWER,
            language="fr",
            actor=actor,
            now=NOW,
        )
    await sign_in(client, admin)
    statements.clear()

    answer = await client.get(f"/fr/organisations/{organisation.id}")

    assert answer.text.count('id="member-') == count + 1
    assert answer.text.count('id="invitation-') == count
    assert len(statements) == 6  # who, organisation, members, invitations, successions, notices


async def test_an_organisation_that_does_not_exist_is_not_found(client):
    await sign_in(client, await sam())

    answer = await client.get("/fr/organisations/00000000-0000-0000-0000-000000000000")

    assert answer.status_code == 404


async def test_an_invitation_page_offers_what_fits_the_reader(client):
    admin = await sam()
    organisation = await organisation_of(admin)
    actor = await actor_with(admin.id)
    await invite(
        organisation.id, "zoe@ailleurs.example", Role.EDITOR, language="fr", actor=actor, now=NOW
    )
    path = f"/en/invitations/{await last_token()}"

    new = (await client.get(path)).text
    await sign_in(client, admin)
    wrong = (await client.get(path)).text
    invited = await zoe()
    client.cookies.clear()
    known = (await client.get(path)).text
    await sign_in(client, invited)
    right = (await client.get(path)).text

    assert "Create the account and join" in new
    assert "You are signed in with another address" in wrong
    assert "sign in and accept" in known
    assert "Accept the invitation" in right
    assert await Organisation.count() == 1
