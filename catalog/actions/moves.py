"""The life of a device record: submitting, publishing, sending back, suspending, retiring."""

from uuid import UUID

from catalog.actions.editing import INDEX, SUPPLIERS
from catalog.actions.files import show_files
from catalog.errors import (
    DeviceChangedMeanwhile,
    MoveNotAllowed,
    NotReady,
    ReasonMissing,
    SupplierSuspended,
)
from catalog.queries.devices import completeness_of, device
from catalog.queries.records import Device
from catalog.states import (
    NEEDS_REASON,
    OF_SUSPENDED,
    PUBLIC_STATES,
    DeviceState,
    Move,
    target_of,
)
from catalog.tables import DeviceMove, new_id
from portal import database
from portal.accounts.queries.hidden import stays_shown
from portal.accounts.queries.people import admins_of
from portal.audit.actions import record
from portal.notifications.actions import inform, notify
from portal.permissions import Actor
from portal.search.dirty import mark_dirty
from portal.web.i18n import lazy

REASON_LENGTH = 10
# What the supplier is told by mail, because somebody else did it.
# What those who look after a device are told, by mail and in the portal.
TOLD = {
    Move.PUBLISH: lazy("Your device is published: %(device)s"),
    Move.SEND_BACK: lazy("Your device was sent back: %(device)s"),
    Move.SUSPEND: lazy("Your device is suspended: %(device)s"),
    Move.REINSTATE: lazy("Your device is public again: %(device)s"),
}

UPDATE = """
UPDATE device_model SET state = $3::varchar, state_reason = $4,
  version = version + 1, updated_at = now(),
  submitted_at = CASE WHEN $3::varchar = 'submitted' THEN now() ELSE submitted_at END,
  published_at = CASE WHEN $3::varchar = 'published' AND published_at IS NULL THEN now()
                 ELSE published_at END
WHERE id = $1 AND state = $2::varchar AND version = $5 RETURNING version
"""


async def move_device(
    device_id: UUID, move: Move, *, actor: Actor, reason: str = "", version: int | None = None
) -> DeviceState:
    """Bring a record to its next state and tell those concerned; return the new state.

    Args:
        device_id: the record.
        move: what is done.
        actor: who does it.
        reason: read by the supplier; required to send back and to suspend.
        version: the edition that was looked at; what changed since is not decided blindly.

    Raises:
        DeviceNotFound: there is no such record.
        MoveNotAllowed: the move does not start from the present state.
        ReasonMissing: the move needs a reason and there is none.
        NotReady: it is submitted and something required is missing.
        DeviceChangedMeanwhile: somebody changed or moved it between reading and writing.
        SupplierSuspended: its organisation is suspended, or was while this was under way.
    """
    async with database.transaction():
        one = await device(device_id)
        target = target_of(move, one.state)
        if target is None:
            raise MoveNotAllowed
        if move not in OF_SUSPENDED and not await _stays_shown(one):
            raise SupplierSuspended
        if move in NEEDS_REASON and len(reason.strip()) < REASON_LENGTH:
            raise ReasonMissing
        if version is not None and version != one.version:
            raise DeviceChangedMeanwhile
        if move is Move.SUBMIT and not (await completeness_of(one)).ready:
            raise NotReady
        await _write(one, move, target, reason.strip(), actor)
    return target


async def _stays_shown(one: Device) -> bool:
    return one.organisation_id is None or await stays_shown(one.organisation_id)


async def _write(one: Device, move: Move, target: DeviceState, reason: str, actor: Actor) -> None:
    shown = reason if move in NEEDS_REASON else ""
    moved = await database.fetch(UPDATE, one.id, one.state.value, target.value, shown, one.version)
    if not moved:
        raise DeviceChangedMeanwhile
    await show_files(one.id, public=target in PUBLIC_STATES)
    await DeviceMove.insert(
        DeviceMove(
            id=new_id(),
            device=one.id,
            move=move,
            source=one.state,
            target=target,
            reason=reason,
            actor_name=actor.name,
        )
    )
    await record(
        "device.moved",
        subject=("device", one.id),
        actor=actor,
        organisation_id=one.organisation_id,
        move=move,
        source=one.state,
        target=target,
        reason=reason,
    )
    await mark_dirty(INDEX, [one.id])
    if one.organisation_id is not None:
        await mark_dirty(SUPPLIERS, [one.organisation_id])
    if move in TOLD and one.organisation_id is not None:
        await _tell(one, move, reason)


async def _tell(one: Device, move: Move, reason: str) -> None:
    assert one.organisation_id is not None
    name = one.name_fr or one.name_en or one.name_ar
    for target in await admins_of(one.organisation_id):
        await inform(
            target.id,
            TOLD[move],
            route="catalog.step",
            path_values={"device_id": one.id, "step": "check"},
            device=name,
        )
        await notify(
            target.email,
            template="catalog/mail/device_moved",
            language=target.language,
            move=move.value,
            device=name,
            reference=one.reference,
            reason=reason,
            path=f"devices/mine/{one.id}/check",
        )
