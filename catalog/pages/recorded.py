"""The devices and imports that records of the audit are about: their names and their pages."""

from collections.abc import Sequence

from catalog.access import DEVICE_REGISTER
from catalog.labels import MOVES_DONE, STEPS
from catalog.pages.allowed import sees_record
from catalog.queries.recorded import recorded_devices, recorded_imports
from portal.package import AuditSubject, Concerned, DetailWords
from portal.permissions import Actor, may
from portal.web.i18n import lazy


async def devices(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the names of devices; with their page where this person may open it."""
    return {
        str(one.id): Concerned(one.name, "catalog.device", {"handle": one.handle})
        if one.is_public or sees_record(actor, one)
        else Concerned(one.name)
        for one in await recorded_devices(ids)
    }


async def imports(ids: Sequence[str], actor: Actor) -> dict[str, Concerned]:
    """Return the file names of imports; with their page for those who may import there."""
    return {
        str(one.id): Concerned(one.file_name, "catalog.import.run", {"run_id": one.id})
        if one.organisation_id and may(actor, DEVICE_REGISTER, one)
        else Concerned(one.file_name)
        for one in await recorded_imports(ids)
    }


AUDIT_SUBJECTS = (
    AuditSubject("device", lazy("Device"), devices),
    AuditSubject("import", lazy("Import"), imports),
)
AUDIT_DETAILS = {
    "device.moved": DetailWords("move", MOVES_DONE),
    "device.changed": DetailWords("step", STEPS),
}
