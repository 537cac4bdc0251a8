"""What a link that confirms an address is about: whose account, and which organisation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.errors import LinkSpent
from portal.accounts.naming import in_language
from portal.accounts.sealing import digest


@dataclass(frozen=True)
class Registration:
    """An account whose address waits to be confirmed."""

    person_id: UUID
    name: str
    email: str
    password_hash: str
    organisations: tuple[str, ...]


async def registration_of(token: str, now: datetime) -> Registration:
    """Return what a link would confirm.

    Raises:
        LinkSpent: it is unknown, used, too old, or the address is confirmed or erased already.
    """
    rows = await database.fetch(
        """SELECT p.id, p.name, p.email, p.password_hash, o.name_fr, o.name_ar, o.name_en
           FROM account_token t JOIN person p ON p.id = t.person AND p.email = t.email
           LEFT JOIN membership m ON m.person = p.id
           LEFT JOIN organisation o ON o.id = m.organisation
           WHERE t.digest = $1 AND t.purpose = 'confirm' AND t.used_at IS NULL
                 AND t.expires_at > $2 AND p.erased_at IS NULL AND p.email_confirmed_at IS NULL
           ORDER BY m.created_at, m.id""",
        digest(token),
        now,
    )
    if not rows:
        raise LinkSpent
    names = (in_language(one["name_fr"], one["name_ar"], one["name_en"])
             for one in rows if one["name_fr"] is not None)  # fmt: skip
    first = rows[0]
    return Registration(
        first["id"], first["name"], first["email"], first["password_hash"], tuple(names)
    )
