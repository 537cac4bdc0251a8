"""A change of one's own e-mail address: asked for, confirmed, undone, and by two at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.accounts.actions.email import (
    ask_email_change,
    confirm_email_change,
    undo_email_change,
)
from portal.accounts.actions.privacy import erase, forget_spent_links
from portal.accounts.actions.profile import ask_for_reset, change_password, reset_password
from portal.accounts.actions.registration import NewPerson, register
from portal.accounts.actions.second_factor import pending_secret, switch_on
from portal.accounts.actions.sign_in import check_password
from portal.accounts.errors import (
    AddressTaken,
    LinkSpent,
    SameAddress,
    WrongCode,
    WrongCredentials,
)
from portal.accounts.queries.privacy import export_of
from portal.accounts.tables import EmailChange, Person
from portal.permissions import Actor
from tests.people import PASSWORD, make_person, post, sign_in, zoe
from tests.portal.accounts.mails import events, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = "quatre lampes dans un puits"
NEW = "zoe@neuf.example"


async def links() -> dict[str, str]:
    """Return the token of the last mail of each kind."""
    return {
        template: str(values["link"]).rpartition("/")[2]
        for _, template, values in await mails()
        if "link" in values
    }


async def asked(person: Person, new: str = NEW) -> dict[str, str]:
    await ask_email_change(person.id, new, PASSWORD, "", now=NOW)
    return await links()


async def address_of(person: Person) -> str:
    kept = await Person.objects().get(Person.id == person.id)
    assert kept is not None
    return str(kept.email)


async def test_asking_writes_to_both_addresses_and_changes_nothing(db):
    person = await zoe()

    await asked(person)

    assert [(to, template) for to, template, _ in await mails()] == [
        (NEW, "email_confirm"),
        (person.email, "email_change"),
    ]
    assert (await mails())[1][2]["new_email"] == "z…@neuf.example"
    assert await address_of(person) == person.email
    assert await events() == ["person.email_change_asked"]


async def test_confirming_takes_the_new_address_once(db):
    person = await zoe()
    token = (await asked(person))["email_confirm"]

    assert await confirm_email_change(token, now=NOW) == person.id
    with pytest.raises(LinkSpent):
        await confirm_email_change(token, now=NOW)

    assert (await check_password(NEW, PASSWORD, now=NOW)).person_id == person.id
    assert (await mails())[-1][:2] == (person.email, "email_changed")
    assert (await events())[-1] == "person.email_changed"


async def test_the_link_ends_after_three_days_and_with_a_newer_wish(db):
    person = await zoe()
    first = (await asked(person))["email_confirm"]
    second = (await asked(person, "zoe@autre.example"))["email_confirm"]

    for token, at in ((first, NOW), (second, NOW + timedelta(days=3))):
        with pytest.raises(LinkSpent):
            await confirm_email_change(token, now=at)

    assert await address_of(person) == person.email


async def test_a_wrong_password_or_the_same_address_asks_nobody(db):
    person = await zoe()

    with pytest.raises(WrongCredentials):
        await ask_email_change(person.id, NEW, "wrong", "", now=NOW)
    with pytest.raises(SameAddress):
        await ask_email_change(person.id, person.email, PASSWORD, "", now=NOW)

    assert await mails() == []


async def test_the_second_factor_is_asked_for_where_it_is_on(db):
    person = await zoe()
    secret = await pending_secret(person.id)
    await switch_on(person.id, pyotp.TOTP(secret).at(NOW), now=NOW)
    later = NOW + timedelta(minutes=2)

    with pytest.raises(WrongCode):
        await ask_email_change(person.id, NEW, PASSWORD, "", now=later)
    await ask_email_change(person.id, NEW, PASSWORD, pyotp.TOTP(secret).at(later), now=later)

    assert [to for to, _, _ in await mails()][1:] == [NEW, person.email]


async def test_the_owner_of_a_known_address_is_told_and_keeps_it(db):
    person, owner = await zoe(), await make_person(NEW, language="ar")

    await asked(person)

    assert (await mails())[0][:2] == (owner.email, "email_taken")
    assert await EmailChange.count() == 1


async def test_of_two_who_take_the_same_address_at_once_one_gets_it(db):
    first, second = await zoe(), await make_person()
    tokens = [(await asked(one))["email_confirm"] for one in (first, second)]

    answers = await asyncio.gather(
        *(confirm_email_change(token, now=NOW) for token in tokens), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in answers) == ["AddressTaken", "UUID"]
    assert sorted([await address_of(first), await address_of(second)]).count(NEW) == 1


async def test_of_a_registration_and_a_change_at_once_one_gets_the_address(db):
    person = await zoe()
    token = (await asked(person))["email_confirm"]
    new = NewPerson(NEW, "Autre", "fr", SECOND)

    changed, registered = await asyncio.gather(
        confirm_email_change(token, now=NOW), register(new, None, now=NOW), return_exceptions=True
    )

    assert isinstance(changed, AddressTaken) is (registered is not None)
    assert len(await Person.objects().where(Person.email == NEW)) == 1


async def test_undoing_gives_the_address_back_and_ends_the_password(db):
    person = await zoe()
    found = await asked(person)
    await confirm_email_change(found["email_confirm"], now=NOW)

    undone = await undo_email_change(found["email_change"], now=NOW + timedelta(days=6))

    assert (undone.person_id, await address_of(person)) == (person.id, person.email)
    with pytest.raises(WrongCredentials):
        await check_password(person.email, PASSWORD, now=NOW)
    await reset_password(undone.reset_token, SECOND, now=NOW + timedelta(days=6))
    assert (await check_password(person.email, SECOND, now=NOW)).person_id == person.id
    assert "person.email_change_undone" in await events()


async def test_undoing_before_it_was_confirmed_ends_the_link(db):
    person = await zoe()
    found = await asked(person)

    await undo_email_change(found["email_change"], now=NOW)

    with pytest.raises(LinkSpent):
        await confirm_email_change(found["email_confirm"], now=NOW)
    with pytest.raises(LinkSpent):
        await undo_email_change(found["email_change"], now=NOW)


async def test_the_first_way_out_is_good_after_a_second_wish_and_a_second_move(db):
    person = await zoe()
    first = await asked(person, "vol@ailleurs.example")
    second = await asked(person)
    await confirm_email_change(second["email_confirm"], now=NOW)
    third = await asked(person, "plus@loin.example")
    await confirm_email_change(third["email_confirm"], now=NOW)

    await undo_email_change(first["email_change"], now=NOW)

    assert await address_of(person) == person.email
    with pytest.raises(LinkSpent):  # whoever moved it on cannot bring it back
        await undo_email_change(third["email_change"], now=NOW)


async def test_the_way_out_of_a_later_move_does_not_close_the_first_one(db):
    person = await zoe()
    first = await asked(person)
    await confirm_email_change(first["email_confirm"], now=NOW)
    later = NOW + timedelta(minutes=1)
    await ask_email_change(person.id, "plus@loin.example", PASSWORD, "", now=later)
    await undo_email_change((await links())["email_change"], now=later)  # by who has the account
    assert await address_of(person) == NEW

    await undo_email_change(first["email_change"], now=later)

    assert await address_of(person) == person.email


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_another_password_ends_a_change_that_waits_and_leaves_the_way_out(db, way):
    person = await zoe()
    found = await asked(person)

    if way == "change":
        await change_password(person.id, old=PASSWORD, new=SECOND)
    else:
        await ask_for_reset(person.email, now=NOW)
        await reset_password((await links())["reset"], SECOND, now=NOW)

    with pytest.raises(LinkSpent):
        await confirm_email_change(found["email_confirm"], now=NOW)
    assert (await undo_email_change(found["email_change"], now=NOW)).person_id == person.id


async def test_the_way_out_ends_after_seven_days(db):
    person = await zoe()
    found = await asked(person)
    await confirm_email_change(found["email_confirm"], now=NOW)

    with pytest.raises(LinkSpent):
        await undo_email_change(found["email_change"], now=NOW + timedelta(days=7))


async def test_nobody_registers_the_former_address_while_it_may_be_taken_back(db):
    person, other = await zoe(), await make_person()
    found = await asked(person)
    at = datetime.now(UTC)
    await confirm_email_change(found["email_confirm"], now=NOW)
    theirs = await asked(other, person.email)

    assert await register(NewPerson(person.email, "Voleur", "fr", SECOND), None, now=at) is None
    with pytest.raises(AddressTaken):
        await confirm_email_change(theirs["email_confirm"], now=NOW)

    assert (await mails())[-1][:2] == (person.email, "email_held")
    await undo_email_change(found["email_change"], now=NOW)
    assert await address_of(person) == person.email


async def test_one_may_go_back_to_the_former_address_oneself(db):
    person = await zoe()
    await confirm_email_change((await asked(person))["email_confirm"], now=NOW)

    back = await asked(person, person.email)
    await confirm_email_change(back["email_confirm"], now=NOW)

    assert await address_of(person) == person.email


async def test_of_two_who_undo_at_once_one_does(db):
    person = await zoe()
    token = (await asked(person))["email_change"]

    answers = await asyncio.gather(
        *(undo_email_change(token, now=NOW) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in answers) == ["LinkSpent", "Undone"]


async def test_the_copy_of_ones_data_shows_it_and_erasing_or_time_takes_it_away(db):
    person, other = await zoe(), await make_person()
    await asked(person)
    await asked(other, "autre@neuf.example")

    shown = (await export_of(person.id))["email_changes"]
    await erase(other.id, actor=Actor(other.id), now=NOW, reason="own wish")
    left = await EmailChange.count()
    await forget_spent_links(NOW + timedelta(days=15))

    assert [(one["old_email"], one["new_email"]) for one in shown] == [(person.email, NEW)]
    assert (left, await EmailChange.count()) == (1, 0)


async def test_a_person_changes_the_address_through_the_pages(client):
    person = await zoe()
    await sign_in(client, person)
    await sign_in(client, person)  # another browser, left behind

    wrong = await post(client, "/fr/account/email", email=NEW, password="faux")
    sent = await post(client, "/fr/account/email", email="Zoe@Neuf.example", password=PASSWORD)
    found = await links()
    looked = await client.get(f"/fr/email/confirm/{found['email_confirm']}")
    done = await post(client, f"/fr/email/confirm/{found['email_confirm']}")
    mine = await client.get("/fr/account/sessions")
    again = await client.get(f"/fr/email/confirm/{found['email_confirm']}")

    assert (wrong.status_code, 'id="password-error"' in wrong.text) == (422, True)
    assert sent.headers["location"] == "/fr/account?done=email_asked"
    assert (looked.status_code, NEW in looked.text) == (200, True)
    assert done.headers["location"] == "/fr/account?done=email"
    assert mine.text.count("/account/sessions/") == 1
    assert again.status_code == 410


async def test_the_way_out_signs_everybody_out_and_leads_to_a_new_password(client):
    person = await zoe()
    await sign_in(client, person)
    await post(client, "/fr/account/email", email=NEW, password=PASSWORD)
    undo = f"/fr/email/undo/{(await links())['email_change']}"

    looked = await client.get(undo)
    done = await post(client, undo)
    account = await client.get("/fr/account")
    chosen = await post(client, done.headers["location"], password=SECOND)

    assert (looked.status_code, person.email in looked.text) == (200, True)
    assert done.headers["location"].startswith("/fr/password/new/")
    assert account.headers["location"].startswith("/fr/sign-in")
    assert chosen.headers["location"] == "/fr/sign-in?done=reset"
    assert (await client.get(undo)).status_code == 410


async def test_only_few_mails_an_hour_go_to_addresses_one_names(client):
    await sign_in(client, await zoe())

    answers = [
        await post(client, "/fr/account/email", email=f"{n}@neuf.example", password=PASSWORD)
        for n in range(6)
    ]

    assert [one.status_code for one in answers] == [303] * 5 + [429]
