"""The page of a device's readings, and the file it gives."""

from datetime import UTC, datetime, timedelta

import pytest

from telemetry_ingest.states import PilotState
from tests.people import sign_in
from tests.telemetry_ingest.fhir.valid import check
from tests.telemetry_ingest.pilots import make_pilot, make_unit, two_sides
from tests.telemetry_ingest.readings import store_readings


@pytest.fixture
async def world(db):
    sides = await two_sides()
    row = await make_pilot(sides, PilotState.RUNNING, started_at=datetime.now(UTC))
    return sides, row, await make_unit(row)


async def test_a_period_is_asked_for_and_sent(client, world):
    sides, row, unit = world
    now = datetime.now(UTC).replace(microsecond=0)
    await store_readings(unit.number, now - timedelta(minutes=5), [97.0, None, 300.0])
    await sign_in(client, sides.maker)
    address = f"/fr/pilots/{row.id}/devices/{unit.id}/readings"

    for code in ("fr", "ar", "en"):
        shown = await client.get(address.replace("/fr/", f"/{code}/"))
        assert (shown.status_code, "SN-001" in shown.text) == (200, True)
    day, end = now.date() - timedelta(days=1), now.date() + timedelta(days=1)
    typed = {"since": str(day), "form": "csv"}
    typed |= {"until-day": str(end.day), "until-month": str(end.month), "until-year": str(end.year)}
    file = await client.get(f"{address}/file", params=typed)
    assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert file.text.splitlines()[-1] == "# end: 3 readings; 1 failed; 1 implausible"
    assert f"readings-{row.number or 1}"[:9] in file.headers["content-disposition"]
    columns = await client.get(f"{address}/file", params=typed | {"form": "parquet"})
    assert (columns.content[:4], columns.content[-4:]) == (b"PAR1", b"PAR1")


@pytest.mark.parametrize(
    "typed",
    [{}, {"since": "2026-02-30", "until": "2026-03-01"}, {"since": "2026-03-02", "until":
      "2026-03-01"}, {"since": "0001-01-01", "until": "9999-12-31"},
     {"since": "2026-03-01", "until": "2026-03-01", "form": "xlsx"}],
)  # fmt: skip
async def test_a_period_that_is_none_is_told(client, world, typed):
    sides, row, unit = world
    await sign_in(client, sides.host)

    answer = await client.get(f"/fr/pilots/{row.id}/devices/{unit.id}/readings/file", params=typed)

    assert (answer.status_code, "error" in answer.text) == (422, True)


async def test_a_device_of_another_pilot_is_not_there(client, world):
    sides, row, _unit = world
    other = await make_unit(await make_pilot(sides), "SN-9")
    await sign_in(client, sides.host)

    answer = await client.get(f"/fr/pilots/{row.id}/devices/{other.id}/readings")

    assert answer.status_code == 404


async def test_a_period_is_sent_as_a_bundle_of_fhir(client, world):
    sides, row, unit = world
    now = datetime.now(UTC).replace(microsecond=0)
    await store_readings(unit.number, now - timedelta(minutes=5), [97.0, None, 300.0])
    await sign_in(client, sides.host)
    address = f"/ar/pilots/{row.id}/devices/{unit.id}/readings"
    days = {"since": str(now.date() - timedelta(days=1)), "until": str(now.date())}

    file = await client.get(f"{address}/file", params=days | {"form": "fhir.json"})

    check(file.json())
    kinds = [one["resource"]["resourceType"] for one in file.json()["entry"]]
    assert kinds == ["Device", "DeviceMetric", "DeviceMetric", "Observation"]
    assert file.json()["entry"][3]["resource"]["valueSampledData"]["data"] == "97 E 300"
    assert file.headers["content-disposition"].endswith('.fhir.json"')
    assert f"Observation?device=Device/{unit.id}" in (await client.get(address)).text
