"""Recording: one line of the audit, written in the transaction of the action it tells of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from portal import database
from portal.audit.queries import newest
from portal.audit.tables import AuditHead, AuditRecord
from portal.audit.verifier import canonical, content_digest
from portal.permissions import Actor

EXACT = 2**53  # integers beyond are written differently by other languages


class NoTransaction(Exception):
    """``record`` was called outside ``database.transaction()``: a mistake of the programmer."""


async def record(
    event: str,
    *,
    subject: tuple[str, UUID | str],
    actor: Actor,
    organisation_id: UUID | None = None,
    **details: object,
) -> None:
    """Write one record; it takes its place in the chain when the transaction commits.

    Args:
        event: what happened, ``subject.past_participle``.
        subject: the kind of thing it happened to, and its id.
        actor: who did it.
        organisation_id: whose trail it belongs to; its administrators may read it.
        details: ids, states, numbers and reasons; never names, addresses or other personal data.

    Raises:
        NoTransaction: there is no transaction, so the record could survive a failed action.
    """
    if database.DB.current_transaction.get() is None:
        raise NoTransaction(f"record({event!r}) belongs inside database.transaction()")
    said = {
        "actor": actor.label,
        "at": written(datetime.now(UTC)),
        "details": plain(details),
        "event": event,
        "organisation": str(organisation_id) if organisation_id else None,
        "subject": {"id": clean(str(subject[1])), "kind": subject[0]},
    }
    await AuditRecord.insert(_row(said))


def _row(said: dict[str, Any]) -> AuditRecord:
    return AuditRecord(
        at=datetime.fromisoformat(said["at"]),
        event=said["event"],
        actor=said["actor"],
        organisation_id=said["organisation"] and UUID(said["organisation"]),
        subject_kind=said["subject"]["kind"],
        subject_id=said["subject"]["id"],
        details=canonical(said["details"]).decode(),
        content=content_digest(said),
    )


def written(at: datetime) -> str:
    """Write a moment the one way the audit does: UTC, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def clean(text: str) -> str:
    """Replace what neither UTF-8 nor PostgreSQL can carry (NUL, halves of a surrogate pair)."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def plain(value: object) -> Any:
    """Turn a detail into what has one canonical form; everything that is not becomes text."""
    match value:
        case Enum():
            return plain(value.value)
        case Mapping():
            return {clean(str(key)): plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=canonical)
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: object) -> str | int | None:
    match value:
        case None | bool():
            return value
        case int() if abs(value) < EXACT:
            return value
        case datetime():
            return written(value)
        case date():
            return value.isoformat()
        case _:
            return clean(str(value))


async def keep_head(day: date) -> None:
    """Keep the digest of the chain as of now for the page that publishes one a day; once a day."""
    head = await newest()
    if head.seq:
        await AuditHead.insert(AuditHead(day=day, seq=head.seq, digest=head.digest)).on_conflict(
            action="DO NOTHING"
        )
