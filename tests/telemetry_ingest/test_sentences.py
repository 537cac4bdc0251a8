"""A protocol in sentences, in three languages."""

import pytest

from portal.web.i18n import language, percent
from telemetry_ingest import sentences
from telemetry_ingest.labels import CONTRADICTIONS, METRICS
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Measure, Threshold
from tests.telemetry_ingest.protocols import SPO2, protocol


def test_a_protocol_reads_as_sentences():
    language.set("en")
    terms = protocol(reference=True, daily_from=7, daily_to=19)

    said = sentences.ground(terms)

    assert said[0].startswith("From 1 March 2026 to ")
    assert said[1:] == [
        "The device is expected to work from 7:00 to 19:00 (UTC) each day.",
        "After 150 seconds without a reading its state is unknown; silence is never counted as "
        "working, nor as broken.",
        "A reference device measures beside it; readings at most 1 s apart are compared.",
    ]
    assert sentences.watched(terms.watched[0]) == (
        "Oxygen saturation: one reading every 1 s; plausible from 50 to 100 %."
    )


@pytest.mark.parametrize("code", ["fr", "ar", "en"])
@pytest.mark.parametrize("measure", list(Measure))
def test_every_threshold_has_a_sentence_with_its_limit(measure, code):
    language.set(code)
    metric = SPO2 if measure not in sentences.OF_PILOT else ""

    said = sentences.threshold(Threshold(measure=measure, limit="0.5", metric=metric))

    assert any(text in said for text in ("0.5", "0,5", "50"))
    assert "%(" not in said
    assert "%%" not in said


def test_a_threshold_says_how_sure_it_has_to_be():
    language.set("en")

    said = sentences.judged(Threshold(measure=Measure.MTBF, limit="100"))

    sure = percent(0.95)
    assert said == f"Shown with {sure} confidence, after at least 168 covered hours."


def test_every_metric_has_a_name_for_the_catalogues():
    assert set(METRICS) == {one.name for one in metrics().values()}
    assert {sentences.metric_name(refid) for refid in metrics()}.isdisjoint(METRICS)
    assert len(set(CONTRADICTIONS)) == len(CONTRADICTIONS)
