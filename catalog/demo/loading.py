"""Load the demonstration: one transaction, identifiers that never change, nothing overwritten."""

import asyncio
from typing import Any
from uuid import UUID

from catalog.actions.attributes import sync_attribute_definitions
from catalog.demo.reading import DemoDevice, demo_id, devices, people
from catalog.demo.rows import (
    DOMAIN,
    LIVES,
    TARGETS,
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
from catalog.states import DeviceState
from portal import database
from portal.accounts.passwords import hashed
from portal.audit.actions import record
from portal.package import DemoAccount
from portal.permissions import SYSTEM
from portal.search.dirty import mark_dirty

PASSWORD = "dattes-amandes-et-the-vert"  # noqa: S105 — shown to everybody, on purpose
ACCOUNTS = tuple(
    DemoAccount(one["name"], f"{key}@{DOMAIN}", PASSWORD) for key, one in people().items()
)


async def load_demo() -> None:
    """Load what is not there yet; a row that somebody changed since stays as it is."""
    hashes = await _password_hashes()
    await sync_attribute_definitions()
    async with database.transaction():
        await _insert("emdn_term", term_rows())
        new = await _insert("organisation", organisation_rows())
        await _insert("supplier_profile", profile_rows())
        await _insert("person", person_rows(hashes))
        await _insert("membership", membership_rows())
        created = await _insert_devices()
        await _record_organisations([UUID(int=row["id"].int) for row in new])
        await mark_dirty("devices", created)
        await mark_dirty("suppliers", [UUID(int=row["id"].int) for row in new])
        if created or new:
            await record(
                "demo.loaded",
                subject=("demo", "tajhiz"),
                actor=SYSTEM,
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
    for one in new:
        await _record_life(one)
    return [device_id(one) for one in new]


async def _record_organisations(ids: list[UUID]) -> None:
    """Give each new organisation the first line of its own trail."""
    for one in ids:
        await record(
            "organisation.registered",
            subject=("organisation", one),
            actor=SYSTEM,
            organisation_id=one,
            fictional=True,
        )


async def _record_life(one: DemoDevice) -> None:
    """Record what led a device to the state the demonstration shows."""
    subject = ("device", device_id(one))
    organisation_id = demo_id("organisation", one.maker)
    await record(
        "device.registered", subject=subject, actor=SYSTEM, organisation_id=organisation_id
    )
    source = DeviceState.DRAFT
    for move in LIVES[DeviceState(one.state)]:
        await record(
            "device.moved",
            subject=subject,
            actor=SYSTEM,
            organisation_id=organisation_id,
            move=move,
            source=source,
            target=TARGETS[move],
            reason="",
        )
        source = TARGETS[move]
