"""One way to write a thing down, so that its SHA-256 means something."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

import msgspec

from procurement.scoring.outcome import Line, Lines
from procurement.scoring.tender import Tender


def builtins(thing: object) -> object:
    """Return ``thing`` as dictionaries, lists, texts and integers; rationals as « 3/4 »."""
    return msgspec.to_builtins(thing, enc_hook=_written)


def canonical(thing: object) -> bytes:
    """Write ``thing`` as JSON with sorted keys, no spaces and no floats, in UTF-8."""
    return json.dumps(
        builtins(thing), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(thing: object) -> str:
    """Return the SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(thing)).hexdigest()


def seal(tender: Tender) -> str:
    """Return the seal of a published tender: the digest of its canonical form."""
    return digest(tender)


def _written(value: object) -> str | tuple[Line, ...]:
    if isinstance(value, Lines):
        return value.whole()
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"not to be written: {type(value)}")
