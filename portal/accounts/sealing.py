"""Secrets: random links whose digest alone is kept, and encryption of what must be read again."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.settings import get_settings

# No 0/O, 1/I/L: recovery codes are read from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECOVERY_LENGTH = 12  # 31^12 ≈ 2^59
RECOVERY_CODES = 10


def new_token() -> str:
    """Return 256 random bits, as they travel in a link or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of a random token; a stolen copy of the database opens nothing."""
    return hashlib.sha256(token.encode()).digest()


def undo_token(change_id: UUID) -> str:
    """Return the token that undoes a change of address: the same in each mail about it."""
    return urlsafe_b64encode(hmac.digest(_key(b"undo"), change_id.bytes, "sha256")).decode()


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes, in groups of four letters."""
    return [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(letter for letter in code.upper() if letter in LETTERS)
    return hmac.digest(_key(b"recovery codes"), plain.encode(), "sha256")


def _key(purpose: bytes) -> bytes:
    secret = get_settings().secret_key.get_secret_value().encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tajhiz " + purpose).derive(secret)


@lru_cache(1)
def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(_key(b"second factor")))


def seal(text: str) -> bytes:
    """Encrypt ``text`` with a key derived from the secret key of this deployment."""
    return _box().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Decrypt what ``seal`` encrypted; ``InvalidToken`` when the secret key is another one."""
    return _box().decrypt(sealed).decode()
