"""The devices that wait for a verifier."""

from datetime import datetime

from portal import database
from portal.package import Waiting
from portal.permissions import Actor
from portal.web.i18n import lazy

DEVICES = """
    SELECT count(*) AS count, min(submitted_at) AS oldest,
           count(*) FILTER (WHERE submitted_at > $1) AS new
    FROM device_model
    WHERE state = 'submitted' AND (organisation_id IS NULL OR organisation_id <> ALL($2::uuid[]))
"""


async def waiting_devices(actor: Actor, since: datetime) -> Waiting:
    """Return the devices this verifier may decide about; those after ``since`` are new."""
    own = [one.organisation_id for one in actor.memberships]
    (row,) = await database.fetch(DEVICES, since, own)
    return Waiting(
        lazy("Devices that wait for review: %(count)s"),
        "catalog.review",
        "devices/review",
        **dict(row),
    )
