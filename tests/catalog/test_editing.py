import asyncio

import pytest

from catalog.actions.contents import (
    PackInput,
    VariantInput,
    remove_variant,
    save_attributes,
    save_variant,
)
from catalog.actions.editing import register_device, save_step
from catalog.errors import (
    DeviceChangedMeanwhile,
    DeviceNotFound,
    IdentifierTaken,
    NotEditable,
    VariantNotFound,
)
from catalog.queries.devices import device
from catalog.rules.completeness import Step
from catalog.rules.values import Value
from catalog.states import Agency, DeviceState
from catalog.tables import new_id
from portal import database
from tests.catalog.devices import actor_for, make_attributes, make_device, make_terms
from tests.people import organisation_of, sam


async def events(subject) -> list[str]:
    rows = await database.fetch(
        "SELECT event FROM audit_record WHERE subject_id = $1 ORDER BY at", str(subject)
    )
    return [row["event"] for row in rows]


async def test_register_device_begins_a_draft_of_the_organisation(db):
    person = await sam()
    organisation = await organisation_of(person)

    device_id = await register_device(
        organisation.id, {"name_fr": "Lit", "reference": "L1"}, actor=await actor_for(person)
    )

    one = await device(device_id)
    assert (one.name_fr, one.reference, one.state, one.version, one.organisation_id) == (
        "Lit",
        "L1",
        DeviceState.DRAFT,
        1,
        organisation.id,
    )
    assert one.supplier.name_fr == organisation.name_fr
    assert await events(device_id) == ["device.registered"]


async def test_save_step_writes_the_columns_of_its_page_and_no_other(db):
    person = await sam()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)

    version = await save_step(
        row.id,
        Step.NAMES,
        {"name_fr": "Pompe 2", "risk_class": "I"},
        version=1,
        actor=await actor_for(person),
    )

    one = await device(row.id)
    assert (version, one.version, one.name_fr, one.risk_class) == (2, 2, "Pompe 2", "IIb")
    assert await events(row.id) == ["device.changed"]


async def test_save_step_follows_the_origin(db):
    person = await sam()
    row = await make_device(
        await organisation_of(person),
        state=DeviceState.DRAFT,
        origin="unknown",
        origin_level="none",
    )
    actor = await actor_for(person)

    version = await save_step(row.id, Step.ORIGIN, {"origin": "morocco"}, version=1, actor=actor)
    assert (await device(row.id)).origin_level == "declared"

    await save_step(row.id, Step.ORIGIN, {"origin": "foreign"}, version=version, actor=actor)
    assert (await device(row.id)).origin_level == "none"


async def test_save_step_refuses_an_unknown_device_a_fixed_one_and_an_old_edition(db):
    person = await sam()
    actor = await actor_for(person)
    organisation = await organisation_of(person)
    published = await make_device(organisation)
    draft = await make_device(organisation, state=DeviceState.DRAFT)

    with pytest.raises(DeviceNotFound):
        await save_step(new_id(), Step.NAMES, {"name_fr": "x"}, version=1, actor=actor)
    with pytest.raises(NotEditable):
        await save_step(published.id, Step.NAMES, {"name_fr": "x"}, version=1, actor=actor)
    with pytest.raises(DeviceChangedMeanwhile):
        await save_step(draft.id, Step.NAMES, {"name_fr": "x"}, version=7, actor=actor)

    assert (await device(draft.id)).name_fr == "Pompe à perfusion"
    assert await events(draft.id) == []


async def test_of_two_editors_at_once_one_saves_and_one_is_told(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)

    results = await asyncio.gather(
        *[
            save_step(row.id, Step.NAMES, {"name_fr": name}, version=1, actor=actor)
            for name in ("Un", "Deux")
        ],
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["DeviceChangedMeanwhile", "int"]
    assert (await device(row.id)).version == 2


async def test_a_price_may_change_while_a_device_is_public_and_is_indexed_again(db):
    person = await sam()
    row = await make_device(await organisation_of(person))

    await save_step(
        row.id, Step.PRICE, {"price_min_centimes": 100}, version=1, actor=await actor_for(person)
    )

    dirty = await database.fetch("SELECT subject FROM search_dirty WHERE index = 'devices'")
    assert [one["subject"] for one in dirty] == [row.id]


async def test_save_variant_adds_replaces_and_removes_with_packagings(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(
        await organisation_of(person), state=DeviceState.DRAFT, variants=0, udi_di=None
    )
    box = PackInput("Carton", 10, "16111234567892", Agency.GS1)
    variant = VariantInput("Adulte", "A", "06111234567895", Agency.GS1, "20 cm", 1, (box,))

    version = await save_variant(row.id, variant, version=1, actor=actor)
    added = (await device(row.id)).variants
    assert [(v.name, v.udi_di, [(p.level, p.contains) for p in v.packs]) for v in added] == [
        ("Adulte", "06111234567895", [(1, 10)])
    ]

    version = await save_variant(
        row.id, VariantInput("Enfant"), variant_id=added[0].id, version=version, actor=actor
    )
    replaced = (await device(row.id)).variants
    assert [(v.id, v.name, v.udi_di, v.packs) for v in replaced] == [
        (added[0].id, "Enfant", None, ())
    ]

    await remove_variant(row.id, added[0].id, version=version, actor=actor)
    assert (await device(row.id)).variants == ()


async def test_save_variant_refuses_an_identifier_that_stands_twice(db):
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)
    again = VariantInput("Autre", udi_di="06111234567895", agency=Agency.GS1)
    twice = VariantInput(
        "Autre",
        udi_di="16111234567892",
        agency=Agency.GS1,
        packs=(PackInput("Carton", 2, "16111234567892", Agency.GS1),),
    )

    for variant in (again, twice):
        with pytest.raises(IdentifierTaken):
            await save_variant(row.id, variant, version=1, actor=actor)

    assert len((await device(row.id)).variants) == 1


async def test_remove_variant_refuses_the_variant_of_another_device(db):
    person = await sam()
    organisation = await organisation_of(person)
    row = await make_device(organisation, state=DeviceState.DRAFT)
    other = await make_device(organisation, state=DeviceState.DRAFT, udi_di=None)
    stranger = (await device(other.id)).variants[0].id

    with pytest.raises(VariantNotFound):
        await remove_variant(row.id, stranger, version=1, actor=await actor_for(person))


async def test_save_attributes_keeps_what_is_not_named(db):
    await make_terms()
    await make_attributes()
    person = await sam()
    actor = await actor_for(person)
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)

    version = await save_attributes(
        row.id,
        {"flow_max": (Value(number=1200.0), "1,2 L/h"), "alarm": (Value(flag=True), "oui")},
        version=1,
        actor=actor,
    )
    await save_attributes(row.id, {"alarm": None}, version=version, actor=actor)

    kept = (await device(row.id)).attributes
    assert [(one.key, one.number, one.typed, one.unit) for one in kept] == [
        ("flow_max", 1200.0, "1,2 L/h", "mL/h")
    ]
