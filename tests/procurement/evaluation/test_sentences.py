"""Figures of the robustness report in words: amounts in dirhams, criteria by their titles."""

import pytest

from procurement.evaluation import sentences, words
from procurement.scoring import reading, record
from procurement.scoring.engine import evaluate
from procurement.scoring.outcome import Line
from procurement.scoring.robustness.lots import of_lots
from procurement.scoring.robustness.saying import lines_of
from tests.procurement.evaluation import files

TITLES = {"price": "Prix", "warranty": "Garantie"}


def test_the_price_that_is_told_is_the_last_with_which_the_bid_is_first():
    file = record.file_of(files.points())
    found = of_lots(file)["1"]
    told = {one.subject: one for one in lines_of(found) if one.code == "robustness.break_even"}

    assert sorted(told) == ["P00", "P01", "P02"]
    for bid, price in found.break_even:
        assert (_winner(file, bid, price), _winner(file, bid, price + 1) == bid) == (bid, False)
        with words.speaking("en"):
            said = sentences.sentence(told[bid], "MAD")
        assert f"up to a price of MAD{price / 100:,.2f}." in said


def _winner(file: reading.EvaluationFile, bid: str, price: int) -> str | None:
    data = reading.json.loads(record.written(record.make(file)))["sections"]
    tender = data[0]["content"]["tender"]
    dossier = data[1]["content"]
    for one in dossier["bids"]:
        one["price"] = price if one["id"] == bid else one["price"]
    again = reading.checked({"format": "tajhiz.evaluation/1", "tender": tender, "dossier": dossier})
    return evaluate(again).lots[0].winner


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ("price 16.6 %, warranty 83.4 %", "Prix 16,6 % · Garantie 83,4 %"),
        ("warranty 58, price 39", "Garantie 58 · Prix 39"),
        ("a, b 58, price 39", "a, b 58, price 39"),
    ],
)
def test_weights_are_told_by_the_titles_of_their_criteria(weights, told):
    line = Line(code="robustness.can_win", subject="A", values={"weights": weights})

    with words.speaking("fr"):
        said = sentences.sentence(line, "MAD", TITLES)

    assert f"proportion {told} " in said.replace("\u00a0", " ")
