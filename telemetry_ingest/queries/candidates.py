"""What a pilot can be proposed for: devices of verified makers, and who may host one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.queries.records import first_said
from catalog.queries.visible import LISTED
from portal import database
from portal.accounts.queries.hidden import of_shown

MOST = 30


def of_kind(table: str, kinds: str) -> str:
    """Return the SQL condition « is of one of these kinds », whatever it is first of all."""
    return f"({table}.kind = ANY({kinds}) OR {table}.other_kinds && {kinds}::varchar[])"


@dataclass(frozen=True)
class Candidate:
    """A device that can be tried out."""

    id: UUID
    name: str
    reference: str
    owner_id: UUID
    owner_name: str


async def candidates(
    words: str,
    makers: Collection[str],
    *,
    mine: Sequence[UUID] | None = None,
    device_id: UUID | None = None,
) -> list[Candidate]:
    """Return published devices whose name, reference or maker contains all words.

    Args:
        words: what was typed; all devices when empty.
        makers: the kinds of organisations that can be the maker's side.
        mine: only devices of these organisations.
        device_id: only this device.
    """
    rows = await database.fetch(
        f"""SELECT d.id, d.name_fr, d.name_ar, d.name_en, d.reference, o.id AS owner_id,
                   o.name_fr AS o_fr, o.name_ar AS o_ar, o.name_en AS o_en
            FROM device_model d JOIN organisation o ON o.id = d.organisation_id
            WHERE {LISTED} AND o.state = 'verified' AND {of_kind("o", "$1")}
              AND ($2::uuid[] IS NULL OR o.id = ANY($2)) AND ($3::uuid IS NULL OR d.id = $3)
              AND NOT EXISTS (SELECT 1 FROM unnest($4::text[]) w WHERE position(w IN unaccent(lower(
                concat_ws(' ', d.name_fr, d.name_ar, d.name_en, d.reference, d.brand, o.name_fr,
                          o.name_ar, o.name_en)))) = 0)
            ORDER BY lower(d.name_fr), d.id LIMIT {MOST}""",  # noqa: S608 — constants
        sorted(makers),
        None if mine is None else list(mine),
        device_id,
        await _folded(words),
    )
    return [
        Candidate(
            row["id"],
            first_said(row["name_fr"], row["name_ar"], row["name_en"]) or row["reference"],
            row["reference"],
            row["owner_id"],
            first_said(row["o_fr"], row["o_ar"], row["o_en"]),
        )
        for row in rows
    ]


async def _folded(words: str) -> list[str]:
    rows = await database.fetch("SELECT unaccent(lower($1)) AS folded", words)
    return str(rows[0]["folded"]).split()


async def hosts(kinds: Collection[str], *, but: UUID) -> list[tuple[UUID, str]]:
    """Return id and name of the verified organisations that may host a pilot, by name."""
    rows = await database.fetch(
        f"""SELECT o.id, o.name_fr, o.name_ar, o.name_en FROM organisation o
            WHERE o.state = 'verified' AND {of_shown("o.id")} AND {of_kind("o", "$1")}
              AND o.id <> $2 ORDER BY lower(o.name_fr), o.id""",  # noqa: S608 — constants
        sorted(kinds),
        but,
    )
    return [(row["id"], first_said(row["name_fr"], row["name_ar"], row["name_en"])) for row in rows]


async def may_host(host_id: UUID, kinds: Collection[str]) -> bool:
    """Say whether this organisation may host a pilot now."""
    rows = await database.fetch(
        "SELECT 1 FROM organisation o WHERE o.id = $1 AND o.state = 'verified'"  # noqa: S608 — constants
        f" AND {of_shown('o.id')} AND {of_kind('o', '$2')}",
        host_id,
        sorted(kinds),
    )
    return bool(rows)


async def owner_of(device_id: UUID, makers: Collection[str]) -> UUID | None:
    """Return whose device it is, if a pilot can be proposed for it."""
    found = await candidates("", makers, device_id=device_id)
    return found[0].owner_id if found else None
