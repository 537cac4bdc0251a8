from datetime import date

from catalog.api.shapes import device_json, said
from catalog.queries.devices import device
from tests.catalog.devices import make_device
from tests.people import make_organisation


def test_said_leaves_out_the_languages_without_a_text():
    assert said(fr="Pompe", ar="", en="Pump") == {"fr": "Pompe", "en": "Pump"}


async def test_device_json_says_the_law_as_of_a_day(db):
    row = await make_device(await make_organisation(), registration_expires_on=date(2027, 1, 1))
    one = await device(row.id)

    assert device_json(one, date(2027, 1, 1)).may_be_marketed
    assert not device_json(one, date(2027, 1, 2)).may_be_marketed


async def test_a_reference_device_is_never_said_to_be_marketable_here(db):
    row = await make_device(None, is_reference=True, source="gudid", source_key="1")

    assert not device_json(await device(row.id), date(2026, 1, 1)).may_be_marketed
