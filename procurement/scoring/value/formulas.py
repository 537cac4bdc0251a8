"""The price formulas a tender may publish, absolute ones first, and those that are refused.

Every formula gives points out of 100 for prices in centimes, as exact ratios. An absolute formula
lets a bidder compute its own mark before it bids; with a relative one the mark depends on who else
bids, so that a losing bid can decide between two others (Telgen & Timmer 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from procurement.scoring.errors import (
    BadParameter,
    NoAdmissibleBid,
    RefusedFormula,
    UnknownFormula,
    WrongParameters,
    ZeroPriceError,
)
from procurement.scoring.marking import lazy
from procurement.scoring.value.ratios import FULL, NONE, Column, Ratio
from procurement.scoring.value.refused import REFUSED

Parameters = Mapping[str, Fraction]
Prices = Sequence[int]

FURTHEST = 3
"""Beyond this multiple of the lowest price a formula compresses differences like Belleville's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A published way from prices to points out of 100.

    Attributes:
        name: what the tender calls it by.
        text: the formula in words.
        source: who publishes or recommends it.
        compute: prices in centimes and parameters to points.
        parameters: what the tender must publish with it, centimes unless ``text`` says otherwise.
        leans_on: which bids' prices set the reference of all the others.
        divides: whether a price of zero cannot be marked.
        monotone: whether a dearer bid never gets more points.
    """

    name: str
    text: str
    source: str
    compute: Callable[[Prices, Parameters], list[Ratio]]
    parameters: tuple[str, ...] = ()
    leans_on: Literal["nobody", "lowest", "extremes"] = "nobody"
    divides: bool = False
    monotone: bool = True

    @property
    def depends_on_other_bids(self) -> bool:
        """Say whether the points of one bid change when another comes or goes."""
        return self.leans_on != "nobody"


def _between(top: int, bottom: int) -> Ratio:
    """Return 100 × top / bottom, held between 0 and 100."""
    if top <= 0:
        return NONE
    return FULL if top >= bottom else (100 * top, bottom)


def _linear_between_bounds(prices: Prices, given: Parameters) -> list[Ratio]:
    best, best_of = given["best"].as_integer_ratio()
    worst, worst_of = given["worst"].as_integer_ratio()
    span = worst * best_of - best * worst_of
    return [_between((worst - price * worst_of) * best_of, span) for price in prices]


def _reference_over_price(prices: Prices, given: Parameters) -> list[Ratio]:
    top, bottom = given["reference"].as_integer_ratio()
    return [_between(top, price * bottom) for price in prices]


def _points_per_percent(prices: Prices, given: Parameters) -> list[Ratio]:
    """100 − slope × 100 × (P − R)/R, which is 100 × (1 − slope × (P − R)/R)."""
    reference, reference_of = given["reference"].as_integer_ratio()
    slope, slope_of = given["points_per_percent"].as_integer_ratio()
    whole = slope_of * reference
    return [_between(whole - slope * (price * reference_of - reference), whole) for price in prices]


def _low_over_price(prices: Prices, _: Parameters) -> list[Ratio]:
    lowest = min(prices)
    return [(100 * lowest, price) for price in prices]


def _linear_min_max(prices: Prices, _: Parameters) -> list[Ratio]:
    lowest, highest = min(prices), max(prices)
    if lowest == highest:
        return [FULL] * len(prices)
    return [_between(highest - price, highest - lowest) for price in prices]


def _difference_to_lowest(prices: Prices, _: Parameters) -> list[Ratio]:
    lowest = min(prices)
    return [_between(2 * lowest - price, lowest) for price in prices]


def _multiple_of_lowest(prices: Prices, given: Parameters) -> list[Ratio]:
    lowest = min(prices)
    top, bottom = given["multiple"].as_integer_ratio()
    return [_between(top * lowest - price * bottom, (top - bottom) * lowest) for price in prices]


CATALOGUE: tuple[Formula, ...] = (
    Formula(
        name="linear_between_bounds",
        text=lazy(
            "100 × (worst − price) / (worst − best), between 0 and 100; both bounds are published"
        ),
        source="scoring.md E5; Mateus, Ferreira & Carreira 2010",
        compute=_linear_between_bounds,
        parameters=("best", "worst"),
    ),
    Formula(
        name="reference_over_price",
        text=lazy("100 × reference / price, at most 100; the reference is published"),
        source="absolute form of the proportional formula",
        compute=_reference_over_price,
        parameters=("reference",),
        divides=True,
    ),
    Formula(
        name="points_per_percent",
        text=lazy(
            "100 points at the published reference, and the published number of points less for "
            "each percent above it, between 0 and 100"
        ),
        source="absolute form of the difference formula",
        compute=_points_per_percent,
        parameters=("reference", "points_per_percent"),
    ),
    Formula(
        name="low_over_price",
        text=lazy("100 × lowest admissible price / price"),
        source="UN practice (UNDP, UNOPS, UNAIDS manuals); Negometrix 44001761046",
        compute=_low_over_price,
        leans_on="lowest",
        divides=True,
    ),
    Formula(
        name="world_bank",
        text=lazy("100 × C_low / C, C_low being the lowest evaluated cost among admissible bids"),
        source="World Bank, rated criteria (2023)",
        compute=_low_over_price,
        leans_on="lowest",
        divides=True,
    ),
    Formula(
        name="linear_min_max",
        text=lazy(
            "100 × (highest − price) / (highest − lowest) among admissible bids; 100 for all when "
            "the prices are equal"
        ),
        source="Consip (Italy); Bergman & Lundberg 2013",
        compute=_linear_min_max,
        leans_on="extremes",
    ),
    Formula(
        name="difference_to_lowest",
        text=lazy("100 × (1 − (price − lowest) / lowest), at least 0"),
        source="Stilger, Siderius & van Raaij 2017",
        compute=_difference_to_lowest,
        leans_on="lowest",
        divides=True,
    ),
    Formula(
        name="multiple_of_lowest",
        text=lazy(
            "linear from 100 points at the lowest admissible price to 0 at the published multiple "
            "of it (above 1, at most 3)"
        ),
        source="Stilger, Siderius & van Raaij 2017",
        compute=_multiple_of_lowest,
        parameters=("multiple",),
        leans_on="lowest",
        divides=True,
    ),
)
BY_NAME = {formula.name: formula for formula in CATALOGUE}


def formula_of(name: str, parameters: Parameters, field: str) -> Formula:
    """Return the formula a tender publishes, with its parameters checked.

    Raises:
        RefusedFormula: courts have held it irregular, or it is computed from the bids.
        UnknownFormula: there is none of that name.
        WrongParameters, BadParameter: parameters are missing, too many or out of range.
    """
    if name in REFUSED:
        raise RefusedFormula(f"{field}.formula", name=name, why=REFUSED[name].why)
    formula = BY_NAME.get(name)
    if formula is None:
        raise UnknownFormula(f"{field}.formula", name=name)
    if set(parameters) != set(formula.parameters):
        wanted = ", ".join(formula.parameters) or "—"
        raise WrongParameters(f"{field}.parameters", rule=name, wanted=wanted)
    if formula.parameters:
        _check(formula.name, parameters, f"{field}.parameters")
    return formula


def marked(
    formula: Formula,
    parameters: Parameters,
    prices: Prices,
    field: Callable[[int], str],
) -> list[Ratio]:
    """Return points out of 100 for the prices of admissible bids, in their order.

    ``field`` says where the price of a bid stands, for the error.

    Raises:
        NoAdmissibleBid: there is no price.
        ZeroPriceError: a price is zero and the formula divides by it.
    """
    if not prices:
        raise NoAdmissibleBid(formula.name)
    if formula.divides and min(prices) <= 0:
        place = next(place for place, price in enumerate(prices) if price <= 0)
        raise ZeroPriceError(field(place), rule=formula.name)
    return formula.compute(prices, parameters)


def references(formula: Formula, prices: Prices) -> list[int]:
    """Return the places of the bids without which the others would get other points."""
    found = []
    if formula.leans_on != "nobody" and prices:
        ends = [min(prices)] if formula.leans_on == "lowest" else [min(prices), max(prices)]
        found = [prices.index(end) for end in ends if prices.count(end) == 1]
    return found


def compressed(prices: Prices, points: Column) -> list[int]:
    """Return the places of bids that lose less than half of what proportion would take away.

    With the lowest price L (and its points), proportion takes (1 − L/P) of the points at L: at
    least half of it must be lost, or the formula neutralises the published weight of the price.
    """
    lowest = min(prices)
    if lowest <= 0:
        return []
    top, of = points[prices.index(lowest)]
    return [
        place
        for place, (price, (left, left_of)) in enumerate(zip(prices, points, strict=True))
        if price > lowest
        and 2 * price * (top * left_of - left * of) < (price - lowest) * top * left_of
    ]


def _check(name: str, given: Parameters, field: str) -> None:
    """Check the range of the parameters of one formula."""
    if name == "linear_between_bounds" and not 0 <= given["best"] < given["worst"]:
        raise BadParameter(f"{field}.best", why=lazy("the best price must be below the worst"))
    if "reference" in given and given["reference"] <= 0:
        raise BadParameter(f"{field}.reference", why=lazy("it must be above zero"))
    if "points_per_percent" in given and given["points_per_percent"] <= 0:
        raise BadParameter(f"{field}.points_per_percent", why=lazy("it must be above zero"))
    if "multiple" in given:
        if given["multiple"] <= 1:
            raise BadParameter(f"{field}.multiple", why=lazy("it must be above 1"))
        if given["multiple"] > FURTHEST:
            why = REFUSED["belleville"].why
            raise RefusedFormula(f"{field}.multiple", name=name, why=why)
