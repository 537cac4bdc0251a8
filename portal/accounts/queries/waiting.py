"""What waits for a verifier, and who verifies."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.rules import PUBLIC_KINDS
from portal.package import Waiting
from portal.permissions import Actor, authority
from portal.web.i18n import lazy

ORGANISATIONS = """
    SELECT count(*) AS count, min(since) AS oldest, count(*) FILTER (WHERE since > $1) AS new
    FROM (SELECT coalesce(asked_again_at, created_at) AS since FROM organisation
          WHERE state = 'registered' AND id <> ALL($2::uuid[]) AND kind <> ALL($3::text[])) o
"""
VERIFIERS = """
    SELECT DISTINCT p.id, p.email, p.language, p.name, p.told_waiting_at
    FROM person p JOIN membership m ON m.person = p.id
    JOIN organisation o ON o.id = m.organisation
    WHERE o.kind IN ('cluster', 'authority') AND o.state = 'verified' AND o.suspended_at IS NULL
          AND m.role IN ('editor', 'admin') AND p.erased_at IS NULL
          AND p.email_confirmed_at IS NOT NULL
          AND (p.told_waiting_at IS NULL OR p.told_waiting_at <= $1)
    ORDER BY p.email
"""


async def waiting_organisations(actor: Actor, since: datetime) -> Waiting:
    """Return the organisations this verifier may decide about; those after ``since`` are new."""
    own = [one.organisation_id for one in actor.memberships]
    not_theirs = [] if authority(actor, None) else [kind.value for kind in PUBLIC_KINDS]
    (row,) = await database.fetch(ORGANISATIONS, since, own, not_theirs)
    return Waiting(
        lazy("Organisations that wait for verification: %(count)s"),
        "accounts.verification",
        "verification",
        **dict(row),
    )


@dataclass(frozen=True)
class Verifier:
    """Somebody who verifies, and when they were told last."""

    id: UUID
    email: str
    language: str
    name: str
    told_waiting_at: datetime | None


async def verifiers_told_before(moment: datetime) -> list[Verifier]:
    """Return the verifiers who were told nothing since a moment."""
    return [Verifier(**dict(row)) for row in await database.fetch(VERIFIERS, moment)]
