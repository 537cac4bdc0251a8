import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from portal.accounts.actions.members import (
    accept_invitation,
    change_role,
    invite,
    join_by_invitation,
    resend_invitation,
    revoke_invitation,
)
from portal.accounts.actions.registration import NewPerson
from portal.accounts.errors import (
    AlreadyMember,
    InvitationForAnother,
    InvitationSpent,
    LastAdmin,
    OrganisationNotFound,
    PersonNotFound,
)
from portal.accounts.identity import actor_with
from portal.accounts.pages.entering import INVITATIONS
from portal.accounts.queries.people import invitation, invitations_of, members_of
from portal.accounts.tables import MembershipRow, Person
from portal.permissions import Role
from tests.people import PASSWORD, make_organisation, make_person, organisation_of, sam, sign_in
from tests.portal.accounts.mails import events, last_token, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def invited(email="zoe@ailleurs.example", role=Role.EDITOR):
    """Have Sam invite somebody; return the organisation, the actor and the link's token."""
    person = await sam()
    organisation = await organisation_of(person)
    actor = await actor_with(person.id)
    await invite(organisation.id, email, role, language="fr", actor=actor, now=NOW)
    return organisation, actor, await last_token()


async def roles_in(organisation):
    rows = await MembershipRow.objects().where(MembershipRow.organisation == organisation.id)
    return sorted(row.role for row in rows)


async def test_invite_sends_a_link_and_keeps_only_its_digest(db):
    organisation, _, token = await invited()

    [(to, template, values)] = await mails()
    assert (to, template, values["organisation"]) == (
        "zoe@ailleurs.example",
        "invitation",
        organisation.name_fr,
    )
    found = await invitation(token, NOW)
    assert (found.email, found.role, found.invited_by, found.has_account) == (
        "zoe@ailleurs.example",
        Role.EDITOR,
        "Sam",
        False,
    )


async def test_invite_refuses_a_member_and_an_unknown_organisation(db):
    person = await sam()
    actor = await actor_with(person.id)
    organisation = await organisation_of(person)

    with pytest.raises(AlreadyMember):
        await invite(
            organisation.id, person.email, Role.VIEWER, language="fr", actor=actor, now=NOW
        )
    with pytest.raises(OrganisationNotFound):
        await invite(uuid4(), "a@b.example", Role.VIEWER, language="fr", actor=actor, now=NOW)
    assert await mails() == []


async def test_inviting_again_replaces_the_first_link(db):
    organisation, actor, first = await invited()
    await invite(
        organisation.id, "zoe@ailleurs.example", Role.ADMIN, language="fr", actor=actor, now=NOW
    )

    with pytest.raises(InvitationSpent):
        await invitation(first, NOW)
    assert [one.role for one in await invitations_of(organisation.id)] == [Role.ADMIN]


async def test_accept_invitation_joins_once(db):
    organisation, _, token = await invited()
    zoe = await make_person("zoe@ailleurs.example")
    actor = await actor_with(zoe.id)

    assert await accept_invitation(token, actor=actor, now=NOW) == organisation.id
    with pytest.raises(InvitationSpent):
        await accept_invitation(token, actor=actor, now=NOW)
    assert await roles_in(organisation) == ["admin", "editor"]
    assert (await events())[-1] == "membership.started"


async def test_an_invitation_is_only_for_its_address(db):
    organisation, _, token = await invited()
    other = await make_person("other@ailleurs.example")

    with pytest.raises(InvitationForAnother):
        await accept_invitation(token, actor=await actor_with(other.id), now=NOW)
    assert await roles_in(organisation) == ["admin"]
    assert (await invitation(token, NOW)).email == "zoe@ailleurs.example"


async def test_of_two_who_accept_at_once_one_joins(db):
    organisation, _, token = await invited()
    zoe = await make_person("zoe@ailleurs.example")
    actor = await actor_with(zoe.id)

    answers = await asyncio.gather(
        *(accept_invitation(token, actor=actor, now=NOW) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in answers) == ["InvitationSpent", "UUID"]
    assert await roles_in(organisation) == ["admin", "editor"]


async def test_join_by_invitation_makes_a_confirmed_account(db):
    organisation, _, token = await invited()
    new = NewPerson("ignored@ailleurs.example", "Zoé", "en", PASSWORD)

    person_id = await join_by_invitation(token, new, now=NOW)

    person = await Person.objects().get(Person.id == person_id)
    assert (person.email, person.email_confirmed_at) == ("zoe@ailleurs.example", NOW)
    assert await roles_in(organisation) == ["admin", "editor"]


async def test_of_two_who_join_at_once_one_gets_an_account(db):
    _, _, token = await invited()
    new = NewPerson("", "Zoé", "en", PASSWORD)

    answers = await asyncio.gather(
        *(join_by_invitation(token, new, now=NOW) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in answers) == ["InvitationSpent", "UUID"]
    assert await Person.count() == 2


async def test_an_old_or_revoked_invitation_is_refused(db):
    organisation, actor, token = await invited()
    [row] = await invitations_of(organisation.id)

    with pytest.raises(InvitationSpent):
        await invitation(token, NOW + timedelta(days=14))
    await revoke_invitation(organisation.id, row.id, actor=actor, now=NOW)
    with pytest.raises(InvitationSpent):
        await invitation(token, NOW)
    with pytest.raises(InvitationSpent):
        await resend_invitation(organisation.id, row.id, actor=actor, now=NOW)


async def test_resend_invitation_changes_the_link(db):
    organisation, actor, first = await invited()
    [row] = await invitations_of(organisation.id)

    await resend_invitation(organisation.id, row.id, actor=actor, now=NOW)

    with pytest.raises(InvitationSpent):
        await invitation(first, NOW)
    assert (await invitation(await last_token(), NOW)).id == row.id


async def test_the_invitations_of_another_organisation_cannot_be_touched(db):
    organisation, actor, _ = await invited()
    [row] = await invitations_of(organisation.id)

    with pytest.raises(InvitationSpent):
        await revoke_invitation(uuid4(), row.id, actor=actor, now=NOW)
    with pytest.raises(InvitationSpent):
        await resend_invitation(uuid4(), row.id, actor=actor, now=NOW)


async def test_change_role_and_remove(db):
    admin = await sam()
    organisation = await organisation_of(admin)
    colleague = await make_person(organisation=organisation, role=Role.VIEWER)
    actor = await actor_with(admin.id)

    await change_role(organisation.id, colleague.id, Role.EDITOR, actor=actor)
    assert sorted(one.role for one in await members_of(organisation.id)) == ["admin", "editor"]
    await change_role(organisation.id, colleague.id, None, actor=actor)
    assert await roles_in(organisation) == ["admin"]
    assert await events() == ["membership.changed", "membership.ended"]


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.VIEWER])
async def test_the_last_admin_stays(db, role):
    admin = await sam()
    organisation = await organisation_of(admin)
    await make_person(organisation=organisation, role=Role.EDITOR)

    with pytest.raises(LastAdmin):
        await change_role(organisation.id, admin.id, role, actor=await actor_with(admin.id))


async def test_of_two_admins_who_leave_at_once_one_stays(db):
    first = await sam()
    organisation = await organisation_of(first)
    second = await make_person(organisation=organisation)

    actors = [await actor_with(one.id) for one in (first, second)]

    answers = await asyncio.gather(
        *(change_role(organisation.id, one.person_id, None, actor=one) for one in actors),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in answers) == ["LastAdmin", "NoneType"]
    assert await roles_in(organisation) == ["admin"]


async def test_change_role_of_somebody_who_is_no_member(db):
    organisation = await make_organisation()

    with pytest.raises(PersonNotFound):
        await change_role(organisation.id, uuid4(), Role.ADMIN, actor=await actor_with(uuid4()))


async def test_mails_to_strangers_are_limited(client):
    person = await sam()
    organisation = await organisation_of(person)
    await sign_in(client, person)
    address = f"/fr/organisations/{organisation.id}/invite"
    await client.get(address)

    answers = [
        await client.post(
            address,
            data={
                "email": f"s{number}@ailleurs.example",
                "role": "viewer",
                "_csrf_token": client.cookies["csrf"],
            },
        )
        for number in range(INVITATIONS.most + 1)
    ]

    assert [one.status_code for one in answers] == [303] * INVITATIONS.most + [429]
    assert len(await mails()) == INVITATIONS.most
