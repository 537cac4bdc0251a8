"""The second factor of those who verify or decide, for every role."""

import re

import pyotp
import pytest
from httpx import ASGITransport, AsyncClient

from portal.accounts.actions.second_factor import pending_secret
from portal.accounts.tables import MembershipRow, Person
from portal.app import create_app
from portal.permissions import second_factor_duty
from portal.settings import Settings, get_settings
from tests.access import ROLES, actor
from tests.people import PASSWORD, make_organisation, make_person, post, sign_in, vera

CONCERNED = {"cluster", "authority_viewer", "authority"}
SET_UP = "/fr/account/second-factor"


@pytest.fixture
async def strict(db):
    app = create_app(get_settings().model_copy(update={"second_factor_required": True}))
    async with app.lifespan():
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield client


def test_it_is_on_unless_somebody_switches_it_off():
    assert Settings.model_fields["second_factor_required"].default is True


@pytest.mark.parametrize("role", ROLES)
def test_the_duty_of_every_role(role):
    assert second_factor_duty(actor(role), None) is (role in CONCERNED)


@pytest.mark.parametrize("role", [name for name, one in ROLES.items() if one])
async def test_only_those_with_the_duty_are_led_to_the_set_up(strict, role):
    kind, place, verified = ROLES[role]
    organisation = await make_organisation(kind, verified=verified)
    await sign_in(strict, await make_person(organisation=organisation, role=place))

    answers = [await strict.get(path) for path in ("/fr", "/fr/account", "/fr/devices")]

    led = [answer.headers.get("location") == SET_UP for answer in answers]
    assert led == [role in CONCERNED] * 3
    assert (await strict.get(SET_UP)).status_code == 200


async def test_nothing_else_opens_before_it_is_on_not_even_for_a_program(strict):
    await sign_in(strict, await vera())
    await strict.get(SET_UP)

    pages = [
        await strict.get(path) for path in ("/fr/verification", "/fr/notices", "/fr/account/data")
    ]
    sent = await post(strict, "/fr/account", name="Autre", language="fr")
    program = await strict.get("/api/v1/devices")
    partial = await strict.get(
        "/fr/devices", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )

    assert [one.headers.get("location") for one in [*pages, sent]] == [SET_UP] * 4
    assert (program.status_code, program.json()["status"]) == (403, 403)
    assert partial.headers["hx-redirect"] == SET_UP
    assert [one.name for one in await Person.objects()] == ["Vera"]


async def test_a_verifier_signs_in_sets_it_up_and_works(strict):
    person = await vera()

    signed = await post(
        strict, "/fr/sign-in", email=person.email, password=PASSWORD, next="/fr/verification"
    )
    led = await strict.get(signed.headers["location"])
    page = await strict.get(led.headers["location"])
    secret = await pending_secret(person.id)
    codes = await post(strict, SET_UP, code=pyotp.TOTP(secret).now())
    works = await strict.get("/fr/verification")

    assert led.headers["location"] == SET_UP
    assert "Tout le reste" in page.text
    assert (codes.status_code, codes.text.count("<li>") >= 10) == (200, True)
    assert works.status_code == 200


async def test_a_recovery_code_opens_as_well_and_switching_off_leads_back(strict):
    person = await vera()
    await sign_in(strict, person)
    secret = await pending_secret(person.id)
    shown = await post(strict, SET_UP, code=pyotp.TOTP(secret).now())
    recovery = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", shown.text)[0]
    await post(strict, "/fr/sign-out")

    await post(strict, "/fr/sign-in", email=person.email, password=PASSWORD)
    waiting = await strict.get("/fr/verification")
    await post(strict, "/fr/sign-in/code", code=recovery)
    inside = await strict.get("/fr/verification")
    off = await post(strict, f"{SET_UP}/off", password=PASSWORD)
    outside = await strict.get("/fr/verification")

    assert waiting.headers["location"].startswith("/fr/sign-in")
    assert (inside.status_code, off.status_code) == (200, 303)
    assert outside.headers["location"] == SET_UP


async def test_who_is_made_a_verifier_is_led_there_at_the_next_page_and_a_former_one_is_free(
    strict,
):
    person = await vera()
    await sign_in(strict, person)

    held = await strict.get("/fr/account")
    await MembershipRow.delete().where(MembershipRow.person == person.id)
    free = await strict.get("/fr/account")

    assert (held.headers["location"], free.status_code) == (SET_UP, 200)


async def test_signing_out_is_always_open(strict):
    await sign_in(strict, await vera())
    await strict.get(SET_UP)

    out = await post(strict, "/fr/sign-out")

    assert out.headers["location"] == "/fr/sign-in?done=signed_out"
