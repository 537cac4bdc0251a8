"""The robustness report: what the order owes to the weights, the marks and the other bids.

It informs the committee and decides nothing; its first line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.outcome import Line
from procurement.scoring.robustness import emc1
from procurement.scoring.robustness.break_even import (
    FirstAt,
    break_evens,
    relative_break_evens,
)
from procurement.scoring.robustness.can_win import Certificate, certificates
from procurement.scoring.robustness.central import Central, central
from procurement.scoring.robustness.counting import DRAWS, Counts, rank_counts
from procurement.scoring.robustness.evaluators import (
    Agreement,
    Disputed,
    Panel,
    Result,
    WithoutOne,
    agreement,
    disputed,
    without_each,
    without_each_again,
)
from procurement.scoring.robustness.evidence import Tables, uncertain_counts
from procurement.scoring.robustness.extent import (
    EXACT_UP_TO,
    FOREMOST,
    MOST_CENTRAL,
    MOST_VARIED,
    PAIRS_UP_TO,
)
from procurement.scoring.robustness.first_rank import MOST_CRITERIA, first_rank
from procurement.scoring.robustness.pairwise import pairwise
from procurement.scoring.robustness.relative import RelativePrice
from procurement.scoring.robustness.resolution import CloseCall, close_calls, published_order
from procurement.scoring.robustness.saying import NOTICE, lines_of, warnings_of
from procurement.scoring.robustness.sweep import Sweep, sweep
from procurement.scoring.robustness.weights import Bands, around, restricted_counts
from procurement.scoring.robustness.withdrawal import (
    WinnerWithout,
    Withdrawals,
    relative_withdrawals,
    withdrawals,
)


@dataclass(frozen=True)
class Given:
    """What is known beside the matrix; a question without its means is not answered.

    Attributes:
        bands: weights held to ranges of their own instead of ``band_bp`` around the published.
        evidence: points that are distributions (``evidence.tables``).
        relative: the column that a relative price formula fills: the fast way for withdrawals
            and break-even prices.
        winner_without: repeats the evaluation without some bids; asked when ``relative`` is not
            given. ``pairs_up_to``: also without every pair, up to so many bids.
        prices, first_at: prices by bid, and whether a bid would be first at a price.
        panels: marks behind single columns, for the spread, the agreement and, unless
            ``result_without`` is given, the award without each evaluator.
        result_without: repeats the evaluation without one of ``evaluators``.
    """

    bands: Bands | None = None
    evidence: Tables | None = None
    relative: RelativePrice | None = None
    winner_without: WinnerWithout | None = None
    pairs_up_to: int = PAIRS_UP_TO
    prices: tuple[tuple[str, int], ...] = ()
    first_at: FirstAt | None = None
    panels: tuple[Panel, ...] = ()
    evaluators: tuple[str, ...] = ()
    result_without: Callable[[str], Result | None] | None = None


@dataclass(frozen=True)
class Robustness:
    """Figures about an award that do not change it.

    Attributes:
        notice: the fixed words that stand above it.
        matrix: what was looked at; ``order``: its bids from first to last as published.
        stream, seed, weight_bits: the draws can be repeated one by one (``emc1.replay``).
        counts: ranks over all weights; ``standard_error``: at most this, as a share of 1.
        foremost: the bids, from first on, that pairs, certificates and sentences tell of.
        pairwise: float64 [m, m], how sure the bid of the row is before that of the column; not a
            number beyond the foremost.
        sweeps: one for each criterion of the largest weights. first_rank: exact shares, up to
            three criteria. can_win: a certificate for each foremost bid.
        restricted: ranks inside the bands; uncertain: ranks with uncertain points.
        central: the typical weights of each bid's first places, with the uncertain points if any.
        pairs_left: bids above which pairs were not withdrawn; 0 where they were, or nothing was.
        withdrawals, break_even, without_evaluator, agreement, disputed: see their modules.
        close_calls: neighbours closer than one step of the rounding.
        lines, warnings: all of it in sentences.
    """

    notice: Line
    matrix: ScoreMatrix
    order: tuple[str, ...]
    foremost: tuple[str, ...]
    stream: str
    seed: int
    weight_bits: int
    counts: Counts
    standard_error: float
    pairwise: NDArray[np.float64]
    sweeps: tuple[Sweep, ...]
    first_rank: tuple[Fraction, ...] | None
    can_win: tuple[Certificate, ...]
    restricted: Counts | None
    uncertain: Counts | None
    central: tuple[Central, ...]
    withdrawals: Withdrawals | None
    pairs_left: int
    break_even: tuple[tuple[str, int | None], ...]
    without_evaluator: tuple[WithoutOne, ...]
    agreement: tuple[Agreement, ...]
    disputed: tuple[Disputed, ...]
    close_calls: tuple[CloseCall, ...]
    lines: tuple[Line, ...]
    warnings: tuple[Line, ...]


def robustness(
    matrix: ScoreMatrix,
    *,
    seed: int,
    draws: int = DRAWS,
    band_bp: int | None = None,
    threads: int = 2,
    given: Given | None = None,
) -> Robustness:
    """Answer every question whose means are given; the same input gives the same bits.

    ``seed``: see ``emc1.seed_of``. ``band_bp``: also hold the weights to ± this many basis points
    of each published one (2,500: ± 25 %).

    Raises:
        PrecisionExceeded: the scores leave too few bits for the weights.
        Malformed: marks or evidence contradict the matrix.
    """
    sampled = _Sampled(seed, draws, threads)
    found = _answered(matrix, given or Given(), band_bp, sampled)
    return replace(found, lines=lines_of(found), warnings=warnings_of(found))


@dataclass(frozen=True)
class _Sampled:
    seed: int
    draws: int
    threads: int


def _central(
    matrix: ScoreMatrix, counts: Counts, asked: Given, how: _Sampled
) -> tuple[Central, ...]:
    return central(
        matrix,
        counts,
        seed=how.seed,
        evidence=asked.evidence,
        threads=how.threads,
        most=MOST_CENTRAL,
    )


def _answered(matrix: ScoreMatrix, asked: Given, band_bp: int | None, how: _Sampled) -> Robustness:
    counts = rank_counts(
        matrix, how.seed, draws=how.draws, threads=how.threads, central=asked.evidence is None
    )
    uncertain = _uncertain(matrix, asked, how)
    places = published_order(matrix)
    order = tuple(matrix.bids[bid] for bid in places)
    foremost = places[:FOREMOST]
    exact = len(matrix.criteria) <= MOST_CRITERIA and len(order) <= EXACT_UP_TO
    withdrawn = _withdrawals(matrix, order, asked)
    pairs_left = asked.pairs_up_to if withdrawn and len(order) > asked.pairs_up_to else 0
    return Robustness(
        notice=NOTICE,
        matrix=matrix,
        order=order,
        foremost=order[:FOREMOST],
        stream=emc1.NAME,
        seed=how.seed,
        weight_bits=emc1.shape_of(matrix).weight_bits,
        counts=counts,
        standard_error=0.5 / float(max(1, how.draws)) ** 0.5,
        pairwise=pairwise(matrix, foremost),
        sweeps=tuple(sweep(matrix, place) for place in _varied(matrix)),
        first_rank=first_rank(matrix) if exact else None,
        can_win=certificates(matrix, _known(matrix, how.seed, counts), foremost),
        restricted=_restricted(matrix, asked, band_bp, how),
        uncertain=uncertain,
        central=_central(matrix, uncertain or counts, asked, how),
        withdrawals=withdrawn,
        pairs_left=pairs_left,
        break_even=_break_even(matrix, asked, foremost),
        without_evaluator=_without_evaluator(matrix, asked),
        agreement=tuple(agreement(matrix, panel) for panel in asked.panels),
        disputed=tuple(mark for panel in asked.panels for mark in disputed(matrix, panel)),
        close_calls=close_calls(matrix),
        lines=(),
        warnings=(),
    )


def _varied(matrix: ScoreMatrix) -> list[int]:
    """Return the criteria of the largest weights, in the order of the tender."""
    weights = matrix.weights
    by_weight = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    return sorted(by_weight[:MOST_VARIED])


def _restricted(
    matrix: ScoreMatrix, asked: Given, band_bp: int | None, how: _Sampled
) -> Counts | None:
    bands = asked.bands
    if bands is None and band_bp is not None:
        bands = around(matrix.weights, band_bp)
    if bands is None:
        return None
    return restricted_counts(matrix, how.seed, bands, draws=how.draws, threads=how.threads)


def _uncertain(matrix: ScoreMatrix, asked: Given, how: _Sampled) -> Counts | None:
    if asked.evidence is None:
        return None
    return uncertain_counts(
        matrix, how.seed, asked.evidence, draws=how.draws, threads=how.threads, central=True
    )


def _known(matrix: ScoreMatrix, seed: int, counts: Counts) -> dict[int, Sequence[int]]:
    # A draw in which a bid is first is a proof that it can be, and it can be repeated.
    shape = emc1.shape_of(matrix)
    known: dict[int, Sequence[int]] = {
        bid: emc1.weights(seed, shape, draw, 1)[: shape.n, 0].astype(np.int64).tolist()
        for bid, draw in enumerate(counts.seen_first.tolist())
        if draw >= 0
    }
    known[published_order(matrix)[0]] = matrix.weights
    return known


def _withdrawals(matrix: ScoreMatrix, order: Sequence[str], asked: Given) -> Withdrawals | None:
    pairs = len(order) <= asked.pairs_up_to
    if asked.relative:
        return relative_withdrawals(matrix, asked.relative, pairs=pairs)
    if asked.winner_without:
        return withdrawals(order, asked.winner_without, pairs=pairs)
    return None


def _break_even(
    matrix: ScoreMatrix, asked: Given, foremost: Sequence[int]
) -> tuple[tuple[str, int | None], ...]:
    if asked.relative:
        return relative_break_evens(matrix, asked.relative, sorted(foremost))
    return break_evens(asked.prices, asked.first_at) if asked.first_at else ()


def _without_evaluator(matrix: ScoreMatrix, asked: Given) -> tuple[WithoutOne, ...]:
    if asked.result_without:
        return without_each_again(asked.evaluators, asked.result_without)
    return without_each(matrix, asked.panels) if asked.panels else ()
