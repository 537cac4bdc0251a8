"""The arithmetic of an offer done again."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from procurement.scoring.errors import UnknownWord
from procurement.scoring.statute.rectification import (
    PriceLine,
    Schedule,
    Undertaking,
    line_total,
    rectified,
)
from procurement.scoring.statute.versions import DECREE_2023
from procurement.scoring.statute.words import in_words
from procurement.scoring.wording import sentence


def found(undertaking, schedule=None, rules=DECREE_2023):
    result = rectified("A", undertaking, schedule, rules)
    assert {line.subject for line in result.lines} <= {"A"}
    return result.amount, [(line.code, line.values) for line in result.lines]


def line(number="1", quantity=2, price=1000, **more):
    return PriceLine(number=number, quantity=Fraction(quantity), unit_price=price, **more)


def test_nothing_to_correct():
    schedule = Schedule(
        lines=(line(total=2000, unit_price_words="dix dirhams"), line("2", "1.5", 300, total=450)),
        tax_rate=Fraction(1, 5), total_without_tax=2450, tax=490, total=2940,
    )  # fmt: skip

    assert found(Undertaking(figures=2940, words=in_words(2940)), schedule) == (2940, [])


def test_words_prevail_over_figures():
    undertaking = Undertaking(figures=30_000_000, words="trois cent mille dirhams et un centime")

    assert found(undertaking) == (
        30_000_001,
        [("statute.words_prevail", {"stated": 30_000_000, "computed": 30_000_001})],
    )


def test_figures_stand_alone_without_words():
    assert found(Undertaking(figures=5)) == (5, [])


def test_unit_prices_in_words_prevail():
    schedule = Schedule(lines=(line(price=1000, unit_price_words="onze dirhams"),))

    assert found(Undertaking(figures=2200), schedule) == (
        2200,
        [("statute.unit_words_prevail", {"number": "1", "stated": 1000, "computed": 1100})],
    )


def test_unit_prices_prevail_over_every_total():
    schedule = Schedule(
        lines=(line(total=2001), line("2", 3, 500, total=1500)),
        tax_rate=Fraction(1, 5), total_without_tax=3501, tax=701, total=4202,
    )  # fmt: skip

    assert found(Undertaking(figures=4202), schedule) == (
        4200,
        [
            ("statute.line_corrected", {
                "number": "1", "quantity": 2, "price": 1000, "stated": 2001, "computed": 2000,
            }),
            ("statute.sum_corrected", {"stated": 3501, "computed": 3500}),
            ("statute.tax_corrected", {"stated": 701, "computed": 700}),
            ("statute.total_corrected", {"stated": 4202, "computed": 4200}),
            ("statute.schedule_prevails", {"stated": 4202, "computed": 4200}),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "price", "decimals", "total"),
    [
        ("1.5", 3, 2, 5), ("0.5", 1, 2, 1), ("1/3", 100, 2, 33), ("2/3", 100, 2, 67),
        ("1.5", 333, 1, 500), ("1", 104, 1, 100), ("1", 105, 1, 110), ("1", 149, 0, 100),
        ("1", 150, 0, 200), ("0", 100, 2, 0),
    ],
)  # fmt: skip
def test_line_total_is_rounded_half_up(quantity, price, decimals, total):
    assert line_total(Fraction(quantity), price, decimals) == total


def test_tax_is_rounded_once_on_the_sum():
    schedule = Schedule(lines=(line("1", 1, 3), line("2", 1, 4)), tax_rate=Fraction(1, 14))

    assert found(Undertaking(figures=8), schedule) == (8, [])


def test_the_rounding_goes_by_the_version():
    rules = replace(DECREE_2023, line_rounding=replace(DECREE_2023.line_rounding, value=0))

    amount, _ = found(Undertaking(figures=0), Schedule(lines=(line("1", 1, 149),)), rules)

    assert amount == 100


@pytest.mark.parametrize(
    ("undertaking", "schedule", "field"),
    [
        (Undertaking(figures=1, words="un dirhem"), None, "A: undertaking.words"),
        (
            Undertaking(figures=1),
            Schedule(lines=(line("7", unit_price_words="un dirhem"),)),
            "A: lines[7].unit_price_words",
        ),
    ],
)
def test_words_that_cannot_be_read_say_where(undertaking, schedule, field):
    with pytest.raises(UnknownWord) as caught:
        found(undertaking, schedule)

    assert caught.value.field == field


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**9)), max_size=5),
    st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 10)]),
)
def test_an_offer_stated_right_is_not_touched(offer, tax_rate):
    lines = tuple(
        line(str(place), Fraction(quantity, 100), price,
             total=line_total(Fraction(quantity, 100), price, 2))
        for place, (quantity, price) in enumerate(offer)
    )  # fmt: skip
    amount = rectified(
        "A", Undertaking(figures=0), Schedule(lines=lines, tax_rate=tax_rate), DECREE_2023
    ).amount

    assert found(Undertaking(figures=amount), Schedule(lines=lines, tax_rate=tax_rate)) == (
        amount, [],
    )  # fmt: skip


def test_every_correction_can_be_said():
    result = rectified(
        "A", Undertaking(figures=1, words="deux centimes"), Schedule(lines=(line(),)), DECREE_2023
    )

    assert [sentence(line) for line in result.lines] == [
        "The undertaking of the bid A says 1 in figures and 2 in words: the words prevail "
        "(règlement de consultation).",
        "The schedule of prices of the bid A makes 2000 and its undertaking says 2: the schedule "
        "of prices prevails (règlement de consultation).",
    ]
