"""The attribute definitions that ship with the portal."""

import re
import tomllib
from pathlib import Path

import pytest

from catalog.actions.attributes import (
    WrongDefinition,
    definitions,
    keep_definitions,
    sync_attribute_definitions,
)
from catalog.queries.devices import device
from catalog.rules.attributes import mistakes
from catalog.states import DeviceState
from portal import database
from tests.catalog.browsing import post
from tests.catalog.devices import make_device, make_terms
from tests.people import organisation_of, sam, sign_in

DOCS = Path(__file__).parents[2] / "docs" / "attributes.md"

ALL = "SELECT key, label_fr, unit, is_facet FROM attribute_definition ORDER BY position"


async def test_sync_writes_what_the_file_says_and_mends_what_differs(db):
    await sync_attribute_definitions()
    await database.fetch("UPDATE attribute_definition SET label_fr = 'x', is_facet = false")
    await sync_attribute_definitions()

    rows = await database.fetch(ALL)
    assert [(row["key"], row["label_fr"], row["unit"]) for row in rows] == [
        (key, one["labels"][0], one.get("unit", "")) for key, one in definitions().items()
    ]
    assert not any(row["is_facet"] for row in rows)  # what an operator chose stays


async def test_sync_keeps_a_definition_that_left_the_file(db):
    await database.fetch(
        "INSERT INTO attribute_definition (key, label_fr, kind, position)"
        " VALUES ('old', 'Ancien', 'text', 99)"
    )
    await sync_attribute_definitions()

    rows = await database.fetch(ALL)
    assert [row["key"] for row in rows] == [*definitions(), "old"]


def example() -> dict:
    """Return the example of the documentation as the file would hold it."""
    return tomllib.loads(re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1])


async def test_the_example_of_the_documentation_works_from_the_file_to_the_page(client):
    await make_terms()
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    await sign_in(client, person)
    await keep_definitions(example())
    await keep_definitions(example())
    folder = f"/en/devices/mine/{row.id}"

    form = (await client.get(f"{folder}/attributes")).text
    typed = {"value-pressure_max_kpa": "0,5 bar", "value-alarm_kind": "light", "version": "1"}
    saved = await post(client, f"{folder}/values", **typed)
    refused = await post(
        client, f"{folder}/values", **{"value-pressure_max_kpa": "20 bar", "version": "2"}
    )

    assert "Maximum pressure (kPa)" in form
    assert (saved.status_code, refused.status_code) == (303, 422)
    assert "Write at most 1,000 kPa." in refused.text
    assert [(one.key, one.number, one.words) for one in (await device(row.id)).attributes] == [
        ("pressure_max_kpa", 50.0, ""),
        ("alarm_kind", None, "Light"),
    ]


def test_the_file_that_ships_has_no_mistake():
    assert {key: found for key, one in definitions().items() if (found := mistakes(key, one))} == {}


@pytest.mark.parametrize(
    ("key", "changed", "words"),
    [
        ("Pressure", {}, "the key takes small letters, digits and _, at most 60"),
        ("x", {"labels": ["Un", "Two"]}, "labels needs French, Arabic and English"),
        ("x", {"unit": "furlong"}, "a number needs a unit of UNITS (catalog/rules/values.py)"),
        ("x", {"kind": "colour"}, "kind « colour » is none of number, text, boolean, choice"),
        ("x", {"scope": "12"}, "scope « 12 » is no EMDN code"),
        ("x", {"kind": "choice"}, "a choice needs choices, each with three labels"),
        ("x", {"units": "kg"}, "unknown: units"),
    ],
)
async def test_a_mistake_in_the_file_is_named_and_nothing_is_written(db, key, changed, words):
    right = {"labels": ["Masse", "الكتلة", "Mass"], "unit": "kg"}

    with pytest.raises(WrongDefinition) as raised:
        await keep_definitions({"mass": right, key: {**right, **changed}})

    assert str(raised.value) == f"attributes.toml, [{key}]: {words}."
    assert await database.fetch("SELECT 1 FROM attribute_definition") == []
