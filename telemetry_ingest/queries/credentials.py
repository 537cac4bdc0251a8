"""Which devices may connect now, and which may no longer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.queries.hidden import of_shown
from telemetry_ingest.states import PilotState

# Between the agreement and the start a device may already try whether it gets through.
OPEN = (PilotState.AGREED, PilotState.RUNNING)
# A pilot is an agreement of two sides: while nobody vouches for one of them, nothing comes in.
VOUCHED_FOR = f"({of_shown('p.owner')} AND {of_shown('p.host')})"


@dataclass(frozen=True, repr=False)
class Enrolled:
    """What decides on a connection of a device."""

    token_hash: bytes | None
    revoked: bool
    state: PilotState
    vouched_for: bool  # both sides of its pilot are

    @property
    def may_connect(self) -> bool:
        """Say whether its pilot wants what it has to say."""
        return not self.revoked and self.vouched_for and self.state in OPEN


@dataclass(frozen=True)
class Ended:
    """A device whose connections made before ``until`` have to end; all of them without it."""

    device: UUID
    until: datetime | None


ENROLLED = f"""
    SELECT d.token_hash, d.revoked_at IS NOT NULL AS revoked, p.state, {VOUCHED_FOR} AS vouched_for
    FROM pilot_device d JOIN pilot p ON p.id = d.pilot WHERE d.id = $1
"""  # noqa: S608 — a constant
ENDED = f"""
    WITH since AS (SELECT now() - make_interval(secs => $1) AS at),
    held AS (SELECT array_agg(o.id) AS ids FROM organisation o, since
        WHERE o.suspended_at > since.at OR o.withdrawn_at > since.at)
    SELECT d.id, d.token_at, d.revoked_at IS NULL AND p.state = ANY($2) AND {VOUCHED_FOR} AS stays
    FROM pilot_device d JOIN pilot p ON p.id = d.pilot, since, held
    WHERE d.revoked_at > since.at OR p.closed_at > since.at
        OR (d.token_at > since.at AND d.token_number > 1)
        OR p.owner = ANY(held.ids) OR p.host = ANY(held.ids)
        OR (p.state = 'withdrawn' AND EXISTS
            (SELECT FROM pilot_move m WHERE m.pilot = p.id AND m.at > since.at))
"""  # noqa: S608 — constants


async def enrolled(device: UUID) -> Enrolled | None:
    """Return what is known of a device; never from a cache, so that revoking acts at once."""
    rows = await database.fetch(ENROLLED, device)
    return next(
        (Enrolled(**{**dict(one), "state": PilotState(one["state"])}) for one in rows), None
    )


async def ended(within_s: float) -> list[Ended]:
    """Return the devices that were revoked or got another token, or whose pilot ended, lately.

    So are those of an organisation that was suspended, or refused after its verification.
    """
    rows = await database.fetch(ENDED, within_s, [*OPEN])
    return [Ended(one["id"], one["token_at"] if one["stays"] else None) for one in rows]
