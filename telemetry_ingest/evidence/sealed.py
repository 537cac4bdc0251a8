"""The form of a pack: canonical JSON, its sections chained by SHA-256, its head signed. Pure.

Canonical: names sorted, no spaces, UTF-8, no floating point: numbers that are measured are texts
of 12 significant digits. The digest of a section covers the one before it; the last digest is the
head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

FORMAT = "tajhiz.evidence/1"
DIGITS = 12


class NotCanonical(ValueError):
    """A value has no canonical form."""


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of a value.

    Raises:
        NotCanonical: it holds a floating-point number.
    """
    _no_floats(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _no_floats(value: Any) -> None:
    if isinstance(value, float):
        raise NotCanonical(value)
    if isinstance(value, Mapping):
        for one in value.values():
            _no_floats(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _no_floats(one)


def number(value: float | Fraction | None) -> str | None:
    """Write a measured number with 12 significant digits; what is not finite is « none »."""
    if value is None or not isfinite(float(value)):
        return None
    return format(float(value), f".{DIGITS}g")


def chained(sections: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Return the sections in turn, each with its digest, and the head."""
    before, found = hashlib.sha256(FORMAT.encode()).hexdigest(), []
    for name, content in sections.items():
        before = digest(before, name, content)
        found.append({"name": name, "content": content, "digest": before})
    return found, before


def digest(before: str, name: str, content: Any) -> str:
    """Return the digest of a section that follows ``before``."""
    return hashlib.sha256(
        before.encode() + b"\n" + name.encode() + b"\n" + canonical(content)
    ).hexdigest()
