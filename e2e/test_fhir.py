"""A member of a pilot takes a device's readings away as FHIR, from the page and as a program."""

import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.sync_api import expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.test_live import DEVICE, PILOT, SPO2, beside
from e2e.words import Words
from tests.services import services

VALUES = [97.0, 96.5, None, 98.0]


def store() -> None:
    """Store four readings of a minute ago as the ingest does; a second time they are there."""
    started = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    times = [started + timedelta(seconds=place) for place in range(len(VALUES))]

    async def write() -> None:
        mine = services()
        connection = await asyncpg.connect(mine.running.postgres.url(f"e2e_{mine.worker}"))
        for day in sorted({one.date() for one in times}):
            await connection.execute("SELECT telemetry_day($1)", day)
        await connection.execute(
            "DELETE FROM reading USING pilot_device u WHERE u.id = $1 AND device = u.number", DEVICE
        )
        await connection.execute(
            "INSERT INTO reading SELECT u.number, $2, at, 1, place, value FROM pilot_device u,"
            " unnest($3::timestamptz[], $4::float8[]) WITH ORDINALITY AS x(at, value, place)"
            " WHERE u.id = $1",
            DEVICE,
            SPO2,
            times,
            VALUES,
        )
        await connection.close()

    beside(write)


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_readings_are_downloaded_as_fhir_without_javascript_and_read_by_a_program(visit, code):
    words = Words(code)
    page = visit(words.path("/"), javascript=False, width=360)
    sign_in(page, words, address_of("mia"))
    store()
    page.goto(words.path(f"/pilots/{PILOT}/live/{DEVICE}"))
    page.get_by_role("link", name=words("Download readings")).click()
    page.get_by_label(words("FHIR R4 for other information systems (JSON)")).check()
    expect(page.get_by_role("heading", name=words("For programs: FHIR R4"))).to_be_visible()

    with page.expect_download() as waiting:
        page.get_by_role("button", name=words("Download readings")).click()
    found = json.loads(waiting.value.path().read_text())
    runs = [one["resource"].get("valueSampledData") for one in found["entry"]]
    assert [one["data"] for one in runs if one] == ["97 96.5 E 98"]

    address = page.locator("pre", has_text="Observation?device=").inner_text()
    answer = page.request.get(f"/fhir{address.partition('/fhir')[2]}")
    values = [
        one["resource"].get("valueQuantity", {}).get("value") for one in answer.json()["entry"]
    ]
    assert values == [97, 96.5, None, 98]
    assert answer.headers["content-type"] == "application/fhir+json"


@pytest.mark.parametrize("code", ["fr", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_readings_has_no_fault_on_any_screen(visit, code, width):
    words = Words(code)
    page = visit(words.path("/"), width=width)
    sign_in(page, words, address_of("mia"))

    page.goto(words.path(f"/pilots/{PILOT}/devices/{DEVICE}/readings"))

    assert faults(page, code) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
