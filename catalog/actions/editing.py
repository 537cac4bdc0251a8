"""Registering a device and saving its record page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalog.actions.quotas import check_drafts
from catalog.errors import DeviceChangedMeanwhile, DeviceNotFound, NotEditable
from catalog.rules.completeness import Step, origin_level
from catalog.rules.editing import COLUMNS, may_edit
from catalog.states import PUBLIC_STATES, DeviceState
from catalog.tables import DeviceModel, new_id
from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from portal.search.dirty import mark_dirty

INDEX = "devices"
SUPPLIERS = "suppliers"


@dataclass(frozen=True)
class Held:
    """A record this transaction has taken for a change: nobody else can until it ends."""

    id: UUID
    number: int
    organisation_id: UUID | None
    state: DeviceState
    version: int


async def register_device(organisation_id: UUID, names: Mapping[str, str], *, actor: Actor) -> UUID:
    """Begin the record of a device with the columns of its first page; return its id.

    Raises:
        TooManyDrafts: the organisation has as many as it may.
    """
    values: dict[str, Any] = {name: names.get(name, "") for name in COLUMNS[Step.NAMES]}
    row = DeviceModel(id=new_id(), organisation_id=organisation_id, **values)
    async with database.transaction():
        await check_drafts(organisation_id)
        await DeviceModel.insert(row)
        await record(
            "device.registered",
            subject=("device", row.id),
            actor=actor,
            organisation_id=organisation_id,
        )
    return row.id


async def hold(device_id: UUID, version: int, step: Step) -> Held:
    """Take a record for a change and count its edition up; call it inside a transaction.

    Raises:
        DeviceNotFound: there is none with this id.
        NotEditable: this part of it is fixed in its present state.
        DeviceChangedMeanwhile: it is not the edition this change was made on.
    """
    rows = await database.fetch(
        "SELECT id, number, organisation_id, state, version FROM device_model WHERE id = $1"
        " FOR UPDATE",
        device_id,
    )
    if not rows:
        raise DeviceNotFound
    held = Held(**{**dict(rows[0]), "state": DeviceState(rows[0]["state"])})
    if not may_edit(held.state, step):
        raise NotEditable
    if held.version != version:
        raise DeviceChangedMeanwhile
    await database.fetch(
        "UPDATE device_model SET version = version + 1, updated_at = now() WHERE id = $1",
        device_id,
    )
    return held


async def finish(held: Held, step: Step, *, actor: Actor, **details: object) -> int:
    """Record a change, bring what follows from it up to date, and return the new edition."""
    await _follow_origin(held.id)
    await record(
        "device.changed",
        subject=("device", held.id),
        actor=actor,
        organisation_id=held.organisation_id,
        step=step,
        version=held.version + 1,
        **details,
    )
    if held.state in PUBLIC_STATES:
        await mark_dirty(INDEX, [held.id])
    return held.version + 1


async def _follow_origin(device_id: UUID) -> None:
    """Set how well the origin is supported from what the record now holds."""
    rows = await database.fetch(
        "SELECT origin, origin_level,"
        " ARRAY(SELECT kind FROM device_document WHERE device = d.id) AS kinds"
        " FROM device_model d WHERE id = $1",
        device_id,
    )
    row = rows[0]
    level = origin_level(row["origin"], row["origin_level"], tuple(row["kinds"]))
    if level != row["origin_level"]:
        await database.fetch(
            "UPDATE device_model SET origin_level = $2 WHERE id = $1", device_id, level.value
        )


async def save_step(
    device_id: UUID, step: Step, values: Mapping[str, Any], *, version: int, actor: Actor
) -> int:
    """Save one page of a record and return its new edition; what is not on the page stays.

    Raises:
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    columns = [name for name in COLUMNS[step] if name in values]
    async with database.transaction():
        held = await hold(device_id, version, step)
        before = (await database.fetch(_select(columns), device_id))[0]
        changed = [name for name in columns if before[name] != values[name]]
        if changed:
            await database.fetch(_update(changed), device_id, *[values[name] for name in changed])
        return await finish(held, step, actor=actor, fields=changed)


def _select(columns: list[str]) -> str:
    return f"SELECT {', '.join(columns) or 'id'} FROM device_model WHERE id = $1"  # noqa: S608 — names from COLUMNS


def _update(columns: list[str]) -> str:
    pairs = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=2))
    return f"UPDATE device_model SET {pairs} WHERE id = $1"  # noqa: S608 — names from COLUMNS
