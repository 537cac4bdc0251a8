"""Asking for an evaluation, and keeping what came of it; each once, in one transaction."""

import hashlib
import json
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from portal import database
from portal.audit.actions import record
from portal.permissions import SYSTEM, Actor, may
from procurement.access import EVALUATION_ASK
from procurement.errors import EvaluationNotAllowed
from procurement.scoring import record as records
from procurement.scoring.errors import ScoringError
from procurement.states import EvaluationState

MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class _Owner:
    """What permissions ask about: whose tender it is."""

    organisation_id: UUID | None


async def ask_for_evaluation(content: bytes, organisation_id: UUID | None, *, actor: Actor) -> UUID:
    """Keep a tender's file to evaluate; the same file of the same organisation is asked for once.

    Raises:
        EvaluationNotAllowed: the actor does not buy for this organisation.
        ScoringError: the file is not of the format, or its seal is broken; nothing is kept.
    """
    if actor != SYSTEM and not may(actor, EVALUATION_ASK, _Owner(organisation_id)):
        raise EvaluationNotAllowed
    records.read(content)
    digest = hashlib.sha256(content).hexdigest()
    id_ = uuid5(NAMESPACE_URL, f"tajhiz:evaluation:{organisation_id}:{digest}")
    async with database.transaction():
        rows = await database.fetch(
            "INSERT INTO evaluation (id, organisation_id, digest, content, actor, state, trouble,"
            " attempts, asked_at) VALUES ($1, $2, $3, $4, $5, 'waiting', '', 0, now())"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            id_,
            organisation_id,
            digest,
            content,
            actor.label,
        )
        if rows:
            await record(
                "evaluation.asked",
                subject=("evaluation", id_),
                actor=actor,
                organisation_id=organisation_id,
                digest=digest,
            )
    return id_


async def begin(id_: UUID) -> bytes | None:
    """Take up an evaluation that waits: count the attempt and return its file."""
    rows = await database.fetch(
        "UPDATE evaluation SET begun_at = now(), attempts = attempts + 1"
        " WHERE id = $1 AND state = 'waiting' RETURNING content",
        id_,
    )
    return bytes(rows[0]["content"]) if rows else None


async def finish(id_: UUID, written: bytes, head: str) -> bool:
    """Keep the record of an evaluation; say whether it was this call that did it."""
    return await _end(id_, EvaluationState.DONE, written, head)


async def refuse(id_: UUID, error: ScoringError) -> bool:
    """Keep why the rules refuse an evaluation; ``evaluation.refusals.told`` says it."""
    trouble = json.dumps(error.kept(), sort_keys=True)
    return await _end(id_, EvaluationState.REFUSED, None, None, trouble)


async def give_up(id_: UUID, why: str) -> bool:
    """Keep that an evaluation could not be brought to an end, and why."""
    return await _end(id_, EvaluationState.FAILED, None, None, json.dumps({"reason": why}))


async def _end(
    id_: UUID,
    state: EvaluationState,
    written: bytes | None,
    head: str | None,
    trouble: str = "",
) -> bool:
    async with database.transaction():
        rows = await database.fetch(
            "UPDATE evaluation SET state = $2, record = $3, head = $4, trouble = $5,"
            " ended_at = now() WHERE id = $1 AND state = 'waiting'"
            " RETURNING organisation_id",
            id_,
            state.value,
            written,
            head,
            trouble,
        )
        if rows:
            await record(
                f"evaluation.{state.value}",
                subject=("evaluation", id_),
                actor=SYSTEM,
                organisation_id=rows[0]["organisation_id"],
                **({"head": head} if head else {"reason": json.loads(trouble)["reason"]}),
            )
    return bool(rows)
