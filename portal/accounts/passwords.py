"""Passwords: how strong, how kept, and checked in a time that says nothing."""

import asyncio
from functools import lru_cache
from unicodedata import normalize

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 256
GUESSED_UP_TO = 72  # zxcvbn's time grows with the square of the length
COMMON = 1_000_000  # fewer guesses than this and a list of leaked passwords finds it

# OWASP's first choice for argon2id; 19 MiB each keeps a small machine alive under many sign-ins.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2


class Weakness:
    """Why a password is refused (msgids are given by the form that shows them)."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"


def _plain(password: str) -> str:
    """Return one spelling of a password, whatever keyboard composed its accents."""
    return normalize("NFKC", password)


def weakness(password: str, *about_them: str) -> str | None:
    """Return why ``password`` is too weak, or ``None``; no rule about which characters.

    Args:
        password: what the person chose.
        about_them: words an attacker would try first: their name, address, organisation.
    """
    # Here, because its lists of words take 9 MB that most processes never need.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    password = _plain(password)
    if len(password) < MIN_LENGTH:
        return Weakness.SHORT
    if len(password) > MAX_LENGTH:
        return Weakness.LONG
    words = [word for text in about_them for word in (text, *text.replace("@", " ").split())]
    words += ["tajhiz", "maroc", "morocco", "casablanca", "rabat"]
    guesses = zxcvbn(password[:GUESSED_UP_TO], user_inputs=[w for w in words if len(w) > 2])
    return Weakness.COMMON if guesses["guesses"] < COMMON else None


@lru_cache(1)
def _limiter(_loop: int) -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)


async def hashed(password: str) -> str:
    """Return the argon2id hash of ``password``, computed beside the event loop."""
    limiter = _limiter(id(asyncio.get_running_loop()))
    return await to_thread.run_sync(HASHER.hash, _plain(password), limiter=limiter)


@lru_cache(1)
def _nobodys() -> str:
    return HASHER.hash("the password of nobody")


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash or _nobodys(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


async def matches(password_hash: str, password: str) -> bool:
    """Say whether it is the password; without a hash it takes as long and answers no."""
    limiter = _limiter(id(asyncio.get_running_loop()))
    return await to_thread.run_sync(_matches, password_hash, _plain(password), limiter=limiter)
