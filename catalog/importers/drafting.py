"""Look up what a manufacturer's file is about, and write what it changes: drafts, never more."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.importers.devices import DraftDevice
from catalog.importers.plans import Existing, ExistingVariant, Outcome, Plan, plan
from catalog.importers.reasons import Refusal
from catalog.importers.writing import Written, copy
from catalog.rules.completeness import Step
from catalog.rules.editing import COLUMNS as STEP_COLUMNS
from catalog.states import Agency, DeviceState, Source
from catalog.tables import new_id
from portal import database
from portal.audit.actions import record
from portal.permissions import Actor
from portal.search.dirty import mark_dirty

INDEX = "devices"
COLUMNS = tuple(
    name for step in Step for name in STEP_COLUMNS.get(step, ()) if name != "manufacturer_name"
)
OWN = f"""
    SELECT id, state, version, {", ".join(COLUMNS)} FROM device_model
    WHERE organisation_id = $1 AND reference = ANY($2) AND state <> 'retired'
"""  # noqa: S608 — the names are the columns of the record
HOLD = " ORDER BY id FOR UPDATE"
VARIANTS = """
    SELECT id, device, reference, name, udi_di, sizes, quantity FROM device_variant
    WHERE device = ANY($1) ORDER BY position, id
"""
TAKEN = """
    SELECT variant.udi_di, device.organisation_id, device.reference
    FROM device_variant variant JOIN device_model device ON device.id = variant.device
    WHERE variant.udi_di = ANY($1) AND device.source = $2 AND device.state <> 'retired'
"""


async def plans_for(
    organisation_id: UUID, drafts: Sequence[DraftDevice], *, hold: bool = False
) -> list[Plan | Refusal]:
    """Return what each device of the file would become; ``hold`` locks the records for writing."""
    references = [one.reference for one in drafts]
    rows = await database.fetch(OWN + (HOLD if hold else ""), organisation_id, references)
    variants = await _variants([row["id"] for row in rows])
    found: dict[str, list[Existing]] = defaultdict(list)
    for row in rows:
        values = {name: row[name] for name in COLUMNS}
        known = tuple(variants.get(row["id"], ()))
        one = Existing(row["id"], DeviceState(row["state"]), row["version"], values, known)
        found[row["reference"]].append(one)
    taken = await _taken(organisation_id, drafts)
    return [
        plan(one, found.get(one.reference, ()), frozenset(taken.get(one.reference, ())))
        for one in drafts
    ]


async def _variants(devices: list[UUID]) -> dict[UUID, list[ExistingVariant]]:
    found: dict[UUID, list[ExistingVariant]] = defaultdict(list)
    for row in await database.fetch(VARIANTS, devices):
        values = dict(row)
        found[values.pop("device")].append(ExistingVariant(**values))
    return found


async def _taken(organisation_id: UUID, drafts: Sequence[DraftDevice]) -> dict[str, set[str]]:
    """Return, by reference of the file, the identifiers that belong to another device."""
    wanted = [(one.reference, v.udi_di) for one in drafts for v in one.variants if v.udi_di]
    rows = await database.fetch(TAKEN, [udi_di for _, udi_di in wanted], Source.OWN.value)
    owners: dict[str, set[tuple[UUID, str]]] = defaultdict(set)
    for row in rows:
        owners[row["udi_di"]].add((row["organisation_id"], row["reference"]))
    taken: dict[str, set[str]] = defaultdict(set)
    for reference, udi_di in wanted:
        if owners.get(udi_di, set()) - {(organisation_id, reference)}:
            taken[reference].add(udi_di)
    return taken


async def write_plans(
    organisation_id: UUID, plans: Sequence[Plan], run: UUID, *, actor: Actor
) -> Written:
    """Write the plans in the present transaction, with one audit record for all of them."""
    created = [(new_id(), one) for one in plans if one.outcome is Outcome.CREATED]
    changed = [one for one in plans if one.outcome is Outcome.CHANGED]
    codes = await _known_codes(plans)
    for device, one in created:
        await _create(organisation_id, device, one, codes)
    for one in changed:
        await _change(one, codes)
    await copy("device_variant", VARIANT, [row for d, p in created for row in _new_rows(d, p, 0)])
    ids = [device for device, _ in created] + [one.existing.id for one in changed if one.existing]
    if ids:
        await record(
            "devices.imported",
            subject=("import", run),
            actor=actor,
            organisation_id=organisation_id,
            created=[str(device) for device, _ in created],
            changed=[str(one.existing.id) for one in changed if one.existing],
        )
        await mark_dirty(INDEX, ids)
    return Written(len(created), len(changed), len(plans) - len(ids))


VARIANT = (
    "id", "device", "position", "reference", "name", "udi_di", "agency", "sizes", "quantity",
)  # fmt: skip


async def _known_codes(plans: Sequence[Plan]) -> set[str]:
    codes = {str(one.draft.values["emdn_code"]) for one in plans if "emdn_code" in one.draft.values}
    rows = await database.fetch("SELECT code FROM emdn_term WHERE code = ANY($1)", list(codes))
    return {row["code"] for row in rows}


def _columns(one: Plan, codes: set[str]) -> dict[str, Any]:
    """Return the columns to write, with what follows from them."""
    values = {change.field: change.after for change in one.changes if change.field in COLUMNS}
    if "emdn_code" in values:
        values["emdn_known"] = values["emdn_code"] in codes
    return values


async def _create(organisation_id: UUID, device: UUID, one: Plan, codes: set[str]) -> None:
    values = {
        "id": device,
        "organisation_id": organisation_id,
        **_columns(one, codes),
        "reference": one.reference,
    }
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await database.fetch(
        f"INSERT INTO device_model ({', '.join(values)}) VALUES ({places})",  # noqa: S608 — own names
        *values.values(),
    )


async def _change(one: Plan, codes: set[str]) -> None:
    assert one.existing is not None
    values = _columns(one, codes)
    pairs = "".join(f"{name} = ${n}, " for n, name in enumerate(values, 2))
    await database.fetch(
        f"UPDATE device_model SET {pairs}version = version + 1, updated_at = now()"  # noqa: S608 — own names
        " WHERE id = $1",
        one.existing.id,
        *values.values(),
    )
    for variant, changed in one.changed_variants.items():
        pairs = ", ".join(f"{name} = ${n}" for n, name in enumerate(changed, 2))
        await database.fetch(
            f"UPDATE device_variant SET {pairs} WHERE id = $1",  # noqa: S608 — own names
            variant,
            *changed.values(),
        )
    await copy(
        "device_variant", VARIANT, _new_rows(one.existing.id, one, len(one.existing.variants))
    )


def _new_rows(device: UUID, one: Plan, start: int) -> list[tuple[Any, ...]]:
    return [
        (
            new_id(), device, start + place, variant.reference, variant.name,
            variant.udi_di or None, (variant.agency if variant.udi_di else Agency.NONE).value,
            variant.sizes, variant.quantity or 1,
        )
        for place, variant in enumerate(one.new_variants)
    ]  # fmt: skip
