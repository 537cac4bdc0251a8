"""Evaluations as they stand: what they wait for, their records, why they were refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database
from procurement.states import EvaluationState

COLUMNS = (
    "id, organisation_id, digest, state, head, trouble, attempts, asked_at, begun_at, ended_at"
)


@dataclass(frozen=True)
class AskedEvaluation:
    """An evaluation that was asked for, without its file and its record."""

    id: UUID
    organisation_id: UUID | None
    digest: str
    state: EvaluationState
    head: str | None
    trouble: dict[str, Any]
    attempts: int
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


async def evaluation(id_: UUID) -> AskedEvaluation | None:
    """Return one evaluation."""
    rows = await database.fetch(f"SELECT {COLUMNS} FROM evaluation WHERE id = $1", id_)  # noqa: S608 — names above
    return _asked(rows[0]) if rows else None


async def evaluations_of(
    organisation_ids: Sequence[UUID], *, limit: int = 20
) -> list[AskedEvaluation]:
    """Return the latest evaluations of some organisations."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM evaluation WHERE organisation_id = ANY($1)"  # noqa: S608 — names above
        " ORDER BY asked_at DESC, id LIMIT $2",
        list(organisation_ids),
        limit,
    )
    return [_asked(row) for row in rows]


async def recorded_evaluations(ids: Sequence[str]) -> list[AskedEvaluation]:
    """Return the evaluations with these ids that there are."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM evaluation WHERE id::text = ANY($1)",  # noqa: S608 — names above
        list(ids),
    )
    return [_asked(row) for row in rows]


async def content_of(id_: UUID) -> bytes | None:
    """Return the file of an evaluation as it came."""
    rows = await database.fetch("SELECT content FROM evaluation WHERE id = $1", id_)
    return bytes(rows[0]["content"]) if rows else None


async def record_of(id_: UUID) -> bytes | None:
    """Return the record of an evaluation, once it is done."""
    rows = await database.fetch("SELECT record FROM evaluation WHERE id = $1", id_)
    return bytes(rows[0]["record"]) if rows and rows[0]["record"] is not None else None


async def broken_off(silent_s: int, longest_s: int) -> list[AskedEvaluation]:
    """Return what waits though nobody works on it: never begun, or begun too long ago."""
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM evaluation WHERE state = 'waiting' AND ("  # noqa: S608 — names above
        " (begun_at IS NULL AND asked_at < now() - make_interval(secs => $1))"
        " OR begun_at < now() - make_interval(secs => $2)) ORDER BY asked_at",
        float(silent_s),
        float(longest_s),
    )
    return [_asked(row) for row in rows]


def _asked(row: Any) -> AskedEvaluation:
    values = dict(row)
    values["state"] = EvaluationState(values["state"])
    values["trouble"] = json.loads(values["trouble"]) if values["trouble"] else {}
    return AskedEvaluation(**values)
