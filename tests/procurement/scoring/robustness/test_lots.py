from datetime import date

import pytest

from procurement.scoring.offers import Dossier
from procurement.scoring.reading import EvaluationFile
from procurement.scoring.robustness.emc1 import seed_of
from procurement.scoring.robustness.lots import of_lots
from procurement.scoring.tender import Lot, PurchaseOrder, Tender
from tests.procurement.scoring.robustness.test_asking import a_contest


def a_file(tender, dossier):
    return EvaluationFile(format="tajhiz.evaluation/1", tender=tender, dossier=dossier)


def test_a_lot_has_a_report_whose_seed_nobody_chooses():
    tender, dossier, matrix = a_contest()

    found = of_lots(a_file(tender, dossier), draws=1000)

    assert list(found) == ["1"]
    assert found["1"].matrix.bids == matrix.bids
    assert found["1"].seed == seed_of(tender.id, tender.opened_on.isoformat())
    assert int(found["1"].counts.ranks.sum()) == 1000 * len(matrix.bids)


@pytest.mark.parametrize("bids", [0, 1])
def test_nothing_is_compared_with_nothing(bids):
    tender, dossier, _ = a_contest()
    few = Dossier(
        bidders=dossier.bidders,
        bids=dossier.bids[:bids],
        marks=tuple(
            mark for mark in dossier.marks if mark.bid in {b.id for b in dossier.bids[:bids]}
        ),
    )

    assert of_lots(a_file(tender, few), draws=1000) == {}


def test_the_methods_of_the_decree_have_no_weights_to_vary():
    tender = Tender(
        id="BC", opened_on=date(2026, 3, 10), method=PurchaseOrder(), lots=(Lot(id="1"),)
    )

    assert of_lots(a_file(tender, Dossier(bidders=(), bids=()))) == {}
