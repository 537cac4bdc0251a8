"""Fictional tenders in the making."""

from datetime import date
from fractions import Fraction

from procurement.evaluation import sentences, words
from procurement.scoring.drafting import Expected
from procurement.scoring.tender import Criterion, Judged, Lot, Price, Tender, ValueForMoney

EXPECTED = Expected(lowest=100_000_00, highest=200_000_00, tenders=300)


def price(formula="low_over_price", *, weight=4000, floor=1, **parameters):
    given = {name: Fraction(value) for name, value in parameters.items()}
    kind = Price(formula=formula, parameters=given, floor=floor)
    return Criterion(id="price", weight=weight, kind=kind)


def quality(*, id="quality", weight=6000, kind=None, **given):
    return Criterion(id=id, weight=weight, kind=kind or Judged(), **given)


def tender(*criteria, method=None, **given):
    method = method or ValueForMoney(criteria=criteria or (price(), quality()))
    given = {"lots": (Lot(id="1", estimate=150_000_00),), "draw_commitment": "0" * 64} | given
    return Tender(id="T", opened_on=date(2027, 1, 4), method=method, **given)


def said(line):
    """Return a line in English, with its numbers written as they are shown."""
    with words.speaking("en"):
        return sentences.sentence(line, "MAD").replace("\u00a0", " ")
