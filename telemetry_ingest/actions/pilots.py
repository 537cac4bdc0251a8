"""The life of a pilot: proposing, agreeing side by side, starting, closing, taking back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from telemetry_ingest.access import HOSTS, MAKERS
from telemetry_ingest.actions.telling import Told, tell
from telemetry_ingest.errors import (
    AgreedForTheOther,
    AlreadyAgreed,
    NoDeviceEnrolled,
    NotAHost,
    NotASide,
    NotForAPilot,
    PeriodIsOver,
    PilotChangedMeanwhile,
    PilotMoveNotAllowed,
    PilotNotFound,
    PilotReasonMissing,
)
from telemetry_ingest.protocol import Protocol, digest, written
from telemetry_ingest.queries.candidates import may_host, owner_of
from telemetry_ingest.queries.pilots import PilotView, pilot
from telemetry_ingest.states import Move, PilotState, target_of
from telemetry_ingest.tables import Pilot, PilotMove

REASON_LENGTH = 10
SETS = {
    Move.AGREE: "",
    Move.START: ", started_at = now(), engineer_id = coalesce(engineer_id, $5)",
    Move.CLOSE: ", closed_at = now()",
    Move.WITHDRAW: ", closed_at = now()",
}


@dataclass(frozen=True)
class Proposal:
    """What is proposed: a device of the catalogue, who tries it out where, and how."""

    device_id: UUID
    host_id: UUID
    site: str
    protocol: Protocol


async def propose_pilot(proposal: Proposal, *, sides: frozenset[UUID], actor: Actor) -> UUID:
    """Propose a pilot to the other side and return its id.

    Args:
        proposal: what is proposed.
        sides: the organisations for which this person may propose.
        actor: who proposes.

    Raises:
        NotForAPilot: the device is not public, or its maker cannot agree.
        NotAHost: the host is none, or the maker itself.
        NotASide: this person belongs to neither side.
        PeriodIsOver: nothing could be measured any more.
        ProtocolRefused: the protocol contradicts itself.
    """
    proposal.protocol.check()
    _still_to_come(proposal.protocol.ends_at)
    async with database.transaction():
        owner_id = await owner_of(proposal.device_id, MAKERS)
        if owner_id is None:
            raise NotForAPilot
        if proposal.host_id == owner_id or not await may_host(proposal.host_id, HOSTS):
            raise NotAHost
        side = next((one for one in (owner_id, proposal.host_id) if one in sides), None)
        if side is None:
            raise NotASide
        row = Pilot(
            device=proposal.device_id,
            owner=owner_id,
            host=proposal.host_id,
            site=proposal.site,
            **columns_of(proposal.protocol),
        )
        await row.save()
        await _signed("pilot.proposed", row.id, row.protocol_digest, side, actor)
        await tell(await _at(row.id, 1), Told.PROPOSED, by=side)
    return row.id


def columns_of(protocol: Protocol) -> dict[str, Any]:
    """Return the columns that a protocol fills."""
    return {
        "protocol": written(protocol).decode(),
        "protocol_digest": digest(protocol),
        "starts_at": protocol.starts_at,
        "ends_at": protocol.ends_at,
    }


def _still_to_come(ends_at: datetime) -> None:
    if ends_at <= datetime.now(UTC):
        raise PeriodIsOver


async def change_protocol(
    pilot_id: UUID, protocol: Protocol, *, site: str, side: UUID, version: int, actor: Actor
) -> int:
    """Propose other terms; whoever had agreed has to agree again. Return the new version.

    Raises:
        PilotNotFound: there is no such pilot.
        PilotMoveNotAllowed: both sides have agreed: the protocol is fixed.
        PilotChangedMeanwhile: somebody changed it, or agreed, meanwhile.
        PeriodIsOver: nothing could be measured any more.
        ProtocolRefused: the protocol contradicts itself.
    """
    protocol.check()
    _still_to_come(protocol.ends_at)
    async with database.transaction():
        one = await _at(pilot_id, version)
        if one.state is not PilotState.PROPOSED:
            raise PilotMoveNotAllowed
        new = columns_of(protocol)
        rows = await database.fetch(
            "UPDATE pilot SET protocol = $3, protocol_digest = $4, starts_at = $5, ends_at = $6,"
            " site = $7, owner_agreed_at = NULL, host_agreed_at = NULL, version = version + 1"
            " WHERE id = $1 AND version = $2 AND state = 'proposed' RETURNING version",
            one.id, version, *new.values(), site,
        )  # fmt: skip
        if not rows:
            raise PilotChangedMeanwhile
        await record(
            "pilot.changed",
            subject=("pilot", one.id),
            actor=actor,
            organisation_id=side,
            digest=str(new["protocol_digest"]),
        )
        await tell(one, Told.CHANGED, by=side)
    return int(rows[0]["version"])


async def agree(pilot_id: UUID, *, side: UUID, version: int, actor: Actor) -> PilotState:
    """Put one side's name to the protocol; the second one fixes it. Return the new state.

    Raises:
        PilotNotFound: there is no such pilot.
        NotASide: the organisation is neither side.
        AlreadyAgreed: this side has agreed to this protocol.
        AgreedForTheOther: this person has agreed for the other side.
        PilotMoveNotAllowed: the pilot is not proposed any more.
        PilotChangedMeanwhile: somebody changed the protocol, or agreed, meanwhile.
        PeriodIsOver: nothing could be measured any more.
    """
    async with database.transaction():
        one = await _at(pilot_id, version)
        if side not in {one.owner_id, one.host_id}:
            raise NotASide
        if one.state is not PilotState.PROPOSED:
            raise PilotMoveNotAllowed
        if one.agreed_by(side):
            raise AlreadyAgreed
        if one.signer_of(one.other_side(side)) == actor.label:
            raise AgreedForTheOther
        _still_to_come(one.ends_at)
        both = one.agreed_by(one.other_side(side))
        target = PilotState.AGREED if both else PilotState.PROPOSED
        column = "owner_agreed_at" if side == one.owner_id else "host_agreed_at"
        rows = await database.fetch(
            f"UPDATE pilot SET {column} = now(), state = $3, version = version + 1"  # noqa: S608 — one of two names
            " WHERE id = $1 AND version = $2 AND state = 'proposed' RETURNING 1",
            one.id, version, target.value,
        )  # fmt: skip
        if not rows:
            raise PilotChangedMeanwhile
        await _remember(one, Move.AGREE, "", side, actor)
        await _signed("pilot.agreed", one.id, one.protocol_digest, side, actor)
        await tell(one, Told.AGREED if both else Told.ONE_AGREED, by=side)
    return target


async def move_pilot(
    pilot_id: UUID, move: Move, *, side: UUID, version: int, actor: Actor, reason: str = ""
) -> PilotState:
    """Start, close or take back a pilot; return its new state.

    Raises:
        PilotNotFound: there is no such pilot.
        PilotMoveNotAllowed: the move does not start from the present state.
        PilotReasonMissing: it is taken back, or closed before its end, without a reason.
        NoDeviceEnrolled: it is started without a device that may send.
        PeriodIsOver: it is started after its end.
        PilotChangedMeanwhile: somebody changed or moved it meanwhile.
    """
    async with database.transaction():
        one = await _at(pilot_id, version)
        target = target_of(move, one.state)
        if target is None or move not in SETS or move is Move.AGREE:
            raise PilotMoveNotAllowed
        if needs_reason(move, one) and len(reason.strip()) < REASON_LENGTH:
            raise PilotReasonMissing
        if move is Move.START:
            await _ready_to_start(one)
        values = [one.id, version, one.state.value, target.value]
        rows = await database.fetch(
            f"UPDATE pilot SET state = $4, version = version + 1{SETS[move]}"  # noqa: S608 — constants
            " WHERE id = $1 AND version = $2 AND state = $3 RETURNING 1",
            *values, *([actor.person_id] if move is Move.START else []),
        )  # fmt: skip
        if not rows:
            raise PilotChangedMeanwhile
        await _moved(one, move, target, reason.strip(), side, actor)
    return target


async def _signed(event: str, pilot_id: UUID, head: str, side: UUID, actor: Actor) -> None:
    await record(event, subject=("pilot", pilot_id), actor=actor, organisation_id=side, digest=head)


async def _moved(
    one: PilotView, move: Move, target: PilotState, reason: str, side: UUID, actor: Actor
) -> None:
    await _remember(one, move, reason, side, actor)
    await record(
        "pilot.moved",
        subject=("pilot", one.id),
        actor=actor,
        organisation_id=side,
        move=move,
        source=one.state,
        target=target,
        reason=reason,
    )
    await tell(one, Told(move.value), by=side, reason=reason)


def needs_reason(move: Move, one: PilotView) -> bool:
    """Say whether the other side wants to read why."""
    early = move is Move.CLOSE and datetime.now(UTC) < one.ends_at
    return early or move is Move.WITHDRAW


async def _ready_to_start(one: PilotView) -> None:
    # A device that is revoked at this moment is waited for, and counts no more.
    rows = await database.fetch(
        "SELECT 1 FROM pilot_device WHERE pilot = $1 AND revoked_at IS NULL"
        " AND token_hash IS NOT NULL FOR SHARE",
        one.id,
    )
    if not rows:
        raise NoDeviceEnrolled
    _still_to_come(one.ends_at)


async def _at(pilot_id: UUID, version: int) -> PilotView:
    one = await pilot(pilot_id)
    if one is None:
        raise PilotNotFound
    if one.version != version:
        raise PilotChangedMeanwhile
    return one


async def _remember(one: PilotView, move: Move, reason: str, side: UUID, actor: Actor) -> None:
    row = PilotMove(pilot=one.id, move=move, reason=reason, organisation_id=side, actor=actor.label)
    await row.save()
