from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.web import i18n


@pytest.fixture(params=["fr", "ar", "en"])
def code(request):
    token = i18n.language.set(request.param)
    yield request.param
    i18n.language.reset(token)


def test_numbers_money_and_percentages_follow_the_language(code):
    written = (
        i18n.number(12500.5),
        i18n.money(1250050),
        i18n.percent(Decimal("0.465"), decimals=1),
    )

    assert (
        written
        == {
            "fr": ("12\u202f500,5", "12\u202f500,50\xa0MAD", "46,5 %"),
            "ar": ("12.500,5", "\u200f12.500,50\xa0د.م.\u200f", "46,5 %"),
            "en": ("12,500.5", "MAD12,500.50", "46.5 %"),
        }[code]
    )


def test_an_amount_of_any_length_keeps_every_digit(code):
    digits = [one for one in i18n.money(10**40 + 1) if one.isdigit()]

    assert "".join(digits) == f"{10**40 + 1}"


def test_days_follow_the_language(code):
    assert (
        i18n.day(date(2026, 2, 4))
        == {
            "fr": "4 février 2026",
            "ar": "4 فبراير 2026",
            "en": "4 February 2026",
        }[code]
    )


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        # One hour ahead of Greenwich, except in Ramadan (2026: until 22 March).
        (datetime(2026, 2, 4, 9, 30, tzinfo=UTC), "4 févr. 2026, 10:30"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "2 mars 2026, 09:30"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 juil. 2026, 00:30"),
    ],
)
def test_moments_are_in_the_time_of_casablanca_to_the_minute(moment, written):
    i18n.language.set("fr")

    shown = i18n.moment(moment)

    assert shown.split(", ")[1] == written.split(", ")[1]
    assert shown.split(" ")[0] == written.split(" ")[0]


def test_arabic_names_the_month_whatever_the_length():
    i18n.language.set("ar")
    when = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

    assert {i18n.day(when, length=one) for one in ("long", "medium", "short")} == {"2 نونبر 2026"}
    assert {i18n.moment(when, length=one) for one in ("long", "medium")} == {"2 نونبر 2026، 10:30"}


def test_only_arabic_runs_from_right_to_left():
    assert [i18n.direction(code) for code in ("fr", "ar", "en")] == ["ltr", "rtl", "ltr"]


def test_a_percentage_without_idle_zeros(code):
    written = [i18n.percent(one, decimals=2, trim=True) for one in (0.95, 0.9876, 1, 0.005)]

    comma = "." if code == "en" else ","
    assert written == ["95 %", f"98{comma}76 %", "100 %", f"0{comma}5 %"]
