"""Article 147: whose price moves, which way and by how much."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import MissingReason, OutsideTheLaw
from procurement.scoring.offers import Bidder
from procurement.scoring.statute.preference import rate
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.tender import Preference
from tests.procurement.scoring.statute.cases import codes, one_lot, order, ranks, supplies, value
from tests.procurement.scoring.statute.reference import ranked

PREFERRED = supplies(preference=Preference())


@pytest.mark.parametrize(
    ("established", "share", "expected"),
    [
        (True, None, "0"),
        (False, None, "3/20"),
        (False, "1", "0"),
        (False, "0.31", "0"),
        (False, "0.3", "0"),
        (False, "0.2999", "210030/2000000"),
        (True, "0.2999", "210030/2000000"),
        (False, "0.1", "27/200"),
        (False, "0", "3/20"),
    ],
)
def test_rate(established, share, expected):
    bidder = Bidder(
        id="b", established=established, moroccan_share=None if share is None else Fraction(share)
    )

    assert rate(bidder, DECREE_2023) == Fraction(expected)


# The reference price is 1000 with A and B about the foreign offer.
@pytest.mark.parametrize(
    ("price", "other", "adjusted", "code"),
    [
        (999, 1001, Fraction(84_915, 100), "statute.lowered"),
        (1000, 1000, Fraction(1000), "statute.not_adjusted"),
        (1001, 999, Fraction(115_115, 100), "statute.raised"),
    ],
)
def test_a_foreign_offer_about_the_reference_price(price, other, adjusted, code):
    outcome = one_lot(
        {"A": 1000, "B": other, "F": price}, PREFERRED, estimate=1000,
        established={"F": False},
    )  # fmt: skip

    assert value(outcome, "statute.reference", "reference") == 1000
    assert code in codes(outcome, "F")
    (foreign,) = [one for one in outcome.ranking if one.bid == "F"]
    assert Fraction(foreign.key) == adjusted
    warned = [line.code for line in outcome.warnings if line.subject == "F"]
    assert warned == (["statute.equal", "statute.not_adjusted"] if price == 1000 else [])


@pytest.mark.parametrize(
    ("at_reference", "key", "expected"),
    [("kept", "1000", ["F", "B"]), ("lowered", "850", ["B", "F"]), ("raised", "1150", ["B", "F"])],
)
def test_an_offer_equal_to_the_reference_price_goes_by_the_version(at_reference, key, expected):
    rule = replace(DECREE_2023.at_reference, value=at_reference)
    rules = replace(DECREE_2023, at_reference=rule)
    prices = {"A": 1010, "B": 990, "F": 1000}

    outcome = one_lot(prices, PREFERRED, estimate=1000, rules=rules, established={"F": False})

    (foreign,) = [one for one in outcome.ranking if one.bid == "F"]
    assert foreign.key == key
    assert [bid for bid in order(outcome) if bid != "A"] == expected


def test_the_reference_price_is_taken_from_unadjusted_offers_and_the_contract_keeps_the_price():
    outcome = one_lot({"F": 95_000_000}, PREFERRED, established={"F": False})

    assert (outcome.amount, outcome.ranking[0].key) == (95_000_000, "80750000")
    assert value(outcome, "statute.reference", "reference") == 97_500_000
    assert value(outcome, "statute.lowered", "rate", "F") == 15
    assert value(outcome, "statute.preference_on", "rate") == 15


def test_a_treaty_switches_the_preference_off_with_its_reason():
    treaty = supplies(preference=Preference(applies=False, reason="free-trade agreement"))
    prices = {"R1": 94_000_000, "FOR": 96_000_000, "R2": 101_000_000}

    outcome = one_lot(prices, treaty, established={"FOR": False})

    assert outcome.winner == "FOR"
    (line,) = [line for line in outcome.lines if line.code == "statute.preference_off"]
    assert line.values == {"reason": "free-trade agreement"}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_switch_without_a_reason_is_refused(reason):
    with pytest.raises(MissingReason) as caught:
        one_lot({"A": 1}, supplies(preference=Preference(applies=False, reason=reason)), estimate=1)

    assert caught.value.field == "tender.method.preference.reason"


@pytest.mark.parametrize(
    ("share", "code", "warned"),
    [
        (Fraction(3, 10), "statute.consortium_exempt", []),
        (Fraction(29, 100), "statute.consortium_partly", ["statute.consortium_partly"]),
    ],
)
def test_a_consortium_is_told_its_share(share, code, warned):
    outcome = one_lot(
        {"A": 90_000_000, "C": 80_000_000}, PREFERRED, moroccan_share={"C": share},
        established={"C": False},
    )  # fmt: skip

    found = [line for line in (*outcome.lines, *outcome.warnings) if line.code == code]
    values = {"share": int(share * 100), "threshold": 30, "rate": "213/20" if warned else 0}
    assert [line.values for line in found] == [values]
    assert [line.code for line in outcome.warnings] == warned
    assert found[0].rule == "art. 147 (à confirmer)"
    expected = 80_000_000 * (1 - (0 if not warned else Fraction(3, 20) * (1 - share)))
    (one,) = [one for one in outcome.ranking if one.bid == "C"]
    assert Fraction(one.key) == expected


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(101, 100)])
def test_a_share_outside_is_refused(share):
    with pytest.raises(OutsideTheLaw) as caught:
        one_lot({"A": 1}, PREFERRED, estimate=1, moroccan_share={"A": share})

    assert caught.value.values == {"value": str(share), "low": 0, "high": 1}


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1)])
def test_a_share_at_the_ends_is_taken(share):
    assert one_lot({"A": 1}, PREFERRED, estimate=1, moroccan_share={"A": share}).winner == "A"


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(60, 130), min_size=1),
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 29)),
    st.integers(80, 120),
)
def test_the_engine_agrees_with_the_reference_in_fractions(prices, shares, estimate):
    share = {bid: Fraction(percent, 100) for bid, percent in shares.items()}
    rates = {bid: Fraction(3, 20) * (1 - part) for bid, part in share.items()}

    outcome = one_lot(prices, PREFERRED, estimate=estimate, moroccan_share=share)

    assert ranks(outcome) == ranked(prices, estimate, rates=rates)


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(75, 120), min_size=1),
    st.sets(st.sampled_from("ABCDEF")),
)
def test_the_preference_never_moves_a_foreign_bid_forward(prices, foreign):
    abroad = {"established": dict.fromkeys(foreign, False)}

    without = one_lot(prices, estimate=100, **abroad)
    with_it = one_lot(prices, PREFERRED, estimate=100, **abroad)

    at_home = [bid for bid in prices if bid not in foreign]
    assert all(ranks(with_it)[bid] <= ranks(without)[bid] for bid in at_home)
