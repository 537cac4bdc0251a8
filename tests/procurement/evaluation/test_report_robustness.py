"""Robustness in the report: what would have turned the order, with both rankings."""

import pytest

from procurement.evaluation import contents, figures, report, reversal, sensitivity, words
from procurement.scoring import record
from procurement.scoring.robustness.lots import of_lots
from tests.procurement.evaluation import files
from tests.procurement.evaluation.records import made, plain


def test_robustness_is_shown_under_its_fixed_words():
    robust = files.robust(made("points"))
    page = report.html(made("points"), "en", robustness=robust)
    without = report.html(made("points"), "en")

    assert "they are not criteria." in page
    assert page.count("Who wins when the weight of") == 6  # a title and a caption for each
    assert "No figures of robustness were computed" not in page
    assert "they are not criteria." in without
    assert "No figures of robustness were computed" in without


def test_a_break_even_price_is_an_amount_of_the_tender():
    source = contents.source(made("points"))
    found = of_lots(source.file, draws=2**10)["1"]
    with words.speaking("fr"):
        said = [source.said(one).text for one in found.lines if one.code.endswith("break_even")]
        prices = [words.money(price, "MAD") for _, price in found.break_even if price is not None]

    assert [text.partition("un prix de ")[2] for text in said] == [f"{one}." for one in prices]
    assert prices


def test_who_may_win_no_more_sets_no_reference_in_the_charts():
    file = record.file_of(files.capped())
    source = contents.source(files.capped())
    with words.speaking("fr"):
        parts, _plane = figures.of_lots(source)["2"]

    assert [one.bid for one in source.outcome.lots[1].excluded] == ["A2"]
    assert of_lots(file, draws=2**10)["2"].order == ("B2", "C2")
    assert [row[-1] for row in parts.table.rows] == ["88,00", "85,56"]


def test_quality_in_money_is_a_plane_with_lines_of_equal_evaluated_price():
    with words.speaking("fr"):
        (chart,) = figures.of_lots(contents.source(files.worth()))["1"]

    assert [[plain(cell) for cell in row][1:] for row in chart.table.rows] == [
        ["1", "110 000,00 MAD", "20 000,00 MAD", "130 000,00 MAD"],
        ["2", "100 000,00 MAD", "40 000,00 MAD", "140 000,00 MAD"],
        ["2", "140 000,00 MAD", "0,00 MAD", "140 000,00 MAD"],
    ]
    lines = [one.attributes["class"] for one in chart.shapes if one.tag == "line"]
    assert lines == ["axis", "axis", "published", "bound"]


def part_of(made_record, given=None):
    with words.speaking("fr"):
        (part,) = sensitivity.parts(contents.source(made_record), given)
    return part


def rows(table):
    return [[plain(text) for text in row] for row in table.rows]


def test_a_withdrawal_that_decides_a_statutory_lot_is_shown_with_both_rankings():
    part = part_of(files.statute_reversed())
    (box,) = part.boxes

    assert plain(box.sentence.text) == "Si D se retire, B est première au lieu de C."
    assert plain(box.before_title) == "Avant le retrait : prix de référence ≈ 1 004 166,67 MAD"
    assert plain(box.after_title) == "Après le retrait : prix de référence 968 750,00 MAD"
    assert rows(box.before) == [
        ["1", "C · Oued Médical 2 (fictif)", "975 000,00 MAD"],
        ["2", "B · Atlas Imagerie 1 (fictif)", "900 000,00 MAD"],
        ["3", "D · Rif Santé 3 (fictif) (se retire)", "1 150 000,00 MAD"],
    ]
    assert [row[:2] for row in rows(box.after)] == [
        ["1", "B · Atlas Imagerie 1 (fictif)"], ["2", "C · Oued Médical 2 (fictif)"],
    ]  # fmt: skip
    page = report.html(files.statute_reversed(), "fr")
    assert (page.count('class="reversal"'), page.count('class="needed"')) == (1, 1)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("If C withdrew, A would come first", "If C is withdrawn, A is first instead of B")),
        ("fr", ("Si C se retirait", "Si C se retire")),
        ("ar", ("\u2068C\u2069 لجاء", "إذا انسحب \u2068C\u2069، احتل")),
    ],
)
def test_a_reversal_is_told_once_by_its_box_or_by_the_warning(language, said):
    record_of = files.reversed_points()
    given = of_lots(record.file_of(record_of), draws=2**10)

    boxed = report.html(record_of, language, robustness=given)
    bare = report.html(record_of, language)

    counted = [text.count(told_by) for text in (boxed, bare) for told_by in said]
    assert (boxed.count('class="reversal"'), counted) == (1, [0, 1, 1, 0])


def test_what_each_offer_would_have_had_to_be_is_shown_for_each():
    part = part_of(files.statute_reversed())

    needed = {row[0][0]: row[1:] for row in rows(part.needed)}
    assert needed.keys() == set("BCDX")
    assert needed["C"] == [
        "975 000,00 MAD", "de 900 000,01 MAD à 1 010 000,00 MAD", "900 000,00 MAD",
    ]  # fmt: skip


def test_a_refused_bid_is_told_that_no_price_would_have_helped():
    file = files.supplies({"A": 95_000_000, "B": 90_000_000})
    file["dossier"]["bids"][1]["admitted"] = False

    part = part_of(files.made(file))

    assert rows(part.needed)[1][2:] == ["aucun : son dossier a été refusé"] * 2


def test_a_lot_that_waits_for_a_draw_has_no_such_part():
    assert "3" in {part.lot for part in _parts(files.three_lots())}


def _parts(made_record):
    with words.speaking("fr"):
        return sensitivity.parts(contents.source(made_record), None)


def test_a_withdrawal_that_decides_under_published_criteria_has_both_tables():
    file = record.file_of(files.reversed_points())
    part = part_of(files.reversed_points(), of_lots(file, draws=2**10))
    (box,) = part.boxes

    assert plain(box.sentence.text) == "Si C se retire, A est première au lieu de B."
    assert [[row[1][0], *row[3:]] for row in rows(box.before)] == [
        ["B", "82,5"], ["A", "80"], ["C", "0"],
    ]  # fmt: skip
    assert [[row[1][0], *row[3:]] for row in rows(box.after)] == [["A", "80"], ["B", "37,5"]]
    assert box.sentence not in part.warnings


def test_a_pair_has_no_box_where_one_of_its_bids_alone_turns_the_order():
    alone, pair, other = (
        reversal.Turn(gone, "A", "B") for gone in (("C",), ("C", "D"), ("E", "F"))
    )

    assert reversal.least([alone, pair, other]) == [alone, other]
