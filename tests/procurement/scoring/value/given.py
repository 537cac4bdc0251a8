"""Tenders and dossiers for the tests of value for money, with boring defaults."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from procurement.scoring.offers import Bid, Bidder, Dossier, Mark
from procurement.scoring.quantities import Quantity
from procurement.scoring.tender import (
    Absolute,
    Branch,
    Criterion,
    Judged,
    Lot,
    Price,
    Tender,
    ValueForMoney,
)

CASES = Path(__file__).parents[5] / "shared" / "data" / "scoring_cases"


def case(name):
    path = CASES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the reference case {name} is not on this machine")
    return json.loads(path.read_text())


def a_tender(*criteria, lots=("1",), **changes):
    own = {
        name: changes.pop(name)
        for name in ("allocation", "limits", "draw_commitment")
        if name in changes
    }
    return Tender(
        id="T",
        opened_on=date(2026, 11, 20),
        method=ValueForMoney(criteria=criteria, **changes),
        lots=tuple(Lot(id=lot) for lot in lots),
        **own,
    )


def stated(name, weight, **changes):
    """A criterion whose answer, from 0 to 100, is its points."""
    kind = Absolute(best=Fraction(100), worst=Fraction(0), unit="point")
    return Criterion(id=name, weight=weight, kind=kind, **changes)


def judged(name, weight, minimum=None, worth=None, **kind):
    return Criterion(id=name, weight=weight, kind=Judged(**kind), minimum=minimum, worth=worth)


def price(weight=10_000, formula="low_over_price", name="price", floor=None, **parameters):
    exact = {key: Fraction(value) for key, value in parameters.items()}
    kind = Price(formula=formula, parameters=exact, floor=floor)
    return Criterion(id=name, weight=weight, kind=kind)


def branch(name, weight, *criteria, **changes):
    return Criterion(id=name, weight=weight, kind=Branch(criteria=criteria), **changes)


def a_bid(name, price=100_000, lot="1", bidder=None, answers=None, **changes):
    given = {key: Quantity(Fraction(value), "point") for key, value in (answers or {}).items()}
    return Bid(id=name, bidder=bidder or name, lots=(lot,), price=price, answers=given, **changes)


def a_dossier(*bids, foreign=(), **changes):
    names = dict.fromkeys(bid.bidder for bid in bids)
    bidders = tuple(Bidder(id=name, established=name not in foreign) for name in names)
    return Dossier(bidders=bidders, bids=bids, **changes)


def a_mark(evaluator, bid, points, criterion="quality"):
    value = None if points is None else Fraction(points)
    return Mark(evaluator=evaluator, bid=bid, criterion=criterion, points=value, reason="seen")


def keys(outcome, lot=0):
    return {one.bid: one.key for one in outcome.lots[lot].ranking}


def order(outcome, lot=0):
    return [(one.rank, one.bid) for one in outcome.lots[lot].ranking]


def coded(lines, code):
    return [line for line in lines if line.code == code]
