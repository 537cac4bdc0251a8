"""What the portal keeps about a person, in their own hands (law 09-08)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from valkey.asyncio import Valkey

from portal import database
from portal.accounts.sessions import Sessions
from portal.settings import get_settings

PERSON = """
    SELECT email, name, language, created_at, email_confirmed_at, signed_in_at,
           totp_secret IS NOT NULL AS second_factor
    FROM person WHERE id = $1
"""
MEMBERSHIPS = """
    SELECT o.name_fr AS organisation, m.role, m.created_at AS since
    FROM membership m JOIN organisation o ON o.id = m.organisation
    WHERE m.person = $1 ORDER BY m.created_at
"""
INVITATIONS = """
    SELECT o.name_fr AS organisation, i.role, i.created_at, i.accepted_at,
           CASE WHEN i.invited_by = p.id THEN 'sent' ELSE 'received' END AS direction
    FROM person p JOIN invitation i ON i.invited_by = p.id OR i.email = p.email
    JOIN organisation o ON o.id = i.organisation
    WHERE p.id = $1 ORDER BY i.created_at
"""
EMAIL_CHANGES = """
    SELECT old_email, new_email, asked_at, confirmed_at, undo_until, ended_at
    FROM email_change WHERE person = $1 ORDER BY asked_at
"""


async def export_of(person_id: UUID) -> dict[str, Any]:
    """Return everything accounts keep about a person, ready for JSON; never a secret."""
    people = await database.fetch(PERSON, person_id)
    return {
        "person": [_plain(row) for row in people],
        "memberships": [_plain(row) for row in await database.fetch(MEMBERSHIPS, person_id)],
        "invitations": [_plain(row) for row in await database.fetch(INVITATIONS, person_id)],
        "email_changes": [_plain(row) for row in await database.fetch(EMAIL_CHANGES, person_id)],
        "sessions": await _sessions(person_id),
    }


async def _sessions(person_id: UUID) -> list[dict[str, Any]]:
    settings = get_settings()
    async with Valkey.from_url(settings.valkey_url.get_secret_value()) as valkey:
        found = await Sessions.of(valkey, settings).all_of(person_id, datetime.now(UTC))
    return [
        {
            "opened_at": datetime.fromtimestamp(one.opened_at, UTC).isoformat(),
            "seen_at": datetime.fromtimestamp(one.seen_at, UTC).isoformat(),
            "browser": one.agent,
            "address": one.address,
        }
        for one in found
    ]


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in dict(row).items()
    }
