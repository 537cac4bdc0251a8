"""Tenders for the tests: amounts in dirhams, one bidder per bid."""

from datetime import date
from fractions import Fraction

from procurement.scoring.offers import Bid, Bidder, Dossier, Rejection
from procurement.scoring.statute import evaluate
from procurement.scoring.tender import (
    Limits,
    Lot,
    Preference,
    ReferencePrice,
    Tender,
)

OPENED = date(2026, 11, 20)
SEED = "b6d1f0a9c3e54871aa0f93d2c41e77b5"
NO_PREFERENCE = Preference(applies=False, reason="not announced")


def tender_of(method, *, estimate=100_000_000, lots=("1",), limits=None, commitment=None, **more):
    return Tender(
        id="T",
        opened_on=OPENED,
        method=method,
        lots=tuple(Lot(id=lot, estimate=estimate) for lot in lots),
        limits=limits or Limits(),
        draw_commitment=commitment,
        **more,
    )


def supplies(category="supplies", **more):
    return ReferencePrice(category=category, **more)


def bids_of(prices, *, lots=("1",), **fields):
    """Bids by name → price in centimes; ``fields``: field → {bid: value}."""
    return tuple(
        Bid(
            id=name,
            bidder=f"{name} (fictional)",
            lots=tuple(lots),
            price=price,
            **{field: values[name] for field, values in fields.items() if name in values},
        )
        for name, price in prices.items()
    )


def bidders_of(names, **fields):
    return tuple(
        Bidder(
            id=f"{name} (fictional)",
            **{field: values[name] for field, values in fields.items() if name in values},
        )
        for name in names
    )


def dossier_of(prices, *, bid_fields=None, rejected=(), seed=None, **bidder_fields):
    return Dossier(
        bidders=bidders_of(prices, **bidder_fields),
        bids=bids_of(prices, **(bid_fields or {})),
        rejections=tuple(Rejection(lot="1", bid=bid, reason="no answer") for bid in rejected),
        seed=seed,
    )


def one_lot(prices, method=None, *, estimate=100_000_000, commitment=None, rules=None, **dossier):
    """Evaluate one lot; amounts in centimes."""
    tender = tender_of(method or supplies(), estimate=estimate, commitment=commitment)
    return evaluate(tender, dossier_of(prices, **dossier), rules=rules).lots[0]


def order(outcome):
    return [one.bid for one in outcome.ranking]


def ranks(outcome):
    return {one.bid: one.rank for one in outcome.ranking}


def dirhams(**amounts):
    return {name: amount * 100 for name, amount in amounts.items()}


def value(outcome, code, name, subject=""):
    (line,) = [one for one in outcome.lines if one.code == code and one.subject == subject]
    return Fraction(line.values[name])


def codes(outcome, subject):
    return [line.code for line in outcome.lines if line.subject == subject]
