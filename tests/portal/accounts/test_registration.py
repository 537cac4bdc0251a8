from datetime import UTC, datetime

import pytest

from portal.accounts.actions.confirming import confirm_email
from portal.accounts.actions.registration import NewPerson, register, resend_confirmation
from portal.accounts.errors import LinkSpent
from portal.accounts.tables import AccountToken, MembershipRow, Organisation, Person
from tests.people import PASSWORD, make_person
from tests.portal.accounts.mails import events, last_token, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZOE = NewPerson("zoe@ailleurs.example", "Zoé", "ar", PASSWORD)
CLINIC = {"kind": "buyer", "other_kinds": [], "name_fr": "Clinique des Pins (fictive)"}


async def test_register_keeps_person_and_organisation_and_asks_to_confirm(db):
    person_id = await register(ZOE, CLINIC, now=NOW)

    person = await Person.objects().get(Person.id == person_id)
    organisation = await Organisation.objects().first()
    member = await MembershipRow.objects().first()
    assert (person.email, person.language, person.email_confirmed_at) == (ZOE.email, "ar", None)
    assert person.password_hash.startswith("$argon2id$")
    assert (organisation.name_fr, organisation.state) == (CLINIC["name_fr"], "registered")
    assert (member.person, member.organisation, member.role) == (
        person_id,
        organisation.id,
        "admin",
    )
    [(to, template, values)] = await mails()
    assert (to, template) == (ZOE.email, "confirm")
    assert values["link"].startswith("http://localhost:8000/ar/confirm/")
    assert await events() == ["person.registered", "organisation.registered"]


async def test_register_with_a_known_address_changes_nothing_and_tells_the_owner(db):
    known = await make_person(ZOE.email, name="Zoé")

    assert await register(ZOE, CLINIC, now=NOW) is None

    assert await Person.count() == 1
    assert await Organisation.count() == 0
    assert (await Person.objects().first()).password_hash == known.password_hash
    assert [(to, template) for to, template, _ in await mails()] == [(ZOE.email, "known")]


async def test_the_link_is_kept_only_as_a_digest(db):
    await register(ZOE, None, now=NOW)

    row = await AccountToken.objects().first()

    assert (await last_token()).encode() not in row.digest
    assert len(row.digest) == 32


async def test_resend_confirmation_ends_the_first_link(db):
    person_id = await register(ZOE, None, now=NOW)
    first = await last_token()

    await resend_confirmation(ZOE.email, now=NOW)

    with pytest.raises(LinkSpent):
        await confirm_email(first, PASSWORD, now=NOW)
    assert await confirm_email(await last_token(), PASSWORD, now=NOW) == person_id


async def test_resend_confirmation_says_nothing_to_others(db):
    await make_person(ZOE.email)

    await resend_confirmation(ZOE.email, now=NOW)
    await resend_confirmation("nobody@ailleurs.example", now=NOW)

    assert await mails() == []
