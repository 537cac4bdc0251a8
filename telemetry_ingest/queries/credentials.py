"""Which devices may connect now, and which may no longer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from telemetry_ingest.states import PilotState

# Between the agreement and the start a device may already try whether it gets through.
OPEN = (PilotState.AGREED, PilotState.RUNNING)


@dataclass(frozen=True, repr=False)
class Enrolled:
    """What decides on a connection of a device."""

    token_hash: bytes | None
    revoked: bool
    state: PilotState

    @property
    def may_connect(self) -> bool:
        """Say whether its pilot wants what it has to say."""
        return not self.revoked and self.state in OPEN


@dataclass(frozen=True)
class Ended:
    """A device whose connections made before ``until`` have to end; all of them without it."""

    device: UUID
    until: datetime | None


async def enrolled(device: UUID) -> Enrolled | None:
    """Return what is known of a device; never from a cache, so that revoking acts at once."""
    rows = await database.fetch(
        "SELECT d.token_hash, d.revoked_at IS NOT NULL AS revoked, p.state"
        " FROM pilot_device d JOIN pilot p ON p.id = d.pilot WHERE d.id = $1",
        device,
    )
    return next(
        (Enrolled(one["token_hash"], one["revoked"], PilotState(one["state"])) for one in rows),
        None,
    )


async def ended(within_s: float) -> list[Ended]:
    """Return the devices that were revoked or got another token, or whose pilot ended, lately."""
    rows = await database.fetch(
        "WITH since AS (SELECT now() - make_interval(secs => $1) AS at)"
        " SELECT d.id, d.token_at, d.revoked_at IS NULL AND p.state = ANY($2) AS stays"
        " FROM pilot_device d JOIN pilot p ON p.id = d.pilot, since"
        " WHERE d.revoked_at > since.at OR p.closed_at > since.at"
        " OR (d.token_at > since.at AND d.token_number > 1)"
        " OR (p.state = 'withdrawn' AND EXISTS"
        "  (SELECT FROM pilot_move m WHERE m.pilot = p.id AND m.at > since.at))",
        within_s,
        [*OPEN],
    )
    return [Ended(one["id"], one["token_at"] if one["stays"] else None) for one in rows]
