"""What protects every answer: headers, content security policy, CSRF token, rate limits."""

from typing import Any

from litestar.config.csrf import CSRFConfig
from litestar.response.base import Response
from litestar.types import Middleware

from portal.settings import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def security_headers(response: Response[Any]) -> Response[Any]:
    """Add the headers every answer carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def csrf(settings: Settings) -> CSRFConfig:
    """Require our token on every post that a browser could be tricked into."""
    return CSRFConfig(
        secret=settings.secret_key.get_secret_value(),
        cookie_secure=not settings.is_local,
        cookie_httponly=True,
        exclude=["^/api/"],
    )


def middleware(settings: Settings) -> list[Middleware]:
    """Return what every request passes through, outermost first."""
    return []
