"""People, the members of an organisation, invitations and links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.errors import InvitationSpent, PersonNotFound
from portal.accounts.naming import in_language
from portal.accounts.sealing import digest
from portal.permissions import Role


@dataclass(frozen=True)
class PersonDetail:
    """One's own account, as its pages show it."""

    id: UUID
    email: str
    name: str
    language: str
    email_confirmed_at: datetime | None
    created_at: datetime
    signed_in_at: datetime | None
    protected: bool  # by a second factor
    recovery_codes_left: int


async def person(person_id: UUID) -> PersonDetail:
    """Return one person.

    Raises:
        PersonNotFound: there is none with this id, or the account was erased.
    """
    rows = await database.fetch(
        """SELECT id, email, name, language, email_confirmed_at, created_at, signed_in_at,
                  totp_secret IS NOT NULL AS protected,
                  (SELECT count(*) FROM recovery_code WHERE person = $1 AND used_at IS NULL)
                      AS recovery_codes_left
           FROM person WHERE id = $1 AND erased_at IS NULL""",
        person_id,
    )
    if not rows:
        raise PersonNotFound
    return PersonDetail(**dict(rows[0]))


@dataclass(frozen=True)
class MemberRow:
    """One member of an organisation."""

    person_id: UUID
    name: str
    email: str
    role: Role
    since: datetime
    protected: bool


async def members_of(organisation_id: UUID) -> list[MemberRow]:
    """Return the members of an organisation, by name."""
    rows = await database.fetch(
        """SELECT p.id AS person_id, p.name, p.email, m.role, m.created_at AS since,
                  p.totp_secret IS NOT NULL AS protected
           FROM membership m JOIN person p ON p.id = m.person
           WHERE m.organisation = $1 ORDER BY p.name, p.id""",
        organisation_id,
    )
    return [MemberRow(**{**dict(row), "role": Role(row["role"])}) for row in rows]


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that may still be accepted, or is too old."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


async def invitations_of(organisation_id: UUID) -> list[InvitationRow]:
    """Return the open invitations of an organisation, the latest first."""
    rows = await database.fetch(
        """SELECT id, email, role, created_at, expires_at FROM invitation
           WHERE organisation = $1 AND accepted_at IS NULL AND revoked_at IS NULL
           ORDER BY created_at DESC, id""",
        organisation_id,
    )
    return [InvitationRow(**{**dict(row), "role": Role(row["role"])}) for row in rows]


@dataclass(frozen=True)
class InvitationDetail:
    """What an invited person reads before they accept."""

    id: UUID
    organisation_id: UUID
    organisation_fr: str
    organisation_ar: str
    email: str
    role: Role
    invited_by: str
    has_account: bool

    @property
    def organisation(self) -> str:
        """Return the organisation's name in the language of the reader."""
        return in_language(self.organisation_fr, self.organisation_ar)


async def invitation(token: str, now: datetime) -> InvitationDetail:
    """Return the invitation of a link.

    Raises:
        InvitationSpent: it is unknown, accepted, revoked or too old.
    """
    rows = await database.fetch(
        """SELECT i.id, i.organisation AS organisation_id, o.name_fr AS organisation_fr,
                  o.name_ar AS organisation_ar, i.email, i.role, coalesce(b.name, '') AS invited_by,
                  EXISTS (SELECT FROM person WHERE email = i.email) AS has_account
           FROM invitation i JOIN organisation o ON o.id = i.organisation
           LEFT JOIN person b ON b.id = i.invited_by
           WHERE i.digest = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL
                 AND i.expires_at > $2""",
        digest(token),
        now,
    )
    if not rows:
        raise InvitationSpent
    return InvitationDetail(**{**dict(rows[0]), "role": Role(rows[0]["role"])})


@dataclass(frozen=True)
class MailTarget:
    """Somebody to write to, and in which language."""

    id: UUID
    email: str
    language: str


async def admins_of(organisation_id: UUID) -> list[MailTarget]:
    """Return the administrators of an organisation."""
    rows = await database.fetch(
        """SELECT p.id, p.email, p.language FROM membership m JOIN person p ON p.id = m.person
           WHERE m.organisation = $1 AND m.role = 'admin' ORDER BY p.email""",
        organisation_id,
    )
    return [MailTarget(**dict(row)) for row in rows]


async def link_is_good(token: str, purpose: str, now: datetime) -> bool:
    """Say whether a link of a mail can still be used."""
    rows = await database.fetch(
        """SELECT 1 FROM account_token
           WHERE digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3""",
        digest(token),
        purpose,
        now,
    )
    return bool(rows)


@dataclass(frozen=True)
class EmailChangeDetail:
    """What the page of a link about a change of address says."""

    old_email: str
    new_email: str
    confirmed: bool
    is_undo: bool  # the link was sent to the old address


async def email_change(token: str, now: datetime) -> EmailChangeDetail | None:
    """Return the change of address a link of a mail is about, while it can be used."""
    rows = await database.fetch(
        """SELECT c.old_email, c.new_email, c.confirmed_at IS NOT NULL AS confirmed,
                  c.undo_digest = $1 AS is_undo
           FROM email_change c JOIN person p ON p.id = c.person
           WHERE c.ended_at IS NULL AND p.erased_at IS NULL
                 AND (c.undo_digest = $1 AND c.undo_until > $2
                      OR c.confirm_digest = $1 AND c.confirmed_at IS NULL
                         AND c.expires_at > $2 AND p.email = c.old_email)""",
        digest(token),
        now,
    )
    return EmailChangeDetail(**dict(rows[0])) if rows else None
