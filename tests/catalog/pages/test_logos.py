import re
from datetime import UTC, datetime

import pytest
from babel import Locale

from catalog.pages.places import countries
from catalog.queries.suppliers import supplier
from catalog.rules.countries import ISO_COUNTRIES
from catalog.search import load_suppliers
from portal import database
from portal.accounts.actions.organisations import decide
from portal.accounts.queries.organisations import organisation
from portal.accounts.states import OrganisationState
from portal.web.i18n import language
from tests.catalog.browsing import post
from tests.catalog.devices import actor_for, make_device
from tests.people import make_organisation, make_person, mia, organisation_of, sam, sign_in, vera
from tests.portal.documents.files import image

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
# What CLDR names beside the countries of ISO 3166-1.
NOT_ISO = set(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)


async def hand_in(client, organisation, data=None, version="0"):
    if "csrf" not in client.cookies:
        await client.get("/fr/udi")
    return await client.post(
        f"/en/suppliers/{organisation.id}/logo",
        data={"_csrf_token": client.cookies["csrf"], "version": version},
        files={"logo": ("logo.png", data or image(), "image/png")},
    )


async def test_a_logo_stands_on_the_page_in_lists_and_beside_the_devices(client):
    person = await sam()
    maker = await organisation_of(person)
    row = await make_device(maker)
    await sign_in(client, person)

    answer = await hand_in(client, maker)

    logo = (await supplier(maker.id)).profile.logo_document_id
    assert (answer.status_code, (await load_suppliers([maker.id]))[0].card["logo"]) == (
        303,
        str(logo),
    )
    client.cookies.clear()
    for path in (f"/en/suppliers/{maker.id}", f"/en/devices/{row.number}-pompe-a-perfusion"):
        page = await client.get(path)
        shown = re.findall(r'<img src="([^"]*)" alt="Logo of ([^"]*)"', page.text)
        assert [name for _address, name in shown] == [(await supplier(maker.id)).name], path
        assert (await client.get(shown[0][0])).headers["content-type"] == "image/webp"
    data = (await client.get(f"/api/v1/suppliers/{maker.id}")).json()
    assert data["logo"].endswith(f"/documents/{logo}")


async def test_a_logo_is_written_anew_and_what_is_no_image_is_refused(client):
    person = await sam()
    maker = await organisation_of(person)
    await sign_in(client, person)

    wrong = await hand_in(client, maker, b"MZ no image")
    nothing = await post(client, f"/en/suppliers/{maker.id}/logo", version="0")

    assert (wrong.status_code, nothing.status_code) == (422, 422)
    assert 'id="logo-error"' in wrong.text
    assert "Choose a file." in nothing.text
    assert (await supplier(maker.id)).profile.logo_document_id is None


async def test_of_two_people_the_second_is_told_and_a_logo_can_be_removed(client):
    person = await sam()
    maker = await organisation_of(person)
    await sign_in(client, person)

    first = await hand_in(client, maker)
    logo = (await supplier(maker.id)).profile.logo_document_id
    second = await hand_in(client, maker)
    gone = await post(client, f"/en/suppliers/{maker.id}/logo/remove", version="1")

    assert [one.status_code for one in (first, second, gone)] == [303, 409, 303]
    told = (await supplier(maker.id)).profile
    assert (told.logo_document_id, told.version) == (None, 2)
    client.cookies.clear()
    assert (await client.get(f"/documents/{logo}/preview/320")).status_code in {303, 403, 404}


async def test_a_logo_is_public_from_the_day_the_organisation_is_verified(client):
    maker = await make_organisation(verified=False)
    person = await make_person("sam@atlas.example", organisation=maker, name="Sam")
    await sign_in(client, person)
    await hand_in(client, maker)
    logo = (await supplier(maker.id)).profile.logo_document_id
    rows = "SELECT public FROM document WHERE id = $1"
    before = (await database.fetch(rows, logo))[0]["public"]

    present = await organisation(maker.id)
    await decide(
        maker.id,
        OrganisationState.VERIFIED,
        actor=await actor_for(await vera()),
        now=datetime.now(UTC),
        seen=present.version,
    )

    assert (before, (await database.fetch(rows, logo))[0]["public"]) == (False, True)


async def test_the_preview_shows_what_is_typed_and_saves_nothing(client):
    person = await sam()
    maker = await organisation_of(person)
    await sign_in(client, person)
    path = f"/en/suppliers/{maker.id}/preview"
    typed = {"about_en": "Pumps since 1999.", "founded_year": "19", "version": "0"}

    plain = await post(client, path, **typed)
    live = await client.post(
        path, data={"_csrf_token": client.cookies["csrf"], **typed}, headers=HTMX
    )

    assert (plain.status_code, live.status_code) == (422, 200)
    assert plain.text.count("Pumps since 1999.") == 2  # in the field, and in the preview
    assert live.text.count("Pumps since 1999.") == 1
    assert live.text.lstrip().startswith('<section id="profile-preview"')
    assert (await supplier(maker.id)).profile.version == 0


async def test_nobody_else_previews_or_changes_the_logo(client):
    maker = await make_organisation()
    await sign_in(client, await mia())

    assert (await hand_in(client, maker)).status_code == 403
    assert (await post(client, f"/en/suppliers/{maker.id}/preview")).status_code == 403
    assert (await post(client, f"/en/suppliers/{maker.id}/logo/remove")).status_code == 403


async def test_the_countries_exported_to_are_chosen_from_a_list(client):
    person = await sam()
    maker = await organisation_of(person)
    await sign_in(client, person)
    path = f"/en/suppliers/{maker.id}/edit"
    await client.get(path)
    token = {"_csrf_token": client.cookies["csrf"], "version": "0"}

    wrong = await client.post(path, data={**token, "export_countries": ["SN", "XX"]})
    both = await client.post(path, data={**token, "export_countries": "SN", "is_exporter": "no"})
    right = await client.post(path, data={**token, "export_countries": ["SN", "CI"]})

    assert [one.status_code for one in (wrong, both, right)] == [422, 422, 303]
    assert (await supplier(maker.id)).profile.export_countries == ("CI", "SN")
    form = (await client.get(path)).text
    assert re.findall(r'value="(\w\w)" checked', form) == ["CI", "SN"]
    assert "Côte d’Ivoire · Senegal" in (await client.get(f"/en/suppliers/{maker.id}")).text


def test_the_countries_are_those_of_the_standard():
    named = {code for code in Locale.parse("fr").territories if len(code) == 2 and code.isalpha()}

    assert named - NOT_ISO == ISO_COUNTRIES
    assert len(ISO_COUNTRIES) == 249


@pytest.mark.parametrize(
    ("code", "first", "near"),
    [("fr", "Afghanistan", ("Égypte", "Émirats arabes unis")),
     ("en", "Afghanistan", ("Egypt", "El Salvador"))],
)  # fmt: skip
def test_the_countries_stand_where_a_reader_looks_for_them(code, first, near):
    language.set(code)

    names = [name for _code, name in countries(but="MA")]

    assert names[0] == first
    assert abs(names.index(near[0]) - names.index(near[1])) == 1
    assert len(names) == 247
