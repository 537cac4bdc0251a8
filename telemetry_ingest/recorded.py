"""What the audit's events of pilots are called, and the pilots they are about."""

from collections.abc import Sequence

from portal.package import AuditSubject, Concerned, DetailWords
from portal.permissions import Actor, may
from portal.web.i18n import lazy
from telemetry_ingest.access import PILOT_VIEW
from telemetry_ingest.labels import MOVES_DONE
from telemetry_ingest.queries.pilots import recorded_pilots

EVENTS = {
    "evidence.made": lazy("The evidence of a pilot was made and signed"),
    "pilot.proposed": lazy("A pilot was proposed"),
    "pilot.changed": lazy("The protocol of a pilot was changed"),
    "pilot.agreed": lazy("One side agreed to the protocol of a pilot"),
    "pilot.moved": lazy("A pilot went one step further in its life"),
    "pilot_device.backfilled": lazy("Readings of a device were taken from a file"),
    "pilot_device.enrolled": lazy("A device was enrolled in a pilot"),
    "pilot_device.renewed": lazy("A device of a pilot was given a new token"),
    "pilot_device.revoked": lazy("The token of a device of a pilot was revoked"),
    "quarantine.replayed": lazy("Refused messages of a pilot were replayed"),
}


async def pilots(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the pilots by their id, with their title and page for those who may see them."""
    return {
        str(one.id): Concerned(one.protocol.title, "pilots.one", {"pilot_id": one.id})
        for one in await recorded_pilots(ids)
        if may(actor, PILOT_VIEW, one)
    }


AUDIT_SUBJECTS = (AuditSubject("pilot", lazy("Pilot"), pilots),)
AUDIT_DETAILS = {"pilot.moved": DetailWords("move", MOVES_DONE)}
