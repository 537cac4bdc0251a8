"""Who may do what: pure, and the only place where the answer is computed.

An :class:`Action` is declared once, beside the feature it guards, with the rule that decides it.
Routes name it in their guard, pages ask it about one subject, templates about a button.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class OrganisationKind(StrEnum):
    """What an organisation is in the ecosystem."""

    BUYER = "buyer"
    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"
    SUBCONTRACTOR = "subcontractor"
    PARTNER = "partner"
    CLUSTER = "cluster"
    ORGANISER = "organiser"
    AUTHORITY = "authority"


class Role(StrEnum):
    """What a person may do inside an organisation; each one includes those before it."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Membership:
    """One person's place in one organisation."""

    organisation_id: UUID
    kind: OrganisationKind
    role: Role
    verified: bool  # the organisation was verified by the cluster or an authority
    organisation_name: str = ""
    other_kinds: tuple[OrganisationKind, ...] = ()
    suspended_at: datetime | None = None  # since when its members only read

    @property
    def kinds(self) -> frozenset[OrganisationKind]:
        """Return everything the organisation is: a maker may distribute as well."""
        return frozenset((self.kind, *self.other_kinds))


@dataclass(frozen=True)
class Actor:
    """Who is asking; ``STRANGER`` has not signed in, ``SYSTEM`` is the portal itself."""

    person_id: UUID | None = None
    name: str = ""
    email_confirmed: bool = False
    memberships: tuple[Membership, ...] = field(default=())
    must_protect: bool = False  # may do nothing before the second factor is on

    @property
    def signed_in(self) -> bool:
        """Say whether this is a known person."""
        return self.person_id is not None

    @property
    def label(self) -> str:
        """Return how the audit names this actor."""
        if self == SYSTEM:
            return "system"
        return str(self.person_id) if self.person_id else "stranger"


STRANGER = Actor()
# The portal itself: jobs, crons and the command line.
SYSTEM = Actor(name="system")


class Subject(Protocol):
    """What is acted upon, as far as permissions care: it belongs to an organisation."""

    @property
    def organisation_id(self) -> UUID | None:
        """Return the organisation it belongs to."""


Rule = Callable[[Actor, Subject | None], bool]


@dataclass(frozen=True)
class Action:
    """Something a person does, and the rule that decides who may."""

    name: str  # "package.subject.verb", e.g. "catalog.device.register"
    rule: Rule = field(repr=False, compare=False)


def may(actor: Actor, action: Action, subject: Subject | None = None) -> bool:
    """Say whether ``actor`` may do ``action`` to ``subject``.

    Without a subject the question is « to any subject at all? », which is what a route guard and
    a navigation entry ask; the page asks again about the one it loaded.
    """
    return action.rule(actor, subject)


def held_back(actor: Actor, action: Action, subject: Subject | None = None) -> Membership | None:
    """Return the membership by which ``actor`` might, if its organisation were not suspended."""
    for one in actor.memberships:
        if one.suspended_at is not None:
            free = replace(one, suspended_at=None, verified=True)
            if may(replace(actor, memberships=(free,)), action, subject):
                return one
    return None


def anyone(actor: Actor, subject: Subject | None) -> bool:
    """Everybody, signed in or not."""
    return True


def stranger(actor: Actor, subject: Subject | None) -> bool:
    """Only those who have not signed in (sign-in and registration pages)."""
    return not actor.signed_in


def signed_in(actor: Actor, subject: Subject | None) -> bool:
    """Every known person."""
    return actor.signed_in


def member(
    kinds: Container[OrganisationKind] | None = None,
    *,
    at_least: Role = Role.VIEWER,
    verified: bool = False,
    of_subject: bool = True,
    reads: bool = False,
) -> Rule:
    """Return the rule « is a member, with this role, of an organisation of these kinds ».

    Args:
        kinds: kinds of organisation that count; all when ``None``.
        at_least: the lowest role that counts.
        verified: whether only verified organisations count.
        of_subject: whether it has to be the organisation the subject belongs to.
        reads: whether nothing is changed, so that members of a suspended organisation may as well;
            what every member may do always counts as that.
    """
    roles = list(Role)
    enough = set(roles[roles.index(at_least) :])
    changes = not reads and at_least is not Role.VIEWER

    def rule(actor: Actor, subject: Subject | None) -> bool:
        return any(
            m.role in enough
            and (kinds is None or any(kind in kinds for kind in m.kinds))
            and (m.verified or not verified)
            and not (changes and m.suspended_at)
            and (subject is None or not of_subject or m.organisation_id == subject.organisation_id)
            for m in actor.memberships
        )

    return rule


def either(*rules: Rule) -> Rule:
    """Return the rule that holds when one of ``rules`` does."""

    def rule(actor: Actor, subject: Subject | None) -> bool:
        return any(one(actor, subject) for one in rules)

    return rule


# Those who verify organisations and devices: the cluster and the authorities (issue 2, §3).
verifier = member(
    {OrganisationKind.CLUSTER, OrganisationKind.AUTHORITY},
    at_least=Role.EDITOR,
    verified=True,
    of_subject=False,
)
authority = member({OrganisationKind.AUTHORITY}, verified=True, of_subject=False)
# Whose account opens more than their own organisation: they sign in with a second factor.
second_factor_duty = either(verifier, authority)

PUBLIC = Action("public", anyone)
SIGNED_IN = Action("account.own", signed_in)
