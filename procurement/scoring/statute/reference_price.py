"""Supplies, works, services: the closest offer below the reference price, then the closest above.

Articles 43-II-1 and 44. P = (E + M) / 2 where M is the mean of the kept offers. It is kept as the
fraction (n·E + Σv) / 2n, so that an offer is compared by v·2n with n·E + Σv, in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import NamedTuple

from procurement.scoring.outcome import Line, Values, said
from procurement.scoring.statute import preference
from procurement.scoring.statute.contest import Assessment, Contest, Entry, admitted, within
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.tender import ReferencePrice

PULL = {"lowered": -1, "kept": 0, "raised": 1}
"""Which way the preference moves an offer equal to the reference price, by the rule's value."""


class Reference(NamedTuple):
    """The reference price as a fraction: ``over`` / ``under`` centimes."""

    over: int
    under: int

    def side(self, price: int) -> int:
        """Return -1, 0 or 1: the price is below, equal to or above the reference price."""
        scaled = price * self.under
        return (scaled > self.over) - (scaled < self.over)


class Place(NamedTuple):
    """Where an offer stands: the lowest comes first; equal places are equal offers."""

    above: bool
    distance: int
    """The adjusted price times the scale, negative below the reference price."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The places of the kept offers: ``places[i]`` is in centimes times ``scale``."""

    reference: Reference
    scale: int
    places: tuple[Place, ...]

    def adjusted(self, index: int) -> Fraction:
        """Return the price offer ``index`` was ranked by, in centimes."""
        return Fraction(abs(self.places[index].distance), self.scale)


def reference_of(prices: Sequence[int], estimate: int, rules: RuleVersion) -> Reference:
    """Return the reference price of kept ``prices`` (at least one), all in centimes."""
    half = rules.reference.value
    own, others = half.numerator, half.denominator - half.numerator
    count = len(prices)
    return Reference(own * count * estimate + others * sum(prices), half.denominator * count)


def standing(
    prices: Sequence[int], rates: Sequence[Fraction], estimate: int, rules: RuleVersion
) -> Standing:
    """Place the kept offers; ``rates`` are by what share the preference moves each price."""
    reference = reference_of(prices, estimate, rules)
    scale = lcm(*(rate.denominator for rate in rates))
    pulled, equal_above = PULL[rules.at_reference.value], rules.equality.value == "above"
    places = []
    for price, rate in zip(prices, rates, strict=True):
        pull = reference.side(price) or (pulled if rate else 0)
        moved = price * scale
        if pull and rate:
            moved += price * pull * rate.numerator * (scale // rate.denominator)
        above = pull > 0 or (pull == 0 and equal_above)
        places.append(Place(above, moved if above else -moved))
    return Standing(reference, scale, tuple(places))


def assess(contest: Contest, method: ReferencePrice) -> Assessment:
    """Rank the bids of a lot by the reference price, with a line for every number."""
    found, rules, estimate = Assessment(), contest.rules, contest.estimate()
    found.lines.append(Line(code="statute.estimate", values={"estimate": estimate}))
    bounded = within(
        list(admitted(contest, method.gate, found)), estimate, rules.high,
        rules.low[method.category], found, kept=rules.bounds_kept,
    )  # fmt: skip
    kept = list(bounded)
    if kept:
        _rank(kept, contest, method, found)
    return found


def _rank(kept: list[Entry], contest: Contest, method: ReferencePrice, found: Assessment) -> None:
    rules, prices = contest.rules, [entry.bid.price for entry in kept]
    rates = preference.rates(kept, method.preference, rules, found)
    stand = standing(prices, rates, contest.estimate(), rules)
    _say_reference(prices, stand.reference, rules, found)
    _say_order(stand, rules, found)
    for index, entry in enumerate(kept):
        found.keys[entry.id] = stand.adjusted(index)
        _say_place(entry, stand, index, rates[index], rules, found)
    order = sorted(range(len(kept)), key=stand.places.__getitem__)
    found.groups = [
        tuple(kept[index] for index in equals)
        for _, equals in groupby(order, key=stand.places.__getitem__)
    ]


def _say_reference(
    prices: list[int], reference: Reference, rules: RuleVersion, found: Assessment
) -> None:
    total, count = sum(prices), len(prices)
    values: Values = {"total_price": total, "count": count, "mean": said(Fraction(total, count))}
    found.lines.append(Line(code="statute.mean", values=values, rule=rules.reference.cited))
    values = {"reference": said(Fraction(reference.over, reference.under))}
    found.lines.append(Line(code="statute.reference", values=values, rule=rules.reference.cited))


def _say_order(stand: Standing, rules: RuleVersion, found: Assessment) -> None:
    above = sum(place.above for place in stand.places)
    values: Values = {"below": len(stand.places) - above, "above": above}
    equal = {"below": "statute.equal_below_first", "above": "statute.equal_above_first"}
    found.lines += [
        Line(code="statute.order", values=values, rule=rules.order.cited),
        Line(code=equal[rules.equality.value], rule=rules.equality.cited),
    ]


def _say_place(
    entry: Entry, stand: Standing, index: int, rate: Fraction, rules: RuleVersion,
    found: Assessment,
) -> None:  # fmt: skip
    price, side = entry.bid.price, stand.reference.side(entry.bid.price)
    code = {-1: "statute.below", 0: "statute.equal", 1: "statute.above"}[side]
    if side == 0 and stand.places[index].above:
        code = "statute.equal_above"
    distance = abs(Fraction(stand.reference.over, stand.reference.under) - price)
    values: Values = {"price": price, "distance": said(distance)}
    cited = rules.equality.article if side else rules.equality.cited
    line = Line(code=code, subject=entry.id, values=values, rule=cited)
    found.lines.append(line)
    if not side:
        found.warnings.append(line)
    if rate:
        _say_adjustment(entry, stand.adjusted(index), rate, rules, found)


def _say_adjustment(
    entry: Entry, adjusted: Fraction, rate: Fraction, rules: RuleVersion, found: Assessment
) -> None:
    price = entry.bid.price
    values: Values = {"price": price, "adjusted": said(adjusted), "rate": said(100 * rate)}
    if adjusted > price:
        line = Line(
            code="statute.raised", subject=entry.id, values=values, rule=rules.preference.cited
        )
    elif adjusted < price:
        line = Line(
            code="statute.lowered", subject=entry.id, values=values, rule=rules.preference.cited
        )
    else:
        values = {"price": price}
        line = Line(
            code="statute.not_adjusted", subject=entry.id, values=values,
            rule=rules.at_reference.cited,
        )  # fmt: skip
        found.warnings.append(line)
    found.lines.append(line)
