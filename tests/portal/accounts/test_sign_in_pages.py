import pytest

from portal.accounts.tables import Person
from tests.people import PASSWORD, bring_back, make_person, post, sam, sign_in


async def test_sign_in_opens_a_session_and_goes_where_one_was(client):
    person = await sam()

    answer = await post(
        client, "/fr/sign-in", email=person.email.upper(), password=PASSWORD, next="/fr/account"
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/fr/account")
    page = await client.get("/fr/account")
    assert page.status_code == 200
    assert (await Person.objects().get(Person.id == person.id)).signed_in_at is not None


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(client):
    person = await sam()

    answer = await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)

    [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("session=")]
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly",
        "Max-Age=43200",
        "Path=/",
        "SameSite=lax",
    }


async def test_signing_in_again_replaces_the_session(client):
    person = await sam()
    await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)
    first = client.cookies["session"]
    await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)
    second = client.cookies["session"]

    bring_back(client, first)

    assert second != first
    assert (await client.get("/fr/account")).status_code == 303


@pytest.mark.parametrize(
    ("email", "password"),
    [("sam@atlas.example", "wrong password"), ("nobody@atlas.example", PASSWORD), ("x", "y")],
)
async def test_a_wrong_address_and_a_wrong_password_say_the_same(client, email, password):
    await sam()

    answer = await post(client, "/en/sign-in", email=email, password=password)

    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text
    assert "session" not in client.cookies


async def test_an_unconfirmed_person_is_asked_to_confirm(client):
    person = await make_person(confirmed=False)

    answer = await post(client, "/en/sign-in", email=person.email, password=PASSWORD)

    assert answer.status_code == 403
    assert "Your address is not confirmed yet." in answer.text
    assert "session" not in client.cookies


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_sign_in_never_leads_to_another_site(client, evil):
    person = await sam()

    answer = await post(client, "/fr/sign-in", email=person.email, password=PASSWORD, next=evil)

    assert answer.headers["location"] == "/fr"


async def test_sign_out_ends_the_session_on_the_server(client):
    await sign_in(client, await sam())
    token = client.cookies["session"]

    answer = await post(client, "/fr/sign-out")

    assert answer.headers["location"] == "/fr/sign-in?done=signed_out"
    bring_back(client, token)
    assert (await client.get("/fr/account")).status_code == 303


async def test_too_many_attempts_are_refused(client):
    person = await sam()
    for _ in range(20):
        await post(client, "/fr/sign-in", email=person.email, password="no")

    answer = await post(client, "/fr/sign-in", email=person.email, password=PASSWORD)

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_sign_in_without_the_token_of_the_form_is_refused(client):
    person = await sam()

    answer = await client.post("/fr/sign-in", data={"email": person.email, "password": PASSWORD})

    assert answer.status_code == 403


async def test_a_stranger_who_wants_their_account_is_sent_to_sign_in_and_back(client):
    answer = await client.get("/fr/account")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/fr/sign-in?next=%2Ffr%2Faccount"
