"""Organisations: one of them, those to verify, their look-alikes and their successions."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from portal import database
from portal.accounts.errors import OrganisationNotFound
from portal.accounts.naming import in_language
from portal.accounts.rules import VERIFIED_COLUMNS
from portal.accounts.states import OrganisationState
from portal.permissions import OrganisationKind


@dataclass(frozen=True)
class OrganisationDetail:
    """Everything an organisation said about itself, and where its verification stands."""

    id: UUID
    kind: OrganisationKind
    other_kinds: tuple[OrganisationKind, ...]
    name_fr: str
    name_ar: str
    name_en: str
    ice: str | None
    ice_doubtful: bool
    rc_number: str
    rc_court: str
    tax_id: str
    cnss: str
    region: str | None
    province: str | None
    address: str
    website: str
    phone: str
    description: str
    state: OrganisationState
    state_reason: str
    verified_at: datetime | None
    fictional: bool
    created_at: datetime
    asked_again_at: datetime | None
    region_fr: str = ""
    region_ar: str = ""
    province_fr: str = ""
    province_ar: str = ""

    @property
    def organisation_id(self) -> UUID:
        """Return the id, as permissions ask for it."""
        return self.id

    @property
    def waits_since(self) -> datetime:
        """Return when it asked to be verified, the last time."""
        return self.asked_again_at or self.created_at

    @property
    def version(self) -> str:
        """Return a mark of what a verifier vouches for; it changes when that does."""
        seen = [self.state, *(getattr(self, name) for name in VERIFIED_COLUMNS)]
        return sha256(repr([str(one) for one in seen]).encode()).hexdigest()[:32]

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return in_language(self.name_fr, self.name_ar, self.name_en)

    @property
    def place(self) -> str:
        """Return province and region in the language of the reader."""
        names = (
            in_language(self.province_fr, self.province_ar),
            in_language(self.region_fr, self.region_ar),
        )
        return " · ".join(name for name in names if name)

    @property
    def kinds(self) -> tuple[OrganisationKind, ...]:
        """Return everything it is, the first kind first."""
        return (self.kind, *self.other_kinds)


COLUMNS = ", ".join(f"o.{one.name}" for one in fields(OrganisationDetail)[:24])
FROM = f"""
    SELECT {COLUMNS}, coalesce(r.name_fr, '') AS region_fr, coalesce(r.name_ar, '') AS region_ar,
           coalesce(p.name_fr, '') AS province_fr, coalesce(p.name_ar, '') AS province_ar
    FROM organisation o LEFT JOIN region r ON r.code = o.region
    LEFT JOIN province p ON p.code = o.province
"""  # noqa: S608 — the names of our own columns


def _detail(row: object) -> OrganisationDetail:
    values = dict(row)  # type: ignore[call-overload]
    values["kind"] = OrganisationKind(values["kind"])
    values["other_kinds"] = tuple(OrganisationKind(kind) for kind in values["other_kinds"])
    values["state"] = OrganisationState(values["state"])
    return OrganisationDetail(**values)


async def organisation(organisation_id: UUID) -> OrganisationDetail:
    """Return one organisation.

    Raises:
        OrganisationNotFound: there is none with this id.
    """
    rows = await database.fetch(FROM + "WHERE o.id = $1", organisation_id)
    if not rows:
        raise OrganisationNotFound
    return _detail(rows[0])


async def organisations_in(
    state: OrganisationState,
    *,
    region: str = "",
    newest_first: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> list[OrganisationDetail]:
    """Return the organisations in one state (of one region), by how long they have waited."""
    order = "DESC" if newest_first else "ASC"
    rows = await database.fetch(
        FROM + "WHERE o.state = $1 AND ($2 = '' OR o.region = $2)"
        f" ORDER BY coalesce(o.asked_again_at, o.created_at) {order}, o.id LIMIT $3 OFFSET $4",
        state.value,
        region,
        limit,
        offset,
    )
    return [_detail(row) for row in rows]


async def counts_by_state(region: str = "") -> dict[str, int]:
    """Return how many organisations (of one region) there are in each state."""
    rows = await database.fetch(
        "SELECT state, count(*) AS n FROM organisation WHERE $1 = '' OR region = $1 GROUP BY state",
        region,
    )
    return {state.value: 0 for state in OrganisationState} | {r["state"]: r["n"] for r in rows}


async def organisations_named(words: str, *, limit: int = 500) -> list[OrganisationDetail]:
    """Return the organisations whose name contains ``words``, by name."""
    rows = await database.fetch(
        FROM + "WHERE strpos(lower(concat_ws(' ', o.name_fr, o.name_ar, o.name_en)), lower($1)) > 0"
        " OR $1 = '' ORDER BY o.name_fr, o.id LIMIT $2",
        words,
        limit,
    )
    return [_detail(row) for row in rows]


@dataclass(frozen=True)
class LookAlike:
    """Another organisation with the same identifier: one of the two is probably a mistake."""

    id: UUID
    name_fr: str
    state: OrganisationState
    shared: tuple[str, ...] = field(default=())


async def look_alikes(one: OrganisationDetail) -> list[LookAlike]:
    """Return the organisations that share an ICE, a registration (RC + court) or a tax number."""
    rows = await database.fetch(
        """SELECT id, name_fr, state, ice = $2 AS ice, tax_id = $5 AND $5 <> '' AS tax_id,
                  rc_number = $3 AND lower(rc_court) = lower($4) AND $3 <> '' AS rc
           FROM organisation
           WHERE id <> $1 AND (ice = $2 OR (tax_id = $5 AND $5 <> '')
                 OR (rc_number = $3 AND lower(rc_court) = lower($4) AND $3 <> ''))
           ORDER BY name_fr, id""",
        one.id,
        one.ice,
        one.rc_number,
        one.rc_court,
        one.tax_id,
    )
    return [
        LookAlike(
            row["id"],
            row["name_fr"],
            OrganisationState(row["state"]),
            tuple(name for name in ("ice", "rc", "tax_id") if row[name]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SuccessionRow:
    """Who acts in whose place, from when, and by which text."""

    id: UUID
    predecessor_id: UUID
    predecessor_fr: str
    predecessor_ar: str
    successor_id: UUID
    successor_fr: str
    successor_ar: str
    starts_on: date
    source: str

    @property
    def predecessor(self) -> str:
        """Return the name of the one replaced."""
        return in_language(self.predecessor_fr, self.predecessor_ar)

    @property
    def successor(self) -> str:
        """Return the name of the one that acts."""
        return in_language(self.successor_fr, self.successor_ar)


async def successions(organisation_id: UUID | None = None) -> list[SuccessionRow]:
    """Return the successions, all or those of one organisation, the latest first."""
    rows = await database.fetch(
        """SELECT s.id, s.predecessor AS predecessor_id, a.name_fr AS predecessor_fr,
                  a.name_ar AS predecessor_ar, s.successor AS successor_id,
                  b.name_fr AS successor_fr, b.name_ar AS successor_ar, s.starts_on, s.source
           FROM organisation_succession s JOIN organisation a ON a.id = s.predecessor
           JOIN organisation b ON b.id = s.successor
           WHERE $1::uuid IS NULL OR $1 IN (s.predecessor, s.successor)
           ORDER BY s.starts_on DESC, s.id""",
        organisation_id,
    )
    return [SuccessionRow(**dict(row)) for row in rows]


async def acting_for(organisation_id: UUID, on: date) -> UUID:
    """Return who acts for an organisation on a day: itself, or its last successor by then."""
    rows = await database.fetch(
        """WITH RECURSIVE chain(id, depth) AS (
               SELECT $1::uuid, 0
               UNION ALL
               SELECT s.successor, chain.depth + 1 FROM chain
               JOIN organisation_succession s ON s.predecessor = chain.id AND s.starts_on <= $2
               WHERE chain.depth < 20)
           SELECT id FROM chain ORDER BY depth DESC LIMIT 1""",
        organisation_id,
        on,
    )
    return UUID(str(rows[0]["id"]))
