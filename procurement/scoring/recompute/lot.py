"""One lot as this evaluator decides it."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

Lot = SimpleNamespace
Groups = list[list[str]]


def new(name: str) -> Lot:
    """Return a lot that nobody has won."""
    return Lot(
        name=name,
        status="unsuccessful",
        winner=None,
        amount=None,
        ranking={},
        excluded={},
        numbers={},
    )


def equals(lot: Lot, keys: dict[str, Any], shown: dict[str, Fraction]) -> Groups:
    """Group bids by their keys, the lowest key first, and note what each is ranked by."""
    lot.ranking = {bid: str(shown[bid]) for bid in keys}
    groups: dict[Any, list[str]] = {}
    for bid, key in keys.items():
        groups.setdefault(key, []).append(bid)
    return [groups[key] for key in sorted(groups)]
