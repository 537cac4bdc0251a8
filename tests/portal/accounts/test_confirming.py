from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts.actions.confirming import confirm_email, disown
from portal.accounts.actions.profile import ask_for_reset, reset_password
from portal.accounts.actions.registration import NewPerson, register
from portal.accounts.actions.sign_in import check_password
from portal.accounts.errors import LinkSpent, WrongCredentials, WrongPassword
from portal.accounts.queries.confirming import registration_of
from portal.accounts.tables import MembershipRow, Organisation, Person
from tests.people import PASSWORD, post
from tests.portal.accounts.mails import events, last_token

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZOE = NewPerson("zoe@ailleurs.example", "Zoé", "ar", PASSWORD)
TRAP = {"kind": "manufacturer", "other_kinds": [], "name_fr": "Société du piège (fictive)"}


async def test_confirm_email_works_once(db):
    person_id = await register(ZOE, None, now=NOW)
    token = await last_token()

    assert await confirm_email(token, PASSWORD, now=NOW) == person_id
    assert (await Person.objects().first()).email_confirmed_at == NOW
    with pytest.raises(LinkSpent):
        await confirm_email(token, PASSWORD, now=NOW)


@pytest.mark.parametrize("token", ["", "nonsense", "é"])
async def test_confirm_email_refuses_an_unknown_link(db, token):
    with pytest.raises(LinkSpent):
        await confirm_email(token, PASSWORD, now=NOW)


async def test_confirm_email_refuses_an_old_link(db):
    await register(ZOE, None, now=NOW)

    with pytest.raises(LinkSpent):
        await confirm_email(await last_token(), PASSWORD, now=NOW + timedelta(days=3))


async def test_the_link_alone_confirms_nothing_and_stays_good_after_a_wrong_password(db):
    person_id = await register(ZOE, None, now=NOW)
    token = await last_token()

    with pytest.raises(WrongPassword):
        await confirm_email(token, "deux lampes dans un puits", now=NOW)
    assert (await Person.objects().first()).email_confirmed_at is None
    assert await confirm_email(token, PASSWORD, now=NOW) == person_id


async def test_a_link_says_what_it_would_confirm(db):
    person_id = await register(ZOE, TRAP, now=NOW)

    waiting = await registration_of(await last_token(), NOW)

    assert (waiting.person_id, waiting.name, waiting.email, waiting.organisations) == (
        person_id, "Zoé", ZOE.email, ("Société du piège (fictive)",),
    )  # fmt: skip


async def test_the_owner_of_the_address_has_a_strangers_registration_erased(db):
    await register(ZOE, TRAP, now=NOW)
    token = await last_token()

    await disown(token, now=NOW)

    assert (await Organisation.count(), await MembershipRow.count()) == (0, 0)
    assert (await Person.objects().first()).erased_at == NOW
    assert (await events())[-2:] == ["person.disowned", "person.erased"]
    for again in (disown(token, now=NOW), confirm_email(token, PASSWORD, now=NOW)):
        with pytest.raises(LinkSpent):
            await again
    assert await register(ZOE, None, now=NOW) is not None  # the address is free again


async def test_a_confirmed_account_is_not_disowned(db):
    await register(ZOE, None, now=NOW)
    token = await last_token()
    await confirm_email(token, PASSWORD, now=NOW)

    with pytest.raises(LinkSpent):
        await disown(token, now=NOW)
    assert (await Person.objects().first()).erased_at is None


async def test_a_new_password_shuts_out_who_registered_with_the_address(db):
    await register(ZOE, None, now=NOW)
    await ask_for_reset(ZOE.email, now=NOW)
    await reset_password(await last_token(), "quatre lampes dans un puits", now=NOW)

    with pytest.raises(WrongCredentials):
        await check_password(ZOE.email, PASSWORD, now=NOW)


async def test_the_page_names_account_and_organisation_and_asks_for_the_password(client):
    await register(ZOE, TRAP, now=datetime.now(UTC))
    address = f"/en/confirm/{await last_token()}"

    shown = await client.get(address)
    bare = await post(client, address)
    wrong = await post(client, address, password="deux lampes dans un puits")
    erased = await post(client, f"{address}/not-me")

    for part in ("Zoé", ZOE.email, "Société du piège (fictive)", "It was not me: erase it"):
        assert part in shown.text
    assert [one.status_code for one in (shown, bare, wrong)] == [200, 422, 422]
    assert "This is not the password that was chosen when registering." in wrong.text
    assert erased.headers["location"] == "/en/sign-in?done=disowned"
    assert (await client.get(address)).status_code == 410
