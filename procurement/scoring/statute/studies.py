"""Studies (article 144): N = Nt × (1 − w) + Nf × w with Nf = 100 × lowest price / price."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from procurement.scoring.errors import MarkOutOfScale, OutsideTheLaw, ZeroPriceError
from procurement.scoring.outcome import Line, Values, said
from procurement.scoring.statute.contest import (
    HUNDRED,
    Assessment,
    Contest,
    Entry,
    admitted,
    technical,
    within,
)
from procurement.scoring.statute.versions import RuleVersion
from procurement.scoring.tender import Studies, TechnicalGate


def price_mark(price: int, lowest: int) -> Fraction:
    """Return Nf: 100 for the lowest price, for others in inverse proportion; prices above 0."""
    return HUNDRED * Fraction(lowest, price)


def overall(marks: Sequence[Fraction], prices: Sequence[int], weight: Fraction) -> list[Fraction]:
    """Return N of each kept offer from its technical mark and its price in centimes."""
    lowest = min(prices)
    return [
        mark * (1 - weight) + price_mark(price, lowest) * weight
        for mark, price in zip(marks, prices, strict=True)
    ]


def assess(contest: Contest, method: Studies) -> Assessment:
    """Rank the bids of a lot of studies, with a line for every number."""
    found, rules, estimate = Assessment(elsewhere=True), contest.rules, contest.estimate()
    _check(method, rules)
    found.lines.append(Line(code="statute.estimate", values={"estimate": estimate}))
    gate = TechnicalGate(threshold=method.threshold)
    bounded = within(
        list(admitted(contest, gate, found)), estimate, rules.studies_high, rules.studies_low,
        found, kept=rules.bounds_kept,
    )  # fmt: skip
    kept = list(bounded)
    if any(one.code in _BOUNDS for one in found.excluded):
        found.warnings.append(Line(code="statute.studies_bounds", rule=rules.studies_high.cited))
    if kept:
        _rank(kept, method, rules, found)
    return found


_BOUNDS = ("statute.excessive", "statute.abnormally_low")


def _rank(kept: list[Entry], method: Studies, rules: RuleVersion, found: Assessment) -> None:
    prices, marks = [entry.bid.price for entry in kept], [technical(entry) for entry in kept]
    for entry in kept:
        if entry.bid.price == 0:
            raise ZeroPriceError(f"dossier.bids[{entry.place}].price", rule="art. 144")
    lowest, weight = min(prices), method.price_weight
    values: Values = {"lowest": lowest, "weight": said(100 * weight)}
    found.lines.append(
        Line(code="statute.lowest", values=values, rule=rules.studies_price_mark.cited)
    )
    for entry, total in zip(kept, overall(marks, prices, weight), strict=True):
        found.keys[entry.id] = total
        values = {
            "technical": said(technical(entry)),
            "price": entry.bid.price,
            "financial": said(price_mark(entry.bid.price, lowest)),
            "total": said(total),
        }
        found.lines.append(
            Line(
                code="statute.studies_mark",
                subject=entry.id,
                values=values,
                rule=rules.studies_price_mark.cited,
            )
        )
    order = sorted(kept, key=lambda entry: -found.keys[entry.id])
    found.groups = [tuple(same) for _, same in groupby(order, key=lambda one: found.keys[one.id])]


def _check(method: Studies, rules: RuleVersion) -> None:
    low, high = rules.studies_weight.value
    if not low <= method.price_weight <= high:
        raise OutsideTheLaw(
            "tender.method.price_weight", rule=rules.studies_weight.article,
            value=said(method.price_weight), low=said(low), high=said(high),
        )  # fmt: skip
    if not 0 <= method.threshold <= HUNDRED:
        raise MarkOutOfScale(
            "tender.method.threshold", value=said(method.threshold), low=0, high=100
        )
