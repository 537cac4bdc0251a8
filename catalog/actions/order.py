"""Putting the photos and the variants of a device into the order buyers see them in."""

from uuid import UUID

from catalog.actions.editing import finish, hold
from catalog.errors import FileNotFound, VariantNotFound
from catalog.rules.completeness import Step
from catalog.rules.order import moved
from portal import database
from portal.permissions import Actor
from portal.web.errors import NotFound

# What is put in order on which page: the table, and what is said when it is not there.
KINDS: dict[str, tuple[str, Step, type[NotFound]]] = {
    "photo": ("device_photo", Step.FILES, FileNotFound),
    "variant": ("device_variant", Step.VARIANTS, VariantNotFound),
}


async def place(
    kind: str, device_id: UUID, item_id: UUID, *, by: int, version: int, actor: Actor
) -> int:
    """Move a photo or variant ``by`` places and return the record's edition.

    The first photo stands for the device in lists. Nothing is counted as a change when it already
    stands at that end.

    Raises:
        FileNotFound, VariantNotFound: the device has no such photo or variant.
        DeviceNotFound, NotEditable, DeviceChangedMeanwhile: see :func:`hold`.
    """
    table, step, not_there = KINDS[kind]
    async with database.transaction():
        before = await _order(table, device_id)
        if item_id not in before:
            raise not_there
        after = moved(before, item_id, by)
        if after == before:
            return version
        held = await hold(device_id, version, step)
        await database.fetch(
            f"UPDATE {table} t SET position = n.place - 1"  # noqa: S608 — a name of ours
            " FROM unnest($2::uuid[]) WITH ORDINALITY AS n (id, place)"
            " WHERE t.id = n.id AND t.device = $1",
            device_id,
            after,
        )
        return await finish(
            held, step, actor=actor, change="placed", place=after.index(item_id) + 1,
            **{kind: item_id},
        )  # fmt: skip


async def next_place(kind: str, device_id: UUID) -> int:
    """Return the place behind the last one; a count would repeat one after a removal."""
    rows = await database.fetch(
        f"SELECT coalesce(max(position) + 1, 0) AS place FROM {KINDS[kind][0]}"  # noqa: S608 — ours
        " WHERE device = $1",
        device_id,
    )
    return int(rows[0]["place"])


async def _order(table: str, device_id: UUID) -> list[UUID]:
    rows = await database.fetch(
        f"SELECT id FROM {table} WHERE device = $1 ORDER BY position, id",  # noqa: S608 — ours
        device_id,
    )
    return [UUID(int=row["id"].int) for row in rows]
