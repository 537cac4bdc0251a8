"""Load the demonstration: one transaction, identifiers that never change, nothing overwritten."""

import asyncio
from typing import Any
from uuid import UUID

from catalog.demo.reading import devices, people
from catalog.demo.rows import (
    DOMAIN,
    definition_rows,
    device_id,
    fact_rows,
    membership_rows,
    model_row,
    move_rows,
    organisation_rows,
    pack_rows,
    person_rows,
    profile_rows,
    term_rows,
    variant_rows,
)
from portal import database
from portal.accounts.passwords import hashed
from portal.audit.actions import record
from portal.package import DemoAccount
from portal.permissions import STRANGER
from portal.search.dirty import mark_dirty

PASSWORD = "dattes-amandes-et-the-vert"  # noqa: S105 — shown to everybody, on purpose
ACCOUNTS = tuple(
    DemoAccount(one["name"], f"{key}@{DOMAIN}", PASSWORD) for key, one in people().items()
)


async def load_demo() -> None:
    """Load what is not there yet; a row that somebody changed since stays as it is."""
    hashes = await _password_hashes()
    async with database.transaction():
        await _insert("emdn_term", term_rows())
        await _insert("attribute_definition", definition_rows())
        new = await _insert("organisation", organisation_rows())
        await _insert("supplier_profile", profile_rows())
        await _insert("person", person_rows(hashes))
        await _insert("membership", membership_rows())
        created = await _insert_devices()
        await mark_dirty("devices", created)
        await mark_dirty("suppliers", [UUID(int=row["id"].int) for row in new])
        if created or new:
            await record(
                "demo.loaded",
                subject=("demo", "tajhiz"),
                actor=STRANGER,
                organisations=len(new),
                devices=len(created),
            )


async def _password_hashes() -> dict[str, str]:
    """Return a hash for each person who is not there yet (each takes a while on purpose)."""
    rows = await database.fetch("SELECT email FROM person WHERE email LIKE $1", f"%@{DOMAIN}")
    there = {row["email"] for row in rows}
    missing = [key for key in people() if f"{key}@{DOMAIN}" not in there]
    hashes = await asyncio.gather(*(hashed(PASSWORD) for _ in missing))
    return dict(zip(missing, hashes, strict=True))


async def _insert(table: str, rows: list[dict[str, Any]]) -> list[Any]:
    """Insert the rows that are not there and return their ids (or keys)."""
    if not rows:
        return []
    names = list(rows[0])
    columns = ", ".join(names)
    values = ", ".join(
        f"({', '.join(f'${place * len(names) + n + 1}' for n in range(len(names)))})"
        for place in range(len(rows))
    )
    return await database.fetch(
        f"INSERT INTO {table} ({columns}) VALUES {values}"  # noqa: S608 — names from this module
        f" ON CONFLICT DO NOTHING RETURNING {names[0]}",
        *(row[name] for row in rows for name in names),
    )


async def _insert_devices() -> list[UUID]:
    everything = devices()
    rows = await _insert("device_model", [model_row(one) for one in everything])
    created = {UUID(int=row["id"].int) for row in rows}
    new = [one for one in everything if device_id(one) in created]
    await _insert("device_variant", [row for one in new for row in variant_rows(one)])
    await _insert("packaging", [row for one in new for row in pack_rows(one)])
    await _insert("device_attribute", [row for one in new for row in fact_rows(one)])
    await _insert("device_move", [row for one in new for row in move_rows(one)])
    return [device_id(one) for one in new]
