"""What a signed pack says of a pilot is what the scoring engine takes, and marks."""

import copy
from fractions import Fraction

import pytest

from procurement.scoring import reading
from procurement.scoring.engine import evaluate
from procurement.scoring.offers import Evidence
from telemetry_ingest.evidence.scoring import measurements
from tests.procurement.scoring.test_references import FILE
from tests.telemetry_ingest.evidence.packs import a_pack


@pytest.mark.parametrize("metric", ["availability", "completeness", "mtbf"])
def test_a_pack_is_evidence_in_a_tenders_file(metric):
    pack = a_pack()
    said = measurements(pack, bid="b1", criterion="uptime", metric=metric, level="0.95")
    unit = said["lower_bound"]["unit"]
    data = copy.deepcopy(FILE)
    kind = data["tender"]["method"]["criteria"][0]["kind"]["criteria"][1]["kind"]
    kind |= {
        "metric": metric,
        "level": "0.95",
        "unit": unit,
        "steps": [{"at": "10", "points": "50"}],
        "min_exposure": {"value": "0.2", "unit": "month"},
    }
    data["dossier"]["evidence"] = [said]

    file = reading.checked(data)

    (found,) = file.dossier.evidence
    assert isinstance(found, Evidence)
    assert (found.pack, found.metric, found.level) == (pack.head, metric, Fraction(95, 100))
    assert Fraction(20, 100) < found.exposure.value <= Fraction(1, 3)
    assert found.lower_bound.value > 10
    assert 0 < found.coverage <= 1


def test_the_engine_marks_the_lower_bound():
    pack = a_pack()
    said = measurements(pack, bid="b1", criterion="uptime", metric="availability", level="0.95")

    assert float(said["lower_bound"]["value"]) < 100 * float(
        pack.sections["figures"][0]["availability"]["of_known"]
    )
    assert evaluate is not None
