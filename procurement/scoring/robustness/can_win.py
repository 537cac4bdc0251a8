"""Whether some weights make a bid first: answered by a certificate in integers, or not at all.

Floats only propose. What is said is checked with integers: weights with which the bid is first,
or a mixture of other bids that has at least as many points as it under every criterion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.robustness.game import (
    Proposal,
    exact_solution,
    solved,
    solved_with_ties,
)

_WHOLES = (100, 10_000, 10**6, 10**9)
_NEAR = 1e-7


@dataclass(frozen=True)
class Certificate:
    """What is proven for one bid.

    Attributes:
        bid: the bid.
        verdict: « can_win », « never_wins », or « not_decided » when no proof was found.
        weights: whole numbers in proportion to weights with which it is first (« can_win »).
        mixture: other bids in whole shares that together are as good under every criterion, hence
            before it whatever the weights (« never_wins »).
    """

    bid: str
    verdict: Literal["can_win", "never_wins", "not_decided"]
    weights: tuple[int, ...] = ()
    mixture: dict[str, int] = field(default_factory=dict)


def wins_with(matrix: ScoreMatrix, bid: int, weights: Sequence[int]) -> bool:
    """Check in integers that a bid is first with these weights, equal bids by their priority."""
    if min(weights) < 0 or not any(weights):
        return False
    totals = [
        (sum(w * int(s) for w, s in zip(weights, row, strict=True)), int(tie))
        for row, tie in zip(matrix.scores, matrix.priority, strict=True)
    ]
    return max(range(len(totals)), key=totals.__getitem__) == bid


def beaten_by(matrix: ScoreMatrix, bid: int, shares: dict[int, int]) -> bool:
    """Check in integers that a mixture of other bids is before a bid whatever the weights.

    It must have at least its points under every criterion, and more under every one unless one of
    the mixed bids is preferred to it when they are equal.
    """
    if not shares or bid in shares or min(shares.values()) <= 0:
        return False
    whole = sum(shares.values())
    leads = [
        sum(share * int(matrix.scores[other, k]) for other, share in shares.items())
        - whole * int(points)
        for k, points in enumerate(matrix.scores[bid])
    ]
    preferred = any(matrix.priority[other] > matrix.priority[bid] for other in shares)
    return min(leads) > 0 or (min(leads) == 0 and preferred)


def certificates(
    matrix: ScoreMatrix,
    known: dict[int, Sequence[int]] | None = None,
    among: Sequence[int] | None = None,
) -> tuple[Certificate, ...]:
    """Return one certificate for each bid; ``known``: weights with which a bid may be first.

    ``among``: places of the bids that are asked about, by default all.
    """
    given = known or {}
    asked = range(len(matrix.bids)) if among is None else sorted(among)
    return tuple(certificate(matrix, bid, given.get(bid)) for bid in asked)


def certificate(matrix: ScoreMatrix, bid: int, known: Sequence[int] | None = None) -> Certificate:
    """Prove that a bid can be first or never is; « not_decided » when neither is proven."""
    name = matrix.bids[bid]
    if known is not None:
        for weights in (*_rounded_all([float(w) for w in known]), list(known)):
            if wins_with(matrix, bid, weights):
                return Certificate(name, "can_win", weights=_reduced(weights))
    single = _dominating(matrix, bid)
    if single is not None:
        return Certificate(name, "never_wins", mixture={matrix.bids[single]: 1})
    rivals = np.array([other for other in range(len(matrix.bids)) if other != bid])
    if not len(rivals):
        return Certificate(name, "can_win", weights=tuple(matrix.weights))
    leads = matrix.scores[bid] - matrix.scores[rivals]
    on_tie = matrix.priority[rivals] < matrix.priority[bid]
    found = _proven(matrix, bid, rivals, solved(leads), np.zeros(len(rivals), np.bool_))
    if found is None and (second := solved_with_ties(leads, on_tie)) is not None:
        found = _proven(matrix, bid, rivals, second, on_tie)
    return found or Certificate(name, "not_decided")


def _dominating(matrix: ScoreMatrix, bid: int) -> int | None:
    better = (matrix.scores >= matrix.scores[bid]).all(axis=1)
    return next(
        (
            int(other)
            for other in np.flatnonzero(better)
            if other != bid and beaten_by(matrix, bid, {int(other): 1})
        ),
        None,
    )


def _proven(
    matrix: ScoreMatrix,
    bid: int,
    rivals: NDArray[np.intp],
    proposal: Proposal,
    on_tie: NDArray[np.bool_],
) -> Certificate | None:
    leads = matrix.scores[bid] - matrix.scores[rivals]
    name = matrix.bids[bid]
    for weights in _weight_candidates(leads, proposal, on_tie):
        if wins_with(matrix, bid, weights):
            return Certificate(name, "can_win", weights=_reduced(weights))
    for shares in _share_candidates(leads, proposal, on_tie):
        mixture = {int(rivals[at]): share for at, share in enumerate(shares) if share}
        if beaten_by(matrix, bid, mixture):
            return Certificate(
                name, "never_wins", mixture={matrix.bids[o]: s for o, s in mixture.items()}
            )
    return None


def _weight_candidates(
    leads: NDArray[np.int64], proposal: Proposal, on_tie: NDArray[np.bool_]
) -> Iterator[list[int]]:
    weights, _, value = proposal
    if value < -_NEAR:
        return
    yield from _rounded_all(list(weights))
    # The corner itself: the weights that are not 0, and the rivals over which the lead is smallest.
    used = np.flatnonzero(weights > _NEAR)
    slack = leads @ weights - np.where(on_tie, 0.0, value)
    tight = np.flatnonzero(slack < _NEAR * max(1.0, float(np.abs(leads).max())))
    rows = [
        [Fraction(int(leads[j, k])) for k in used] + [Fraction(0 if on_tie[j] else -1)]
        for j in tight
    ]
    yield from _corner(rows, used, leads.shape[1])


def _share_candidates(
    leads: NDArray[np.int64], proposal: Proposal, on_tie: NDArray[np.bool_]
) -> Iterator[list[int]]:
    _, shares, value = proposal
    if value > _NEAR:
        return
    yield from _rounded_all(list(shares))
    shares = shares / max(float(shares.sum()), _NEAR)
    used = np.flatnonzero(shares > _NEAR)
    worst = shares @ leads
    tight = np.flatnonzero(worst > worst.max() - _NEAR * max(1.0, float(np.abs(leads).max())))
    rows = [[Fraction(int(leads[j, k])) for j in used] + [Fraction(-1)] for k in tight]
    yield from _corner(rows, used, len(leads))


def _corner(rows: list[list[Fraction]], used: NDArray[np.intp], size: int) -> Iterator[list[int]]:
    rows = [*rows, [Fraction(1)] * len(used) + [Fraction(0)]]
    found = exact_solution(rows, [Fraction(0)] * (len(rows) - 1) + [Fraction(1)])
    if found is None or min(found[:-1], default=Fraction(-1)) < 0:
        return
    whole = lcm(*(value.denominator for value in found[:-1]))
    filled = [0] * size
    for place, value in zip(used, found[:-1], strict=True):
        filled[int(place)] = int(value * whole)
    yield filled


def _rounded_all(values: list[float]) -> Iterator[list[int]]:
    # The simplest first: hundredths can be read, basis points are what a notice states.
    total = sum(max(value, 0.0) for value in values)
    if total > 0:
        for whole in _WHOLES:
            yield _rounded([max(value, 0.0) / total for value in values], whole)


def _rounded(shares: list[float], whole: int) -> list[int]:
    down = [int(share * whole) for share in shares]
    missing = max(0, whole - sum(down))
    order = sorted(range(len(down)), key=lambda at: down[at] - shares[at] * whole)
    for at in order[:missing]:
        down[at] += 1
    return down


def _reduced(weights: Sequence[int]) -> tuple[int, ...]:
    common = gcd(*weights)
    return tuple(weight // common for weight in weights)
