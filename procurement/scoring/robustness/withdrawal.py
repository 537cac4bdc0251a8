"""What happens to the award when bids are withdrawn: each one, and each pair.

Where points depend on the other bids, a bid that cannot win may decide between two that can
(Telgen and Timmer 2016; Chen 2008; Stilger, Siderius and van Raaij 2017: « ranking paradox »).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.relative import RelativePrice, winners_of
from procurement.scoring.robustness.resolution import published_order

CELLS = 2**20
"""Sets of withdrawals times bids that are computed at once."""
WinnerWithout = Callable[[frozenset[str]], str | None]
"""The winner of the evaluation repeated without some bids; None when none is left."""


@dataclass(frozen=True)
class Reversal:
    """Without ``withdrawn`` the bid ``winner`` is first, although ``expected`` was before it."""

    withdrawn: tuple[str, ...]
    expected: str
    winner: str | None


@dataclass(frozen=True)
class Withdrawals:
    """How many sets of one or two bids were tried, and those that turn the order."""

    tried: int
    reversals: tuple[Reversal, ...]


def withdrawals(
    order: Sequence[str], winner_without: WinnerWithout, *, pairs: bool = True
) -> Withdrawals:
    """Repeat the evaluation without every bid (and pair); ``order``: bids from first to last.

    Expected is the best placed bid that remains.
    """
    sets = list(_sets(len(order), pairs))
    found = []
    for gone in sets:
        names = tuple(order[place] for place in gone)
        expected = _remaining(order, gone)
        winner = winner_without(frozenset(names))
        if winner != expected:
            found.append(Reversal(names, expected, winner))
    return Withdrawals(len(sets), tuple(found))


def relative_withdrawals(
    matrix: ScoreMatrix, relative: RelativePrice, *, pairs: bool = True
) -> Withdrawals:
    """Do the same at once for a matrix in which one column is a relative price formula."""
    m = len(matrix.bids)
    sets = list(_sets(m, pairs))
    ranking = published_order(matrix)
    found = []
    for gone, winner in zip(sets, _winners(matrix, relative, sets), strict=True):
        expected = next(bid for bid in ranking if bid not in gone)
        if winner != expected:
            names = tuple(matrix.bids[bid] for bid in gone)
            found.append(Reversal(names, matrix.bids[expected], matrix.bids[winner]))
    return Withdrawals(len(sets), tuple(found))


def _winners(
    matrix: ScoreMatrix, relative: RelativePrice, sets: Sequence[tuple[int, ...]]
) -> Iterator[int]:
    """Yield who is first without each set; so many sets at a time that memory stays small."""
    m = len(matrix.bids)
    prices = np.array(relative.prices, np.int64)
    step = max(1, CELLS // m)
    for start in range(0, len(sets), step):
        part = sets[start : start + step]
        kept = np.ones((len(part), m), np.bool_)
        for row, gone in enumerate(part):
            kept[row, list(gone)] = False
        winners = winners_of(matrix, relative, np.broadcast_to(prices, kept.shape), kept)
        yield from winners.tolist()


def _sets(m: int, pairs: bool) -> Iterator[tuple[int, ...]]:
    # At least one bid stays.
    for size in (1, 2) if pairs else (1,):
        if size < m:
            yield from combinations(range(m), size)


def _remaining(order: Sequence[str], gone: tuple[int, ...]) -> str:
    return next(bid for place, bid in enumerate(order) if place not in gone)
