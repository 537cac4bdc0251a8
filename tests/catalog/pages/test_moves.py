from catalog.queries.devices import device
from catalog.states import DeviceState
from tests.catalog.browsing import post
from tests.catalog.devices import make_device
from tests.people import (
    organisation_of,
    sam,
    sign_in,
    vera,
)

REASON = "Le certificat joint est illisible."


async def test_what_is_missing_stops_a_submission_and_is_named(client):
    person = await sam()
    row = await make_device(
        await organisation_of(person), state=DeviceState.DRAFT, emdn_code="", variants=0
    )
    await sign_in(client, person)

    answer = await post(client, f"/en/devices/mine/{row.id}/move", move="submit", version="1")

    assert answer.status_code == 409
    assert "The code of the nomenclature (EMDN) is missing." in answer.text
    assert "There is no variant to order yet." in answer.text


async def test_a_supplier_does_not_publish_its_own_record(client):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.SUBMITTED)
    await sign_in(client, person)

    answer = await post(client, f"/fr/devices/mine/{row.id}/move", move="publish", version="1")

    assert answer.status_code == 403
    assert (await device(row.id)).state is DeviceState.SUBMITTED


async def test_sending_back_asks_for_a_reason_and_the_supplier_reads_it(client):
    person, verifier = await sam(), await vera()
    row = await make_device(await organisation_of(person), state=DeviceState.SUBMITTED)
    await sign_in(client, verifier)
    folder = f"/en/devices/mine/{row.id}"

    asked = await client.get(f"{folder}/move/send_back")
    silent = await post(client, f"{folder}/move", move="send_back", version="1")
    told = await post(client, f"{folder}/move", move="send_back", reason=REASON, version="1")

    assert (asked.status_code, silent.status_code, told.status_code) == (200, 422, 303)
    await sign_in(client, person)
    assert REASON in (await client.get(f"{folder}/check")).text
