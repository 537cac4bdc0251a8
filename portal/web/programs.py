"""Programs: which addresses are made for them, and the key of a person that they may come with.

Such an address only reads. Everywhere else a key means nothing: no page, no form, no account.
"""

from typing import Any

from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from portal.permissions import PUBLIC
from portal.web.client import header

# Of a route that is made for programs and stands in no OpenAPI document of the portal.
FOR_PROGRAMS = {"programs": True}
CHALLENGE = 'Bearer realm="Tajhiz"'
REFUSED = f'{CHALLENGE}, error="invalid_token"'
API = "/api/"


def for_programs(scope: Scope) -> bool:
    """Say whether this is a reading request to an address made for programs."""
    handler = scope.get("route_handler")
    if not isinstance(handler, HTTPRouteHandler) or scope.get("method") not in {"GET", "HEAD"}:
        return False
    said = handler.opt.get("programs") or handler.opt.get("described")
    return bool(said) or scope["path"].startswith(API)


def key_shown(scope: Scope) -> str | None:
    """Return the key a program came with, right or wrong; ``None`` when it may not or did not."""
    scheme, _space, key = header(scope, b"authorization").strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" and for_programs(scope) else None


def example_path(request: Request[Any, Any, Any]) -> str:
    """Return an address that a key opens and a stranger does not, to show how one is used."""
    paths = (
        path
        for package in request.app.state.packages
        for one in package.controllers
        if isinstance(one, HTTPRouteHandler) and one.opt.get("described")
        if all(getattr(guard, "action", PUBLIC) != PUBLIC for guard in one.guards or ())
        for path in sorted(one.paths)
        if "{" not in path
    )
    return next(paths, f"{API}v1/openapi.json")
