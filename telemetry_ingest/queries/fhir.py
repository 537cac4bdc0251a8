"""The units of pilots as FHIR names them, of those organisations whose pilots somebody sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalog.queries.records import first_said
from portal import database
from telemetry_ingest import protocol as protocols
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.states import PilotState

WANTED = """
($1::uuid[] IS NULL OR p.owner = ANY($1) OR p.host = ANY($1))
  AND ($2::uuid[] IS NULL OR u.id = ANY($2))
  AND ($3::uuid[] IS NULL OR p.id = ANY($3))
  AND ($4::text[] IS NULL OR u.serial = ANY($4) OR replace(u.id::text, '-', '') = ANY($4))
"""
UNITS = """
SELECT u.id, u.number, u.serial, u.firmware, u.is_reference, u.revoked_at IS NOT NULL AS is_revoked,
  p.id AS pilot_id, p.number AS pilot_number, p.state, p.protocol, p.site,
  p.owner AS owner_id, p.host AS host_id, d.manufacturer_name, d.emdn_code,
  coalesce(nullif(v.reference, ''), d.reference) AS model,
  coalesce(v.name, '') AS variant_name, coalesce(v.udi_di, '') AS udi_di,
  coalesce(v.agency, '') AS agency,
  d.name_fr AS d_fr, d.name_ar AS d_ar, d.name_en AS d_en,
  o.name_fr AS o_fr, o.name_ar AS o_ar, o.name_en AS o_en,
  h.name_fr AS h_fr, h.name_ar AS h_ar, h.name_en AS h_en
FROM pilot_device u
JOIN pilot p ON p.id = u.pilot
JOIN device_model d ON d.id = p.device
JOIN organisation o ON o.id = p.owner
JOIN organisation h ON h.id = p.host
LEFT JOIN device_variant v ON v.id = u.variant
WHERE {wanted} AND {after}
ORDER BY {order} LIMIT $6
"""
COUNT = f"""
SELECT count(*) AS units FROM pilot_device u JOIN pilot p ON p.id = u.pilot WHERE {WANTED}
"""  # noqa: S608 — only constants of this file
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Which:
    """Which units are wanted; ``None`` is « no condition », for organisations « of all »."""

    organisations: Sequence[UUID] | None = None
    ids: Sequence[UUID] | None = None
    pilots: Sequence[UUID] | None = None
    identifiers: Sequence[str] | None = None


EVERY = Which()


async def units(which: Which = EVERY, *, after: int = 0, most: int = 1_000) -> list[Unit]:
    """Return units in the order of their numbers, those after a number, at most so many."""
    text = UNITS.format(wanted=WANTED, after="u.number > $5", order="u.number")
    return [_unit(row) for row in await database.fetch(text, *_values(which), after, most)]


async def units_by_id(
    which: Which, *, after: UUID | None = None, most: int = 1_000, from_end: bool = False
) -> list[Unit]:
    """Return units in the order of their ids, those after an id, at most so many."""
    sign, order = ("<", "u.id DESC") if from_end else (">", "u.id")
    text = UNITS.format(wanted=WANTED, after=f"u.id {sign} $5", order=order)
    begin = after or (LAST_ID if from_end else FIRST_ID)
    return [_unit(row) for row in await database.fetch(text, *_values(which), begin, most)]


async def count_units(which: Which) -> int:
    """Return how many units are wanted."""
    return int((await database.fetch(COUNT, *_values(which)))[0]["units"])


def _values(which: Which) -> list[Any]:
    lists = (which.organisations, which.ids, which.pilots, which.identifiers)
    return [None if one is None else list(one) for one in lists]


def _unit(row: Any) -> Unit:
    values = dict(row)
    names = {
        start: first_said(*(values.pop(f"{start}_{code}") for code in ("fr", "ar", "en")))
        for start in "doh"
    }
    values["manufacturer"] = values.pop("manufacturer_name") or names["o"]
    values["state"] = PilotState(values["state"])
    values["protocol"] = protocols.read(values["protocol"])
    return Unit(**values, device_name=names["d"], host_name=names["h"])
