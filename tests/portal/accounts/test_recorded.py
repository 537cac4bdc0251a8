from uuid import uuid4

from portal.accounts.identity import actor_with
from portal.accounts.pages.recorded import invitations, organisations, people
from portal.accounts.queries import recorded
from portal.package import Concerned
from portal.permissions import Actor
from tests.people import make_organisation, make_person, organisation_of, sam, zoe


async def test_an_organisation_opens_for_its_members_only(db):
    person = await sam()
    mine, other = await organisation_of(person), await make_organisation(name="Autre (fictive)")

    found = await organisations([str(mine.id), str(other.id), "x"], await actor_with(person.id))

    assert found == {
        str(mine.id): Concerned(
            mine.name_fr, "accounts.organisation", {"organisation_id": mine.id}
        ),
        str(other.id): Concerned("Autre (fictive)"),
    }


async def test_a_person_is_named_and_one_who_is_erased_is_not(db):
    there, erased = await zoe(), await make_person("x@ailleurs.example", name="")

    found = await people([str(there.id), str(erased.id)], Actor())

    assert found == {str(there.id): Concerned("Zoé")}


async def test_an_invitation_that_is_gone_is_not_named(db):
    assert await invitations([str(uuid4())], Actor()) == {}
    assert await recorded.recorded_invitations([]) == {}
