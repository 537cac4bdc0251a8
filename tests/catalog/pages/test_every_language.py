import pytest

from catalog.states import DeviceState
from tests.catalog.devices import make_attributes, make_device, make_terms
from tests.people import organisation_of, sam, sign_in


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
async def test_the_public_pages_answer_in_every_language(client, language):
    await make_terms()
    await make_attributes()
    maker = await organisation_of(await sam())
    row = await make_device(maker)

    for path in (
        f"devices/{row.number}-pompe-a-perfusion",
        f"suppliers/{maker.id}",
        "nomenclature",
        "nomenclature/Z1203",
        "nomenclature?q=pompes",
        "udi",
        "udi?code=(01)06111234567895(10)LOT1",
        "udi?code=6111234567894",
        "udi?code=hello",
        "api-docs",
    ):
        answer = await client.get(f"/{language}/{path}")
        assert (path, answer.status_code) == (path, 200), answer.text[:2000]


STEPS = (
    "names", "purpose", "classification", "variants", "attributes", "origin", "registration",
    "price", "files", "check",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
async def test_every_page_of_a_record_shows_what_is_saved(client, step):
    await make_terms()
    await make_attributes()
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)

    answer = await client.get(f"/fr/devices/mine/{row.id}/{step}")

    assert answer.status_code == 200, answer.text[:3000]
