"""A package stands in the table of the command and in the report with its lots and one price."""

import json

import pytest

from procurement.commands import table
from procurement.evaluation import packages, words
from procurement.evaluation.contents import contents, source
from procurement.scoring import recompute, record
from procurement.scoring.engine import evaluate
from procurement.scoring.offers import Bidder, Dossier
from procurement.scoring.outcome import Package
from procurement.scoring.reading import EvaluationFile
from tests.procurement.scoring.allocation.test_outcome import BIDS, a_tender, bid

FILE = EvaluationFile(
    format="tajhiz.evaluation/1",
    tender=a_tender(max_lots=2, capacity={"a": 150}),
    dossier=Dossier(
        bidders=tuple(Bidder(id=name) for name in "abc"),
        bids=(*BIDS, bid("b3", "b", "3", 50)),
    ),
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", " pour les lots 1, 2 ensemble"),
        ("en", " for the lots 1, 2 together"),
    ],
)
def test_a_package_is_said_with_its_lots(language, text):
    with words.speaking(language):
        said = packages.said(Package(bid="ab", lots=("1", "2"), amount=210), "MAD")

    assert said.endswith(text)


def test_the_table_and_the_report_show_the_price_of_a_package_at_each_of_its_lots():
    outcome = evaluate(FILE)
    made = record.of(FILE, outcome)
    with words.speaking("fr"):
        said = packages.said(outcome.packages[0], "MAD")
        titles = [table(FILE, lot, outcome.package(lot.lot)).title for lot in outcome.lots]
        parts = contents(source(made), {}).lots

    assert [part.amount for part in parts] == [said, said, parts[2].amount]
    assert [title.endswith(said) for title in titles] == [True, True, False]


def test_the_second_evaluator_notices_a_package_that_was_changed():
    made = json.loads(record.written(record.of(FILE, evaluate(FILE))))

    def outcome_with(**change):
        outcome = {**record.contents(made)["outcome"], **change}
        return record.chained({**record.contents(made), "outcome": outcome})

    assert recompute.differences(made) == []
    assert len(recompute.differences(outcome_with(packages=[]))) == 1
