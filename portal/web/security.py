"""What protects every answer: headers, content security policy, CSRF token, rate limits."""

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Middleware, Scope

from portal.accounts.identity import identity
from portal.permissions import Actor
from portal.settings import Settings

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# As the server sends them: every answer carries them, so they are compared without text.
RAW_HEADERS = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
HSTS = "max-age=31536000; includeSubDomains"
FOREVER = "public, max-age=31536000, immutable"
PROBES = {"/healthz", "/readyz", "/metrics"}


def protect(
    headers: MutableScopeHeaders, scope: Scope, settings: Settings, *, status: int = 200
) -> None:
    """Add the headers every answer carries, whatever made it: page, error, file, refusal."""
    present = {name.lower() for name, _ in headers.headers}
    headers.headers.extend(one for one in RAW_HEADERS if one[0] not in present)
    if not settings.is_local:
        headers.setdefault("strict-transport-security", HSTS)
    if scope["path"].startswith("/static/"):
        marked = status == 200 and scope["query_string"].startswith(b"v=")
        headers["cache-control"] = FOREVER if marked else "no-cache"
    else:
        headers.setdefault("cache-control", cache_control(scope))


def cache_control(scope: Scope) -> str:
    """Return how long a page may be kept: not at all when it was made for a known person."""
    user = scope.get("user")
    known = isinstance(user, Actor) and user.signed_in
    return "no-store" if known or scope["path"] in PROBES else "private, no-cache"


def csrf(settings: Settings) -> CSRFConfig:
    """Require our token on every post that a browser could be tricked into."""
    return CSRFConfig(
        secret=settings.secret_key.get_secret_value(),
        # A host of the same domain can neither read nor set a cookie with this prefix.
        cookie_name="csrf" if settings.is_local else "__Host-csrf",
        cookie_secure=not settings.is_local,
        cookie_httponly=True,
        exclude=["^/api/", "^/static/", "^/(healthz|readyz|metrics)$"],
    )


def middleware(settings: Settings) -> list[Middleware]:
    """Return what every request passes through, outermost first."""
    return [identity()]
