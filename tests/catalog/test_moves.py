import asyncio

import pytest

from catalog.actions.moves import move_device
from catalog.errors import (
    DeviceChangedMeanwhile,
    DeviceNotFound,
    MoveNotAllowed,
    NotReady,
    ReasonMissing,
)
from catalog.queries.devices import device
from catalog.queries.lists import moves_of
from catalog.states import MOVES, DeviceState, Move
from catalog.tables import new_id
from portal import database
from tests.catalog.devices import actor_for, make_device
from tests.people import organisation_of, sam, vera

REASON = "Le certificat est illisible."


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("source", list(DeviceState))
async def test_every_move_from_every_state(db, move, source):
    person = await sam()
    row = await make_device(await organisation_of(person), state=source)
    sources, target = MOVES[move]
    actor = await actor_for(person)

    if source in sources:
        assert await move_device(row.id, move, actor=actor, reason=REASON) is target
    else:
        with pytest.raises(MoveNotAllowed):
            await move_device(row.id, move, actor=actor, reason=REASON)

    assert (await device(row.id)).state is (target if source in sources else source)


async def test_a_record_goes_from_draft_to_the_public_and_everybody_hears_of_it(db):
    person, verifier = await sam(), await vera()
    row = await make_device(await organisation_of(person), state=DeviceState.DRAFT)

    await move_device(row.id, Move.SUBMIT, actor=await actor_for(person), version=1)
    await move_device(row.id, Move.PUBLISH, actor=await actor_for(verifier), version=2)

    one = await device(row.id)
    assert (one.state, one.version) == (DeviceState.PUBLISHED, 3)
    assert one.submitted_at < one.published_at
    assert [(step.move, step.actor_name) for step in await moves_of(row.id)] == [
        ("publish", "Vera"),
        ("submit", "Sam"),
    ]
    mails = await database.fetch("SELECT recipient, template FROM mail")
    assert [tuple(mail) for mail in mails] == [("sam@atlas.example", "catalog/mail/device_moved")]
    told = await database.fetch("SELECT message FROM notice WHERE person_id = $1", person.id)
    assert [one["message"] for one in told] == ["Your device is published: %(device)s"]
    dirty = await database.fetch(
        "SELECT DISTINCT subject FROM search_dirty WHERE index = 'devices'"
    )
    assert [one["subject"] for one in dirty] == [row.id]


async def test_a_record_that_is_sent_back_tells_why(db):
    person, verifier = await sam(), await vera()
    row = await make_device(await organisation_of(person), state=DeviceState.SUBMITTED)

    await move_device(row.id, Move.SEND_BACK, actor=await actor_for(verifier), reason=REASON)

    one = await device(row.id)
    assert (one.state, one.state_reason) == (DeviceState.DRAFT, REASON)


async def test_move_device_refuses_what_is_not_ready_unexplained_unknown_or_changed(db):
    person = await sam()
    organisation = await organisation_of(person)
    actor = await actor_for(person)
    poor = await make_device(organisation, state=DeviceState.DRAFT, emdn_code="")
    sent = await make_device(organisation, state=DeviceState.SUBMITTED)

    with pytest.raises(NotReady):
        await move_device(poor.id, Move.SUBMIT, actor=actor)
    with pytest.raises(ReasonMissing):
        await move_device(sent.id, Move.SEND_BACK, actor=actor, reason="non")
    with pytest.raises(DeviceNotFound):
        await move_device(new_id(), Move.SUBMIT, actor=actor)
    with pytest.raises(DeviceChangedMeanwhile):
        await move_device(sent.id, Move.PUBLISH, actor=actor, version=9)

    assert await moves_of(sent.id) == []


async def test_of_two_verifiers_at_once_one_decides(db):
    verifier = await vera()
    actor = await actor_for(verifier)
    row = await make_device(await organisation_of(await sam()), state=DeviceState.SUBMITTED)

    results = await asyncio.gather(
        move_device(row.id, Move.PUBLISH, actor=actor),
        move_device(row.id, Move.SEND_BACK, actor=actor, reason=REASON),
        return_exceptions=True,
    )

    assert sum(isinstance(result, DeviceState) for result in results) == 1
    assert len(await moves_of(row.id)) == 1
