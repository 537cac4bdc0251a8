import pytest

from tests.catalog.devices import make_device, make_terms
from tests.people import make_organisation


async def test_udi_tells_the_device_and_what_the_code_says(client):
    maker = await make_organisation()
    row = await make_device(maker)

    data = (await client.get("/api/v1/udi", params={"code": "(01)06111234567895(17)270200"})).json()

    assert (data["readable"], data["agency"], data["di"]) == (True, "GS1", "06111234567895")
    assert (data["expires_on"], data["expires_as_written"]) == ("2027-02-28", "270200")
    assert [one["number"] for one in data["devices"]] == [row.number]


@pytest.mark.parametrize(
    ("code", "trouble", "check"),
    [("", "empty", ""), ("hello", "form", ""), ("(10)A", "no_device", ""),
     ("6111234567894", "", "5")],
)  # fmt: skip
async def test_udi_says_what_is_wrong(client, code, trouble, check):
    data = (await client.get("/api/v1/udi", params={"code": code})).json()

    assert (data["trouble"], data["expected_check_digit"], data["devices"]) == (trouble, check, [])


async def test_udi_finds_a_hibcc_identifier_with_and_without_its_check_sign(client):
    await make_device(await make_organisation(), udi_di="H373HR060545A3J")

    for code in ("+H373HR060545A3J", "+H373HR060545A3", "+H373HR060545A3/$LOT"):
        data = (await client.get("/api/v1/udi", params={"code": code})).json()
        assert (code, len(data["devices"])) == (code, 1)


async def test_nomenclature_counts_what_is_public_in_and_below_each_place(client):
    await make_terms()
    maker = await make_organisation()
    await make_device(maker)
    await make_device(maker, emdn_code="Z120302", udi_di=None, origin="foreign")
    await make_device(maker, state="draft", udi_di=None)

    top = (await client.get("/api/v1/nomenclature")).json()
    place = (await client.get("/api/v1/nomenclature/Z1203")).json()

    assert [(one["term"]["code"], one["devices"]) for one in top["below"]] == [("A", 0), ("Z", 2)]
    assert (place["here"]["devices"], place["here"]["made_in_morocco"]) == (2, 1)
    assert [one["code"] for one in place["above"]] == ["Z", "Z12"]
    assert (await client.get("/api/v1/nomenclature/Q99")).status_code == 404


async def test_a_device_is_not_sent_again_when_it_did_not_change(client):
    row = await make_device(await make_organisation())
    first = await client.get(f"/api/v1/devices/{row.number}")

    again = await client.get(
        f"/api/v1/devices/{row.id}", headers={"If-None-Match": first.headers["etag"]}
    )

    assert (first.status_code, again.status_code) == (200, 304)
