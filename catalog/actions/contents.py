"""What a device record contains besides its own columns: variants with packagings, attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from catalog.actions.editing import finish, hold
from catalog.actions.order import next_place
from catalog.errors import IdentifierTaken, VariantNotFound
from catalog.rules.completeness import Step
from catalog.rules.values import Value
from catalog.states import Agency
from catalog.tables import DeviceAttribute, DeviceVariant, Packaging, new_id
from portal import database
from portal.permissions import Actor


@dataclass(frozen=True)
class PackInput:
    """A packaging to be kept; level 1 holds items, level 2 holds packagings of level 1."""

    name: str = ""
    contains: int = 1
    udi_di: str | None = None
    agency: Agency = Agency.NONE


@dataclass(frozen=True)
class VariantInput:
    """A variant to be kept; identifiers come in their normal form."""

    name: str = ""
    reference: str = ""
    udi_di: str | None = None
    agency: Agency = Agency.NONE
    sizes: str = ""
    quantity: int = 1
    packs: tuple[PackInput, ...] = ()

    @property
    def identifiers(self) -> list[str]:
        """Return every UDI-DI of the variant and its packagings."""
        return [one for one in (self.udi_di, *(pack.udi_di for pack in self.packs)) if one]


async def save_variant(
    device_id: UUID,
    variant: VariantInput,
    *,
    variant_id: UUID | None = None,
    version: int,
    actor: Actor,
) -> int:
    """Add a variant, or replace one with its packagings; return the record's new edition.

    Raises:
        IdentifierTaken: a UDI-DI is on another variant of the device, or twice in this one.
        VariantNotFound: the device has no variant with this id.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.VARIANTS)
        await _check_identifiers(device_id, variant, variant_id)
        kept = variant_id or new_id()
        if variant_id is None:
            await _insert(device_id, kept, variant)
        else:
            await _replace(device_id, kept, variant)
        await _insert_packs(kept, variant.packs)
        return await finish(
            held,
            Step.VARIANTS,
            actor=actor,
            variant=kept,
            change="added" if variant_id is None else "changed",
            udi_di=variant.udi_di,
        )


async def _check_identifiers(
    device_id: UUID, variant: VariantInput, variant_id: UUID | None
) -> None:
    if len(set(variant.identifiers)) < len(variant.identifiers):
        raise IdentifierTaken
    taken = await database.fetch(
        "SELECT 1 FROM device_variant v LEFT JOIN packaging p ON p.variant = v.id"
        " WHERE v.device = $1 AND v.id IS DISTINCT FROM $2"
        " AND (v.udi_di = ANY($3) OR p.udi_di = ANY($3)) LIMIT 1",
        device_id,
        variant_id,
        variant.identifiers,
    )
    if taken:
        raise IdentifierTaken


async def _insert(device_id: UUID, variant_id: UUID, variant: VariantInput) -> None:
    await DeviceVariant.insert(
        DeviceVariant(
            id=variant_id,
            device=device_id,
            position=await next_place("variant", device_id),
            name=variant.name,
            reference=variant.reference,
            udi_di=variant.udi_di,
            agency=variant.agency,
            sizes=variant.sizes,
            quantity=variant.quantity,
        )
    )


async def _replace(device_id: UUID, variant_id: UUID, variant: VariantInput) -> None:
    changed = await database.fetch(
        "UPDATE device_variant SET name = $3, reference = $4, udi_di = $5, agency = $6,"
        " sizes = $7, quantity = $8 WHERE id = $1 AND device = $2 RETURNING id",
        variant_id,
        device_id,
        variant.name,
        variant.reference,
        variant.udi_di,
        variant.agency.value,
        variant.sizes,
        variant.quantity,
    )
    if not changed:
        raise VariantNotFound
    await Packaging.delete().where(Packaging.variant == variant_id)


async def _insert_packs(variant_id: UUID, packs: tuple[PackInput, ...]) -> None:
    if packs:
        await Packaging.insert(
            *[
                Packaging(
                    id=new_id(),
                    variant=variant_id,
                    level=level,
                    name=pack.name,
                    contains=pack.contains,
                    udi_di=pack.udi_di,
                    agency=pack.agency,
                )
                for level, pack in enumerate(packs, start=1)
            ]
        )


async def remove_variant(device_id: UUID, variant_id: UUID, *, version: int, actor: Actor) -> int:
    """Remove a variant with its packagings; return the record's new edition.

    Raises:
        VariantNotFound: the device has no variant with this id.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.VARIANTS)
        gone = await database.fetch(
            "DELETE FROM device_variant WHERE id = $1 AND device = $2 RETURNING udi_di",
            variant_id,
            device_id,
        )
        if not gone:
            raise VariantNotFound
        return await finish(
            held,
            Step.VARIANTS,
            actor=actor,
            variant=variant_id,
            change="removed",
            udi_di=gone[0]["udi_di"],
        )


async def save_attributes(
    device_id: UUID,
    values: Mapping[str, tuple[Value, str] | None],
    *,
    version: int,
    actor: Actor,
) -> int:
    """Save attributes by key, each a value and what was typed; ``None`` takes one away.

    Attributes that are not named stay. Returns the record's new edition.

    Raises:
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    async with database.transaction():
        held = await hold(device_id, version, Step.ATTRIBUTES)
        if values:
            await DeviceAttribute.delete().where(
                (DeviceAttribute.device == device_id) & DeviceAttribute.key.is_in(list(values))
            )
        rows = [
            DeviceAttribute(
                id=new_id(),
                device=device_id,
                key=key,
                number=given[0].number,
                text=given[0].text,
                flag=given[0].flag,
                typed=given[1][:120],
            )
            for key, given in values.items()
            if given is not None
        ]
        if rows:
            await DeviceAttribute.insert(*rows)
        return await finish(
            held, Step.ATTRIBUTES, actor=actor, keys=sorted(row.key for row in rows)
        )
