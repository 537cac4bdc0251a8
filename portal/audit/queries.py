"""Reading the audit: the head of the chain, pages of a trail, and everything in order."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.audit.verifier import GENESIS

COLUMNS = (
    "seq, at, event, actor, organisation_id, subject_kind, subject_id, details::text AS details,"
    " content, previous, digest"
)


@dataclass(frozen=True)
class Head:
    """The end of the chain at one time."""

    seq: int
    digest: str
    day: date | None = None


@dataclass(frozen=True)
class Entry:
    """One sealed record."""

    seq: int
    at: datetime
    event: str
    actor: str
    organisation_id: UUID | None
    subject_kind: str
    subject_id: str
    details: dict[str, Any]
    content: str
    previous: str
    digest: str

    def line(self, *, closed: bool = False) -> dict[str, Any]:
        """Return the record as a line of an export shows it (see ``docs/audit.md``).

        A closed one keeps its place in the chain and does not say what happened.
        """
        return {
            "seq": self.seq,
            "previous": self.previous,
            "content": self.content,
            "digest": self.digest,
            "record": None if closed else self.said(),
        }

    def said(self) -> dict[str, Any]:
        """Return what the record says: what ``content`` is the digest of."""
        return {
            "actor": self.actor,
            "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "details": self.details,
            "event": self.event,
            "organisation": str(self.organisation_id) if self.organisation_id else None,
            "subject": {"id": self.subject_id, "kind": self.subject_kind},
        }


@dataclass(frozen=True)
class Sought:
    """Which part of the trail is wanted; everything that is ``None`` or empty does not narrow."""

    organisations: tuple[UUID, ...] | None = None  # None: every record there is
    event: str = ""  # the beginning of the event's name
    subject_kind: str = ""
    subject_id: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None  # this moment is no longer part of it


async def newest() -> Head:
    """Return the end of the chain; before the first record it is number 0."""
    rows = await database.fetch(
        "SELECT seq, digest FROM audit_record WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1"
    )
    return Head(rows[0]["seq"], rows[0]["digest"]) if rows else Head(0, GENESIS)


async def heads(limit: int = 31) -> list[Head]:
    """Return the daily heads, the latest first."""
    rows = await database.fetch(
        "SELECT day, seq, digest FROM audit_head ORDER BY day DESC LIMIT $1", limit
    )
    return [Head(row["seq"], row["digest"], row["day"]) for row in rows]


async def trail(
    sought: Sought, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> list[Entry]:
    """Return one page of the trail, the latest first: below ``before``, or just above ``after``."""
    conditions, values = _conditions(sought)
    if before is not None:
        values.append(before)
        conditions.append(f"seq < ${len(values)}")
    if after is not None:
        values.append(after)
        conditions.append(f"seq > ${len(values)}")
    order = "ASC" if after is not None else "DESC"
    rows = await database.fetch(
        f"SELECT {COLUMNS} FROM audit_record WHERE {' AND '.join(conditions)}"  # noqa: S608 - own words only
        f" ORDER BY seq {order} LIMIT {int(limit)}",
        *values,
    )
    found = [_entry(row) for row in rows]
    return found[::-1] if after is not None else found


async def in_order(sought: Sought, batch: int = 2000) -> AsyncIterator[Sequence[Entry]]:
    """Yield the whole trail from its first record, in batches, whatever its length."""
    conditions, values = _conditions(sought)
    last = 0
    while True:
        rows = await database.fetch(
            f"SELECT {COLUMNS} FROM audit_record WHERE {' AND '.join(conditions)}"  # noqa: S608 - own words only
            f" AND seq > ${len(values) + 1} ORDER BY seq LIMIT {int(batch)}",
            *values,
            last,
        )
        if not rows:
            return
        last = rows[-1]["seq"]
        yield [_entry(row) for row in rows]


async def event_kinds(sought: Sought) -> list[str]:
    """Return the events that occur in a trail, for its filter."""
    conditions, values = _conditions(Sought(organisations=sought.organisations))
    rows = await database.fetch(
        f"SELECT DISTINCT event FROM audit_record WHERE {' AND '.join(conditions)} ORDER BY event",  # noqa: S608 - own words only
        *values,
    )
    return [row["event"] for row in rows]


async def names_of(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the names of the people and organisations in these records, by id.

    The audit itself keeps ids only; whoever is erased is no longer named here.
    """
    people = {one.actor for one in entries} | {
        one.subject_id for one in entries if one.subject_kind == "person"
    }
    organisations = {one.organisation_id for one in entries if one.organisation_id}
    rows = await database.fetch(
        "SELECT id::text, name FROM person WHERE id::text = ANY($1)"
        " UNION ALL SELECT id::text, name_fr FROM organisation WHERE id = ANY($2)",
        list(people),
        list(organisations),
    )
    return {row["id"]: row["name"] for row in rows}


def _conditions(sought: Sought) -> tuple[list[str], list[Any]]:
    wanted: list[tuple[str, Any]] = [
        ("organisation_id = ANY({})", _given(sought.organisations)),
        ("event LIKE {}", _beginning(sought.event)),
        ("subject_kind = {}", sought.subject_kind or None),
        ("subject_id = {}", sought.subject_id or None),
        ("actor = {}", sought.actor or None),
        ("at >= {}", sought.since),
        ("at < {}", sought.until),
    ]
    given = [(text, value) for text, value in wanted if value is not None]
    texts = [text.format(f"${place}") for place, (text, _) in enumerate(given, start=1)]
    return ["seq IS NOT NULL", *texts], [value for _, value in given]


def _given(organisations: tuple[UUID, ...] | None) -> list[UUID] | None:
    return None if organisations is None else list(organisations)


def _beginning(text: str) -> str | None:
    """Escape what LIKE would take for a wildcard."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%" if escaped else None


def _entry(row: Any) -> Entry:
    return Entry(**{**dict(row), "details": json.loads(row["details"])})


async def actions_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what the audit keeps about one person's actions, for their copy of their data."""
    rows = await database.fetch(
        "SELECT seq, at, event, subject_kind, subject_id FROM audit_record"
        " WHERE actor = $1 AND seq IS NOT NULL ORDER BY seq",
        str(person_id),
    )
    return [{**dict(row), "at": row["at"].isoformat()} for row in rows]
