"""Large evaluations: what the report leaves out it says, and nothing grows with the square."""

import numpy as np

from procurement.evaluation import contents, extent, figures, report
from procurement.scoring.matrix import ScoreMatrix
from procurement.scoring.reading import checked
from procurement.scoring.robustness.extent import FOREMOST, PAIRS_UP_TO, draws_within
from procurement.scoring.robustness.lots import of_lots
from tests.procurement.evaluation import files
from tests.procurement.evaluation.files import Json


def valued(count: int) -> Json:
    """Return a tender under published criteria with as many bids as asked for."""
    criteria = [
        {"id": "p", "weight": 6000, "kind": {"kind": "price", "formula": "low_over_price"}},
        {"id": "q", "weight": 4000, "kind": {"kind": "judged"}},
    ]
    bids = [
        {"id": f"b{one}", "bidder": f"B{one}", "lots": ["1"], "price": 100_000 + 997 * one}
        for one in range(count)
    ]
    marks = [
        {"evaluator": "e", "bid": one["id"], "criterion": "q", "points": str(40 + place % 60)}
        for place, one in enumerate(bids)
    ]
    return files.of(
        {"kind": "value_for_money", "criteria": criteria}, [{"id": "1", "title": "Échographes"}],
        bids, dossier={"marks": marks},
    )  # fmt: skip


def test_beyond_fifty_bids_no_pair_is_withdrawn_and_the_lines_say_so():
    found = of_lots(checked(valued(PAIRS_UP_TO + 1)), draws=1000)["1"]

    said = [line.values for line in found.lines if line.code == "robustness.pairs_left"]
    assert found.withdrawals.tried == PAIRS_UP_TO + 1
    assert said == [{"most": PAIRS_UP_TO}]


def test_pairs_and_proofs_are_of_the_foremost_bids():
    found = of_lots(checked(valued(60)), draws=1000)["1"]

    shown = {found.matrix.bids.index(bid) for bid in found.foremost}
    compared = set(np.flatnonzero((~np.isnan(found.pairwise)).sum(axis=1) > 1).tolist())
    assert len(shown) == FOREMOST
    assert compared == shown
    assert {one.bid for one in found.can_win} == set(found.foremost)
    assert {bid for bid, _price in found.break_even} == set(found.foremost)
    assert isinstance(found.matrix, ScoreMatrix)


def test_draws_are_halved_until_the_work_is_bounded():
    assert [draws_within(2**20, size) for size in (256, 257, 2_016, 10**6)] == [
        2**20, 2**19, 2**17, 2**14,
    ]  # fmt: skip


def test_a_lot_of_many_bids_explains_the_foremost_and_counts_the_others():
    found = contents.source(files.many(40))
    (lot,) = contents.contents(found, figures.of_lots(found)).lots

    assert (len(lot.bids), lot.unexplained, len(lot.ranking)) == (
        extent.EXPLAINED, 40 - extent.EXPLAINED, 40,
    )  # fmt: skip
    assert lot.bids[0].place.won
    assert len(contents.contents(found, {}, whole=True).lots[0].bids) == 40


def test_statutory_lots_have_a_notice_without_weights():
    page = report.html(files.first_vector(), "fr")

    assert "L&#39;attribution suit la règle du décret." in page
    assert "suit les pondérations publiées" not in page
