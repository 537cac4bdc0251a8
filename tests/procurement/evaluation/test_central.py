"""The tables of central weights in the report: every bid that is ever first, by criterion."""

from fractions import Fraction

import numpy as np
import pytest

from procurement.evaluation import central, contents, report, words
from procurement.scoring.robustness import Given, robustness
from procurement.scoring.robustness.evidence import ENTRIES, Tables
from procurement.scoring.robustness.lots import of_lots
from tests.procurement.evaluation import files
from tests.procurement.scoring.robustness.matrices import random_matrix


def test_the_page_has_the_central_weights_in_every_language():
    record = files.points()
    file = contents.source(record).file
    found = of_lots(file, draws=2000)

    for language in ("fr", "ar", "en"):
        page = report.html(record, language, robustness=found)
        with words.speaking(language):
            shown = words.share(found["1"].central[0].shares()[0])
            caption = words.gettext(
                "Central weights: what those who would choose each bid care for on average"
            )
        assert caption in page
        assert f"<bdi>{shown}</bdi>" in page


class Names:
    """Bids and criteria by their own names."""

    def titles(self):
        return {"c0": "Price"}

    def label(self, bid):
        return bid.upper()


@pytest.mark.parametrize("uncertain", [False, True])
def test_bids_stand_side_by_side_four_to_a_table(uncertain):
    matrix = random_matrix(30, 4, low=5000)
    evidence = Tables((1,), np.repeat(matrix.scores[:, 1:2, None], ENTRIES, axis=2))
    given = robustness(
        matrix, seed=1, draws=3000, given=Given(evidence=evidence if uncertain else None)
    )

    with words.speaking("en"):
        found = central.tables(Names(), given)
        whole = [words.share(Fraction(one.first, 3000)) for one in given.central]

    assert len(given.central) > 4
    assert [name for table in found for name in table.head[2:]] == [
        one.bid.upper() for one in given.central
    ]
    assert {len(table.head) for table in found[:-1]} == {6}
    rows = 4 + 1 + uncertain
    assert {len(table.rows) for table in found} == {rows}
    assert {len(row) == len(table.head) for table in found for row in table.rows} == {True}
    assert [row[0] for row in found[0].rows[:2]] == ["Price", "c1"]
    assert [cell for table in found for cell in table.rows[4][2:]] == whole
    if uncertain:
        # Points without any spread: whoever gives these weights is sure.
        assert {cell for table in found for cell in table.rows[5][2:]} == {"100.0\u00a0%"}
