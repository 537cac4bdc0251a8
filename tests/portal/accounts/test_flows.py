"""Whole stories through the pages, as a browser without JavaScript tells them."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.accounts.actions.second_factor import pending_secret, switch_on
from portal.accounts.tables import MembershipRow, Organisation, Person
from portal.permissions import Role
from tests.people import (
    PASSWORD,
    bring_back,
    make_organisation,
    make_person,
    organisation_of,
    post,
    sam,
    sign_in,
    zoe,
)
from tests.portal.accounts.mails import last_token

NEW = "quatre lampes dans un puits"
CLINIC = {
    "with_organisation": "yes",
    "kind": "buyer",
    "name_fr": "Clinique des Pins (fictive)",
    "ice": "001561191000065",
    "region": "01",
    "province": "01.511",
}


async def test_somebody_registers_confirms_and_signs_in(client):
    typed = {"name": "Zoé", "email": "Zoe@Ailleurs.example", "password": PASSWORD, **CLINIC}

    sent = await post(client, "/fr/register", **typed)
    confirm = f"/fr/confirm/{await last_token()}"
    asked = await client.get(confirm)
    before = await Person.objects().first()
    confirmed = await post(client, confirm, password=PASSWORD)
    answer = await post(client, "/fr/sign-in", email="zoe@ailleurs.example", password=PASSWORD)

    assert (sent.status_code, sent.headers["location"]) == (303, "/fr/register/sent")
    assert (asked.status_code, before.email_confirmed_at) == (200, None)  # a look confirms nothing
    assert confirmed.headers["location"] == "/fr/sign-in?done=confirmed"
    assert answer.status_code == 303
    kept = await Organisation.objects().first()
    assert (kept.ice, kept.ice_doubtful, kept.province) == ("001561191000065", True, "01.511")
    page = await client.get(f"/fr/organisations/{kept.id}")
    assert "Les deux derniers chiffres de cet ICE ne correspondent pas" in page.text


async def test_a_known_address_gets_the_same_answer(client):
    await zoe()

    answer = await post(
        client,
        "/fr/register",
        name="Zoé",
        email="zoe@ailleurs.example",
        password=PASSWORD,
        with_organisation="no",
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/register/sent")
    assert await Person.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"email": "zoe"}, "email", "Write an e-mail address such as name@example.ma."),
        ({"password": "short"}, "password", "Choose a longer password: at least 12 characters."),
        ({"password": "Clinique des Pins (fictive)"}, "password", None),
        ({"name": ""}, "name", "Fill in this field."),
        ({"kind": "spy"}, "kind", "Choose one of the answers in the list."),
        ({"other_kinds": "authority"}, "other_kinds", "Only companies have several activities."),
        ({"rc_number": "12"}, "rc_court", "Name the court that keeps the register"),
        ({"tax_id": "012"}, "tax_id", "The tax number (IF) has digits only"),
        ({"cnss": "1"}, "cnss", "The CNSS number has five to ten digits."),
        ({"province": "02.113"}, "province", "This province is not in the region you chose."),
        ({"website": "javascript:alert(1)"}, "website", "Write a whole address"),
        ({"phone": "call me"}, "phone", "Write a telephone number"),
        ({"name_fr": "x" * 201}, "name_fr", "Write at most 200 characters."),
    ],
)
async def test_a_wrong_field_says_what_to_do_and_nothing_is_kept(client, wrong, field, message):
    typed = {"name": "Zoé", "email": "zoe@ailleurs.example", "password": PASSWORD, **CLINIC}

    answer = await post(client, "/en/register", **(typed | wrong))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert message is None or message in answer.text
    assert "Clinique des Pins" in answer.text or "name_fr" in wrong  # what was typed is still there
    assert (await Person.count(), await Organisation.count()) == (0, 0)


async def test_the_second_factor_from_the_qr_code_to_the_sign_in(client):
    person = await sam()
    await sign_in(client, person)
    first = client.cookies["session"]
    shown = (await client.get("/fr/account/second-factor")).text
    secret = re.search(r"secret=([A-Z2-7]+)", shown).group(1)

    answer = await post(client, "/fr/account/second-factor", code=pyotp.TOTP(secret).now())
    codes = re.findall(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}\b", answer.text)

    assert (answer.status_code, len(codes)) == (200, 10)
    assert client.cookies["session"] != first  # rotated
    await post(client, "/fr/sign-out")
    step = await post(
        client, "/fr/sign-in", email=person.email, password=PASSWORD, next="/fr/account"
    )
    assert step.headers["location"] == "/fr/sign-in/code?next=%2Ffr%2Faccount"
    assert (await client.get("/fr/account")).status_code == 303  # the password alone opens nothing
    wrong = await post(client, "/fr/sign-in/code", code="000000")
    assert wrong.status_code == 422
    right = await post(client, "/fr/sign-in/code", code=codes[0], next="/fr/account")
    assert right.headers["location"] == "/fr/account"
    assert (await client.get("/fr/account")).status_code == 200


async def test_the_second_step_without_the_first_goes_back_to_sign_in(client):
    answer = await post(client, "/fr/sign-in/code", code="123456")

    assert answer.headers["location"] == "/fr/sign-in"


async def test_codes_cannot_be_guessed_for_long(client):
    person = await make_person()
    now = datetime.now(UTC) - timedelta(minutes=5)
    secret = await pending_secret(person.id)
    await switch_on(person.id, pyotp.TOTP(secret).at(now), now=now)
    await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)

    seen = [(await post(client, "/fr/sign-in/code", code="000000")).status_code for _ in range(11)]

    assert seen == [422] * 10 + [429]


async def test_a_changed_password_signs_the_other_browsers_out(client):
    person = await sam()
    other = (await sign_in(client, person)).cookies["session"]
    mine = (await sign_in(client, person)).cookies["session"]

    answer = await post(client, "/fr/account/password", old=PASSWORD, password=NEW)

    assert answer.headers["location"] == "/fr/account?done=password"
    assert (await client.get("/fr/account")).status_code == 200
    for token in (other, mine):
        bring_back(client, token)
        assert (await client.get("/fr/account")).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", NEW, "old"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "sam@atlas.example", "password"),
    ],
)
async def test_a_password_is_not_changed_for_a_wrong_or_weak_one(client, old, new, field):
    await sign_in(client, await sam())

    answer = await post(client, "/fr/account/password", old=old, password=new)

    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)


async def test_a_forgotten_password_is_replaced_by_mail(client):
    person = await sam()
    stolen = (await sign_in(client, person)).cookies["session"]
    client.cookies.clear()

    await post(client, "/fr/password/forgotten", email=person.email)
    link = f"/fr/password/new/{await last_token()}"
    shown = await client.get(link)
    done = await post(client, link, password=NEW)
    again = await client.get(link)
    answer = await post(client, "/fr/sign-in", email=person.email, password=NEW)

    assert (shown.status_code, done.headers["location"]) == (200, "/fr/sign-in?done=reset")
    assert (again.status_code, answer.status_code) == (410, 303)
    bring_back(client, stolen)
    assert (await client.get("/fr/account")).status_code == 303


async def test_sessions_are_listed_and_ended_one_by_one_or_all(client):
    person = await sam()
    phone = (await sign_in(client, person, agent="Téléphone")).cookies["session"]
    tablet = (await sign_in(client, person, agent="Tablette")).cookies["session"]
    await sign_in(client, person, agent="Bureau")
    listed = (await client.get("/fr/account/sessions")).text
    [key, _] = re.findall(r"/sessions/([0-9a-f]{64})/end", listed)

    await post(client, f"/fr/account/sessions/{key}/end")
    left = (await client.get("/fr/account/sessions")).text
    await post(client, "/fr/account/sessions/others/end")

    assert all(agent in listed for agent in ("Téléphone", "Tablette", "Bureau"))
    assert len(re.findall(r"/sessions/([0-9a-f]{64})/end", left)) == 1
    assert (await client.get("/fr/account")).status_code == 200
    for token in (phone, tablet):
        bring_back(client, token)
        assert (await client.get("/fr/account")).status_code == 303


async def test_nobody_ends_the_session_of_another(client):
    victim = await sam()
    token = (await sign_in(client, victim)).cookies["session"]
    listed = (await sign_in(client, victim)) and (await client.get("/fr/account/sessions")).text
    [key] = re.findall(r"/sessions/([0-9a-f]{64})/end", listed)
    await sign_in(client, await zoe())

    await post(client, f"/fr/account/sessions/{key}/end")

    bring_back(client, token)
    assert (await client.get("/fr/account")).status_code == 200


async def test_the_language_is_remembered(client):
    person = await sam()
    await sign_in(client, person)

    answer = await post(client, "/fr/account", name="Sam", language="ar")

    assert answer.headers["location"] == "/ar/account?done=saved"
    assert client.cookies["language"] == "ar"
    assert (await Person.objects().get(Person.id == person.id)).language == "ar"


async def test_an_administrator_invites_and_the_guest_joins(client):
    admin = await sam()
    one = await organisation_of(admin)
    await sign_in(client, admin)
    sent = await post(
        client, f"/fr/organisations/{one.id}/invite", email="zoe@ailleurs.example", role="editor"
    )
    link = f"/fr/invitations/{await last_token()}"
    client.cookies.clear()

    joined = await post(client, link, name="Zoé", password=NEW)

    assert sent.headers["location"] == f"/fr/organisations/{one.id}?done=invited"
    assert joined.headers["location"] == f"/fr/organisations/{one.id}?done=joined"
    assert (await client.get(joined.headers["location"])).status_code == 200
    assert (await client.get(link)).status_code == 410


async def test_another_organisation_is_out_of_reach(client):
    other = await make_organisation(name="Autre (fictif)")
    member = await make_person(organisation=other, role=Role.VIEWER)
    await sign_in(client, await sam())

    seen = [
        (await post(client, f"/fr/organisations/{other.id}/{path}", role="admin")).status_code
        for path in (
            "edit",
            "invite",
            "leave",
            f"members/{member.id}/role",
            f"members/{member.id}/remove",
        )
    ]

    assert seen == [403] * 5
    assert await MembershipRow.count() == 2


async def test_a_removed_member_loses_access_at_once(client):
    admin = await sam()
    one = await organisation_of(admin)
    colleague = await make_person(organisation=one, role=Role.EDITOR)
    token = (await sign_in(client, colleague)).cookies["session"]
    assert (await client.get(f"/fr/organisations/{one.id}")).status_code == 200
    await sign_in(client, admin)

    await post(client, f"/fr/organisations/{one.id}/members/{colleague.id}/remove")

    bring_back(client, token)
    assert (await client.get(f"/fr/organisations/{one.id}")).status_code == 403


async def test_an_account_is_erased_with_its_sessions(client):
    person = await zoe()
    other = (await sign_in(client, person)).cookies["session"]
    await sign_in(client, person)

    wrong = await post(client, "/fr/account/erase", password="wrong")
    done = await post(client, "/fr/account/erase", password=PASSWORD)

    assert (wrong.status_code, done.headers["location"]) == (422, "/fr/sign-in?done=erased")
    bring_back(client, other)
    assert (await client.get("/fr/account")).status_code == 303


@pytest.mark.parametrize(
    ("spent", "helps"),
    [
        ("/fr/confirm/nothing", "/fr/confirm"),
        ("/fr/password/new/nothing", "/fr/password/forgotten"),
    ],
)
async def test_a_spent_link_leads_to_a_new_one(client, db, spent, helps):
    answer = await client.get(spent)

    assert answer.status_code == 410
    assert f'<a class="button" href="{helps}">Demander un nouveau lien</a>' in answer.text
