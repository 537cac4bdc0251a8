"""Article 44: bounds, mean, reference price and order, one centime on each side of everything."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import MarkOutOfScale, MissingAnswer, MissingEstimate
from procurement.scoring.outcome import Excluded
from procurement.scoring.statute.reference_price import Reference, reference_of, standing
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import TechnicalGate
from tests.procurement.scoring.statute.cases import (
    codes,
    one_lot,
    order,
    ranks,
    supplies,
    value,
)
from tests.procurement.scoring.statute.reference import ranked

MILLION = 100_000_000
EXCESSIVE, LOW = "statute.excessive", "statute.abnormally_low"


def with_rule(name, found):
    return replace(DECREE_2023, **{name: replace(getattr(DECREE_2023, name), value=found)})


ABOVE = with_rule("equality", "above")
UNKEPT = with_rule("bounds_kept", False)


@pytest.mark.parametrize("category", ["works", "supplies", "services"])
@pytest.mark.parametrize(
    ("off", "kept"), [(-1, True), (0, True), (1, False)], ids=["below", "on it", "above"]
)
def test_upper_bound(category, off, kept):
    outcome = one_lot({"A": 120_000_000 + off}, supplies(category))

    assert (order(outcome), outcome.excluded) == (
        (["A"], ()) if kept else ([], (Excluded(bid="A", code=EXCESSIVE, rule="art. 44-B-1"),))
    )


@pytest.mark.parametrize(
    ("category", "bound"),
    [("works", 80_000_000), ("supplies", 75_000_000), ("services", 75_000_000)],
)
@pytest.mark.parametrize(
    ("off", "kept"), [(-1, False), (0, True), (1, True)], ids=["below", "on it", "above"]
)
def test_lower_bound(category, bound, off, kept):
    outcome = one_lot({"A": bound + off}, supplies(category))

    assert (order(outcome), outcome.excluded) == (
        (["A"], ()) if kept else ([], (Excluded(bid="A", code=LOW, rule="art. 44-B-2"),))
    )
    assert value(outcome, "statute.lower_bound", "bound") == bound
    assert value(outcome, "statute.upper_bound", "bound") == 120_000_000


@pytest.mark.parametrize(
    ("estimate", "price", "kept"),
    [
        (3, 3, True), (3, 4, False),  # 120 % of 3 is 3.6
        (3, 2, False),  # 75 % of 3 is 2.25: 2 is below it
        (7, 8, True), (7, 9, False), (7, 6, True), (7, 5, False),  # 8.4 and 5.25
    ],
)  # fmt: skip
def test_bounds_between_centimes_are_not_rounded(estimate, price, kept):
    assert order(one_lot({"A": price}, estimate=estimate)) == (["A"] if kept else [])


@pytest.mark.parametrize(("price", "code"), [(120_000_000, EXCESSIVE), (75_000_000, LOW)])
def test_an_offer_on_a_bound_is_warned_of_and_goes_by_the_version(price, code):
    kept, unkept = one_lot({"A": price}), one_lot({"A": price}, rules=UNKEPT)

    assert [line.code for line in kept.warnings] == ["statute.on_bound_kept"]
    assert kept.warnings[0].rule == "art. 44-B (à confirmer)"
    assert [line.code for line in unkept.warnings] == ["statute.on_bound_refused"]
    assert (kept.winner, unkept.winner) == ("A", None)
    assert [(one.bid, one.code) for one in unkept.excluded] == [("A", code)]


def test_off_the_bounds_nothing_is_warned_of():
    assert one_lot({"A": 119_999_999, "B": 75_000_001}).warnings == ()


@pytest.mark.parametrize(
    ("price", "side"), [(99, -1), (100, 0), (101, 1)], ids=["below", "equal", "above"]
)
def test_side_of_a_whole_reference_price(price, side):
    assert Reference(200, 2).side(price) == side


@pytest.mark.parametrize(("price", "side"), [(100, -1), (101, 1)])
def test_side_of_a_reference_price_between_centimes(price, side):
    assert Reference(201, 2).side(price) == side


def test_reference_is_half_of_each():
    assert reference_of([90, 95], 100, DECREE_2023) == Reference(2 * 100 + 185, 4)


def test_another_weight_of_the_estimate():
    third = with_rule("reference", Fraction(1, 3))

    found = reference_of([90, 96], 100, third)

    assert Fraction(found.over, found.under) == Fraction(100, 3) + Fraction(2, 3) * 93


# E = 1000, A = 1000 - d, B = 1000 + d: the mean and the reference price are 1000.
@pytest.mark.parametrize(
    ("middle", "below", "above", "names"),
    [
        (999, ["M", "A", "B"], ["M", "A", "B"], ("statute.below", "statute.below")),
        (1000, ["M", "A", "B"], ["A", "M", "B"], ("statute.equal", "statute.equal_above")),
        (1001, ["A", "M", "B"], ["A", "M", "B"], ("statute.above", "statute.above")),
    ],
)
def test_an_offer_about_the_reference_price(middle, below, above, names):
    prices = {"A": 900, "B": 2100 - 1000 + (1000 - middle), "M": middle}

    first = one_lot(prices, estimate=1000)
    second = one_lot(prices, estimate=1000, rules=ABOVE)

    assert value(first, "statute.reference", "reference") == 1000
    assert (order(first), order(second)) == (below, above)
    assert (codes(first, "M")[0], codes(second, "M")[0]) == names
    warned = [line.subject for line in first.warnings]
    assert warned == (["M"] if middle == 1000 else [])


def test_lines_give_every_number():
    outcome = one_lot({"A": 94_000_000, "B": 97_000_001})

    assert [(line.code, line.subject, line.values, line.rule) for line in outcome.lines] == [
        ("statute.estimate", "", {"estimate": MILLION}, ""),
        ("statute.upper_bound", "", {"bound": 120_000_000}, "art. 44-B-1"),
        ("statute.lower_bound", "", {"bound": 75_000_000}, "art. 44-B-2"),
        ("statute.preference_off", "", {"reason": "not announced"}, "art. 147"),
        ("statute.mean", "", {"total_price": 191_000_001, "count": 2, "mean": "191000001/2"},
         "art. 44-A"),
        ("statute.reference", "", {"reference": "391000001/4"}, "art. 44-A"),
        ("statute.order", "", {"below": 2, "above": 0}, "art. 43-II-1, 44-A"),
        ("statute.equal_below_first", "", {}, "art. 43-II-1 (à confirmer)"),
        ("statute.below", "A", {"price": 94_000_000, "distance": "15000001/4"}, "art. 43-II-1"),
        ("statute.below", "B", {"price": 97_000_001, "distance": "2999997/4"}, "art. 43-II-1"),
        ("statute.rank", "B", {"rank": 1}, ""),
        ("statute.rank", "A", {"rank": 2}, ""),
        ("statute.awarded", "B", {"price": 97_000_001}, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "counted", "said"),
    [
        (None, (2, 1), "statute.equal_below_first"),
        (ABOVE, (1, 2), "statute.equal_above_first"),
    ],
)
def test_the_order_is_said_with_what_an_offer_at_the_reference_price_counts_as(
    rules, counted, said
):
    # The mean of 990, 1000 and 1010 is the estimate, so M equals the reference price.
    outcome = one_lot({"L": 990, "M": 1000, "H": 1010}, estimate=1000, rules=rules)

    found = tuple(value(outcome, "statute.order", name) for name in ("below", "above"))
    edge = [
        one for one in outcome.lines if one.code.startswith("statute.equal_") and not one.subject
    ]
    assert (found, [one.code for one in edge]) == (counted, [said])


def test_nothing_kept_is_unsuccessful():
    outcome = one_lot({"A": 1, "B": 2 * MILLION})

    assert (outcome.status, outcome.winner, outcome.amount, outcome.ranking) == (
        "unsuccessful", None, None, (),
    )  # fmt: skip
    assert outcome.lines[-1].code == "statute.unsuccessful"
    assert [one.code for one in outcome.excluded] == [LOW, EXCESSIVE]


def test_no_bid_at_all_is_unsuccessful():
    assert one_lot({}).status == "unsuccessful"


def test_no_estimate_is_refused():
    with pytest.raises(MissingEstimate) as caught:
        one_lot({"A": 1}, estimate=None)

    assert caught.value.field == "tender.lots[0].estimate"


def test_refused_bids_are_set_aside_and_count_for_nothing():
    refused = {"admitted": {"B": False, "C": False}, "refusal": {"C": "no bond"}}

    outcome = one_lot({"A": 90_000_000, "B": 99_000_000, "C": 98_000_000}, bid_fields=refused)

    assert (order(outcome), codes(outcome, "B"), codes(outcome, "C")) == (
        ["A"], ["statute.refused"], ["statute.refused_because"],
    )  # fmt: skip
    assert value(outcome, "statute.mean", "mean") == 90_000_000


GATE = supplies(gate=TechnicalGate(threshold=Fraction(70)))
STRICT = supplies(gate=TechnicalGate(threshold=Fraction(70), zero_excludes=True))


@pytest.mark.parametrize(
    ("mark", "kept"), [("69.99", False), ("70", True), ("70.01", True), ("100", True)]
)
def test_technical_gate(mark, kept):
    outcome = one_lot({"A": 90_000_000}, GATE, bid_fields={"technical": {"A": Fraction(mark)}})

    assert ([one.code for one in outcome.excluded], order(outcome)) == (
        ([], ["A"]) if kept else (["statute.gate"], [])
    )


@pytest.mark.parametrize(("method", "kept"), [(GATE, True), (STRICT, False)])
@pytest.mark.parametrize("part", [Fraction(0), Fraction(1, 100)])
def test_a_zero_in_one_criterion(method, kept, part):
    fields = {
        "technical": {"A": Fraction(80)},
        "technical_parts": {"A": {"staff": part, "plan": Fraction(40)}},
    }

    outcome = one_lot({"A": 90_000_000}, method, bid_fields=fields)

    stays = kept or part != 0
    assert [one.code for one in outcome.excluded] == ([] if stays else ["statute.gate_zero"])
    if not stays:
        assert outcome.lines[1].values == {"criterion": "staff"}


def test_the_gate_needs_a_mark():
    with pytest.raises(MissingAnswer) as caught:
        one_lot({"A": 90_000_000}, GATE)

    assert caught.value.field == "dossier.bids[0].technical"


@pytest.mark.parametrize("mark", [Fraction(-1, 100), Fraction(10_001, 100)])
def test_a_mark_outside_the_scale_is_refused(mark):
    with pytest.raises(MarkOutOfScale) as caught:
        one_lot({"A": 90_000_000}, GATE, bid_fields={"technical": {"A": mark}})

    assert caught.value.values == {"value": str(mark), "low": 0, "high": 100}


@pytest.mark.parametrize(("mark", "kept"), [(Fraction(0), True), (Fraction(100), True)])
def test_marks_at_the_ends_of_the_scale(mark, kept):
    anything = supplies(gate=TechnicalGate(threshold=Fraction(0)))

    outcome = one_lot({"A": 90_000_000}, anything, bid_fields={"technical": {"A": mark}})

    assert (outcome.winner == "A") is kept


# --- properties --------------------------------------------------------------------------------

amounts = st.integers(60, 130) | st.integers(0, 200)
fields = st.dictionaries(st.sampled_from("ABCDEFGH"), amounts, min_size=1, max_size=8)
estimates = st.integers(80, 120)
categories = st.sampled_from(["works", "supplies", "services"])
equalities = st.sampled_from(["below", "above"])


@given(fields, estimates, categories, equalities)
def test_the_engine_agrees_with_the_reference_in_fractions(prices, estimate, category, equality):
    rules = with_rule("equality", equality)

    outcome = one_lot(prices, supplies(category), estimate=estimate, rules=rules)

    assert ranks(outcome) == ranked(prices, estimate, category, equality=equality)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=20), st.integers(1, 10**15))
def test_integers_equal_fractions(prices, estimate):
    reference = reference_of(prices, estimate, DECREE_2023)
    exact = (Fraction(estimate) + Fraction(sum(prices), len(prices))) / 2

    assert Fraction(reference.over, reference.under) == exact
    assert [reference.side(price) for price in prices] == [
        (price > exact) - (price < exact) for price in prices
    ]


@given(fields, estimates, st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(prices, estimate, random):
    names = list(prices)
    random.shuffle(names)

    shuffled = one_lot({name: prices[name] for name in names}, estimate=estimate)

    outcome = one_lot(prices, estimate=estimate)
    assert (shuffled.ranking, shuffled.winner) == (outcome.ranking, outcome.winner)


@given(fields, estimates, st.integers(2, 10**9))
def test_all_money_times_k_changes_no_rank(prices, estimate, k):
    scaled = one_lot({bid: price * k for bid, price in prices.items()}, estimate=estimate * k)

    assert ranks(scaled) == ranks(one_lot(prices, estimate=estimate))


@given(fields, estimates, st.sampled_from(["refused", "low", "high"]))
def test_a_bid_that_is_set_aside_changes_nothing(prices, estimate, how):
    price = {"refused": estimate, "low": 0, "high": 2 * estimate}[how]
    refused = {"admitted": {"X": how != "refused"}}

    more = one_lot({**prices, "X": price}, estimate=estimate, bid_fields=refused)

    without = one_lot(prices, estimate=estimate)
    assert (more.ranking, more.winner, more.status) == (
        without.ranking, without.winner, without.status,
    )  # fmt: skip
    assert [one.bid for one in more.excluded if one.bid == "X"] == ["X"]


def test_standing_keeps_every_adjusted_price():
    found = standing([90, 110], [Fraction(0), Fraction(3, 20)], 100, DECREE_2023)

    assert [found.adjusted(0), found.adjusted(1)] == [90, Fraction(253, 2)]
