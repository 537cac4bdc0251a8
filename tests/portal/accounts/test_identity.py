from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from litestar import Response

from portal.accounts.identity import actor_with, give_cookie
from portal.permissions import STRANGER, Actor, Membership, OrganisationKind, Role
from portal.settings import get_settings
from tests.people import make_member, make_organisation, make_person, organisation_of, sam


async def test_actor_with_is_the_person_and_their_memberships_in_one_statement(db, statements):
    person = await sam()
    organisation = await organisation_of(person)
    second = await make_organisation(
        OrganisationKind.DISTRIBUTOR,
        verified=False,
        name="Second (fictif)",
        other_kinds=["partner"],
    )
    await make_member(person, second, Role.VIEWER)
    statements.clear()

    actor = await actor_with(person.id)

    assert len(statements) == 1
    assert actor == Actor(
        person_id=person.id,
        name="Sam",
        email_confirmed=True,
        memberships=(
            Membership(
                organisation.id,
                OrganisationKind.MANUFACTURER,
                Role.ADMIN,
                True,
                organisation.name_fr,
            ),
            Membership(
                second.id,
                OrganisationKind.DISTRIBUTOR,
                Role.VIEWER,
                False,
                "Second (fictif)",
                (OrganisationKind.PARTNER,),
            ),
        ),
    )


async def test_actor_with_an_unknown_or_erased_person_is_a_stranger(db):
    erased = await make_person(erased_at=datetime.now(UTC))

    assert await actor_with(uuid4()) is STRANGER
    assert await actor_with(erased.id) is STRANGER


@pytest.mark.parametrize("cookie", ["", "nonsense", "%00" * 10])
async def test_a_wrong_cookie_is_a_stranger(client, cookie):
    client.headers["cookie"] = f"session={cookie}"

    answer = await client.get("/fr")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("environment", "name", "secure"),
    [("local", "session", False), ("production", "__Host-session", True)],
)
async def test_the_cookie_of_production_is_bound_to_the_host(app, environment, name, secure):
    settings = get_settings().model_copy(update={"environment": environment})
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(settings=settings)))
    response = Response("")

    give_cookie(request, response, "token")

    [cookie] = response.cookies
    assert (cookie.key, cookie.secure, cookie.path, cookie.domain) == (name, secure, "/", None)
    assert (cookie.httponly, cookie.samesite) == (True, "lax")
