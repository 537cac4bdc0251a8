"""The signature under a pack's head: Ed25519 (RFC 8032). Keys are 32 bytes in hexadecimal."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.settings import Settings
from portal.web.errors import UserError
from portal.web.i18n import lazy

ALGORITHM = "Ed25519"
LENGTHS = {"public_key": 64, "signature": 128}


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


def published(settings: Settings) -> list[str]:
    """Return the keys that this deployment signs and signed with, the present one first.

    Raises:
        NoKey: it has none, and had none.
    """
    old = settings.evidence_old_keys.split()
    if settings.evidence_key is None and not settings.is_local and old:
        return old
    return [public_key(seed(settings)), *old]


def signature(private: bytes, head: str) -> dict[str, str]:
    """Sign a head."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    return {
        "algorithm": ALGORITHM,
        "public_key": public_key(private),
        "signature": key.sign(head.encode()).hex(),
    }


def signed(head: str, found: dict[str, str]) -> bool:
    """Say whether a signature, written in the one way there is, is of this head and its key."""
    if not _written(found):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["public_key"]))
        key.verify(bytes.fromhex(found["signature"]), head.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _written(found: Any) -> bool:
    """Say whether the parts of a signature are of their form: ``fromhex`` takes more than that."""
    if not isinstance(found, dict) or set(found) != {"algorithm", *LENGTHS}:
        return False
    return found["algorithm"] == ALGORITHM and all(
        isinstance(found[name], str) and re.fullmatch(f"[0-9a-f]{{{length}}}", found[name])
        for name, length in LENGTHS.items()
    )
