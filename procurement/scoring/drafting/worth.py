"""« One quality point is worth … at price … »: what a formula makes of the expected prices.

Relative formulas hide this rate, and it moves with the price (Bergman & Lundberg; Revue d'économie
politique 2022/5): a bidder cannot know what better quality may cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from procurement.scoring.drafting.expected import Expected, PriceMarked
from procurement.scoring.drafting.review import Curve, Rate, Worth
from procurement.scoring.outcome import Exact, Line, said
from procurement.scoring.quantities import rounded
from procurement.scoring.value.formulas import CATALOGUE, Formula, compressed
from procurement.scoring.value.refused import REFUSED, Refused, illustrated

STRETCHES = 20
"""Into so many equal stretches the expected range is divided."""

VARIES = 2
"""A rate that varies by more than this factor over the expected range is warned of."""

BEYOND = 1000
"""A greater factor is only said to be greater."""

_Marks = Callable[[Sequence[int]], list[Fraction]]


def curves(one: PriceMarked, expected: Expected, *, compared: bool = True) -> list[Curve]:
    """Return the chart of the tender's formula first, then of the others if they are compared."""
    if not 0 < one.share < 1:  # nothing to exchange: only the price counts, or never
        return []
    found = []
    if one.formula is not None:
        found.append(_of_formula(one, one.formula, one.parameters, expected))
    elif (refused := REFUSED.get(one.name)) and refused.compute:
        found.append(_of_refused(one, refused, expected))
    return found + _compared(one, expected) if compared else found


def _compared(one: PriceMarked, expected: Expected) -> list[Curve]:
    found = []
    for formula in CATALOGUE:
        if formula.name != one.name:
            found.append(_of_formula(one, formula, _usual(formula, expected), expected))
    for refused in REFUSED.values():
        if refused.compute and refused.name != one.name:
            found.append(_of_refused(one, refused, expected))
    return found


def remarks(one: PriceMarked, drawn: Sequence[Curve]) -> list[Line]:
    """Return what there is to say against the tender's own formula over the expected prices."""
    found = []
    for curve in drawn:
        if curve.chosen:
            found += _varies(curve) + _idle(curve) + _neutralised(curve, one)
    return found


def spread(curve: Curve) -> tuple[Rate, Rate] | None:
    """Return where one quality point is worth the least and the most; none if it never is."""
    positive = [one for one in curve.rates if one.worth is not None and one.worth > 0]
    if not positive:
        return None
    return min(positive, key=_worth), max(positive, key=_worth)


def times(curve: Curve) -> Fraction | None:
    """Return how many times its least the most is; none where no point is worth anything."""
    found = spread(curve)
    return None if found is None else _worth(found[1]) / _worth(found[0])


def hundredths(factor: Fraction) -> Fraction:
    """Round a factor to what is shown of it: two decimals."""
    return Fraction(rounded(100 * factor), 100)


def everywhere(curve: Curve) -> bool:
    """Say whether one quality point is worth something at every price of the grid."""
    return all(one.worth is not None and one.worth > 0 for one in curve.rates)


def ends(curve: Curve) -> tuple[Rate, Rate, Rate]:
    """Return the rate at the lowest, the middle and the highest expected price."""
    return curve.rates[0], curve.rates[len(curve.rates) // 2], curve.rates[-1]


def _worth(one: Rate) -> Fraction:
    return one.worth or Fraction(0)


def grid(expected: Expected) -> list[int]:
    """Return the prices that the stretches lie between, in centimes, each once."""
    span = expected.highest - expected.lowest
    return sorted({expected.lowest + span * n // STRETCHES for n in range(STRETCHES + 1)})


def _usual(formula: Formula, expected: Expected) -> dict[str, Fraction]:
    """Return parameters that a buyer with this expectation might publish."""
    usual = {
        "best": Fraction(expected.lowest),
        "worst": Fraction(expected.highest),
        "reference": Fraction(expected.lowest),
        "points_per_percent": Fraction(1),
        "multiple": Fraction(2),
    }
    return {name: usual[name] for name in formula.parameters}


def _of_formula(one: PriceMarked, formula: Formula, given: object, expected: Expected) -> Curve:
    parameters = dict(given) if isinstance(given, dict) else dict(one.parameters)

    def marks(prices: Sequence[int]) -> list[Fraction]:
        return [Fraction(*ratio) for ratio in formula.compute(prices, parameters)]

    return Curve(
        criterion=one.criterion,
        formula=formula.name,
        text=formula.text,
        chosen=formula.name == one.name,
        refused="",
        depends_on_other_bids=formula.depends_on_other_bids,
        monotone=formula.monotone,
        stretches=_stretches(marks, one.share, expected),
        rates=_rates(marks, one.share, expected),
    )


def _of_refused(one: PriceMarked, refused: Refused, expected: Expected) -> Curve:
    middle = Fraction(expected.lowest + expected.highest, 2)

    def marks(prices: Sequence[int]) -> list[Fraction]:
        return illustrated(refused.name, prices, middle)

    return Curve(
        criterion=one.criterion,
        formula=refused.name,
        text="",
        chosen=refused.name == one.name,
        refused=refused.why,
        depends_on_other_bids=refused.name != "closest_to_estimate",
        monotone=refused.name == "belleville",
        stretches=_stretches(marks, one.share, expected),
        rates=_rates(marks, one.share, expected),
    )


def _stretches(marks: _Marks, share: Fraction, expected: Expected) -> tuple[Worth, ...]:
    """Mark the whole grid at once: its ends are the lowest and the highest of the bids."""
    prices = grid(expected)
    points = marks(prices)
    return tuple(
        Worth(
            low=low,
            high=high,
            points_low=at_low,
            points_high=at_high,
            worth=_rate(high - low, at_low - at_high, share),
        )
        for low, high, at_low, at_high in zip(prices, prices[1:], points, points[1:], strict=False)
    )


def _rates(marks: _Marks, share: Fraction, expected: Expected) -> tuple[Rate, ...]:
    """Ask at each price of the grid what the next centime costs (at the highest: the last one)."""
    prices = grid(expected)
    lower = [min(price, expected.highest - 1) for price in prices]
    points = marks([*lower, *(price + 1 for price in lower)])
    return tuple(
        Rate(price=price, worth=_rate(1, before - after, share))
        for price, before, after in zip(
            prices, points[: len(lower)], points[len(lower) :], strict=True
        )
    )


def _rate(centimes: int, points: Fraction, share: Fraction) -> Fraction | None:
    """Return how many centimes make up for one point of all the rest (share 1 - ``share``)."""
    return centimes * (1 - share) / (share * points) if points else None


def _varies(curve: Curve) -> list[Line]:
    found, factor = spread(curve), times(curve)
    if found is None or factor is None or factor <= VARIES:
        return []
    least, most = found
    values: dict[str, Exact] = {
        "least": rounded(_worth(least)),
        "at_least": least.price,
        "greatest": rounded(_worth(most)),
        "at_greatest": most.price,
        "formula": curve.formula,
    }
    return [Line(code="drafting.worth_varies", subject=curve.criterion, values=values)]


def _idle(curve: Curve) -> list[Line]:
    """Say where the price moves no points, and where a dearer bid gets more of them."""
    found = []
    flat = [one for one in curve.stretches if one.worth is None]
    wrong = [one for one in curve.stretches if one.worth is not None and one.worth < 0]
    for code, stretches in (("drafting.price_idle", flat), ("drafting.dearer_wins", wrong)):
        if stretches:
            values: dict[str, Exact] = {
                "low_price": stretches[0].low,
                "high_price": stretches[-1].high,
                "formula": curve.formula,
            }
            found.append(Line(code=code, subject=curve.criterion, values=values))
    return found


def _neutralised(curve: Curve, one: PriceMarked) -> list[Line]:
    prices = [curve.stretches[0].low, *(part.high for part in curve.stretches)]
    points = [curve.stretches[0].points_low, *(part.points_high for part in curve.stretches)]
    places = compressed(prices, [point.as_integer_ratio() for point in points])
    if not places:
        return []
    place = places[-1]
    percent = Fraction(100 * (prices[place] - prices[0]), prices[0])
    values: dict[str, Exact] = {
        "weight": said(Fraction(rounded(10_000 * one.share), 100)),
        "price": prices[place],
        "dearer": rounded(percent),
        "lost": said(Fraction(rounded(100 * (points[0] - points[place])), 100)),
        "formula": curve.formula,
    }
    rule = "Conseil d’État, 3 novembre 2014, n° 373362"
    return [
        Line(code="drafting.price_neutralised", subject=curve.criterion, values=values, rule=rule)
    ]
