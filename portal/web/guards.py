"""Every route declares who may use it: ``guards=[allow(ACTION)]``."""

from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from portal.permissions import PUBLIC, STRANGER, Action, Actor, Subject, held_back, may
from portal.web.errors import SecondFactorMissing
from portal.web.held_back import suspended

# What somebody may open whose role asks for a second factor, before it is on.
BEFORE_PROTECTION = frozenset(
    {
        *("accounts.second_factor", "accounts.second_factor.on", "accounts.sign_out"),
        *("root", "stylesheet", "theme", "health", "ready", "metrics", "robots"),
    }
)


class allow:  # noqa: N801 — reads as a verb where it is used
    """A guard that lets through those who may do ``action``; tests read ``action`` from it."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Raise unless the person behind ``connection`` may do the action.

        It waits for nothing, but Litestar sends what is not a coroutine to a thread.
        """
        actor = actor_of(connection)
        if actor.must_protect and handler.name not in BEFORE_PROTECTION:
            raise SecondFactorMissing
        _refuse_unless(actor, self.action, None)


public = allow(PUBLIC)


def actor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    """Return who is asking."""
    user = connection.scope.get("user")
    return user if isinstance(user, Actor) else STRANGER


def is_open(connection: ASGIConnection[Any, Any, Any, Any], route: str) -> bool:
    """Say whether a link to a named page helps: a stranger is asked to sign in there."""
    found = connection.app.get_handler_index_by_name(route)
    actor = actor_of(connection)
    if found is None or not actor.signed_in:
        return found is not None
    layers = found["handler"].ownership_layers
    guards = (guard for layer in layers for guard in layer.guards or ())
    return all(may(actor, one.action) for one in guards if isinstance(one, allow))


def require(request: Request[Any, Any, Any], action: Action, subject: Subject) -> Actor:
    """Return who is asking, or refuse because they may not do ``action`` to this subject."""
    actor = actor_of(request)
    _refuse_unless(actor, action, subject)
    return actor


def _refuse_unless(actor: Actor, action: Action, subject: Subject | None) -> None:
    """Ask a stranger to sign in, and tell a known person that it is not theirs to do."""
    if may(actor, action, subject):
        return
    if not actor.signed_in:
        raise NotAuthorizedException(detail=action.name)
    place = held_back(actor, action, subject)
    if place is not None:
        raise suspended(place)
    raise PermissionDeniedException(detail=action.name)
