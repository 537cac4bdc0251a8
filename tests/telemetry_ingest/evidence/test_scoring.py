"""What a pack proves is taken by the scoring engine as it is, and moves a score as published."""

from fractions import Fraction

import msgspec
import pytest

from procurement.scoring.offers import Bid, Bidder, Dossier, Evidence
from procurement.scoring.quantities import Quantity, exact
from procurement.scoring.tender import Criterion, PilotEvidence, Step
from procurement.scoring.value import evaluate
from telemetry_ingest.evidence.judging import availability_bound
from telemetry_ingest.evidence.scoring import measurements
from tests.procurement.scoring.value.given import a_tender, price
from tests.telemetry_ingest.evidence.packs import a_pack, rows

WHO = {"bid": "A", "criterion": "pilot", "level": "0.95"}


@pytest.fixture(scope="module")
def pack():
    return a_pack()


def taken(found) -> Evidence:
    """Read the plain data as a tender's file is read."""
    return msgspec.convert(found, Evidence, dec_hook=lambda kind, value: exact(value))


def pilot(*steps, metric="availability", unit="percent", **changes) -> Criterion:
    kind = {
        "metric": metric,
        "level": Fraction("0.95"),
        "unit": unit,
        "steps": tuple(Step(at=Fraction(at), points=Fraction(points)) for at, points in steps),
        "min_exposure": Quantity(Fraction(7), "day"),
        "min_coverage": Fraction("0.9"),
        "neutral": Fraction(10),
    }
    return Criterion(id="pilot", weight=5_000, kind=PilotEvidence(**(kind | changes)))


def points(criterion: Criterion, *given: Evidence) -> dict[str, Fraction]:
    """Return the points of two equal offers; only A was tried out."""
    dossier = Dossier(
        bidders=tuple(Bidder(id=name) for name in "AB"),
        bids=tuple(Bid(id=name, bidder=name, lots=("1",), price=100_00) for name in "AB"),
        evidence=given,
    )
    outcome = evaluate(a_tender(price(weight=5_000), criterion), dossier)
    return {
        one.subject: Fraction(one.values["points"])
        for lot in outcome.lots
        for one in lot.lines
        if one.values.get("criterion") == "pilot" and "points" in one.values
    }


def test_the_engine_takes_what_a_pack_gives(pack):
    for metric, unit in (
        ("availability", "percent"),
        ("completeness", "percent"),
        ("mtbf", "hour"),
    ):
        found = taken(measurements(pack, **WHO, metric=metric, exposure="day"))

        assert (found.metric, found.lower_bound.unit, found.pack) == (metric, unit, pack.head)
        assert (found.level, found.exposure) == (Fraction("0.95"), Quantity(Fraction(10), "day"))
        assert found.coverage == 1


def test_the_bound_is_the_conservative_one_rounded_down(pack):
    (one, _reference) = pack.sections["figures"]
    bound = 100 * availability_bound(pack.protocol, one, confidence=0.95)
    found = taken(measurements(pack, **WHO, metric="availability"))

    assert 0 <= bound - float(found.lower_bound.value) < 1e-6
    assert float(found.lower_bound.value) < 100 * float(one["availability"]["of_known"]) - 20


def test_it_moves_the_score_by_the_published_stairs(pack):
    found = taken(measurements(pack, **WHO, metric="availability", exposure="day"))
    at = found.lower_bound.value
    low, high = pilot((0, 0), (at, 60), (at + 1, 100)), pilot((0, 0), (at + Fraction(1, 1000), 60))

    assert points(low, found) == {"A": 60, "B": 10}
    assert points(high, found) == {"A": 0, "B": 10}


def test_silence_lowers_bound_exposure_and_coverage(pack):
    given = [one for one in rows() if one[0] == 2 or one[4] < 8 * 144]
    silent = measurements(a_pack(given), **WHO, metric="availability", exposure="day")
    found, before = taken(silent), taken(measurements(pack, **WHO, metric="availability"))

    assert found.lower_bound.value < before.lower_bound.value
    assert found.coverage < Fraction("0.81")
    assert points(pilot((0, 50)), found) == {"A": 10, "B": 10}  # too sparse: the neutral points


def test_the_worst_device_counts(pack):
    figures = pack.sections["figures"]
    figures[1]["is_reference"] = False
    try:
        both = taken(measurements(pack, **WHO, metric="availability")).lower_bound.value
    finally:
        figures[1]["is_reference"] = True

    assert both <= taken(measurements(pack, **WHO, metric="availability")).lower_bound.value
