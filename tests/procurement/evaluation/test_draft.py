"""The drafting help on paper: its chart, its tables and its words in three languages."""

import json
import re

import pytest

from procurement.evaluation import draft_report, words
from procurement.evaluation.draft import contents
from procurement.scoring import reading
from procurement.scoring.drafting import Expected
from tests.procurement.test_draft_command import IN_MONEY, QUALITY, REFERENCE, of, points, price

LANGUAGES = ("fr", "ar", "en")
EXPECTED = Expected(lowest=800_000_00, highest=1_200_000_00, tenders=200)
METHODS = {"points": points(), "money": IN_MONEY, "reference": REFERENCE}


def made(method, *lots):
    data = of(method, *lots) | {"dossier": {"bidders": [], "bids": []}}
    file = reading.read(json.dumps(data))
    return contents(file, {lot.id: EXPECTED for lot in file.tender.lots})


def page(method, language):
    with words.speaking(language):
        return draft_report.html(made(method))


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", METHODS)
def test_the_same_draft_gives_the_same_bytes_without_style_or_script(name, language):
    once, again = (page(METHODS[name], language) for _ in range(2))

    assert once == again
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", once) == []
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in once


def test_the_first_page_says_that_it_helps_and_decides_nothing():
    assert "Il ne décide de rien" in page(points(), "fr")


def test_the_chart_can_be_read_without_seeing_it():
    with words.speaking("en"):
        (chart,) = made(points()).lots[0].charts
    html = page(points(), "en")

    assert chart.summary == (
        "« Prix · lowest price divided by the price »: one quality point is worth MAD12,000.00 at "
        "a price of MAD800,000.00, MAD27,000.00 at MAD1,200,000.00."
    )
    assert [row[1] for row in chart.table.rows] == [
        "MAD12,000.00", "MAD15,187.50", "MAD18,750.00", "MAD22,687.50", "MAD27,000.00",
    ]  # fmt: skip
    assert {row[2] for row in chart.table.rows} == {"MAD6,000.00"}
    assert html.count("<title id=") == html.count("<desc id=") == 1


def test_the_curve_rises_with_the_price_and_is_mirrored_in_arabic():
    def curve(language):
        with words.speaking(language):
            (chart,) = made(points()).lots[0].charts
        lines = [one.attributes for one in chart.shapes if one.attributes["class"] == "published"]
        return [(float(one["x1"]), float(one["y1"])) for one in lines[1:]]  # the first is its name

    latin, arabic = curve("en"), curve("ar")

    assert len(latin) == 20
    assert latin == sorted(latin, key=lambda at: (at[0], -at[1]))
    assert [y for _x, y in latin] == sorted((y for _x, y in latin), reverse=True)
    assert arabic == [(round(640 - x, 1), y) for x, y in latin]


def test_quality_in_money_is_drawn_level_with_its_name():
    with words.speaking("fr"):
        (chart,) = made(IN_MONEY).lots[0].charts

    assert [[plain(text) for text in row] for row in chart.table.rows] == [
        ["tout prix", "1 200,00 MAD"]
    ]
    assert {"Qualité", "1 200,00 MAD"} <= {plain(one.text) for one in chart.words()}
    _legend, *levels = [
        one.attributes for one in chart.shapes if one.attributes["class"] == "published"
    ]
    assert len({one[name] for one in levels for name in ("y1", "y2")}) == 1


def test_a_curve_has_a_gap_where_a_lower_price_earns_nothing():
    bounds = price("linear_between_bounds", best="90000000", worst="100000000")
    with words.speaking("en"):
        (chart,) = made(points(bounds, QUALITY)).lots[0].charts

    assert chart.summary.endswith("at some of the expected prices, a lower price earns nothing.")
    assert [row[1] for row in chart.table.rows] == ["–", "MAD1,500.00", "–", "–", "–"]


def test_all_formulas_are_compared_and_refused_ones_say_so():
    with words.speaking("en"):
        (compared,) = made(points()).lots[0].compared

    first, second = compared.formulas[:2]
    assert (first.code, first.chosen, first.relative, first.varies) == (
        "low_over_price", True, True, "×\u00a02.25",
    )  # fmt: skip
    assert (second.code, second.relative, second.varies) == (
        "linear_between_bounds", False, "constant",
    )  # fmt: skip
    assert [one.code for one in compared.formulas if one.refused] == [
        "belleville", "closest_to_mean", "closest_to_estimate",
    ]  # fmt: skip


def test_the_example_shows_who_withdraws_and_who_wins():
    with words.speaking("en"):
        weighed, by_reference = (made(one).lots[0].examples[0] for one in (points(), REFERENCE))

    fates = ["wins", "wins after the withdrawal", "withdraws"]
    assert sorted(one.fate for one in weighed if one.fate) == fates
    assert sorted(one.fate for one in by_reference if one.fate) == fates
    assert {one.quality for one in by_reference} == {""}


def test_a_hostile_title_stays_text():
    hostile = QUALITY | {"title": "<img src=x onerror=alert(1)>"}

    assert "<img" not in page(points(price(), hostile), "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_whole_in_every_language(language):
    with words.speaking(language):
        found = made(points(), {"id": "1"}, {"id": "2"})
        document = draft_report.rendered(found)

    assert len(found.lots) == 1
    assert 2 <= len(document.pages) <= 4
