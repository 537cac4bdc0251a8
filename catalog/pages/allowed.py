"""Which steps in the life of a record a person may take now."""

from catalog.access import DEVICE_EDIT, DEVICE_REVIEW, DEVICE_SUBMIT, DEVICE_VIEW_OWN
from catalog.queries.recorded import RecordedDevice
from catalog.queries.records import Device
from catalog.states import OF_SUSPENDED, DeviceState, Move, target_of
from portal.permissions import Action, Actor, may

WHO: dict[Move, Action] = {
    Move.SUBMIT: DEVICE_SUBMIT,
    Move.WITHDRAW: DEVICE_EDIT,
    Move.RETIRE: DEVICE_EDIT,
    Move.REVISE: DEVICE_EDIT,
    Move.PUBLISH: DEVICE_REVIEW,
    Move.SEND_BACK: DEVICE_REVIEW,
    Move.SUSPEND: DEVICE_REVIEW,
    Move.REINSTATE: DEVICE_REVIEW,
}


def moves_for(actor: Actor, one: Device) -> list[Move]:
    """Return what this person may do with the record in its present state."""
    return [
        move
        for move, action in WHO.items()
        if target_of(move, one.state) is not None
        and may(actor, action, one)
        and (move in OF_SUSPENDED or not (one.supplier and one.supplier.hidden))
    ]


def sees_record(actor: Actor, one: Device | RecordedDevice) -> bool:
    """Say whether this person sees the record behind the public page.

    A verifier sees it from its first submission on; a draft is nobody else's business.
    """
    if not may(actor, DEVICE_VIEW_OWN, one):
        return False
    mine = any(m.organisation_id == one.organisation_id for m in actor.memberships)
    return mine or one.submitted_at is not None or one.state is not DeviceState.DRAFT
