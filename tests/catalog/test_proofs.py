import re
from datetime import date

import pytest

from catalog import proofs
from catalog.rules.proof import Standing, look, registration_standing
from catalog.states import OriginLevel, Registration
from catalog.tables import DeviceDocument, new_id
from portal.web.i18n import language
from tests.catalog.devices import make_device
from tests.catalog.test_search_pages import indexed
from tests.people import make_organisation

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("declared", "expires_on", "has_certificate", "standing", "seen"),
    [
        ("registered", TODAY, False, ("registered", "declared"), "unsure"),
        ("registered", None, True, ("registered", "documented"), "unsure"),
        ("registered", date(2026, 5, 31), True, ("expired", "documented"), "attention"),
        ("expired", None, False, ("expired", "declared"), "attention"),
        ("in_progress", None, True, ("in_progress", "declared"), "unsure"),
        ("none", None, True, ("none", "none"), "attention"),
        ("unknown", None, False, ("unknown", "none"), "unsure"),
    ],
)
def test_registration_standing_is_never_greener_than_what_was_verified(
    declared, expires_on, has_certificate, standing, seen
):
    found = registration_standing(declared, expires_on, TODAY, has_certificate=has_certificate)

    assert found == Standing(Registration(standing[0]), OriginLevel(standing[1]))
    assert look(found) == seen


def test_an_origin_is_green_only_when_it_was_verified():
    language.set("en")

    shown = [proofs.origin("morocco", level) for level in ("declared", "documented", "verified")]

    assert [(one.words, one.look) for one in shown] == [
        ("Made in Morocco (declared by the supplier)", "unsure"),
        ("Made in Morocco (with documents)", "unsure"),
        ("Made in Morocco (verified)", "good"),
    ]
    assert proofs.origin("unknown", "none").words == ""


def badges(text: str) -> list[tuple[str, str]]:
    found = re.findall(r'<span class="badge([^"]*)">(?:<svg.*?</svg>)?(.*?)</span>', text)
    return [(words, look.strip()) for look, words in found if "egist" in words or "Made" in words]


@pytest.mark.parametrize("certificate", [False, True])
@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"registration_expires_on": date(2020, 1, 1)},
        {"registration": "in_progress"},
        {"registration": "none"},
    ],
)
async def test_search_page_device_page_and_json_say_the_same(client, columns, certificate):
    row = await make_device(await make_organisation(), **columns)
    if certificate:
        await DeviceDocument.insert(
            DeviceDocument(id=new_id(), device=row.id, document_id=new_id(), kind="registration")
        )
    await indexed(row)

    path = f"/en/devices/{row.number}-pompe-a-perfusion"
    searched = badges((await client.get("/en/devices")).text)
    shown = badges((await client.get(path)).text)
    listed = (await client.get("/api/v1/devices")).json()["devices"][0]["registration_standing"]
    told = (await client.get(f"/api/v1/devices/{row.number}")).json()["registration_standing"]

    assert searched == shown[:2]
    assert told == listed
    assert told["words"]["en"] == shown[1][0]
    assert sorted(told["words"]) == ["ar", "en", "fr"]
    assert "What the marks mean" in (await client.get(path)).text


async def test_a_registration_that_runs_out_shows_without_being_indexed_again(client):
    row = await make_device(await make_organisation(), registration_expires_on=date(2020, 1, 1))
    await indexed(row)

    assert (await client.get("/api/v1/devices")).json()["devices"][0]["registration_standing"][
        "status"
    ] == "expired"
