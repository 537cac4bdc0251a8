"""Many tenders at once give what one by one gives."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import FloatRefused, Malformed
from procurement.scoring.statute.batch import ABSENT, EXCESSIVE, KEPT, LOW, ROOM, Batch, rank_all
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import Preference
from tests.procurement.scoring.statute.cases import one_lot, ranks, supplies, value

FATES = {"statute.excessive": EXCESSIVE, "statute.abnormally_low": LOW, "statute.refused": ABSENT}
HUGE = 10**30


@st.composite
def tenders(draw):
    """Tenders of 6 places, some of them with amounts beyond 64 bits."""
    count = draw(st.integers(1, 5))
    factors = draw(st.lists(st.sampled_from([1, 10**6, HUGE]), min_size=count, max_size=count))
    estimates = [draw(st.integers(80, 120)) * factor for factor in factors]
    prices = [[draw(st.integers(60, 130)) * factor for _ in range(6)] for factor in factors]
    flags = st.lists(st.booleans(), min_size=6, max_size=6)
    return estimates, prices, [draw(flags) for _ in factors], [draw(flags) for _ in factors]


@given(
    tenders(), st.sampled_from(["works", "supplies", "services"]),
    st.sampled_from(["below", "above"]), st.booleans(),
    st.sampled_from(["kept", "lowered", "raised"]),
)  # fmt: skip
def test_a_batch_is_what_one_by_one_is(drawn, category, equality, kept, at_reference):
    estimates, prices, admitted, foreign = drawn
    rules = replace(
        DECREE_2023,
        equality=replace(DECREE_2023.equality, value=equality),
        bounds_kept=replace(DECREE_2023.bounds_kept, value=kept),
        at_reference=replace(DECREE_2023.at_reference, value=at_reference),
    )
    batch = Batch(estimates, prices, np.array(admitted), np.array(foreign, dtype=np.int64) * 3, 20)

    found = rank_all(batch, category, rules)

    for row, estimate in enumerate(estimates):
        names = "ABCDEF"
        outcome = one_lot(
            dict(zip(names, prices[row], strict=True)),
            supplies(category, preference=Preference()), estimate=estimate, rules=rules,
            bid_fields={"admitted": dict(zip(names, admitted[row], strict=True))},
            established={name: not far for name, far in zip(names, foreign[row], strict=True)},
        )  # fmt: skip
        expected = ranks(outcome)
        fates = {one.bid: FATES[one.code] for one in outcome.excluded}
        assert found.ranks[row].tolist() == [expected.get(name, 0) for name in names]
        assert found.fates[row].tolist() == [fates.get(name, KEPT) for name in names]
        assert found.wide[row] == (max(estimate, *prices[row]) >= HUGE)
        if expected:
            assert Fraction(int(found.over[row]), int(found.under[row])) == value(
                outcome, "statute.reference", "reference"
            )


@pytest.mark.parametrize(
    ("at_reference", "equality", "ranks_"),
    [
        ("kept", "below", [2, 3, 1]),
        ("lowered", "below", [1, 3, 2]),
        ("raised", "below", [1, 2, 3]),
        ("kept", "above", [1, 3, 2]),
        ("lowered", "above", [1, 3, 2]),
        ("raised", "above", [1, 2, 3]),
    ],
)
@pytest.mark.parametrize("factor", [1, HUGE])
def test_a_foreign_offer_equal_to_the_reference_price(at_reference, equality, ranks_, factor):
    rules = replace(
        DECREE_2023,
        equality=replace(DECREE_2023.equality, value=equality),
        at_reference=replace(DECREE_2023.at_reference, value=at_reference),
    )
    prices = [[990 * factor, 1010 * factor, 1000 * factor]]
    moved = np.array([[0, 0, 3]])

    found = rank_all(
        Batch([1000 * factor], prices, np.ones((1, 3), bool), moved, 20), "works", rules
    )

    assert (found.ranks.tolist(), found.wide.tolist()) == ([ranks_], [factor == HUGE])


@pytest.mark.parametrize(("equality", "expected"), [("below", [2, 3, 1]), ("above", [1, 3, 2])])
def test_at_the_reference_price_only_foreign_offers_move(equality, expected):
    rules = replace(
        DECREE_2023,
        equality=replace(DECREE_2023.equality, value=equality),
        at_reference=replace(DECREE_2023.at_reference, value="raised"),
    )
    here = Batch([1000], [[990, 1010, 1000]], np.ones((1, 3), bool), np.zeros((1, 3), int), 20)
    barely = Batch([1000], [[990, 1010, 1000]], np.ones((1, 3), bool), np.array([[0, 0, 1]]), 20)

    assert rank_all(here, "works", rules).ranks.tolist() == [expected]
    assert rank_all(barely, "works", rules).ranks.tolist() == [[1, 2, 3]]


def test_without_parts_a_preference_moves_whole_prices():
    whole = Batch([1000], [[940, 900, 850]], np.ones((1, 3), bool), np.array([[1, 0, 1]]))

    assert rank_all(whole, "supplies", DECREE_2023).ranks.tolist() == [[2, 1, 2]]


def test_an_offer_for_nothing_is_still_moved_behind_those_below():
    rules = replace(DECREE_2023, at_reference=replace(DECREE_2023.at_reference, value="raised"))
    free = Batch([0], [[0, 0]], np.ones((1, 2), bool), np.array([[3, 0]]), 20)

    assert rank_all(free, "supplies", rules).ranks.tolist() == [[2, 1]]


@pytest.mark.parametrize(
    ("count", "parts", "widest"), [(2, 20, 80), (100, 20, 400), (2, 999, 1998)]
)
@pytest.mark.parametrize("more", [0, 1])
def test_the_widest_product_decides_what_is_computed_wide(count, parts, widest, more):
    most = ROOM // widest
    prices, all_in = [[most + more] + [most] * (count - 1)], np.ones((1, count), bool)

    found = rank_all(Batch([most], prices, all_in, None, parts), "supplies", DECREE_2023)
    dear = rank_all(Batch([most + more], [[most] * count], all_in, None, parts), "supplies",
                    DECREE_2023)  # fmt: skip

    assert (found.wide.tolist(), dear.wide.tolist()) == ([bool(more)], [bool(more)])


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (True, [LOW, LOW, KEPT, KEPT, KEPT, KEPT, EXCESSIVE]),
        (False, [LOW, LOW, LOW, KEPT, KEPT, EXCESSIVE, EXCESSIVE]),
    ],
)
@pytest.mark.parametrize("factor", [1, HUGE])
def test_offers_about_the_bounds(kept, expected, factor):
    rules = replace(DECREE_2023, bounds_kept=replace(DECREE_2023.bounds_kept, value=kept))
    prices = [[price * factor for price in (0, 749, 750, 751, 1199, 1200, 1201)]]

    found = rank_all(Batch([1000 * factor], prices, np.ones((1, 7), bool)), "services", rules)

    assert found.fates.tolist() == [expected]


def test_offers_a_fraction_of_a_centime_off_the_bounds():
    unkept = replace(DECREE_2023, bounds_kept=replace(DECREE_2023.bounds_kept, value=False))
    batch = Batch([4, 5], [[5], [4]], np.ones((2, 1), bool))  # against 4.8 and against 3.75

    for rules in (DECREE_2023, unkept):
        assert rank_all(batch, "supplies", rules).fates.tolist() == [[EXCESSIVE], [KEPT]]


def test_what_became_of_an_offer_is_told_by_these_numbers():
    assert (KEPT, ABSENT, EXCESSIVE, LOW, ROOM) == (0, 1, 2, 3, 4611686018427387904)


def test_amounts_about_the_limit_of_64_bits_are_computed_wide_and_right():
    most = ROOM // (4 * 20)
    prices = [[most - 1, most], [most, most + 1]]

    found = rank_all(
        Batch([most - 5, most + 2], prices, np.ones((2, 2), dtype=bool)), "supplies", DECREE_2023
    )

    assert found.wide.tolist() == [False, True]
    assert found.ranks.tolist() == [[1, 2], [2, 1]]


@pytest.mark.parametrize(("estimates", "prices"), [([1.5], [[1]]), ([1], [[1.5]]), ([1], [[True]])])
def test_floats_are_refused(estimates, prices):
    with pytest.raises(FloatRefused):
        rank_all(Batch(estimates, prices, np.ones((1, 1), dtype=bool)), "supplies", DECREE_2023)


def test_negative_amounts_are_refused():
    with pytest.raises(Malformed) as caught:
        rank_all(Batch([1], [[-1]], np.ones((1, 1), dtype=bool)), "supplies", DECREE_2023)

    assert caught.value.field == "prices"


def test_a_batch_without_offers():
    found = rank_all(Batch([100], [[90, 90]], np.zeros((1, 2), dtype=bool)), "works", DECREE_2023)

    assert (found.ranks.tolist(), found.under.tolist()) == ([[0, 0]], [0])


def test_unsigned_and_short_integers_are_taken():
    prices = np.array([[90, 95]], dtype=np.uint64)

    found = rank_all(
        Batch(np.array([100], np.int32), prices, np.ones((1, 2), bool)), "works", DECREE_2023
    )

    assert found.ranks.tolist() == [[2, 1]]
