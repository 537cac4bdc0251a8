"""What a buyer may publish instead: formulas that depend on no other bid come first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procurement.scoring.drafting.expected import Expected, PriceMarked
from procurement.scoring.drafting.review import Curve
from procurement.scoring.drafting.worth import VARIES, everywhere, times
from procurement.scoring.outcome import Exact, Line
from procurement.scoring.quantities import rounded

BEST = "linear_between_bounds"
"""The formula to publish: absolute, and one quality point is worth the same at every price."""


def advice(one: PriceMarked, drawn: Sequence[Curve], expected: Expected) -> list[Line]:
    """Return what to publish instead of the formula of ``one``, or that it may stay."""
    if not 0 < one.share < 1:
        return []
    own = next((curve for curve in drawn if curve.chosen), None)
    if own is not None and _sound(own):
        return [Line(code="drafting.advise_keep", subject=one.criterion)]
    worth = worth_between(one.share, expected)
    values: dict[str, Exact] = {
        "best": expected.lowest,
        "worst": expected.highest,
        "worth": rounded(worth),
        "formula": BEST,
        "code": BEST,
    }
    return [
        Line(code="drafting.advise_bounds", subject=one.criterion, values=values),
        Line(code="drafting.advise_money", values={"worth": rounded(worth)}),
    ]


def worth_between(share: Fraction, expected: Expected) -> Fraction:
    """Return the centimes of one quality point when the bounds are the expected prices."""
    return Fraction(expected.highest - expected.lowest, 100) * (1 - share) / share


def _sound(curve: Curve) -> bool:
    """Say whether a formula depends on nobody, moves points everywhere and keeps its rate."""
    factor = times(curve)
    if curve.refused or curve.depends_on_other_bids or factor is None:
        return False
    moves = all(one.worth is not None and one.worth > 0 for one in curve.stretches)
    return moves and everywhere(curve) and factor <= VARIES
