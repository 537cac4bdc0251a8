"""One-time links: made, and spent exactly once."""

from datetime import datetime, timedelta
from uuid import UUID

from portal import database
from portal.accounts.errors import LinkSpent
from portal.accounts.sealing import digest, new_token
from portal.accounts.tables import AccountToken


async def make_link(
    person_id: UUID, purpose: str, email: str, *, now: datetime, lasts: timedelta
) -> str:
    """Make a one-time token, which ends the earlier ones for the same purpose; return it."""
    token = new_token()
    await database.fetch(
        "UPDATE account_token SET used_at = $3 "
        "WHERE person = $1 AND purpose = $2 AND used_at IS NULL",
        person_id,
        purpose,
        now,
    )
    await AccountToken.insert(
        AccountToken(
            person=person_id,
            purpose=purpose,
            digest=digest(token),
            email=email,
            expires_at=now + lasts,
        )
    )
    return token


async def spend_link(token: str, purpose: str, now: datetime) -> UUID:
    """Use up a one-time token and return whose it is.

    Raises:
        LinkSpent: it is unknown, used, too old, or was sent to an address given up since.
    """
    rows = await database.fetch(
        """UPDATE account_token t SET used_at = $3 FROM person p
           WHERE t.digest = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > $3
                 AND p.id = t.person AND p.email = t.email AND p.erased_at IS NULL
           RETURNING t.person""",
        digest(token),
        purpose,
        now,
    )
    if not rows:
        raise LinkSpent
    return UUID(str(rows[0]["person"]))
