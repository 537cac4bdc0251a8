"""The admitted offers of a lot as numbers, to ask what would be if one price were another.

A field gives each set of offers its keys (the lowest key is first) and the prices at which anything
that decides can change while one offer's price moves and the others stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Protocol

from procurement.scoring.errors import NotForThisMethod
from procurement.scoring.statute import preference, reference_price, studies
from procurement.scoring.statute.contest import Assessment, Contest, Entry, admitted, technical
from procurement.scoring.statute.versions import Rule, RuleVersion
from procurement.scoring.tender import (
    Method,
    PurchaseOrder,
    ReferencePrice,
    Studies,
    TechnicalGate,
)


@dataclass(frozen=True, slots=True)
class Offers:
    """The admitted offers: names, prices in centimes, and whether their status goes first."""

    names: tuple[str, ...]
    prices: tuple[int, ...]
    favoured: tuple[bool, ...]


class Field(Protocol):
    """What a method knows about the offers of a lot."""

    @property
    def offers(self) -> Offers:
        """The admitted offers, those outside the bounds too."""

    @property
    def span(self) -> tuple[int, int | None]:
        """The lowest and the highest price that is kept; None: there is no highest."""

    def keys(self, which: Sequence[int], prices: Sequence[int]) -> Sequence[Any]:
        """Return the keys of the offers ``which`` at ``prices``; the lowest is first."""

    def cuts(self, own: int, others: Sequence[int]) -> Iterator[Fraction]:
        """Yield the prices of ``own`` where its order among ``others`` can change."""


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """Offers ranked by the reference price."""

    offers: Offers
    rates: tuple[Fraction, ...]
    span: tuple[int, int | None]
    estimate: int
    rules: RuleVersion

    def keys(self, which: Sequence[int], prices: Sequence[int]) -> Sequence[Any]:
        """Return the places around the reference price of these offers alone."""
        rates = [self.rates[one] for one in which]
        return reference_price.standing(prices, rates, self.estimate, self.rules).places

    def cuts(self, own: int, others: Sequence[int]) -> Iterator[Fraction]:
        """Yield where a price meets the reference price, or an adjusted price meets another."""
        prices = [self.offers.prices[one] for one in others]
        # P(x) = (over + slope·x) / under, with x among the offers
        over, under = reference_price.reference_of([*prices, 0], self.estimate, self.rules)
        slope = self.rules.reference.value.denominator - self.rules.reference.value.numerator
        yield Fraction(over, under - slope)
        for price, one in zip(prices, others, strict=True):
            if slope:
                yield Fraction(price * under - over, slope)
            for sign in (-1, 1):
                yield price * (1 + sign * self.rates[one]) / (1 + sign * self.rates[own])


@dataclass(frozen=True, slots=True)
class StudiesField:
    """Offers ranked by N."""

    offers: Offers
    marks: tuple[Fraction, ...]
    span: tuple[int, int | None]
    weight: Fraction

    def keys(self, which: Sequence[int], prices: Sequence[int]) -> Sequence[Any]:
        """Return N with its sign turned: the highest N is first."""
        marks = [self.marks[one] for one in which]
        return [-total for total in studies.overall(marks, prices, self.weight)]

    def cuts(self, own: int, others: Sequence[int]) -> Iterator[Fraction]:
        """Yield the lowest price of the others, and where two N are equal on either side of it."""
        if not others:
            return
        prices = [self.offers.prices[one] for one in others]
        full, lowest = 100 * self.weight, min(prices)
        quality = self.marks[own] * (1 - self.weight)
        yield Fraction(lowest)
        for price, one in zip(prices, others, strict=True):
            lead = quality - self.marks[one] * (1 - self.weight)
            yield (full + lead) * price / full
            if full * Fraction(lowest, price) > lead:
                yield full * lowest / (full * Fraction(lowest, price) - lead)


@dataclass(frozen=True, slots=True)
class PriceField:
    """Offers ranked by their price alone."""

    offers: Offers
    span: tuple[int, int | None] = (0, None)

    def keys(self, which: Sequence[int], prices: Sequence[int]) -> Sequence[Any]:
        """Return the prices."""
        return prices

    def cuts(self, own: int, others: Sequence[int]) -> Iterator[Fraction]:
        """Yield the prices of the others."""
        return (Fraction(self.offers.prices[one]) for one in others)


def field_of(contest: Contest, method: Method) -> Field:
    """Return the field of a lot.

    Raises:
        NotForThisMethod: the method is none of the statutory ones.
    """
    rules = contest.rules
    if isinstance(method, ReferencePrice):
        entries = list(admitted(contest, method.gate, Assessment()))
        rates = tuple(preference.rates(entries, method.preference, rules, Assessment()))
        estimate = contest.estimate()
        span = _span(estimate, rules.high, rules.low[method.category], kept=rules.bounds_kept)
        offers = _offers(entries, rules.first_among_equals)
        return ReferenceField(offers, rates, span, estimate, rules)
    if isinstance(method, Studies):
        gate = TechnicalGate(threshold=method.threshold)
        entries = list(admitted(contest, gate, Assessment()))
        span = _span(
            contest.estimate(), rules.studies_high, rules.studies_low, kept=rules.bounds_kept
        )
        marks = tuple(map(technical, entries))
        offers = _offers(entries, rules.first_elsewhere)
        return StudiesField(offers, marks, span, method.price_weight)
    if isinstance(method, PurchaseOrder):
        entries = list(admitted(contest, None, Assessment()))
        return PriceField(_offers(entries, rules.first_elsewhere))
    raise NotForThisMethod("tender.method", rule=rules.text)


def _offers(entries: Sequence[Entry], favour: Rule[frozenset[str]]) -> Offers:
    return Offers(
        tuple(entry.id for entry in entries),
        tuple(entry.bid.price for entry in entries),
        tuple(entry.bidder.status in favour.value for entry in entries),
    )


def _span(
    estimate: int, high: Rule[Fraction], low: Rule[Fraction], *, kept: Rule[bool]
) -> tuple[int, int | None]:
    top, bottom = estimate * (1 + high.value), estimate * (1 - low.value)
    if kept.value:
        return ceil(bottom), floor(top)
    return floor(bottom) + 1, ceil(top) - 1
