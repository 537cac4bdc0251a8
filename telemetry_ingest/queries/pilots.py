"""Pilots and their devices, as pages, the ingest and the evidence read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from catalog.queries.records import first_said
from portal import database
from portal.accounts.queries.hidden import of_shown
from telemetry_ingest import protocol as protocols
from telemetry_ingest.protocol import Protocol
from telemetry_ingest.states import Move, PilotState

PILOT = f"""
SELECT p.id, p.number, p.device AS device_id, p.owner AS owner_id, p.host AS host_id, p.site,
  p.engineer_id, p.state, p.protocol, p.protocol_digest, p.starts_at, p.ends_at, p.version,
  p.owner_agreed_at, p.host_agreed_at, p.created_at, p.started_at, p.closed_at,
  (SELECT count(*) FROM pilot_device u WHERE u.pilot = p.id AND u.revoked_at IS NULL) AS devices,
  {of_shown("p.owner")} AS owner_shown, {of_shown("p.host")} AS host_shown,
  d.number AS device_number, d.name_fr AS d_fr, d.name_ar AS d_ar, d.name_en AS d_en,
  o.name_fr AS o_fr, o.name_ar AS o_ar, o.name_en AS o_en,
  h.name_fr AS h_fr, h.name_ar AS h_ar, h.name_en AS h_en,
  (SELECT jsonb_agg(jsonb_build_object('move', m.move, 'reason', m.reason, 'actor', m.actor,
      'organisation_id', m.organisation_id, 'at', m.at) ORDER BY m.at, m.id)
    FROM pilot_move m WHERE m.pilot = p.id)::text AS moves
FROM pilot p
JOIN device_model d ON d.id = p.device
JOIN organisation o ON o.id = p.owner
JOIN organisation h ON h.id = p.host
"""  # noqa: S608 — constants
NAMED = {"device_name": "d", "owner_name": "o", "host_name": "h"}

DEVICES = """
SELECT u.id, u.number, u.pilot AS pilot_id, u.serial, u.firmware, u.is_reference,
  u.variant AS variant_id, coalesce(nullif(v.name, ''), v.reference, '') AS variant_name,
  u.token_number, u.token_at, u.revoked_at, u.created_at,
  (SELECT max(l.received_at) FROM device_last l WHERE l.device = u.number) AS last_seen_at
FROM pilot_device u LEFT JOIN device_variant v ON v.id = u.variant
"""


@dataclass(frozen=True)
class PilotMoveView:
    """One step in the life of a pilot; ``organisation_id`` is the side that took it."""

    move: Move
    reason: str
    actor: str
    organisation_id: UUID | None
    at: datetime


@dataclass(frozen=True)
class PilotView:
    """A pilot with its protocol, its two sides and what happened to it so far."""

    id: UUID
    number: int
    device_id: UUID
    device_number: int
    device_name: str
    owner_id: UUID
    owner_name: str
    host_id: UUID
    host_name: str
    site: str
    engineer_id: UUID | None
    state: PilotState
    protocol: Protocol
    protocol_digest: str
    starts_at: datetime
    ends_at: datetime
    version: int
    owner_agreed_at: datetime | None
    host_agreed_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    devices: int  # enrolled and not revoked
    owner_shown: bool = True  # neither suspended nor refused after its verification
    host_shown: bool = True
    moves: tuple[PilotMoveView, ...] = ()

    @property
    def organisation_id(self) -> UUID:
        """Return the side that runs the pilot, for what asks about one organisation."""
        return self.host_id

    @property
    def last_moment(self) -> datetime:
        """Return a moment of the last day: the period ends at the midnight that follows."""
        return self.ends_at - timedelta(seconds=1)

    @property
    def owner_agreed(self) -> bool:
        """Say whether the maker of the device put its name to this protocol."""
        return self.owner_agreed_at is not None

    @property
    def host_agreed(self) -> bool:
        """Say whether the hospital put its name to this protocol."""
        return self.host_agreed_at is not None

    @property
    def held_by(self) -> tuple[str, ...]:
        """Return the names of the sides for which nobody vouches now: its devices are refused."""
        if self.state in {PilotState.PROPOSED, PilotState.WITHDRAWN}:
            return ()
        sides = ((self.owner_name, self.owner_shown), (self.host_name, self.host_shown))
        return tuple(name for name, shown in sides if not shown)

    def agreed_by(self, organisation_id: UUID) -> bool:
        """Say whether this side agreed."""
        at = self.owner_agreed_at if organisation_id == self.owner_id else self.host_agreed_at
        return at is not None

    def signer_of(self, organisation_id: UUID) -> str | None:
        """Return who put the name of this side to the protocol, if it is there."""
        if not self.agreed_by(organisation_id):
            return None
        names = [
            one.actor
            for one in self.moves
            if one.move is Move.AGREE and one.organisation_id == organisation_id
        ]
        return names[-1] if names else None

    def other_side(self, organisation_id: UUID) -> UUID:
        """Return the side that is not this one."""
        return self.host_id if organisation_id == self.owner_id else self.owner_id


@dataclass(frozen=True)
class PilotDeviceView:
    """One physical unit of a pilot; nothing of its token but when it was made."""

    id: UUID
    number: int
    pilot_id: UUID
    serial: str
    firmware: str
    is_reference: bool
    variant_id: UUID | None
    variant_name: str
    token_number: int
    token_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None


async def pilot(id_: UUID) -> PilotView | None:
    """Return one pilot."""
    rows = await database.fetch(f"{PILOT} WHERE p.id = $1", id_)
    return _pilot(rows[0]) if rows else None


async def pilots_of(
    organisation_ids: Sequence[UUID] | None, *, limit: int = 50, offset: int = 0
) -> list[PilotView]:
    """Return the pilots of some organisations (either side), of all when ``None``; newest first."""
    rows = await database.fetch(
        f"{PILOT} WHERE $1::uuid[] IS NULL OR p.owner = ANY($1) OR p.host = ANY($1)"
        " ORDER BY p.number DESC LIMIT $2 OFFSET $3",
        None if organisation_ids is None else list(organisation_ids),
        limit,
        offset,
    )
    return [_pilot(row) for row in rows]


async def count_of(organisation_ids: Sequence[UUID] | None) -> int:
    """Return how many pilots ``pilots_of`` would list."""
    rows = await database.fetch(
        "SELECT count(*) AS n FROM pilot p"
        " WHERE $1::uuid[] IS NULL OR p.owner = ANY($1) OR p.host = ANY($1)",
        None if organisation_ids is None else list(organisation_ids),
    )
    return int(rows[0]["n"])


async def recorded_pilots(ids: Sequence[str]) -> list[PilotView]:
    """Return the pilots with these ids that there are."""
    rows = await database.fetch(f"{PILOT} WHERE p.id::text = ANY($1)", list(ids))
    return [_pilot(row) for row in rows]


async def devices_of(pilot_id: UUID) -> list[PilotDeviceView]:
    """Return the devices of a pilot, in the order of their enrolment."""
    rows = await database.fetch(f"{DEVICES} WHERE u.pilot = $1 ORDER BY u.number", pilot_id)
    return [PilotDeviceView(**dict(row)) for row in rows]


async def pilot_device(id_: UUID) -> PilotDeviceView | None:
    """Return one device of any pilot."""
    rows = await database.fetch(f"{DEVICES} WHERE u.id = $1", id_)
    return PilotDeviceView(**dict(rows[0])) if rows else None


def _pilot(row: Any) -> PilotView:
    values = dict(row)
    for name, start in NAMED.items():
        values[name] = first_said(*(values.pop(f"{start}_{code}") for code in ("fr", "ar", "en")))
    values["state"] = PilotState(values["state"])
    values["protocol"] = protocols.read(values["protocol"])
    values["moves"] = msgspec.json.decode(values["moves"] or "[]", type=tuple[PilotMoveView, ...])
    return PilotView(**values)
