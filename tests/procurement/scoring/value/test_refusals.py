"""Every refusal of value for money is reached, with the field it names."""

from datetime import date
from fractions import Fraction

import pytest

from procurement.scoring import errors
from procurement.scoring.offers import Bid, Evidence, Rejection
from procurement.scoring.quantities import Quantity
from procurement.scoring.tender import (
    CostFlow,
    Criterion,
    LifeCycleCost,
    Limits,
    Lot,
    Margin,
    PilotEvidence,
    PurchaseOrder,
    Step,
    Steps,
    Tender,
)
from procurement.scoring.value import evaluate, priced, score_matrix
from procurement.scoring.value.formulas import BY_NAME, marked
from procurement.scoring.value.refused import REFUSED, illustrated
from tests.procurement.scoring.value.given import (
    a_bid,
    a_dossier,
    a_mark,
    a_tender,
    branch,
    judged,
    price,
    stated,
)

FULL = 10_000
MONTHS = Quantity(Fraction(24), "month")


def evidence(**changes):
    kind = {
        "metric": "uptime",
        "level": Fraction("0.05"),
        "steps": (Step(at=Fraction(90), points=Fraction(40)),),
        "min_exposure": MONTHS,
        "min_coverage": Fraction("0.8"),
    }
    return Criterion(id="pilot", weight=FULL, kind=PilotEvidence(**(kind | changes)))


def costs(weight=FULL, name="lcc", flows=(("energy", 1, 2),), formula="low_over_price", **changes):
    kind = LifeCycleCost(
        **({"rate": Fraction("0.05"), "years": 3} | changes),
        flows=tuple(CostFlow(name=one, first=first, last=last) for one, first, last in flows),
        formula=formula,
    )
    return Criterion(id=name, weight=weight, kind=kind)


def steps(*pairs):
    made = tuple(Step(at=Fraction(at), points=Fraction(points)) for at, points in pairs)
    return Criterion(id="warranty", weight=FULL, kind=Steps(steps=made, unit="month"))


C = "tender.method.criteria[0]"
TENDERS = [
    (a_tender(stated("a", 9_999)), errors.WeightSumError, "tender.method.criteria"),
    (a_tender(branch("b", FULL, stated("a", 1))), errors.WeightSumError, C),
    (
        a_tender(branch("a", FULL, stated("a", FULL))),
        errors.DuplicateName,
        f"{C}.id",
    ),
    (a_tender(price(formula="magic")), errors.UnknownFormula, f"{C}.kind.formula"),
    (a_tender(price(formula="world_bank", best=1)), errors.WrongParameters, f"{C}.kind.parameters"),
    (
        a_tender(price(formula="linear_between_bounds", best=1)),
        errors.WrongParameters,
        f"{C}.kind.parameters",
    ),
    (
        a_tender(price(formula="linear_between_bounds", best=2, worst=2)),
        errors.BadParameter,
        f"{C}.kind.parameters.best",
    ),
    (
        a_tender(price(formula="reference_over_price", reference=0)),
        errors.BadParameter,
        f"{C}.kind.parameters.reference",
    ),
    (
        a_tender(price(formula="points_per_percent", reference=1, points_per_percent=0)),
        errors.BadParameter,
        f"{C}.kind.parameters.points_per_percent",
    ),
    (
        a_tender(price(formula="multiple_of_lowest", multiple=1)),
        errors.BadParameter,
        f"{C}.kind.parameters.multiple",
    ),
    (
        a_tender(price(formula="multiple_of_lowest", multiple=7)),
        errors.RefusedFormula,
        f"{C}.kind.parameters.multiple",
    ),
    (
        a_tender(branch("b", FULL, price(), minimum=Fraction(50))),
        errors.RefusedFormula,
        f"{C}.minimum",
    ),
    (a_tender(stated("a", FULL, minimum=Fraction(101))), errors.BadParameter, f"{C}.minimum"),
    (
        a_tender(judged("a", FULL, low=Fraction(5), high=Fraction(5))),
        errors.BadParameter,
        f"{C}.kind.high",
    ),
    (a_tender(steps((5, 10), (5, 20))), errors.BadParameter, f"{C}.kind.steps[1].at"),
    (a_tender(steps((5, 101))), errors.BadParameter, f"{C}.kind.steps[0].points"),
    (a_tender(evidence(level=Fraction(1))), errors.BadParameter, f"{C}.kind.level"),
    (a_tender(evidence(neutral=Fraction(-1))), errors.BadParameter, f"{C}.kind.neutral"),
    (a_tender(costs(rate=Fraction(-1, 2))), errors.BadParameter, f"{C}.kind.rate"),
    (a_tender(costs(flows=(("e", 2, 4),))), errors.BadParameter, f"{C}.kind.flows[0]"),
    (
        a_tender(costs(flows=(("e", 1, 2), ("e", 1, 2)))),
        errors.DuplicateName,
        f"{C}.kind.flows[1].name",
    ),
    (a_tender(stated("a", FULL, worth=5)), errors.BadParameter, f"{C}.worth"),
    (
        a_tender(branch("b", 0, stated("a", FULL, worth=5), worth=5), objective="money"),
        errors.CountedTwice,
        f"{C}.kind.criteria[0].worth",
    ),
    (
        a_tender(branch("b", 0, price(), worth=5), objective="money"),
        errors.CountedTwice,
        f"{C}.worth",
    ),
    (
        a_tender(costs(5_000), costs(5_000, "lcc2"), objective="money"),
        errors.CountedTwice,
        "tender.method.criteria[1]",
    ),
    (a_tender(price(), ties=("youngest",)), errors.UnknownReference, "tender.method.ties[0]"),
    (a_tender(price(), ties=("higher:x",)), errors.UnknownReference, "tender.method.ties[0]"),
    (
        a_tender(price(), ties=("draw", "lower_price")),
        errors.BadParameter,
        "tender.method.ties[0]",
    ),
    (
        a_tender(price(), limits=Limits(sme_share=Fraction(1, 4))),
        errors.BadParameter,
        "tender.limits.sme_share",
    ),
    *(
        (
            a_tender(
                stated("a", FULL, worth=5),
                objective="money",
                allocation="together",
                limits=Limits(sme_share=Fraction(share)),
            ),
            errors.BadParameter,
            "tender.limits.sme_share",
        )
        for share in ("3/2", "-1/100")
    ),
    (
        a_tender(price(), margin=Margin(percent=Fraction(-15), legal_basis="none")),
        errors.BadParameter,
        "tender.method.margin.percent",
    ),
]


@pytest.mark.parametrize(("tender", "error", "field"), TENDERS)
def test_a_tender_that_makes_no_sense_is_refused_before_any_bid(tender, error, field):
    with pytest.raises(errors.ScoringError) as refused:
        evaluate(tender, a_dossier())

    assert (type(refused.value), refused.value.field) == (error, field)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_irregular_formulas_are_refused_with_the_reason(name):
    with pytest.raises(errors.RefusedFormula) as refused:
        evaluate(a_tender(price(formula=name)), a_dossier())

    assert refused.value.values == {"name": name, "why": REFUSED[name].why}


def pack(**changes):
    given = {
        "bid": "A",
        "criterion": "pilot",
        "metric": "uptime",
        "level": Fraction("0.05"),
        "lower_bound": Quantity(Fraction(95), "percent"),
        "exposure": MONTHS,
        "coverage": Fraction("0.8"),
        "pack": "0" * 64,
    }
    return Evidence(**(given | changes))


SPEED = a_tender(stated("speed", FULL))
QUALITY = a_tender(judged("quality", FULL))
PILOT = a_tender(evidence(too_little="error"))
LONE = a_bid("A")
MONTH = Bid(
    id="A", bidder="A", lots=("1",), price=1, answers={"speed": Quantity(Fraction(1), "month")}
)
DOSSIERS = [
    (SPEED, a_dossier(LONE), errors.MissingAnswer, "dossier.bids[0].answers"),
    (SPEED, a_dossier(MONTH), errors.UnitMismatch, "dossier.bids[0].answers.speed"),
    (a_tender(price()), a_dossier(a_bid("A", 0)), errors.ZeroPriceError, "dossier.bids[0].price"),
    (QUALITY, a_dossier(LONE), errors.MissingMark, "dossier.bids[0]"),
    (
        QUALITY,
        a_dossier(LONE, a_bid("B"), marks=(a_mark("E", "A", 5),)),
        errors.MissingMark,
        "dossier.bids[1]",
    ),
    (
        QUALITY,
        a_dossier(LONE, marks=(a_mark("E", "A", None), a_mark("F", "A", 5))),
        errors.MissingMark,
        "dossier.bids[0]",
    ),
    (
        QUALITY,
        a_dossier(LONE, marks=(a_mark("E", "A", 101),)),
        errors.MarkOutOfScale,
        "dossier.marks[E, A, quality]",
    ),
    (PILOT, a_dossier(LONE), errors.EvidenceTooWeak, "dossier.bids[0]"),
    (
        PILOT,
        a_dossier(LONE, evidence=(pack(coverage=Fraction("0.79")),)),
        errors.EvidenceTooWeak,
        "dossier.bids[0]",
    ),
    (
        PILOT,
        a_dossier(LONE, evidence=(pack(exposure=Quantity(Fraction(23), "month")),)),
        errors.EvidenceTooWeak,
        "dossier.bids[0]",
    ),
    (
        PILOT,
        a_dossier(LONE, evidence=(pack(metric="alarms"),)),
        errors.UnitMismatch,
        "dossier.evidence[A, pilot].metric",
    ),
    (
        PILOT,
        a_dossier(LONE, evidence=(pack(level=Fraction("0.1")),)),
        errors.UnitMismatch,
        "dossier.evidence[A, pilot].level",
    ),
    (a_tender(costs()), a_dossier(LONE), errors.MissingAnswer, "dossier.bids[0].flows"),
    (
        a_tender(costs()),
        a_dossier(a_bid("A", flows={"energy": (1,)})),
        errors.BadParameter,
        "dossier.bids[0].flows.energy",
    ),
    (
        a_tender(price()),
        a_dossier(a_bid("A", 5, scope_adjustment=-6)),
        errors.BadParameter,
        "dossier.bids[0].scope_adjustment",
    ),
    (a_tender(price()), a_dossier(LONE, seed="s"), errors.DrawNotCommitted, "dossier.seed"),
    (
        a_tender(price(), draw_commitment="0" * 64),
        a_dossier(LONE, seed="s"),
        errors.DrawMismatch,
        "seed",
    ),
    (
        a_tender(price()),
        a_dossier(LONE, a_bid("B", 5), rejections=(Rejection(lot="1", bid="A", reason="late"),)),
        errors.RejectionOutOfTurn,
        "dossier.rejections",
    ),
    (  # who may still win the second lot hangs on the draw in the first
        a_tender(price(), lots=("1", "2"), limits=Limits(max_lots=1)),
        a_dossier(
            a_bid("A1", 5, "1", "a"),
            a_bid("B1", 5, "1", "b"),
            a_bid("A2", 5, "2", "a"),
            rejections=(Rejection(lot="2", bid="A2", reason="late"),),
        ),
        errors.TieUnresolved,
        "dossier.rejections",
    ),
]


@pytest.mark.parametrize(("tender", "dossier", "error", "field"), DOSSIERS)
def test_what_came_in_is_refused_where_the_tender_cannot_take_it(tender, dossier, error, field):
    with pytest.raises(errors.ScoringError) as refused:
        evaluate(tender, dossier)

    assert (type(refused.value), refused.value.field) == (error, field)


def test_the_other_ways_in_refuse_what_is_not_theirs():
    order = Tender(
        id="T", opened_on=date(2026, 11, 20), method=PurchaseOrder(), lots=(Lot(id="1"),)
    )
    money = a_tender(stated("speed", FULL, worth=5), objective="money")

    with pytest.raises(errors.NotForThisMethod):
        evaluate(order, a_dossier())
    with pytest.raises(errors.NotForThisMethod):
        priced(SPEED, a_dossier())
    with pytest.raises(errors.NotComparable):
        score_matrix(money, a_dossier(), "1")
    with pytest.raises(errors.NoAdmissibleBid):
        score_matrix(SPEED, a_dossier(), "1")
    with pytest.raises(errors.NoAdmissibleBid):
        marked(BY_NAME["low_over_price"], {}, [], str)


@pytest.mark.parametrize(
    ("name", "prices", "estimate", "error"),
    [
        ("entropy", [1], 0, errors.BadParameter),
        ("closest_to_estimate", [1], 0, errors.BadParameter),
        ("closest_to_mean", [], 0, errors.NoAdmissibleBid),
        ("belleville", [0, 1], 0, errors.ZeroPriceError),
    ],
)
def test_an_irregular_formula_is_not_shown_for_what_it_cannot_mark(name, prices, estimate, error):
    with pytest.raises(error):
        illustrated(name, prices, Fraction(estimate))


def test_a_margin_of_another_base_is_taken_of_the_price_as_bid():
    margin = Margin(percent=Fraction(10), legal_basis="the donor's rules (fictional)")
    tender = a_tender(stated("speed", FULL, worth=0), objective="money", margin=margin)
    bid = a_bid("A", 1_000, answers={"speed": 0}, scope_adjustment=500)

    assert priced(tender, a_dossier(bid, foreign=("A",))).evaluated == {"A": 1_600}
