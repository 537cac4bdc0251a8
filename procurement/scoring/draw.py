"""The drawing of lots that anyone can repeat: a seed committed to before the opening, SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from procurement.scoring.errors import DrawMismatch


def drawn(seed: str, commitment: str, lot: str, bids: Sequence[str]) -> tuple[str, ...]:
    """Return the bids in the order they were drawn: by SHA-256 of « seed|lot|bid », lowest first.

    ``commitment`` is the SHA-256 of the seed in hexadecimal, published before the opening. The
    order does not depend on the order in which the bids are given, nor on who else draws.

    Raises:
        DrawMismatch: the seed is not the one committed to.
    """
    if _sha256(seed) != commitment:
        raise DrawMismatch("seed", rule="draw", commitment=commitment)
    return tuple(sorted(bids, key=lambda bid: _sha256(f"{seed}|{lot}|{bid}")))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
