"""Points by column: the short ways give the numbers of the long ones."""

from fractions import Fraction
from statistics import mean, median

from hypothesis import assume, given
from hypothesis import strategies as st

from procurement.scoring.offers import Bid
from procurement.scoring.quantities import Quantity, rounded
from procurement.scoring.tender import Absolute, Judged
from procurement.scoring.value.marks import aggregate, panel_of
from procurement.scoring.value.pool import Pool, received
from procurement.scoring.value.ratios import Rounded, picked
from procurement.scoring.value.stated import between_bounds, rounded_between_bounds
from tests.procurement.scoring.value.given import a_bid, a_dossier, a_mark

NUMBERS = st.fractions(-200, 200, max_denominator=8)
MARKS = st.fractions(0, 100, max_denominator=4)


def pool_of(bids, **changes):
    return Pool(bids, tuple(bid.price for bid in bids), received(a_dossier(*bids, **changes)))


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, min_size=1, max_size=6), st.sampled_from([1, 10, 100]))
def test_one_step_of_rounding_gives_the_exact_points_rounded_half_up(best, worst, answers, scale):
    assume(best != worst)
    kind = Absolute(best=best, worst=worst, unit="day")
    pool = pool_of(
        tuple(
            Bid(id=f"b{n}", bidder="B", lots=("1",), price=1, answers={"c": Quantity(one, "day")})
            for n, one in enumerate(answers)
        )
    )
    exact = [Fraction(*ratio) for ratio in between_bounds(kind, "c", pool)]
    assert exact == [min(max(0, 100 * (a - worst) / (best - worst)), 100) for a in answers]
    assert rounded_between_bounds(kind, "c", pool, scale) == [rounded(x * scale) for x in exact]


@given(st.lists(st.none() | MARKS, min_size=2, max_size=7), st.data())
def test_leaving_out_an_evaluator_is_the_aggregate_of_the_others(points, data):
    names = [f"e{place}" for place in range(len(points))]
    gone = data.draw(st.sampled_from([None, *names]))
    by_name = dict(zip(names, points, strict=True))
    left = [one for name, one in by_name.items() if name != gone and one is not None]
    assume(left)
    marks = tuple(a_mark(name, "A", one) for name, one in by_name.items())
    (sheet,) = panel_of("quality", pool_of((a_bid("A"),), marks=marks)).sheets
    for kind, wanted in ((Judged(), mean), (Judged(aggregate="median"), median)):
        assert Fraction(*aggregate(kind, sheet, gone)) == wanted(left)


def test_rounded_points_read_as_ratios():
    column = Rounded([7_000, 50, 0], 100)
    pairs = [(7_000, 100), (50, 100), (0, 100)]
    assert ([*column], len(column), column[1], column[1:]) == (pairs, 3, pairs[1], pairs[1:])
    assert [*picked(column, [2, 0])] == picked(pairs, [2, 0]) == [pairs[2], pairs[0]]
