"""Keeping a pack: once, in one transaction, and only of a pilot that is closed."""

from uuid import UUID

from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from telemetry_ingest.actions.telling import Told, tell
from telemetry_ingest.errors import PilotMoveNotAllowed, PilotNotFound
from telemetry_ingest.queries.evidence import PackView, newest_pack
from telemetry_ingest.queries.pilots import PilotView, pilot
from telemetry_ingest.states import Move, target_of
from telemetry_ingest.tables import PilotMove


async def pilot_to_prove(pilot_id: UUID) -> PilotView:
    """Return a pilot of which a pack can be made.

    Raises:
        PilotNotFound: there is none.
        PilotMoveNotAllowed: it is not closed.
    """
    one = await pilot(pilot_id)
    if one is None:
        raise PilotNotFound
    if target_of(Move.EVIDENCE, one.state) is None:
        raise PilotMoveNotAllowed
    return one


async def keep_pack(pilot_id: UUID, content: bytes, head: str, *, actor: Actor) -> PackView:
    """Keep a pack and say that the pilot is evidenced; the same pack again changes nothing.

    Raises:
        PilotNotFound: there is no such pilot.
        PilotMoveNotAllowed: it is not closed.
    """
    async with database.transaction():
        await database.fetch("SELECT 1 FROM pilot WHERE id = $1 FOR UPDATE", pilot_id)
        one = await pilot_to_prove(pilot_id)
        before = await newest_pack(pilot_id)
        if before and before.head == head:
            return before
        await database.fetch(
            "INSERT INTO evidence_pack (id, pilot, number, head, content, actor, created_at)"
            " VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, now())",
            pilot_id,
            before.number + 1 if before else 1,
            head,
            content,
            actor.label,
        )
        await _moved(one, actor)
        await record(
            "evidence.made",
            subject=("pilot", pilot_id),
            actor=actor,
            organisation_id=one.host_id,
            head=head,
        )
        for side in (one.owner_id, one.host_id):
            await tell(one, Told.EVIDENCE, by=side)
        kept = await newest_pack(pilot_id)
    assert kept is not None
    return kept


async def _moved(one: PilotView, actor: Actor) -> None:
    target = target_of(Move.EVIDENCE, one.state)
    assert target is not None
    await database.fetch(
        "UPDATE pilot SET state = $2, version = version + 1 WHERE id = $1", one.id, target.value
    )
    await PilotMove(
        pilot=one.id, move=Move.EVIDENCE, organisation_id=None, actor=actor.label
    ).save()
