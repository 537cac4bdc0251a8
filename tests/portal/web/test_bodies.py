import time

import pytest

from portal.web.bodies import MOST_TYPED_BYTES
from portal.web.forms import as_typed
from tests.people import sam, sign_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def token_of(client):
    await client.get("/fr/sign-in")
    return client.cookies["csrf"]


@pytest.mark.parametrize("knows_token", [True, False])
@pytest.mark.parametrize("path", ["/fr/register", "/fr/sign-in"])
async def test_a_form_larger_than_any_of_ours_is_not_read_whole(client, path, knows_token):
    known = {"X-CSRFToken": await token_of(client)} if knows_token else {}
    body = b"a=&" * (MOST_TYPED_BYTES // 3 + 1)

    answer = await client.post(path, content=body, headers=FORM | known)

    assert answer.status_code == 413


async def test_a_form_of_very_many_fields_keeps_nobody_waiting(client):
    token = await token_of(client)
    body = b"&a" * (MOST_TYPED_BYTES // 2)

    started = time.monotonic()
    answer = await client.post("/fr/register", content=body, headers={**FORM, "X-CSRFToken": token})

    assert answer.status_code == 422
    assert time.monotonic() - started < 10


def test_reading_a_name_that_comes_very_often_takes_time_in_proportion():
    started = time.monotonic()

    assert len(as_typed(("a", "x") for _ in range(200_000))["a"]) == 200_000
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/%00", 404),
        ("/static/" + "a" * 300, 404),
        ("/fr/nomenclature/%00", 404),
        ("/api/v1/nomenclature/a%00b", 404),
        ("/fr/nomenclature?for=%00", 200),
        ("/fr/devices?q=%00", 200),
        ("/fr/" + "é" * 200, 404),
    ],
)
async def test_an_address_that_nothing_can_have_is_not_our_fault(client, path, status):
    assert (await client.get(path)).status_code == status


@pytest.mark.parametrize("name", ["subject", "event", "kind", "actor"])
async def test_a_nul_in_a_filter_of_the_audit_is_left_out(client, name):
    await sign_in(client, await sam())

    assert (await client.get(f"/fr/audit?{name}=a%00b")).status_code == 200


async def test_a_nul_in_the_address_to_sign_in_with_is_a_wrong_address(client):
    token = await token_of(client)
    typed = {"email": "a\x00b@demo.example", "password": "none", "_csrf_token": token}

    assert (await client.post("/fr/sign-in", data=typed)).status_code == 422


async def test_a_file_where_a_text_belongs_counts_as_not_filled_in(client):
    token = await token_of(client)
    files = [("name", ("a.txt", b"x")), ("name", ("b.txt", b"y")), ("kind", ("c.txt", b"z"))]

    answer = await client.post("/fr/register", data={"_csrf_token": token}, files=files)

    assert answer.status_code == 422
