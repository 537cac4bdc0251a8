"""The report: complete in every language, the same bytes twice, and nothing beside its page."""

import json
import re

import pytest

from procurement.evaluation import (
    contents,
    figures,
    report,
    sentences,
    words,
)
from procurement.scoring import record
from procurement.scoring.errors import RecordBroken
from procurement.scoring.outcome import Line
from procurement.scoring.value.formulas import BY_NAME
from procurement.scoring.value.refused import REFUSED
from tests.procurement.evaluation import files
from tests.procurement.evaluation.records import LANGUAGES, RECORDS, made, plain


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RECORDS)
def test_the_same_record_gives_the_same_bytes(name, language):
    assert report.html(made(name), language) == report.html(RECORDS[name](), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RECORDS)
def test_a_page_has_no_style_no_script_and_no_handler(name, language):
    page = report.html(made(name), language)

    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", page) == []
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


@pytest.mark.parametrize("name", RECORDS)
def test_every_line_of_the_outcome_stands_in_the_report_in_every_language(name):
    found = contents.source(made(name))
    for language in LANGUAGES:
        text = report.text(made(name), language)
        with words.speaking(language):
            lines = [*found.outcome.lines] + [
                line for lot in found.outcome.lots for line in (*lot.lines, *lot.warnings)
            ]
            missing = [line.code for line in lines if found.said(line).text not in text]

        assert missing == []


@pytest.mark.parametrize("name", RECORDS)
def test_french_and_arabic_leave_no_english_sentence(name):
    english = {line for line in report.text(made(name), "en").splitlines() if " the " in line}
    own = {"fr": report.text(made(name), "fr"), "ar": report.text(made(name), "ar")}

    assert [line for line in english for text in own.values() if line in text] == []


def test_the_first_page_says_who_wins_for_how_much_and_why():
    with words.speaking("fr"):
        found = contents.source(files.first_vector())
        lot = contents.contents(found, {}).lots[0]

    assert plain(lot.winner) == "Souss Équipements 5 (fictif)"
    assert plain(lot.amount) == "930 000,00 MAD"
    assert [plain(one.text) for one in lot.why] == [
        "Son offre est la plus proche par défaut du prix de référence de 983 125,00 MAD parmi les "
        "offres retenues."
    ]
    assert [(one.rank, one.bid, one.won) for one in lot.ranking] == [
        (1, "F", True), (2, "D", False), (3, "G", False), (4, "C", False),
    ]  # fmt: skip
    assert [(one.bid, one.rule) for one in lot.aside] == [
        ("A", "art. 44-B-1"),
        ("B", "art. 44-B-2"),
    ]


def test_what_the_rules_leave_open_is_marked_to_be_confirmed():
    with words.speaking("fr"):
        lot = contents.contents(contents.source(files.first_vector()), {}).lots[0]

    assert [one.unsure for one in lot.warnings] == [True, True]
    assert report.html(files.first_vector(), "fr").count('class="unsure"') == 3


@pytest.mark.parametrize(
    ("language", "words_of_it"), [("fr", "confirmer"), ("ar", "يُؤكَّد"), ("en", "confirmed")]
)
def test_to_be_confirmed_is_said_once_by_the_mark(language, words_of_it):
    page = report.html(files.first_vector(), language)

    assert (page.count('class="unsure"'), page.lower().count(words_of_it)) == (3, 3)


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_number_of_an_article_stays_on_one_line(language):
    page = report.html(files.first_vector(), language)

    assert '<bdi class="kept" dir="ltr">44-A</bdi>' in page
    assert '<bdi class="kept" dir="ltr">2-22-431</bdi>' in page
    assert str(report.unbroken("MA-2-22-431 <b> 44-B-1 2026-03-10 b-1-2")) == (
        'MA-2-22-431 &lt;b&gt; <bdi class="kept" dir="ltr">44-B-1</bdi> 2026-03-10 b-1-2'
    )


def test_a_confirmed_article_is_not_marked():
    assert (sentences.unsure("art. 44-A"), sentences.unsure("art. 44-B (à confirmer)")) == (
        False, True,
    )  # fmt: skip
    with words.speaking("en"):
        assert sentences.cited("art. 44-B (à confirmer)") == "art. 44-B (to be confirmed)"


def test_the_winner_after_a_rejection_says_who_was_before_it():
    file = files.supplies({"A": 93_000_000, "B": 75_000_000})
    file["dossier"]["rejections"] = [{"lot": "1", "bid": "B", "reason": "sans réponse"}]
    with words.speaking("fr"):
        lot = contents.contents(contents.source(files.made(file)), {}).lots[0]

    assert plain(lot.why[-1].text) == "Offres classées avant elle et non retenues : B."


def test_a_winner_above_is_not_said_to_be_alone_when_those_below_were_rejected():
    file = files.supplies({"A": 110_000_000, "B": 95_000_000})
    file["dossier"]["rejections"] = [{"lot": "1", "bid": "B", "reason": "sans réponse"}]
    with words.speaking("fr"):
        lot = contents.contents(contents.source(files.made(file)), {}).lots[0]

    assert [plain(one.text) for one in lot.why] == [
        "Parmi les offres ni écartées ni rejetées, aucune n’est inférieure au prix de référence de "
        "1 012 500,00 MAD ; son offre est la plus proche par excès.",
        "Offres classées avant elle et non retenues : B.",
    ]


def test_a_winner_by_the_national_preference_is_said_to_be_one():
    prices = {"R1": 94_000_000, "FOR": 96_000_000, "R2": 101_000_000}
    file = files.supplies(prices, preference={"applies": True})
    file["dossier"]["bidders"][1]["established"] = False
    with words.speaking("fr"):
        lot = contents.contents(contents.source(files.made(file)), {}).lots[0]

    assert lot.winner.startswith("Atlas")
    assert plain(lot.why[1].text) == (
        "Ce classement suit les prix tels que la préférence nationale les minore ou les majore."
    )


def test_the_ruler_has_the_prices_of_the_lines():
    found = contents.source(files.first_vector())
    data = figures.ruler_of(found, found.outcome.lots[0])

    assert data is not None
    assert (data.low, data.estimate, data.mean, data.reference, data.high) == (
        75_000_000, 100_000_000, 96_625_000, 98_312_500, 120_000_000,
    )  # fmt: skip
    assert set(data.offers) == {"A", "B", "C", "D", "F", "G"}


def test_the_points_of_the_chart_add_up_to_the_points_of_the_ranking():
    found = contents.source(made("points"))
    with words.speaking("en"):
        charts = figures.of_lots(found)["1"]
        ranking = contents.contents(found, {}).lots[0].ranking

    totals = {row[0].split(" ")[0]: row[-1] for row in charts[0].table.rows}
    assert totals == {one.bid: f"{float(one.key):.2f}" for one in ranking}


def test_studies_show_the_marks_that_made_the_rank():
    found = contents.source(made("studies"))
    with words.speaking("en"):
        (bars, plane) = figures.of_lots(found)["1"]

    assert [row[1:] for row in bars.table.rows] == [
        ("59.50", "26.67", "86.17"), ("54.60", "30.00", "84.60"),
    ]  # fmt: skip
    assert [row[1] for row in plane.table.rows] == ["1", "2"]


def test_a_hostile_name_stays_text():
    file = files.supplies({"A": 93_000_000, "<script>x</script>": 75_000_000})
    file["tender"]["title"] = "<img src=x onerror=alert(1)>"
    page = report.html(files.made(file), "fr")

    assert ("<script" in page, "<img" in page) == (False, False)
    assert "&lt;script&gt;" in page


def test_a_changed_record_is_no_report():
    broken = files.first_vector()
    broken["sections"][4]["content"]["lots"][0]["winner"] = "G"

    with pytest.raises(RecordBroken):
        report.html(broken, "fr")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1500, "1 500"), ("7/2", "3,5"), ("1/3", "≈ 0,3333"), ("87.50", "87,50"),
     ("2023-09-01", "1er septembre 2023"), ("2023-09-11", "11 septembre 2023"), ("cœur", "cœur")],
)  # fmt: skip
def test_values_are_written_by_locale(value, text):
    with words.speaking("fr"):
        assert plain(sentences.written(value)) == text


@pytest.mark.parametrize(
    ("rule", "arabic", "english"),
    [
        ("art. 44-A", "المادة \u206844-A\u2069", "art. 44-A"),
        (
            "art. 43-II-1 (à confirmer)",
            "\u2068المادة \u206843-II-1\u2069 (يُؤكَّد لاحقا)\u2069",
            "art. 43-II-1 (to be confirmed)",
        ),
        ("décret n° 2-22-431", "المرسوم رقم 2-22-431", "decree no. 2-22-431"),
        ("Annonce 3", "\u2068Annonce 3\u2069", "Annonce 3"),
    ],
)
def test_articles_are_named_in_the_language_of_the_reader(rule, arabic, english):
    with words.speaking("ar"):
        assert sentences.cited(rule) == arabic
    with words.speaking("en"):
        assert sentences.cited(rule) == english


def test_the_formula_of_a_price_is_named_in_words():
    with words.speaking("fr"):
        (lot,) = contents.contents(contents.source(files.points()), {}).lots

    told = [one.text for bid in lot.bids for one in bid.lines if "formule publiée" in one.text]
    assert len(told) == 3
    assert all("« prix le plus bas divisé par le prix »" in plain(one) for one in told)


def test_every_formula_has_a_name_in_words():
    assert sentences.FORMULAS.keys() == BY_NAME.keys() | REFUSED.keys()


def test_amounts_of_a_line_are_money_and_fractions_of_a_centime_say_so():
    line = Line(code="statute.reference", values={"reference": "1000000001/3"}, rule="art. 44-A")
    with words.speaking("en"):
        assert sentences.sentence(line, "MAD").startswith(
            "The reference price is ≈ MAD3,333,333.34,"
        )


def test_arabic_sentences_end_once():
    with words.speaking("ar"):
        assert words.tidy("د.م.\u200f.") == "د.م.\u200f"


def test_a_record_read_again_gives_the_same_report():
    again = record.written(made("first"))

    assert report.html(json.loads(again), "fr") == report.html(made("first"), "fr")
