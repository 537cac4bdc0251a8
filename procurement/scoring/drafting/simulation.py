"""Invented tenders under the tender's own rules: how often a loser's withdrawal would decide.

Telgen & Timmer 2016, Chen 2008, Stilger, Siderius & van Raaij 2017: with a relative formula the
winner can change when a losing bid leaves. The integers come from SHA-256 of a seed and a counter,
so that anybody can repeat a simulation, on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from procurement.scoring import statute
from procurement.scoring.drafting.expected import Expected, PriceMarked
from procurement.scoring.drafting.review import Example, Reversals
from procurement.scoring.errors import ScoringError
from procurement.scoring.offers import Bid, Bidder, Dossier
from procurement.scoring.outcome import Exact, Line
from procurement.scoring.tender import Limits, Lot, ReferencePrice, Tender
from procurement.scoring.value.formulas import BY_NAME, Formula, references
from procurement.scoring.value.ratios import rounded_ratio

STATUTE_TENDERS = 200
"""The whole statutory engine runs for each simulated tender: so many suffice for a share."""

Prices = tuple[int, ...]
Quality = tuple[int, ...]


def integers(seed: str) -> Iterator[int]:
    """Yield 64-bit integers: SHA-256 of « seed:0 », « seed:1 » … in four big-endian words each."""
    counter = 0
    while True:
        block = hashlib.sha256(f"{seed}:{counter}".encode()).digest()
        yield from (int.from_bytes(block[at : at + 8], "big") for at in range(0, 32, 8))
        counter += 1


def simulated(expected: Expected) -> Iterator[tuple[Prices, Quality]]:
    """Yield prices in centimes and points of all the rest, each even over the expected range."""
    stream = integers(expected.seed)
    low, high = expected.quality

    def between(least: int, most: int) -> int:
        # The bias of the multiplication is below 2⁻³⁰ for any amount of money.
        return least + (next(stream) * (most - least + 1) >> 64)

    for _ in range(expected.tenders):
        prices = tuple(between(expected.lowest, expected.highest) for _ in range(expected.bids))
        yield prices, tuple(between(low, high) for _ in range(expected.bids))


def reversals(one: PriceMarked, expected: Expected) -> Reversals:
    """Simulate tenders with the price marked by ``one`` and the rest by one number of points.

    A formula that depends on no other bid cannot reverse anything: that is known, not simulated.
    """
    formula = one.formula
    if formula is None:
        raise ValueError("a formula is needed")
    found = _counted(
        expected,
        lambda prices, quality: _winner(one, formula, prices, quality),
        (lambda prices: references(formula, prices)) if formula.depends_on_other_bids else _nobody,
    )
    return replace(found, criterion=one.criterion, formula=formula.name)


def reversals_of_statute(tender: Tender, lot: Lot, expected: Expected) -> Reversals:
    """Simulate tenders under the reference price, whose mean every bid moves."""
    fewer = replace(expected, tenders=min(expected.tenders, STATUTE_TENDERS))
    found = _counted(
        fewer,
        lambda prices, _: _statutory(tender, lot, prices),
        lambda prices: range(len(prices)),
    )
    return replace(found, criterion="", formula="reference_price")


def warned(found: Sequence[Reversals]) -> list[Line]:
    """Return a warning with an example for each simulation in which a withdrawal decided."""
    lines = [_warning(one, one.example) for one in found if one.example]
    for one in found:
        if one.unawarded:
            values: dict[str, Exact] = {"tenders": one.tenders, "unawarded": one.unawarded}
            lines.append(Line(code="drafting.unawarded", subject=one.criterion, values=values))
    return lines


def calm(found: Sequence[Reversals]) -> list[Line]:
    """Return what can be said of the simulations in which no withdrawal decided."""
    lines = []
    for one in found:
        formula = BY_NAME.get(one.formula)
        values: dict[str, Exact] = {"formula": one.formula}
        if formula is not None and not formula.depends_on_other_bids:
            lines.append(
                Line(code="drafting.reversals_never", subject=one.criterion, values=values)
            )
        elif not one.changed and one.unawarded < one.tenders:
            values = {"tenders": one.tenders, "bids": one.bids}
            lines.append(Line(code="drafting.reversals_none", subject=one.criterion, values=values))
    return lines


def letter(bid: int) -> str:
    """Name a simulated bid: A to Z, then A2 and so on."""
    turn, place = divmod(bid, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")


def _warning(one: Reversals, example: Example) -> Line:
    values: dict[str, Exact] = {
        "changed": one.changed,
        "tenders": one.tenders,
        "bids": one.bids,
        "number": example.number + 1,
        "formula": one.formula,
    }
    for name in ("withdrawn", "winner", "winner_then"):
        bid: int = getattr(example, name)
        values |= {name: letter(bid), f"{name}_price": example.prices[bid]}
    return Line(code="drafting.reversals", subject=one.criterion, values=values)


def _nobody(_: Prices) -> Sequence[int]:
    return ()


def _counted(
    expected: Expected,
    winner: Callable[[Prices, Quality], int | None],
    withdrawals: Callable[[Prices], Sequence[int]],
) -> Reversals:
    changed, unawarded, example = 0, 0, None
    for number, (prices, quality) in enumerate(simulated(expected)):
        if (first := winner(prices, quality)) is None:
            unawarded += 1
            continue
        for gone in withdrawals(prices):
            if gone == first:
                continue
            then = winner(_without(prices, gone), _without(quality, gone))
            if then is not None and then + (then >= gone) != first:
                changed += 1
                example = example or Example(
                    number=number, prices=prices, quality=quality, winner=first,
                    withdrawn=gone, winner_then=then + (then >= gone),
                )  # fmt: skip
                break
    return Reversals(
        criterion="", formula="", seed=expected.seed, tenders=expected.tenders,
        bids=expected.bids, changed=changed, unawarded=unawarded, example=example,
    )  # fmt: skip


def _without(bids: tuple[int, ...], gone: int) -> tuple[int, ...]:
    return bids[:gone] + bids[gone + 1 :]


def _winner(one: PriceMarked, formula: Formula, prices: Prices, quality: Quality) -> int:
    """Return the place of the most points; of equal ones the lower price, then the first."""
    unit = 10 ** (6 if one.decimals is None else one.decimals)
    own, whole = one.share.numerator, one.share.denominator
    points = formula.compute(prices, one.parameters)
    totals = [
        own * rounded_ratio(unit * top, bottom) + (whole - own) * unit * rest
        for (top, bottom), rest in zip(points, quality, strict=True)
    ]
    return max(range(len(prices)), key=lambda bid: (totals[bid], -prices[bid], -bid))


def _statutory(tender: Tender, lot: Lot, prices: Prices) -> int | None:
    """Return the place of the winner under the statutory engine; none when nobody wins."""
    names = [str(bid) for bid in range(len(prices))]
    method = tender.method
    assert isinstance(method, ReferencePrice)
    alone = replace(
        tender,
        lots=(lot,),
        limits=Limits(),
        draw_commitment=None,
        method=replace(method, gate=None),
    )
    dossier = Dossier(
        bidders=tuple(Bidder(id=name) for name in names),
        bids=tuple(
            Bid(id=name, bidder=name, lots=(lot.id,), price=price)
            for name, price in zip(names, prices, strict=True)
        ),
    )
    try:
        winner = statute.evaluate(alone, dossier).lots[0].winner
    except ScoringError:  # an equal pair waits for a draw, or the estimate is missing
        return None
    return None if winner is None else int(winner)
