"""What must hold for every tender: nothing depends on order, on the unit of money, on others."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.scoring.quantities import rounded
from procurement.scoring.value import evaluate, score_matrix
from procurement.scoring.value.formulas import CATALOGUE, marked
from procurement.scoring.value.ratios import rounded_ratio, written
from tests.procurement.scoring.value.given import (
    a_bid,
    a_dossier,
    a_mark,
    a_tender,
    branch,
    judged,
    keys,
    price,
    stated,
)

PARAMETERS = {
    "best": Fraction(40_000),
    "worst": Fraction(900_000),
    "reference": Fraction(100_001, 2),
    "points_per_percent": Fraction(3, 2),
    "multiple": Fraction(5, 2),
}
FORMULAS = st.sampled_from(CATALOGUE)
PRICES = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=8)
MARKS = st.integers(0, 100)
BIDS = st.lists(
    st.tuples(st.integers(50_000, 150_000), MARKS, MARKS, MARKS), min_size=1, max_size=6
)
ROUNDINGS = st.sampled_from(["half_up", "half_even", "down", "up"])


def parameters(formula):
    return {name: PARAMETERS[name] for name in formula.parameters}


def points(formula, prices):
    ratios = marked(formula, parameters(formula), prices, str)
    return [Fraction(*ratio) for ratio in ratios]


@given(FORMULAS, PRICES)
def test_points_lie_between_0_and_100_and_a_dearer_bid_never_has_more(formula, prices):
    found = points(formula, prices)

    assert formula.monotone
    assert all(0 <= value <= 100 for value in found)
    for price_, value in zip(prices, found, strict=True):
        for other, others in zip(prices, found, strict=True):
            assert price_ <= other or value <= others
            assert price_ != other or value == others


@given(FORMULAS, PRICES, st.integers(1, 1_000_000))
def test_absolute_formulas_do_not_depend_on_other_bids(formula, prices, other):
    if not formula.depends_on_other_bids:
        assert points(formula, [*prices, other])[:-1] == points(formula, prices)


def test_each_relative_formula_depends_on_other_bids():
    for formula in CATALOGUE:
        alone, beside = points(formula, [100, 150])[1], points(formula, [50, 100, 150, 190])[2]
        assert (alone != beside) == formula.depends_on_other_bids, formula.name


@given(FORMULAS, PRICES, st.integers(2, 1_000))
def test_points_do_not_depend_on_the_unit_of_money(formula, prices, scale):
    money = {"best", "worst", "reference"}
    scaled = {
        name: value * scale if name in money else value
        for name, value in parameters(formula).items()
    }
    larger = marked(formula, scaled, [scale * amount for amount in prices], str)

    assert [Fraction(*ratio) for ratio in larger] == points(formula, prices)


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20), ROUNDINGS)
def test_ratios_round_and_write_as_fractions_do(top, bottom, mode):
    assert rounded_ratio(top, bottom, mode) == rounded(Fraction(top, bottom), mode)
    assert Fraction(written((top, bottom))) == Fraction(top, bottom)


def tender_of(formula="low_over_price", **changes):
    return a_tender(
        price(4_000, formula, **{name: PARAMETERS[name] for name in _wanted(formula)}),
        stated("speed", 2_500),
        branch("care", 3_500, judged("quality", 6_000), stated("service", 4_000)),
        **{"ties": ("lower_price", "higher:quality", "draw"), **changes},
    )


def _wanted(formula):
    return next(one.parameters for one in CATALOGUE if one.name == formula)


def dossier_of(rows, order=None):
    bids = [
        a_bid(f"B{place}", amount, answers={"speed": speed, "service": service})
        for place, (amount, speed, service, _) in enumerate(rows)
    ]
    marks = [
        mark
        for place, row in enumerate(rows)
        for mark in (a_mark("E1", f"B{place}", row[3]), a_mark("E2", f"B{place}", 50))
    ]
    if order is not None:
        order.shuffle(bids)
        order.shuffle(marks)
    return a_dossier(*bids, marks=tuple(marks))


@given(BIDS, st.randoms(use_true_random=False), FORMULAS)
@settings(max_examples=60)
def test_the_order_of_the_file_does_not_matter(rows, random, formula):
    tender = tender_of(formula.name)

    assert evaluate(tender, dossier_of(rows)) == evaluate(tender, dossier_of(rows, random))


@given(BIDS, FORMULAS, st.sampled_from(["criterion", "total"]), ROUNDINGS, st.integers(0, 4))
@settings(max_examples=120)
def test_totals_are_those_of_plain_fractions(rows, formula, round_at, mode, decimals):
    tender = tender_of(formula.name, round_at=round_at, rounding=mode, points_decimals=decimals)
    scale = 10**decimals
    prices = points(formula, [row[0] for row in rows])
    expected = {}
    for place, (_, speed, service, mark) in enumerate(rows):
        care = Fraction(6, 10) * Fraction(mark + 50, 2) + Fraction(4, 10) * service
        parts = [(4_000, prices[place]), (2_500, Fraction(speed)), (3_500, care)]
        if round_at == "criterion":
            parts = [
                (weight, Fraction(rounded(part * scale, mode), scale)) for weight, part in parts
            ]
        total = sum(weight * part for weight, part in parts) / 10_000
        if round_at == "total":
            total = Fraction(rounded(total * scale, mode), scale)
        expected[f"B{place}"] = total

    outcome = evaluate(tender, dossier_of(rows))

    assert {bid: Fraction(key) for bid, key in keys(outcome).items()} == expected
    best = max(expected.values())
    assert expected[outcome.lots[0].ranking[0].bid] == best


@given(BIDS, FORMULAS, st.integers(0, 30_000), MARKS)
@settings(max_examples=80)
def test_a_dominated_bid_is_never_above_its_dominator(rows, formula, dearer, worse):
    amount, *others = rows[0]
    rows = [*rows, (amount + dearer, *(max(0, value - worse) for value in others))]

    ranks = {one.bid: one.rank for one in _ranking(tender_of(formula.name), rows)}

    assert ranks["B0"] <= ranks[f"B{len(rows) - 1}"]


@given(BIDS, st.integers(1, 30_000), st.integers(1, 3), st.integers(1, 40))
@settings(max_examples=80)
def test_a_better_bid_does_not_fall(rows, cheaper, column, better):
    """With an absolute formula: a lower price or a better mark never lowers a rank."""
    tender = tender_of("linear_between_bounds")
    before = {one.bid: one.rank for one in _ranking(tender, rows)}["B0"]
    first = list(rows[0])
    first[0] -= cheaper
    first[column] = min(100, first[column] + better)

    after = {one.bid: one.rank for one in _ranking(tender, [tuple(first), *rows[1:]])}["B0"]

    assert after <= before


def _ranking(tender, rows):
    return evaluate(tender, dossier_of(rows)).lots[0].ranking


@given(BIDS, st.integers(0, 5_000))
@settings(max_examples=80)
def test_quality_in_money_does_not_depend_on_who_else_bids(rows, worth):
    tender = a_tender(
        stated("speed", 0, worth=worth),
        branch("care", 0, stated("service", 10_000), worth=3 * worth),
        objective="money",
    )
    whole = keys(evaluate(tender, dossier_of(rows)))

    for gone in range(1, len(rows)):
        assert keys(evaluate(tender, dossier_of(rows[:gone]))).items() <= whole.items()
    for place, (amount, speed, service, _) in enumerate(rows):
        evaluated = amount + worth * (100 - speed) + 3 * worth * (100 - service)
        assert whole[f"B{place}"] == str(evaluated)


@given(BIDS, FORMULAS)
@settings(max_examples=60)
def test_the_matrix_is_what_the_award_was_made_of(rows, formula):
    tender, dossier = tender_of(formula.name), dossier_of(rows)

    matrix = score_matrix(tender, dossier, "1")

    totals = matrix.scores @ matrix.weights
    assert {
        bid: Fraction(int(total), 10 ** (matrix.decimals + 4))
        for bid, total in zip(matrix.bids, totals, strict=True)
    } == {bid: Fraction(key) for bid, key in keys(evaluate(tender, dossier)).items()}
    best = max(range(len(rows)), key=lambda place: (totals[place], matrix.priority[place]))
    ranking = evaluate(tender, dossier).lots[0].ranking
    assert matrix.bids[best] in [one.bid for one in ranking if one.rank == 1]
    assert sorted(matrix.priority) == list(range(len(rows)))


def test_money_of_another_size_gives_the_same_points():
    rows = [(100_000, 50, 60, 70), (80_000, 40, 50, 60), (95_000, 90, 20, 30)]
    larger = [(1_000 * amount, *rest) for amount, *rest in rows]

    assert keys(evaluate(tender_of(), dossier_of(rows))) == keys(
        evaluate(tender_of(), dossier_of(larger))
    )
