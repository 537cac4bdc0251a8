import json
from datetime import UTC, datetime, timedelta

import pytest

from portal import database
from portal.accounts.actions.links import make_link
from portal.accounts.actions.privacy import (
    erase,
    erase_inactive,
    erase_me,
    forget_spent_links,
    forget_unconfirmed,
    warn_inactive,
)
from portal.accounts.errors import AlreadyErased, LastAdmin, WrongCredentials
from portal.accounts.jobs import apply_retention
from portal.accounts.queries.people import members_of
from portal.accounts.queries.privacy import export_of
from portal.accounts.tables import AccountToken, Invitation, MembershipRow, Organisation, Person
from portal.permissions import Actor, Role
from tests.people import PASSWORD, make_organisation, make_person, organisation_of, sam, sign_in
from tests.portal.accounts.mails import events, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def everything_about(person):
    """Return every row of every table, as text: what a search for a name would find."""
    tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = []
    for table in tables:
        rows += await database.fetch(f'SELECT t::text AS row FROM "{table["tablename"]}" t')
    return [row["row"] for row in rows if person.email in row["row"] or person.name in row["row"]]


async def test_erase_me_leaves_no_name_anywhere_and_keeps_the_audit(db):
    person = await make_person("fatima@atlas.example", name="Fatima Zahra")
    await make_link(person.id, "reset", person.email, now=NOW, lasts=timedelta(hours=1))

    await erase_me(person.id, PASSWORD, now=NOW)

    assert await everything_about(person) == []
    kept = await Person.objects().get(Person.id == person.id)
    assert (kept.name, kept.password_hash, kept.erased_at) == ("", "", NOW)
    assert await events() == ["person.erased"]


async def test_erase_me_needs_the_password(db):
    person = await make_person()

    with pytest.raises(WrongCredentials):
        await erase_me(person.id, "wrong", now=NOW)


async def test_erase_is_done_once(db):
    person = await make_person()
    await erase(person.id, actor=Actor(), now=NOW, reason="x")

    with pytest.raises(AlreadyErased):
        await erase(person.id, actor=Actor(), now=NOW, reason="x")


async def test_an_address_can_register_again_after_erasure(db):
    person = await make_person("zoe@ailleurs.example")
    await erase(person.id, actor=Actor(), now=NOW, reason="x")

    assert (await make_person("zoe@ailleurs.example")).id != person.id


async def test_the_last_admin_of_others_hands_over_first(db):
    admin = await sam()
    organisation = await organisation_of(admin)
    colleague = await make_person(organisation=organisation, role=Role.EDITOR)

    with pytest.raises(LastAdmin):
        await erase_me(admin.id, PASSWORD, now=NOW)
    assert len(await members_of(organisation.id)) == 2

    await MembershipRow.update({MembershipRow.role: "admin"}).where(
        MembershipRow.person == colleague.id
    )
    await erase_me(admin.id, PASSWORD, now=NOW)
    assert [one.person_id for one in await members_of(organisation.id)] == [colleague.id]


async def test_export_holds_what_is_kept_and_no_secret(client):
    person = await sam()
    await sign_in(client, person, agent="Firefox 140")

    found = await export_of(person.id)

    assert json.loads(json.dumps(found)) == found
    assert found["person"][0]["email"] == person.email
    assert [one["role"] for one in found["memberships"]] == ["admin"]
    assert [one["browser"] for one in found["sessions"]] == ["Firefox 140"]
    assert "argon2" not in json.dumps(found)


async def test_my_data_is_the_same_as_page_and_as_file(client):
    person = await sam()
    await sign_in(client, person)

    page = await client.get("/fr/account/data")
    file = await client.get("/fr/account/data.json")

    assert person.email in page.text
    assert file.headers["content-disposition"] == 'attachment; filename="tajhiz-my-data.json"'
    assert file.json()["portal.accounts"][0]["person"][0]["email"] == person.email


async def test_spent_links_and_invitations_are_forgotten(db):
    person = await make_person()
    organisation = await make_organisation()
    await make_link(person.id, "reset", person.email, now=NOW, lasts=timedelta(hours=1))
    await Invitation(
        organisation=organisation.id,
        email="a@b.example",
        role="viewer",
        digest=b"x" * 32,
        expires_at=NOW,
    ).save()

    assert await forget_spent_links(NOW + timedelta(days=7)) == 0
    assert await forget_spent_links(NOW + timedelta(days=8)) == 1
    assert await forget_spent_links(NOW + timedelta(days=91)) == 1
    assert (await AccountToken.count(), await Invitation.count()) == (0, 0)


async def test_an_account_never_confirmed_is_forgotten_with_its_organisation(db):
    organisation = await make_organisation(verified=False)
    await make_person(organisation=organisation, confirmed=False, created_at=NOW)
    kept = await make_person(created_at=NOW)

    assert await forget_unconfirmed(NOW + timedelta(days=30)) == 0
    assert await forget_unconfirmed(NOW + timedelta(days=31)) == 1

    assert await Organisation.count() == 0
    alive = await Person.objects().where(Person.erased_at.is_null())
    assert [one.id for one in alive] == [kept.id]


async def test_an_unused_account_is_warned_then_erased(db):
    person = await make_person(created_at=NOW)
    later = NOW + timedelta(days=1095)

    assert await warn_inactive(later - timedelta(days=31), 1095) == 0
    assert await warn_inactive(later - timedelta(days=29), 1095) == 1
    assert await warn_inactive(later - timedelta(days=29), 1095) == 0
    assert [(to, template) for to, template, _ in await mails()] == [(person.email, "inactive")]
    assert await erase_inactive(later) == 0
    assert await erase_inactive(later + timedelta(days=2)) == 1


async def test_a_warned_person_who_signs_in_is_kept(db):
    await make_person(created_at=NOW, warned_at=NOW, signed_in_at=NOW + timedelta(days=1))

    assert await erase_inactive(NOW + timedelta(days=60)) == 0


async def test_the_sweep_is_safe_to_run_twice(db):
    await make_person(created_at=NOW, confirmed=False)
    at = (NOW + timedelta(days=40)).timestamp()

    assert await apply_retention({}, at) == 1
    assert await apply_retention({}, at) == 0
