"""The attribute definitions that ship with the portal."""

from catalog.actions.attributes import definitions, sync_attribute_definitions
from portal import database

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
