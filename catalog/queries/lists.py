"""Lists of devices: those of an organisation, those that wait for review, and their history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.queries.records import first_said
from catalog.queries.visible import LISTED
from catalog.rules.completeness import Completeness, Facts, completeness
from catalog.rules.names import handle
from catalog.states import DeviceState
from portal import database


@dataclass(frozen=True)
class OwnDevice:
    """A device in the list of its supplier or of a verifier, with how complete it is."""

    id: UUID
    number: int
    name_fr: str
    name_ar: str
    name_en: str
    reference: str
    state: DeviceState
    state_reason: str
    updated_at: datetime
    submitted_at: datetime | None
    supplier_fr: str
    supplier_ar: str
    completeness: Completeness

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.name_fr, self.name_ar, self.name_en) or self.reference

    @property
    def supplier(self) -> str:
        """Return the supplier in the language of the reader."""
        return first_said(self.supplier_fr, self.supplier_ar, "")

    @property
    def handle(self) -> str:
        """Return its part of the address."""
        return handle(self.number, self.name_fr, self.name_en, self.reference)


LIST = """
SELECT d.*, coalesce(o.name_fr, '') AS supplier_fr, coalesce(o.name_ar, '') AS supplier_ar,
  coalesce(e.terminal, true) AS emdn_terminal,
  (SELECT count(*) FROM device_variant v WHERE v.device = d.id) AS variants,
  (SELECT count(*) FROM device_variant v WHERE v.device = d.id AND v.udi_di IS NOT NULL)
    AS variants_with_udi,
  (SELECT count(*) FROM device_attribute a WHERE a.device = d.id) AS attributes,
  (SELECT count(*) FROM attribute_definition f WHERE starts_with(d.emdn_code, f.emdn_scope))
    AS expected,
  (SELECT count(*) FROM device_photo h WHERE h.device = d.id) AS photos,
  ARRAY(SELECT c.kind FROM device_document c WHERE c.device = d.id) AS document_kinds
FROM device_model d
LEFT JOIN organisation o ON o.id = d.organisation_id
LEFT JOIN emdn_term e ON e.code = d.emdn_code
"""
FLAG_COLUMNS = (
    "is_sterile", "is_single_use", "is_implantable", "is_active", "is_measuring", "is_software",
    "contains_latex", "needs_maintenance",
)  # fmt: skip


def _facts(row: Any) -> Facts:
    return Facts(
        names={code: row[f"name_{code}"] for code in ("fr", "ar", "en")},
        summaries={code: row[f"summary_{code}"] for code in ("fr", "ar", "en")},
        purposes={code: row[f"purpose_{code}"] for code in ("fr", "ar", "en")},
        brand=row["brand"],
        reference=row["reference"],
        emdn_code=row["emdn_code"],
        emdn_known=row["emdn_known"],
        emdn_terminal=row["emdn_terminal"],
        risk_class=row["risk_class"],
        flags_said=sum(row[name] is not None for name in FLAG_COLUMNS),
        flags_total=len(FLAG_COLUMNS),
        variants=row["variants"],
        variants_with_udi=row["variants_with_udi"],
        attributes=row["attributes"],
        attributes_expected=row["expected"],
        origin=row["origin"],
        country=row["country"].strip(),
        maturity=row["maturity"],
        registration=row["registration"],
        registration_number=row["registration_number"],
        registration_expires_on=row["registration_expires_on"],
        instruction_languages=tuple(row["instruction_languages"]),
        has_price=row["price_min_centimes"] is not None or row["price_max_centimes"] is not None,
        photos=row["photos"],
        document_kinds=tuple(row["document_kinds"]),
    )


def _own(row: Any) -> OwnDevice:
    same = (
        "id", "number", "name_fr", "name_ar", "name_en", "reference", "state_reason",
        "updated_at", "submitted_at", "supplier_fr", "supplier_ar",
    )  # fmt: skip
    return OwnDevice(
        **{name: row[name] for name in same},
        state=DeviceState(row["state"]),
        completeness=completeness(_facts(row)),
    )


async def devices_of(
    organisation_ids: list[UUID], *, state: str = "", limit: int = 50, offset: int = 0
) -> list[OwnDevice]:
    """Return the records of these organisations, those last worked on first."""
    rows = await database.fetch(
        LIST + "WHERE d.organisation_id = ANY($1) AND ($2 = '' OR d.state = $2)"
        " ORDER BY d.updated_at DESC, d.number LIMIT $3 OFFSET $4",
        organisation_ids,
        state,
        limit,
        offset,
    )
    return [_own(row) for row in rows]


async def counts_of(organisation_ids: list[UUID]) -> dict[str, int]:
    """Return how many records of these organisations are in each state."""
    rows = await database.fetch(
        "SELECT state, count(*) AS n FROM device_model WHERE organisation_id = ANY($1)"
        " GROUP BY state",
        organisation_ids,
    )
    return {state.value: 0 for state in DeviceState} | {row["state"]: row["n"] for row in rows}


async def waiting(*, limit: int = 50, offset: int = 0) -> list[OwnDevice]:
    """Return the records that wait for a verifier, those that wait longest first."""
    rows = await database.fetch(
        LIST + "WHERE d.state = 'submitted' ORDER BY d.submitted_at, d.number LIMIT $1 OFFSET $2",
        limit,
        offset,
    )
    return [_own(row) for row in rows]


async def waiting_count() -> int:
    """Return how many records wait for a verifier."""
    rows = await database.fetch("SELECT count(*) AS n FROM device_model WHERE state = 'submitted'")
    return int(rows[0]["n"])


async def suspended(*, limit: int = 50) -> list[OwnDevice]:
    """Return the suspended records, the latest first."""
    rows = await database.fetch(
        LIST + "WHERE d.state = 'suspended' ORDER BY d.updated_at DESC LIMIT $1", limit
    )
    return [_own(row) for row in rows]


@dataclass(frozen=True)
class MoveRow:
    """One step in the life of a record."""

    move: str
    source: str
    target: str
    reason: str
    actor_name: str
    moved_at: datetime


async def moves_of(device_id: UUID) -> list[MoveRow]:
    """Return the life of a record, the latest step first."""
    rows = await database.fetch(
        "SELECT move, source, target, reason, actor_name, moved_at FROM device_move"
        " WHERE device = $1 ORDER BY moved_at DESC, id DESC",
        device_id,
    )
    return [MoveRow(**dict(row)) for row in rows]


# Who stands in the list of suppliers, also without a device: verified, and of one of these kinds.
SUPPLIER_KINDS = ("manufacturer", "distributor", "subcontractor", "partner")
_KINDS = f"'{{{','.join(SUPPLIER_KINDS)}}}'::text[]"
IS_SUPPLIER = (
    f"(o.state = 'verified' AND (o.kind = ANY({_KINDS}) OR o.other_kinds::text[] && {_KINDS}))"
)


async def public_counts() -> dict[str, int]:
    """Count the published devices made in Morocco, the references and the suppliers."""
    rows = await database.fetch(
        f"""SELECT count(*) FILTER (WHERE d.origin = 'morocco') AS moroccan,
            count(*) FILTER (WHERE d.is_reference) AS reference,
            (SELECT count(*) FROM organisation o WHERE {IS_SUPPLIER}) AS suppliers
        FROM device_model d WHERE {LISTED}"""  # noqa: S608 — our own condition
    )
    return dict(rows[0])


async def public_numbers(*, limit: int = 50_000) -> list[tuple[int, str, str, str]]:
    """Return number and names of the public devices that are not references, for the sitemap."""
    rows = await database.fetch(
        "SELECT d.number, d.name_fr, d.name_en, d.reference FROM device_model d"  # noqa: S608 — ours
        f" WHERE {LISTED} AND NOT d.is_reference ORDER BY d.number LIMIT $1",
        limit,
    )
    return [(row["number"], row["name_fr"], row["name_en"], row["reference"]) for row in rows]
