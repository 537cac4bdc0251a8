"""Tokens of devices: long random ones, of which only the SHA-256 is kept. Pure.

No slow hash: 32 random bytes cannot be guessed, and a device that reconnects must not wait for one.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_HEX = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, repr=False)
class Credentials:
    """What a device shows: who it says it is, and its token."""

    device: UUID
    token: str


def new_token() -> str:
    """Return a new token: 43 characters that need no escaping anywhere."""
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def matches(token: str, kept: bytes | None) -> bool:
    """Say whether this is the token of which ``kept`` is the hash, taking equally long for all."""
    return hmac.compare_digest(hash_of(token), kept or bytes(BYTES)) and kept is not None


def credentials(device: str, token: str) -> Credentials | None:
    """Read a user name and a password; ``None`` when they cannot be those of a device."""
    if not _HEX.fullmatch(device) or not _TOKEN.fullmatch(token):
        return None
    return Credentials(UUID(hex=device), token)


def bearer(authorization: str | None) -> Credentials | None:
    """Read ``Authorization: Bearer <device>.<token>``; ``None`` when it is of another form."""
    scheme, _space, said = (authorization or "").strip().partition(" ")
    device, _dot, token = said.strip().partition(".")
    return credentials(device, token) if scheme.lower() == "bearer" else None
