"""Access keys: what one looks like. Pure.

``tajhiz_``, 43 letters of which nobody knows the next (256 bits), and six that are computed from
the others: a scanner of repositories knows one without asking, and so do we.
"""

import re
import secrets
import string
import zlib

PREFIX = "tajhiz_"
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM, CHECK = 43, 6  # 62^43 > 2^256, 62^6 > 2^32
FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECK}}}")
DAYS = (30, 90, 365)
MOST = 20  # keys of one person that open something


def new_key() -> str:
    """Return a new key."""
    begun = PREFIX + "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
    return begun + check_of(begun)


def check_of(begun: str) -> str:
    """Return the last letters of a key: CRC-32 of the others, to the base 62."""
    number, letters = zlib.crc32(begun.encode()), ""
    for _ in range(CHECK):
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters


def well_formed(said: str) -> bool:
    """Say whether this can be a key; what is not is refused without asking the database."""
    return bool(FORM.fullmatch(said)) and check_of(said[:-CHECK]) == said[-CHECK:]
