from fractions import Fraction

import pytest

from procurement.evaluation import sentences, words
from procurement.scoring.drafting.checks import checks, opened
from procurement.scoring.offers import Bid, Bidder, Dossier
from procurement.scoring.quantities import Quantity
from procurement.scoring.tender import (
    Branch,
    Limits,
    Lot,
    PilotEvidence,
    Preference,
    PurchaseOrder,
    ReferencePrice,
    Step,
    Steps,
    Studies,
    TechnicalGate,
    ValueForMoney,
)
from tests.procurement.scoring.drafting.tenders import price, quality, said, tender

ABSOLUTE = price("linear_between_bounds", best=100_000_00, worst=200_000_00)


def codes(one):
    return [(line.code.removeprefix("drafting."), line.subject) for line in checks(one)]


def steps(*points):
    return Steps(
        steps=tuple(Step(at=Fraction(n), points=Fraction(one)) for n, one in enumerate(points)),
        unit="month",
    )


def evidence(**given):
    return PilotEvidence(
        metric="uptime",
        level=Fraction(1, 20),
        steps=(Step(at=Fraction(95), points=Fraction(100)),),
        min_exposure=Quantity(Fraction(24), "month"),
        min_coverage=Fraction(9, 10),
        **given,
    )


def branch(*criteria, **given):
    return quality(kind=Branch(criteria=criteria), **given)


def test_a_tender_in_order_has_no_warnings():
    assert codes(tender(ABSOLUTE, quality())) == []


TREE = branch(quality(id="a", weight=5000, kind=steps(0, 50)), quality(id="b", weight=5000))


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ((ABSOLUTE, quality(weight=5000)), [("weights", "")]),
        ((ABSOLUTE, branch(quality(id="a", weight=9999))), [("weights_below", "quality")]),
        (
            (ABSOLUTE, quality(), quality(id="logo", weight=0)),
            [("weight_zero", "logo")],
        ),
        ((ABSOLUTE, quality(minimum=Fraction(100))), []),
        ((ABSOLUTE, quality(minimum=Fraction(101))), [("threshold_unreachable", "quality")]),
        (
            (ABSOLUTE, quality(kind=steps(10, 60), minimum=Fraction(61))),
            [("threshold_unreachable", "quality")],
        ),
        ((ABSOLUTE, branch(*TREE.kind.criteria, minimum=Fraction(75))), []),
        (
            (ABSOLUTE, branch(*TREE.kind.criteria, minimum=Fraction(76))),
            [("threshold_unreachable", "quality")],
        ),
        (
            (ABSOLUTE, quality(kind=evidence(), minimum=Fraction(50))),
            [("neutral_fails", "quality")],
        ),
        ((ABSOLUTE, quality(kind=evidence(too_little="error"), minimum=Fraction(50))), []),
        ((ABSOLUTE, quality(kind=evidence(neutral=Fraction(50)), minimum=Fraction(50))), []),
        ((price("belleville"), quality()), [("formula_refused", "price")]),
        ((price("entropy"), quality()), [("formula_refused", "price")]),
        ((price("multiple_of_lowest", multiple=7), quality()), [("formula_refused", "price")]),
        ((price("cheapest"), quality()), [("formula_unknown", "price")]),
        ((price("linear_between_bounds", best=1), quality()), [("parameters", "price")]),
        ((price("linear_between_bounds", best=2, worst=1), quality()), [("parameter", "price")]),
        ((price("linear_min_max", floor=None), quality()), [("relative", "price")]),
        (
            (price("low_over_price", floor=None), quality()),
            [("relative", "price"), ("floor_missing", "price")],
        ),
    ],
)
def test_what_is_wrong_with_criteria(criteria, found):
    assert codes(tender(*criteria)) == found


def with_ties(*ties):
    return tender(method=ValueForMoney(criteria=(ABSOLUTE, quality()), ties=ties))


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (with_ties(), [("ties_missing", "")]),
        (with_ties("lower_price", "higher:quality"), [("ties_open", "")]),
        (with_ties("higher:beauty", "draw"), [("tie_unknown", "higher:beauty")]),
        (with_ties("cheaper", "draw"), [("tie_unknown", "cheaper")]),
        (tender(ABSOLUTE, quality(), draw_commitment=None), [("draw_uncommitted", "")]),
        (tender(method=PurchaseOrder(), draw_commitment=None), [("draw_uncommitted", "")]),
        (
            tender(
                method=ValueForMoney(criteria=(ABSOLUTE, quality()), ties=("lower_price",)),
                draw_commitment=None,
            ),
            [("ties_open", "")],
        ),
        (
            tender(
                method=ValueForMoney(
                    criteria=(
                        ABSOLUTE,
                        branch(quality(id="a", worth=100, weight=4000), quality(id="b")),
                    ),
                    objective="money",
                )
            ),
            [("worth_missing", "b")],
        ),
        (
            tender(ABSOLUTE, quality(), limits=Limits(sme_share=Fraction(5, 4))),
            [("sme_share", "")],
        ),
        (
            tender(ABSOLUTE, quality(), lots=(Lot(id="1"), Lot(id="2")), limits=Limits(max_lots=2)),
            [("limit_idle", "")],
        ),
        (
            tender(
                method=ReferencePrice(
                    category="supplies",
                    gate=TechnicalGate(threshold=Fraction(101)),
                    preference=Preference(),
                ),
                lots=(Lot(id="1"),),
            ),
            [("estimate_missing", "1"), ("gate_unreachable", "")],
        ),
        (
            tender(method=Studies(price_weight=Fraction(1), threshold=Fraction(120))),
            [("gate_unreachable", ""), ("price_weight", "")],
        ),
        (
            tender(method=Studies(price_weight=Fraction(1, 2), threshold=Fraction(70))),
            [("price_weight_law", "")],
        ),
        (
            tender(
                method=Studies(price_weight=Fraction(3, 10), threshold=Fraction(70)),
                lots=(Lot(id="1"),),
            ),
            [("estimate_missing", "1")],
        ),
        (tender(method=Studies(price_weight=Fraction(3, 10), threshold=Fraction(70))), []),
    ],
)
def test_what_is_wrong_around_the_criteria(one, found):
    assert codes(one) == found


def test_every_warning_is_a_sentence():
    criteria = (
        price("multiple_of_lowest", multiple=7),
        branch(quality(id="a", weight=1), minimum=Fraction(200, 3)),
        quality(id="b", kind=evidence(), minimum=Fraction(50), weight=0),
    )
    method = ValueForMoney(criteria=criteria, ties=("cheaper",))

    found = [said(line) for line in checks(tender(method=method, draw_commitment=None))]

    assert found[0] == "The weights under « quality » add up to 0.01 % instead of 100 %."
    assert len(found) == len(set(found)) == 7


def test_a_sum_of_weights_is_said_with_all_its_digits():
    heavy = tender(*(quality(id=str(n), weight=9_999) for n in range(200)), ABSOLUTE)

    assert said(checks(heavy)[0]) == (
        "The weights of the criteria add up to 20,038 % instead of 100 %."
    )


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_why_a_parameter_cannot_be_used_is_said_in_the_language(language):
    one = tender(price("linear_between_bounds", best=2, worst=1), quality())
    (line,) = checks(one)
    with words.speaking(language):
        text, why = sentences.sentence(line, "MAD"), words.gettext(str(line.values["why"]))

    assert (line.code, line.values["parameter"]) == ("drafting.parameter", "best")
    assert (why in text, str(line.values["why"]) in text) == (True, False)


def test_bids_that_came_in_are_told():
    bids = (Bid(id="b", bidder="B", lots=("1",), price=1),)

    found = [opened(Dossier(bidders=(Bidder(id="B"),), bids=some)) for some in ((), bids)]

    assert [[line.code for line in lines] for lines in found] == [[], ["drafting.opened"]]
