"""Units of pilots and their streams, of those organisations whose pilots somebody sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.queries.records import first_said
from portal import database
from telemetry_ingest import protocol as protocols
from telemetry_ingest.metrics import Metric, by_code, metrics
from telemetry_ingest.protocol import Watched
from telemetry_ingest.states import PilotState

SEEN = "($1::uuid[] IS NULL OR p.owner = ANY($1) OR p.host = ANY($1))"
WANTED = f"""
FROM pilot_device u JOIN pilot p ON p.id = u.pilot
WHERE {SEEN} AND ($2::int[] IS NULL OR u.number = ANY($2))
  AND ($3::int[] IS NULL OR p.number = ANY($3))
  AND ($4::text IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(p.protocol::jsonb->'watched') w
    WHERE w->>'metric' = $4))
"""
UNITS = f"""
SELECT one.*, d.number AS model_number, d.name_fr AS d_fr, d.name_ar AS d_ar, d.name_en AS d_en,
  coalesce(nullif(v.name, ''), v.reference, '') AS variant_name
FROM (
  SELECT u.number, u.serial, u.firmware, u.is_reference, u.variant,
    u.revoked_at IS NOT NULL AS is_revoked, p.device, p.number AS pilot_number, p.state, p.protocol
  {WANTED} AND u.number >= $5 ORDER BY u.number LIMIT $6
) one
JOIN device_model d ON d.id = one.device
LEFT JOIN device_variant v ON v.id = one.variant
ORDER BY one.number
"""  # noqa: S608 — only constants of this file
COUNT = f"SELECT count(*) AS things {WANTED}"
STREAMS = f"""
SELECT coalesce(sum(CASE WHEN $4::text IS NULL
  THEN jsonb_array_length(p.protocol::jsonb->'watched') ELSE 1 END), 0) AS streams {WANTED}
"""
SITES = f"""
SELECT p.number, p.site, h.name_fr AS h_fr, h.name_ar AS h_ar, h.name_en AS h_en
FROM pilot p JOIN organisation h ON h.id = p.host
WHERE {SEEN} AND ($2::int[] IS NULL OR p.number = ANY($2)) AND p.number >= $3
ORDER BY p.number LIMIT $4
"""  # noqa: S608
COUNT_SITES = f"""
SELECT count(*) AS sites FROM pilot p WHERE {SEEN} AND ($2::int[] IS NULL OR p.number = ANY($2))
"""  # noqa: S608
# The first reading stands in the table, or before it in a file: then its hour is known.
SPANS = """
SELECT w.device, w.metric, greatest(l.at, newest.at) AS last,
  CASE WHEN rolled.start < date_bin('1 hour', coalesce(oldest.at, 'infinity'), 'epoch')
    THEN rolled.start ELSE oldest.at END AS first
FROM unnest($1::int[], $2::int[]) AS w(device, metric)
LEFT JOIN device_last l ON l.device = w.device AND l.metric = w.metric
LEFT JOIN LATERAL (SELECT r.at FROM reading r WHERE r.device = w.device AND r.metric = w.metric
  ORDER BY r.at LIMIT 1) oldest ON true
LEFT JOIN LATERAL (SELECT r.at FROM reading r WHERE r.device = w.device AND r.metric = w.metric
  ORDER BY r.at DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (SELECT h.start FROM rollup_hour h WHERE h.device = w.device
  AND h.metric = w.metric AND h.n + h.failed > 0 ORDER BY h.start LIMIT 1) rolled ON true
"""


@dataclass(frozen=True)
class Which:
    """Which units are wanted: of whom, some of them, of pilots, of a metric; ``None`` for all."""

    organisations: Sequence[UUID] | None = None
    units: Sequence[int] | None = None
    pilots: Sequence[int] | None = None
    metric: int | None = None

    @property
    def values(self) -> list[object]:
        """Return the first four values of the statements."""
        lists = (self.organisations, self.units, self.pilots)
        refid = by_code()[self.metric].refid if self.metric else None
        return [*(None if one is None else list(one) for one in lists), refid]


@dataclass(frozen=True)
class Unit:
    """One physical unit of a pilot."""

    number: int
    serial: str
    firmware: str
    is_reference: bool
    is_revoked: bool
    pilot_number: int
    state: PilotState
    watched: tuple[Watched, ...]
    model_number: int
    model_name: str
    variant_name: str


@dataclass(frozen=True)
class Stream:
    """What a unit measures of one metric, and from when to when."""

    unit: Unit
    watched: Watched
    metric: Metric
    first: datetime | None = None
    last: datetime | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Return the numbers of the unit and of the metric."""
        return self.unit.number, self.metric.code


@dataclass(frozen=True)
class Site:
    """Where a pilot takes place: as it was typed, and in whose house."""

    number: int
    name: str
    host_name: str


async def units(which: Which, *, least: int = 0, most: int = 1_000) -> list[Unit]:
    """Return units in the order of their numbers, from ``least`` on."""
    rows = await database.fetch(UNITS, *which.values, least, most)
    return [_unit(dict(row)) for row in rows]


async def count_units(which: Which) -> int:
    """Return how many units are wanted."""
    return int((await database.fetch(COUNT, *which.values))[0]["things"])


async def streams(
    which: Which, *, after: tuple[int, int] = (0, 0), most: int = 1_000
) -> list[Stream]:
    """Return what units measure, by unit and metric, those after a place; without their spans."""
    # Each unit measures something, so as many units as streams are wanted, and the one begun.
    found = [
        Stream(unit, watched, metrics()[watched.metric])
        for unit in await units(which, least=after[0], most=most + 1)
        for watched in unit.watched
    ]
    wanted = sorted(
        (one for one in found if one.key > after and which.metric in {None, one.metric.code}),
        key=lambda one: one.key,
    )
    return wanted[:most]


async def count_streams(which: Which) -> int:
    """Return how many streams are wanted."""
    return int((await database.fetch(STREAMS, *which.values))[0]["streams"])


async def sites(which: Which, *, least: int = 0, most: int = 1_000) -> list[Site]:
    """Return where pilots take place, in the order of their numbers."""
    seen, _units, pilots, _metric = which.values
    return [
        Site(row["number"], row["site"], first_said(row["h_fr"], row["h_ar"], row["h_en"]))
        for row in await database.fetch(SITES, seen, pilots, least, most)
    ]


async def count_sites(which: Which) -> int:
    """Return how many pilots somebody sees."""
    return int((await database.fetch(COUNT_SITES, which.values[0], which.values[2]))[0]["sites"])


async def with_spans(wanted: Sequence[Stream]) -> list[Stream]:
    """Return streams with the moments of their first and of their last reading."""
    keys = [one.key for one in wanted]
    rows = await database.fetch(SPANS, [one[0] for one in keys], [one[1] for one in keys])
    spans = {(row["device"], row["metric"]): (row["first"], row["last"]) for row in rows}
    return [replace(one, first=spans[one.key][0], last=spans[one.key][1]) for one in wanted]


def _unit(values: dict[str, Any]) -> Unit:
    name = first_said(*(values.pop(f"d_{code}") for code in ("fr", "ar", "en")))
    protocol = protocols.read(values.pop("protocol"))
    for unwanted in ("variant", "device"):
        values.pop(unwanted)
    values["state"] = PilotState(values["state"])
    return Unit(**values, watched=protocol.watched, model_name=name)
