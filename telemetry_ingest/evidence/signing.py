"""The signature under a pack's head: Ed25519 (RFC 8032). Keys are 32 bytes in hexadecimal."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.settings import Settings
from portal.web.errors import UserError
from portal.web.i18n import lazy

ALGORITHM = "Ed25519"


class NoKey(UserError):
    """Nobody has set a key to sign packs with."""

    status = 503
    message = lazy(
        "This portal has no key to sign evidence with. Whoever runs it sets TAJHIZ_EVIDENCE_KEY."
    )


def seed(settings: Settings) -> bytes:
    """Return the private key of this deployment; on one's own machine it comes from another secret.

    Raises:
        NoKey: none is set.
    """
    if settings.evidence_key:
        return bytes.fromhex(settings.evidence_key.get_secret_value())
    if not settings.is_local:
        raise NoKey
    secret = settings.secret_key.get_secret_value().encode()
    return hashlib.sha256(b"tajhiz evidence, local\n" + secret).digest()


def public_key(private: bytes) -> str:
    """Return the key that everybody may know."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def signature(private: bytes, head: str) -> dict[str, str]:
    """Sign a head."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    return {
        "algorithm": ALGORITHM,
        "public_key": public_key(private),
        "signature": key.sign(head.encode()).hex(),
    }


def signed(head: str, found: dict[str, str]) -> bool:
    """Say whether a signature is of this head and of the key it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["public_key"]))
        key.verify(bytes.fromhex(found["signature"]), head.encode())
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return found.get("algorithm") == ALGORITHM
