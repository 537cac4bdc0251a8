"""The address of a device: its short number, then readable words that may change."""

import re
import unicodedata

HANDLE = re.compile(r"(\d{1,18})(?:-.*)?")


def slug(text: str) -> str:
    """Return ``text`` as words of an address: ASCII letters and digits joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:80].strip("-")


def handle(number: int, *names: str) -> str:
    """Return the address part of a device: the number leads, the first readable name follows."""
    words = next((found for found in map(slug, names) if found), "")
    return f"{number}-{words}" if words else str(number)


def number_of(text: str) -> int | None:
    """Return the number a handle starts with, or ``None`` when it is no handle."""
    found = HANDLE.fullmatch(text)
    return int(found[1]) if found else None
