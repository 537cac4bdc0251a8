"""Quality turned into money: a missing point adds its published worth, at every price the same."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from procurement.scoring.drafting.expected import Expected
from procurement.scoring.drafting.review import Curve, Rate
from procurement.scoring.drafting.worth import grid
from procurement.scoring.marking import lazy
from procurement.scoring.outcome import Line
from procurement.scoring.tender import Branch, Criterion, ValueForMoney

FORMULA = "quality_in_money"


def curves_of(method: ValueForMoney, expected: Expected) -> list[Curve]:
    """Return a level line for every criterion whose missing points are worth money."""
    return [
        Curve(
            criterion=one.id,
            formula=FORMULA,
            text=lazy("the published worth of a missing point, added to the price"),
            chosen=True,
            refused="",
            depends_on_other_bids=False,
            monotone=True,
            stretches=(),
            rates=tuple(Rate(price=at, worth=Fraction(one.worth or 0)) for at in grid(expected)),
        )
        for one in _worth(method.criteria)
    ]


def facts_of(method: ValueForMoney) -> list[Line]:
    """Say that the worth of each point is published, and that no bid can change another's."""
    lines = [
        Line(code="drafting.worth_published", subject=one.id, values={"worth": one.worth})
        for one in _worth(method.criteria)
        if one.worth
    ]
    return [*lines, Line(code="drafting.money_steady")] if lines else []


def _worth(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for one in criteria:
        if one.worth:
            yield one
        if isinstance(one.kind, Branch):
            yield from _worth(one.kind.criteria)
