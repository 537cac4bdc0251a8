import json
import re
from datetime import date
from html import unescape

import pytest

from catalog.pages.facts import in_english
from catalog.pages.held import MOST, Held
from catalog.rules.emdn import calm
from catalog.states import DeviceState
from catalog.tables import DeviceVariant
from tests.catalog.devices import make_attributes, make_device, make_terms
from tests.people import make_organisation, organisation_of, sam, sign_in


def words(text: str) -> str:
    """Return a page as one line of plain text."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


async def test_the_page_says_what_the_json_says(client):
    await make_terms()
    await make_attributes()
    row = await make_device(await make_organisation(), variants=2, basic_udi="611ATLASPM20")

    page = words((await client.get(f"/en/devices/{row.number}-pompe-a-perfusion")).text)
    data = (await client.get(f"/api/v1/devices/{row.number}")).json()

    facts = [
        data["name"]["en"],
        data["summary"]["fr"],
        data["purpose"]["fr"],
        data["brand"],
        data["reference"],
        data["emdn_code"],
        calm(data["emdn"]["name"]["en"]),
        data["basic_udi_di"],
        data["registration_number"],
        data["supplier"]["name"]["fr"],
        *[variant["reference"] for variant in data["variants"]],
        *[variant["udi_di"] for variant in data["variants"] if variant["udi_di"]],
        *[pack["name"] for variant in data["variants"] for pack in variant["packagings"]],
    ]
    assert [fact for fact in facts if fact not in page] == []
    assert (data["risk_class"], data["origin"], data["origin_level"], data["may_be_marketed"]) == (
        "IIb",
        "morocco",
        "declared",
        True,
    )
    assert data["properties"]["is_active"] is True
    assert data["properties"]["is_sterile"] is None


async def test_an_old_address_and_an_id_lead_to_the_present_address(client):
    row = await make_device(await make_organisation())
    present = f"/fr/devices/{row.number}-pompe-a-perfusion"

    for path in (f"/fr/devices/{row.number}", f"/fr/devices/{row.number}-ancien-nom",
                 f"/fr/devices/{row.id}"):  # fmt: skip
        answer = await client.get(path)
        assert (path, answer.status_code, answer.headers["location"]) == (path, 301, present)
    assert (await client.get(present)).status_code == 200


@pytest.mark.parametrize("handle", ["999999", "no-such", "00000000-0000-0000-0000-000000000000"])
async def test_what_does_not_exist_is_not_found(client, handle):
    assert (await client.get(f"/fr/devices/{handle}")).status_code == 404
    answer = await client.get(f"/api/v1/devices/{handle}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("columns", "notice"),
    [
        ({"registration": "none", "registration_number": ""}, "before registration"),
        ({"registration_expires_on": date(2020, 1, 1)}, "before registration"),
        ({}, ""),
        ({"is_reference": True, "source": "gudid", "source_key": "1", "registration": "unknown",
          "origin": "foreign"}, "not made in Morocco"),
    ],
)  # fmt: skip
async def test_the_page_warns_when_the_law_or_honesty_asks_for_it(client, columns, notice):
    reference = columns.get("is_reference", False)
    row = await make_device(None if reference else await make_organisation(), **columns)

    answer = await client.get(f"/en/devices/{row.number}-pompe-a-perfusion")

    text = words(answer.text)
    assert ("before registration" in text) == (notice == "before registration")
    assert ("Reference device, not made in Morocco" in text) == reference


async def test_the_page_describes_the_product_for_search_engines(client):
    row = await make_device(await make_organisation())

    text = (await client.get(f"/fr/devices/{row.number}-pompe-a-perfusion")).text

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    product = json.loads(found[1])
    assert (product["@type"], product["sku"], product["gtin14"]) == (
        "Product",
        "PM-20",
        "06111234567895",
    )
    assert '<meta property="og:type" content="product">' in text


async def test_a_held_page_costs_one_statement_and_a_known_one_no_body(client, statements):
    row = await make_device(await make_organisation())
    path = f"/fr/devices/{row.number}-pompe-a-perfusion"
    await client.get(path)  # gives the visitor their token
    first = await client.get(path)
    statements.clear()

    again = await client.get(path)
    known = await client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.text, known.status_code) == (200, first.text, 304)
    assert len(statements) == 2


async def test_a_change_shows_at_once(client):
    row = await make_device(await make_organisation())
    path = f"/en/devices/{row.number}-pompe-a-perfusion"
    await client.get(path)
    row.name_en, row.version = "Better pump", 2
    await row.save()

    assert "Better pump" in (await client.get(path)).text


async def test_every_visitor_gets_their_own_token_and_a_member_their_own_page(client):
    person = await sam()
    row = await make_device(await organisation_of(person))
    path = f"/fr/devices/{row.number}-pompe-a-perfusion"
    await client.get(path)
    assert client.cookies["csrf"] in (await client.get(path)).text
    client.cookies.clear()
    await client.get(path)
    assert client.cookies["csrf"] in (await client.get(path)).text

    await sign_in(client, person)
    assert "Ouvrir la fiche" in (await client.get(path)).text


async def test_a_suspended_device_is_gone_and_a_retired_one_stays_marked(client):
    maker = await make_organisation()
    gone = await make_device(maker, state=DeviceState.SUSPENDED)
    kept = await make_device(maker, state=DeviceState.RETIRED, udi_di=None)

    assert (await client.get(f"/fr/devices/{gone.number}-pompe-a-perfusion")).status_code == 404
    answer = await client.get(f"/en/devices/{kept.number}-pompe-a-perfusion")
    assert "no longer offers" in answer.text


@pytest.mark.parametrize("count", [1, 3])
async def test_the_page_asks_as_often_however_much_it_holds(client, statements, count):
    maker = await make_organisation()
    row = await make_device(maker, variants=count)
    for _ in range(count):
        await make_device(maker, udi_di=None)
    statements.clear()

    await client.get(f"/fr/devices/{row.number}-pompe-a-perfusion")

    assert len(statements) == 3  # its edition, itself, those of its family


def test_held_forgets_the_page_kept_longest():
    held = Held()
    for number in range(MOST + 1):
        held.put((number,), b"page")

    assert (held.get((0,)), held.get((1,)), held.get((MOST,))) == (None, b"page", b"page")


async def test_in_arabic_the_gmdn_term_is_said_to_be_english(client):
    row = await make_device(await make_organisation(), gmdn_term="Infusion pump, general-purpose")

    text = (await client.get(f"/ar/devices/{row.number}-pompe-a-perfusion")).text

    assert '<span lang="en" dir="ltr">Infusion pump, general-purpose</span>' in text
    assert "<span lang" in str(in_english("x"))


@pytest.mark.parametrize(("sizes", "columns"), [("", 4), ("20 × 30 cm", 5)])
async def test_the_table_of_variants_has_no_empty_column_and_labels_for_a_phone(
    client, sizes, columns
):
    row = await make_device(await make_organisation())
    await DeviceVariant.update({DeviceVariant.sizes: sizes}).where(DeviceVariant.device == row.id)

    text = (await client.get(f"/en/devices/{row.number}-pompe-a-perfusion")).text

    table = text.partition('class="variants"')[2].partition("</table>")[0]
    assert table.count('scope="col"') == columns
    first = table.partition("<tbody")[2].partition("</tr>")[0]
    assert first.count("data-label=") == columns - 1
