"""What the tender's own formula makes of a quality point at the expected prices, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.scoring.drafting.expected import PriceMarked
from procurement.scoring.drafting.review import Curve, Rate
from procurement.scoring.drafting.worth import BEYOND, ends, everywhere, hundredths, times
from procurement.scoring.outcome import Line, said
from procurement.scoring.quantities import rounded


def facts(one: PriceMarked, drawn: Sequence[Curve]) -> list[Line]:
    """Return what one point is worth at three prices, and by how much that varies."""
    if not 0 < one.share < 1:
        code = "drafting.price_alone" if one.share else "drafting.price_weightless"
        return [Line(code=code, subject=one.criterion)]
    lines = []
    if one.life_cycle:
        lines.append(Line(code="drafting.life_cycle", subject=one.criterion))
    for curve in drawn:
        if curve.chosen:
            lines += [_at(rate, one.criterion) for rate in ends(curve)]
            lines += _steady(curve)
    return lines


def _at(rate: Rate, subject: str) -> Line:
    if rate.worth is None or rate.worth <= 0:
        return Line(code="drafting.rate_none", subject=subject, values={"price": rate.price})
    return Line(
        code="drafting.rate",
        subject=subject,
        values={"price": rate.price, "worth": rounded(rate.worth)},
    )


def _steady(curve: Curve) -> list[Line]:
    factor = times(curve)
    if factor is None or not everywhere(curve):  # what is nothing somewhere is warned of
        return []
    shown = hundredths(factor)
    if shown == 1:
        return [Line(code="drafting.rate_steady", subject=curve.criterion)]
    if shown > BEYOND:
        values = {"times": said(BEYOND)}
        return [Line(code="drafting.rate_beyond", subject=curve.criterion, values=values)]
    values = {"times": said(shown)}
    return [Line(code="drafting.rate_times", subject=curve.criterion, values=values)]
