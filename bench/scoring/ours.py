"""What our engine is asked, each case beside the peers' of the same name."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

import numpy as np

from bench.scoring import inputs
from procurement.scoring import statute, value
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.offers import Bid, Bidder, Dossier, Mark
from procurement.scoring.quantities import Quantity
from procurement.scoring.robustness.counting import rank_counts
from procurement.scoring.robustness.fast import fast_counts
from procurement.scoring.shadow.promethee import promethee
from procurement.scoring.shadow.topsis import topsis
from procurement.scoring.shadow.vikor import vikor
from procurement.scoring.statute.batch import Batch, rank_all
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import (
    Absolute,
    Criterion,
    Judged,
    Lot,
    Price,
    ReferencePrice,
    Tender,
    ValueForMoney,
)
from procurement.scoring.value.batch import Scheme, award


def topsis_ours() -> Callable[[], Any]:
    matrix, weights = inputs.matrix(), inputs.weights()
    return lambda: topsis(matrix, weights, inputs.SENSE).closeness


def vikor_ours() -> Callable[[], Any]:
    matrix, weights = inputs.matrix(), inputs.weights()
    return lambda: vikor(matrix, weights, inputs.SENSE).compromise


def promethee_ours() -> Callable[[], Any]:
    matrix, weights = inputs.matrix(), inputs.weights()
    given = {"function": "linear", "q": inputs.Q, "p": inputs.P}
    return lambda: promethee(matrix, weights, inputs.SENSE, **given).net


def official(evaluators: int = 0) -> tuple[Tender, Dossier]:
    """Return a tender of 50 bids by lowest/price and 19 other criteria, and what came in.

    Without ``evaluators`` the 19 are stated quantities, published points straight away, as the
    peer has them; with evaluators each gives every bid a mark.
    """
    shares, points = inputs.basis_points(), inputs.points()
    names = [f"c{place:02d}" for place in range(points.shape[1])]
    stated = Absolute(best=Fraction(100), worst=Fraction(0), unit="point")
    criteria = (
        Criterion(id="price", weight=shares[0], kind=Price(formula="low_over_price")),
        *(
            Criterion(id=name, weight=share, kind=Judged() if evaluators else stated)
            for name, share in zip(names, shares[1:], strict=True)
        ),
    )
    method = ValueForMoney(criteria=criteria, ties=("lower_price", "draw"))
    tender = Tender(id="T", opened_on=date(2027, 1, 4), method=method, lots=(Lot(id="1"),))
    bids = tuple(
        Bid(
            id=f"b{place:02d}", bidder=f"b{place:02d}", lots=("1",), price=int(price),
            answers={} if evaluators else dict(zip(names, map(in_points, row), strict=True)),
        )
        for place, (price, row) in enumerate(zip(inputs.prices(), points, strict=True))
    )  # fmt: skip
    bidders = tuple(Bidder(id=bid.bidder) for bid in bids)
    return tender, Dossier(bidders=bidders, bids=bids, marks=marks(bids, names, evaluators))


def in_points(value: int) -> Quantity:
    """Return a stated quantity in points."""
    return Quantity(Fraction(int(value)), "point")


def marks(bids: Sequence[Bid], names: Sequence[str], evaluators: int) -> tuple[Mark, ...]:
    """Return the marks of each evaluator, a few points apart from each other."""
    return tuple(
        Mark(
            evaluator=f"e{judge}", bid=bid.id, criterion=name,
            points=Fraction(max(0, min(100, int(given) + judge - evaluators // 2))),
        )
        for judge in range(evaluators)
        for bid, row in zip(bids, inputs.points(), strict=True)
        for name, given in zip(names, row, strict=True)
    )  # fmt: skip


def official_ours() -> Callable[[], Any]:
    """Measure one tender, every number with its explanation held; answer the ranks."""
    return ranking(*official())


def official_read() -> Callable[[], Any]:
    """Measure the same with a line made for every number."""
    return ranking(*official(), read=True)


def official_judged() -> Callable[[], Any]:
    """Measure the same, lines made, with one evaluator's marks instead of stated quantities."""
    return ranking(*official(1), read=True)


def ranking(tender: Tender, dossier: Dossier, *, read: bool = False) -> Callable[[], list[int]]:
    """Return a call that evaluates a tender and answers the ranks in the order of the bids.

    Its lines are held, and made by nobody unless they are ``read``.
    """

    def call() -> list[int]:
        lot = value.evaluate(tender, dossier).lots[0]
        if read:
            assert len(lot.lines) > inputs.BIDS * inputs.CRITERIA
        return [one.rank for one in sorted(lot.ranking, key=lambda one: one.bid)]

    return call


def statutory_tenders() -> Batch:
    """Return 10,000 tenders of 50 offers around their estimate."""
    random = np.random.default_rng(6)
    estimates = random.integers(10_000_000, 1_000_000_000, inputs.TENDERS)
    percent = random.integers(6_500, 13_500, (inputs.TENDERS, inputs.BIDS))
    prices = estimates[:, None] * percent // 10_000
    return Batch(estimates, prices, np.ones(prices.shape, dtype=bool))


def statutory_batch() -> Callable[[], Any]:
    batch = statutory_tenders()
    return lambda: int(rank_all(batch, "supplies", DECREE_2023).ranks.sum())


def statutory_one() -> Callable[[], Any]:
    """One tender of 50 offers through the whole engine, with its explanations."""
    batch = statutory_tenders()
    names = [f"b{place:02d}" for place in range(inputs.BIDS)]
    tender = Tender(
        id="T", opened_on=date(2027, 1, 4), method=ReferencePrice(category="supplies"),
        lots=(Lot(id="1", estimate=int(np.asarray(batch.estimates)[0])),),
    )  # fmt: skip
    dossier = Dossier(
        bidders=tuple(Bidder(id=name) for name in names),
        bids=tuple(
            Bid(id=name, bidder=name, lots=("1",), price=int(price))
            for name, price in zip(names, np.asarray(batch.prices)[0], strict=True)
        ),
    )
    return lambda: statute.evaluate(tender, dossier).lots[0].winner


def value_batch() -> Callable[[], Any]:
    """Measure 10,000 tenders of 50 × 20: threshold, price points, total and order, exact."""
    scores, shares = inputs.many(), inputs.basis_points()
    # The peer's column of prices gets a formula here: 19 criteria are left.
    points = np.ascontiguousarray(scores[:, :, 1:])
    prices = scores[:, :, 0] * 10_000 + 50_000_000
    scheme = Scheme(
        weights=tuple(shares[1:]), price_weight=shares[0], minimum=((0, 2_000),), decimals=2
    )
    return lambda: int(award(points, prices, scheme, threads=2).winner.sum())


def memory() -> Callable[[], Any]:
    """Read the 80 MB of scores once, on one core: what no evaluation can undercut."""
    scores = inputs.many()
    return lambda: int(scores.sum())


def score_matrix(criteria: int = 10) -> ScoreMatrix:
    """Return the points of 50 bids under some criteria, for the robustness."""
    random = np.random.default_rng(7)
    share, rest = divmod(10_000, criteria)
    return ScoreMatrix(
        bids=tuple(f"b{place}" for place in range(inputs.BIDS)),
        criteria=tuple(f"c{place}" for place in range(criteria)),
        scores=random.integers(0, 10_001, (inputs.BIDS, criteria)),
        weights=(share + rest, *([share] * (criteria - 1))),
        priority=np.arange(inputs.BIDS, dtype=np.int64),
    )


def smaa() -> Callable[[], Any]:
    """Measure 2^20 draws for 50 bids and 10 criteria without numba; answer processor time too."""
    matrix, told = score_matrix(), digest_of(score_matrix(), fast=False)

    def call() -> tuple[str, float]:
        began = time.process_time()
        rank_counts(matrix, 1, draws=2**20, threads=2, fast=False)
        return told, time.process_time() - began

    return call


def smaa_fast() -> Callable[[], Any]:
    """Measure ten million draws with numba, where it is installed; answer as ``smaa`` does."""
    matrix, told = score_matrix(), digest_of(score_matrix(), fast=True)

    def call() -> tuple[str, float]:
        began = time.process_time()
        fast_counts(matrix, 1, draws=10_000_000, threads=2)
        return told, time.process_time() - began

    return call


def digest_of(matrix: ScoreMatrix, *, fast: bool) -> str:
    """Return the SHA-256 of the counts of 2^16 draws, row a bid and column a rank."""
    counts = rank_counts(matrix, 1, draws=2**16, threads=2, fast=fast)
    return sha256(np.ascontiguousarray(counts.ranks).tobytes()).hexdigest()


def philox() -> Callable[[], Any]:
    """Answer the processor time of a word of the generator, the best of ten: the clock."""
    generator, words = np.random.Philox(key=1), 2_000_000

    def call() -> float:
        found = []
        for _ in range(10):
            began = time.process_time()
            generator.random_raw(words)
            found.append((time.process_time() - began) / words)
        return min(found)

    return call


CASES = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__
}
