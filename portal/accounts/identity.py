"""Who is asking: from the cookie to the :class:`Actor` every guard and template sees."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.middleware import DefineMiddleware
from litestar.middleware.authentication import (
    AbstractAuthenticationMiddleware,
    AuthenticationResult,
)
from litestar.response.base import Response
from litestar.types import Middleware

from portal import database
from portal.accounts.by_key import admit, narrowed
from portal.accounts.naming import in_language
from portal.accounts.sessions import Browser, Session, Sessions
from portal.permissions import (
    STRANGER,
    Actor,
    Membership,
    OrganisationKind,
    Role,
    second_factor_duty,
)
from portal.settings import Settings
from portal.web.client import client_address
from portal.web.programs import key_shown

ACTOR = """
    SELECT p.name, p.email_confirmed_at IS NOT NULL AS confirmed,
           p.totp_secret IS NOT NULL AS protected, m.role, o.id AS organisation_id,
           o.kind, o.other_kinds, o.state, o.suspended_at, o.name_fr, o.name_ar,
           o.name_en
    FROM person p
    LEFT JOIN membership m ON m.person = p.id
    LEFT JOIN organisation o ON o.id = m.organisation
    WHERE p.id = $1 AND p.erased_at IS NULL
    ORDER BY m.created_at, m.id
"""


async def actor_with(person_id: UUID, *, second_factor_required: bool = False) -> Actor:
    """Return a person with all memberships, in one statement; a stranger when erased.

    Args:
        person_id: who is signed in.
        second_factor_required: whether those with the duty may do nothing without one.
    """
    rows = await database.fetch(ACTOR, person_id)
    if not rows:
        return STRANGER
    actor = Actor(
        person_id=person_id,
        name=rows[0]["name"],
        email_confirmed=rows[0]["confirmed"],
        memberships=tuple(_membership(row) for row in rows if row["organisation_id"]),
    )
    bare = second_factor_required and not rows[0]["protected"]
    return replace(actor, must_protect=True) if bare and second_factor_duty(actor, None) else actor


def _membership(row: Any) -> Membership:
    return Membership(
        organisation_id=row["organisation_id"],
        kind=OrganisationKind(row["kind"]),
        role=Role(row["role"]),
        verified=row["state"] == "verified",
        organisation_name=in_language(row["name_fr"], row["name_ar"], row["name_en"]),
        other_kinds=tuple(OrganisationKind(kind) for kind in row["other_kinds"]),
        suspended_at=row["suspended_at"],
    )


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; `__Host-` makes browsers refuse one set by a sister site."""
    return "session" if settings.is_local else "__Host-session"


def sessions_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Sessions:
    """Return the sessions, on the connection to Valkey the application holds."""
    state = connection.app.state
    return Sessions.of(state.valkey, state.settings)


def session_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Session | None:
    """Return the session of this request, complete or still waiting for the second factor."""
    auth = connection.scope.get("auth")
    return auth if isinstance(auth, Session) else None


class Identity(AbstractAuthenticationMiddleware):
    """Set ``request.user`` on every request; somebody without a cookie costs nothing."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """Return the actor behind the key of a program or the cookie, or a stranger."""
        required = connection.app.state.settings.second_factor_required
        if (shown := key_shown(connection.scope)) is not None:
            key = await admit(connection, shown)
            person = await actor_with(key.person_id, second_factor_required=required)
            return AuthenticationResult(user=narrowed(person, key), auth=key)
        token = connection.cookies.get(cookie_name(connection.app.state.settings))
        if not token:
            return AuthenticationResult(user=STRANGER, auth=None)
        session = await sessions_of(connection).find(token, datetime.now(UTC))
        if session is None or not session.complete:
            return AuthenticationResult(user=STRANGER, auth=session)
        actor = await actor_with(session.person_id, second_factor_required=required)
        return AuthenticationResult(user=actor, auth=session)


def identity() -> Middleware:
    """Return the middleware, which leaves style sheets and probes alone."""
    return DefineMiddleware(Identity, exclude=["^/static/", "^/healthz", "^/readyz", "^/metrics"])


def browser_of(request: Request[Any, Any, Any]) -> Browser:
    """Return what the list of sessions will show of this browser."""
    return Browser(
        request.headers.get("user-agent", ""),
        client_address(request.scope, request.app.state.settings.trusted_proxies),
    )


def give_cookie(request: Request[Any, Any, Any], response: Response[Any], token: str) -> None:
    """Put the session's token in the browser."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        cookie_name(settings),
        token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=not settings.is_local,
        max_age=settings.session_absolute_s,
    )


def take_cookie(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Remove the session's token from the browser."""
    response.delete_cookie(cookie_name(request.app.state.settings), path="/")
