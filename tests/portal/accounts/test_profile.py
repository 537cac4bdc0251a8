from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts.actions.profile import (
    ask_for_reset,
    change_password,
    reset_password,
    update_profile,
)
from portal.accounts.actions.sign_in import check_password
from portal.accounts.errors import LinkSpent, WrongCredentials
from portal.accounts.tables import Person
from tests.people import PASSWORD, make_person
from tests.portal.accounts.mails import last_token, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEW = "quatre lampes dans un puits"


async def test_change_password(db):
    person = await make_person()

    await change_password(person.id, old=PASSWORD, new=NEW)

    assert (await check_password(person.email, NEW, now=NOW)).person_id == person.id
    with pytest.raises(WrongCredentials):
        await check_password(person.email, PASSWORD, now=NOW)
    assert [template for _, template, _ in await mails()] == ["password_changed"]


async def test_change_password_needs_the_present_one(db):
    person = await make_person()

    with pytest.raises(WrongCredentials):
        await change_password(person.id, old="wrong", new=NEW)


async def test_reset_password_works_once_within_the_hour_and_confirms_the_address(db):
    person = await make_person(confirmed=False)
    await ask_for_reset(person.email, now=NOW)
    token = await last_token()

    with pytest.raises(LinkSpent):
        await reset_password(token, NEW, now=NOW + timedelta(hours=1))
    assert await reset_password(token, NEW, now=NOW) == person.id
    with pytest.raises(LinkSpent):
        await reset_password(token, NEW, now=NOW)

    assert (await check_password(person.email, NEW, now=NOW)).confirmed


async def test_a_confirmation_link_does_not_reset_a_password(db):
    person = await make_person()
    await ask_for_reset(person.email, now=NOW)
    token = await last_token()
    await Person.update({Person.email: "new@ailleurs.example"}).where(Person.id == person.id)

    with pytest.raises(LinkSpent):
        await reset_password(token, NEW, now=NOW)


async def test_ask_for_reset_says_nothing_about_unknown_addresses(db):
    await ask_for_reset("nobody@ailleurs.example", now=NOW)

    assert await mails() == []


async def test_update_profile(db):
    person = await make_person()

    await update_profile(person.id, name="Samira", language="ar")

    kept = await Person.objects().get(Person.id == person.id)
    assert (kept.name, kept.language) == ("Samira", "ar")
