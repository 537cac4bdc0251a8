"""Proposing a pilot by typing its terms, and changing them."""

from datetime import UTC, datetime, timedelta

import pytest

from portal import database
from telemetry_ingest.forms import PilotForm, empty_terms, terms_of
from telemetry_ingest.pages.proposing import field_of, read_terms
from telemetry_ingest.protocol import Measure, Threshold, digest
from telemetry_ingest.queries.pilots import pilot, pilots_of
from tests.catalog.browsing import post
from tests.people import sign_in
from tests.telemetry_ingest.pilots import make_pilot, soon, two_sides
from tests.telemetry_ingest.protocols import SPO2

SAT = 150456
FIRST = datetime.now(UTC).date() + timedelta(days=2)


def typed(**changes: str) -> dict[str, str]:
    last = FIRST + timedelta(days=29)
    return {
        **{name: text for name, text in empty_terms().items() if text},
        "title": "Essai",
        "starts-day": str(FIRST.day), "starts-month": str(FIRST.month),
        "starts-year": str(FIRST.year), "ends-day": str(last.day),
        "ends-month": str(last.month), "ends-year": str(last.year),
        f"watch_{SAT}": "true", f"every_{SAT}": "1", "availability": "95,5",
        **changes,
    }  # fmt: skip


async def test_a_maker_chooses_a_device_and_proposes(client):
    sides = await two_sides()
    await sign_in(client, sides.maker)

    picked = await client.get("/fr/pilots/new?q=OXYMETRE")
    none = await client.get("/fr/pilots/new?q=scanner")
    form = await client.get(f"/fr/pilots/new?device={sides.device.id}")
    answer = await post(
        client, "/fr/pilots/new", **typed(device=str(sides.device.id), host=str(sides.host_id))
    )

    assert f"device={sides.device.id}" in picked.text
    assert f"device={sides.device.id}" not in none.text
    assert str(sides.host_id) in form.text
    (one,) = await pilots_of([sides.owner_id])
    assert answer.headers["location"] == f"/fr/pilots/{one.id}"
    assert [(each.metric, each.every_s) for each in one.protocol.watched] == [(SPO2, 1.0)]
    assert one.protocol.thresholds == (Threshold(measure=Measure.AVAILABILITY, limit="0.955"),)
    assert (one.ends_at - one.starts_at) >= timedelta(days=29, hours=23)


async def test_a_hospital_proposes_for_itself_alone(client):
    sides = await two_sides()
    await sign_in(client, sides.host)

    form = await client.get(f"/fr/pilots/new?device={sides.device.id}")
    answer = await post(
        client, "/fr/pilots/new", **typed(device=str(sides.device.id), host=str(sides.host_id))
    )

    assert f'<option value="{sides.host_id}" selected>' in form.text
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts-year": "2020"}, "starts"),
        ({"ends-year": "2020"}, "ends"),
        ({"availability": "101"}, "availability"),
        ({"mtbf": "beaucoup"}, "mtbf"),
        ({"daily_from": "9", "daily_to": "8"}, "daily_to"),
        ({f"low_{SAT}": "100"}, f"high_{SAT}"),
        ({f"bias_{SAT}": "2"}, "reference"),
        ({f"watch_{SAT}": ""}, ""),
        ({"host": ""}, "host"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client, changes, field):
    sides = await two_sides()
    await sign_in(client, sides.maker)
    asked = typed(device=str(sides.device.id), host=str(sides.host_id), purpose="Pourquoi pas")

    answer = await post(client, "/fr/pilots/new", **(asked | changes))

    assert answer.status_code == 422
    assert not field or f'id="{field}-error"' in answer.text
    assert "Pourquoi pas" in answer.text
    assert (await database.fetch("SELECT count(*) AS n FROM pilot"))[0]["n"] == 0


async def test_other_terms_are_shown_as_typed_and_void_what_was_agreed(client):
    sides = await two_sides()
    row = await make_pilot(
        sides,
        protocol={"starts_at": datetime.now(UTC) + timedelta(days=2)},
        host_agreed_at=datetime.now(UTC),
    )
    await sign_in(client, sides.maker)

    form = await client.get(f"/fr/pilots/{row.id}/terms")
    answer = await post(client, f"/fr/pilots/{row.id}/terms", **typed(version="1", site="Bloc"))
    late = await post(client, f"/fr/pilots/{row.id}/terms", **typed(version="1", site="Bloc 2"))

    assert 'value="Oxymètre de pouls (essai)"' in form.text
    assert (answer.status_code, late.status_code) == (303, 422)
    assert "Bloc 2" in late.text
    one = await pilot(row.id)
    assert (one.site, one.version, one.host_agreed) == ("Bloc", 2, False)


def test_a_protocol_survives_the_form():
    begins = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    agreement = soon(
        reference=True,
        thresholds=(
            Threshold(measure=Measure.AVAILABILITY, limit="0.95"),
            Threshold(measure=Measure.BIAS, limit="1.5", metric=SPO2),
        ),
    )

    form, errors = read_terms(dict(terms_of(agreement, "Réanimation")))

    assert errors == {}
    again, _ = read_terms(dict(terms_of(form.protocol(), form.site)))
    assert digest(again.protocol()) == digest(form.protocol())
    assert form.protocol().thresholds == agreement.thresholds
    assert form.protocol().starts_at <= agreement.starts_at
    assert begins - timedelta(days=1) < form.protocol().starts_at


def test_a_contradiction_has_a_field():
    form = PilotForm(title="x", starts=FIRST, ends=FIRST, **{f"watch_{SAT}": True})

    found = [field_of(place, form) for place in ("watched[0].low", "thresholds[1].measure", "x")]

    assert found == [f"low_{SAT}", "reference", "x"]
