"""The vectors V1 to V5 and V4b of the notes on the decree, and algorithms that get them wrong."""

from fractions import Fraction

import pytest

from procurement.scoring.tender import Preference, PurchaseOrder, Studies
from tests.procurement.scoring.statute.cases import dirhams, one_lot, order, supplies, value

V1 = dirhams(A=1_250_000, B=740_000, C=1_200_000, D=750_000, F=930_000, G=985_000)
V2 = dirhams(A=900_000, B=905_000, C=955_000)
V3 = dirhams(A=950_000, B=960_000)
V4 = dirhams(R1=940_000, FOR=960_000, R2=1_010_000)
V4B = dirhams(R1=900_000, FOR=800_000)
V5 = dirhams(A=790_000, B=950_000)
MILLION = 100_000_000
PREFERRED = supplies(preference=Preference())
FOREIGN = {"established": {"FOR": False}}

VECTORS = {
    "V1": (V1, MILLION, supplies(), {}, 966_250, 983_125, ["F", "D", "G", "C"]),
    "V2": (V2, MILLION, supplies(), {}, 920_000, 960_000, ["C", "B", "A"]),
    "V3": (V3, 80_000_000, supplies(), {}, 955_000, 877_500, ["A", "B"]),
    "V4 without preference": (V4, MILLION, supplies(), FOREIGN, 970_000, 985_000,
                              ["FOR", "R1", "R2"]),
    "V4": (V4, MILLION, PREFERRED, FOREIGN, 970_000, 985_000, ["R1", "FOR", "R2"]),
    "V4b": (V4B, MILLION, PREFERRED, FOREIGN, 850_000, 925_000, ["R1", "FOR"]),
    "V5 works": (V5, MILLION, supplies("works"), {}, 950_000, 975_000, ["B"]),
    "V5 supplies": (V5, MILLION, supplies(), {}, 870_000, 935_000, ["A", "B"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_vector(name):
    prices, estimate, method, bidders, mean, reference, expected = VECTORS[name]

    outcome = one_lot(prices, method, estimate=estimate, **bidders)

    assert (
        outcome.status,
        order(outcome),
        outcome.winner,
        outcome.amount,
        value(outcome, "statute.mean", "mean"),
        value(outcome, "statute.reference", "reference"),
    ) == ("awarded", expected, expected[0], prices[expected[0]], mean * 100, reference * 100)


@pytest.mark.parametrize(("vector", "adjusted"), [(V4, 816_000), (V4B, 680_000)])
def test_the_foreign_offer_below_is_ranked_lower(vector, adjusted):
    outcome = one_lot(vector, PREFERRED, **FOREIGN)

    (foreign,) = [one for one in outcome.ranking if one.bid == "FOR"]
    assert foreign.key == str(adjusted * 100)
    assert value(outcome, "statute.lowered", "adjusted", "FOR") == adjusted * 100


def kept(prices, estimate):
    return {
        name: price
        for name, price in prices.items()
        if Fraction(3, 4) * estimate <= price <= Fraction(6, 5) * estimate
    }


def by_distance(prices, estimate):
    """A generator of minutes seen in public takes the offer nearest to P, on either side."""
    bids = kept(prices, estimate)
    reference = (estimate + Fraction(sum(bids.values()), len(bids))) / 2
    return min(bids, key=lambda name: abs(bids[name] - reference))


def by_wrong_mean(prices, estimate):
    """The same generator averages the estimate with the offers: (E + Σv) / (n + 1)."""
    bids = kept(prices, estimate)
    reference = Fraction(estimate + sum(bids.values()), len(bids) + 1)
    below = [name for name in bids if bids[name] <= reference]
    return max(below, key=bids.__getitem__)


def always_raised(prices, estimate):
    """The preference misread: every foreign price is raised, which brings it nearer to P."""
    bids = kept(prices, estimate)
    reference = (estimate + Fraction(sum(bids.values()), len(bids))) / 2
    ranked = {
        name: price * (Fraction(23, 20) if name == "FOR" else 1) for name, price in bids.items()
    }
    return max((name for name in ranked if ranked[name] <= reference), key=ranked.__getitem__)


@pytest.mark.parametrize(
    ("trap", "prices", "method", "bidders", "wrong", "right"),
    [
        (by_distance, V1, supplies(), {}, "G", "F"),
        (by_wrong_mean, V2, supplies(), {}, "B", "C"),
        (always_raised, V4B, PREFERRED, FOREIGN, "FOR", "R1"),
    ],
)
def test_trap_algorithms_give_another_winner(trap, prices, method, bidders, wrong, right):
    outcome = one_lot(prices, method, **bidders)

    assert (trap(prices, MILLION), outcome.winner) == (wrong, right)


def test_lowest_price_would_be_wrong():
    outcome = one_lot(V1, PurchaseOrder(), estimate=None)

    assert order(outcome) == ["B", "D", "F", "G", "C", "A"]


def test_studies_vector():
    method = Studies(price_weight=Fraction(3, 10), threshold=Fraction(70))
    technical = {"A": Fraction(85), "B": Fraction(78)}

    outcome = one_lot(
        dirhams(A=450_000, B=400_000), method, estimate=45_000_000,
        bid_fields={"technical": technical},
    )  # fmt: skip

    assert [(one.bid, one.key) for one in outcome.ranking] == [("A", "517/6"), ("B", "423/5")]
    assert value(outcome, "statute.studies_mark", "financial", "A") == Fraction(800, 9)
    assert value(outcome, "statute.lowest", "weight") == 30
