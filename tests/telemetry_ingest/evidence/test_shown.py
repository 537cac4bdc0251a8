"""A pack in words: the answer first, bounds never rounded to the better side, no idle zeros."""

import pytest

from portal.web.i18n import language
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.evidence.shown import isolated, shown, value
from telemetry_ingest.protocol import Measure, Threshold
from tests.telemetry_ingest.evidence.packs import a_pack, rows
from tests.telemetry_ingest.protocols import SPO2


@pytest.fixture(scope="module")
def pack() -> Pack:
    return a_pack()


def of(measure, text, *, bound=False):
    metric = SPO2 if measure in {Measure.BIAS, Measure.DRIFT} else ""
    return value(Threshold(measure=measure, limit="1", metric=metric), text, bound=bound)


@pytest.mark.parametrize(
    ("measure", "text", "estimate", "bound"),
    [
        (Measure.AVAILABILITY, "0.95", "95 %", "95 %"),
        (Measure.AVAILABILITY, "0.949996", "95 %", "94.99 %"),
        (Measure.AVAILABILITY, "0.5", "50 %", "50 %"),
        (Measure.MTBF, "99.999", "100 h", "99.99 h"),
        (Measure.MTTR, "24.001", "24 h", "24.01 h"),
        (Measure.ALARM_RATE, "1.00000001", "1 per day", "1.01 per day"),
        (Measure.BIAS, "0.00123456", "0.0012 %", "0.0013 %"),
        (Measure.DRIFT, "-0.5", "-0.5 %", "-0.5 %"),
        (Measure.BIAS, None, "none", "none"),
    ],
)
def test_numbers_say_no_more_than_is_proven(measure, text, estimate, bound):
    language.set("en")

    found = (of(measure, text), of(measure, text, bound=True))

    assert [one.replace("\u00a0", " ") for one in found] == [estimate, bound]


@pytest.mark.parametrize("code", ["fr", "ar", "en"])
def test_the_answer_comes_first_in_every_language(pack, code):
    language.set(code)
    found = shown(pack)

    answers = {
        "fr": "On ne peut pas encore le dire\u00a0: les données ne suffisent pas.",
        "ar": "لا يمكن الجزم بعد: المعطيات غير كافية.",
        "en": "Nobody can say yet: there is not enough data.",
    }
    assert (found.answer, found.look) == (answers[code], "unsure")
    assert len(found.rows) == 3
    assert "%(" not in repr(found)
    assert [one.is_reference for one in found.devices] == [False, True]
    assert [len(one.compared) for one in found.devices] == [1, 0]
    assert "ISO 80601-2-61" in found.devices[0].compared[0].note


def test_all_met_and_one_not():
    language.set("en")
    easy = (Threshold(measure=Measure.AVAILABILITY, limit="0.5", least_hours=24),)
    hard = (*easy, Threshold(measure=Measure.BIAS, limit="0.1", metric=SPO2, least_hours=24))

    found = [shown(a_pack(thresholds=one)) for one in (easy, hard, ())]

    assert [one.look for one in found] == ["good", "attention", ""]
    assert found[1].counted == "Thresholds met: 1; not met: 1; not enough data: 0."
    assert found[2].answer == "No threshold was agreed"


def test_a_pilot_closed_early_says_so(pack):
    language.set("en")
    assert shown(pack).warnings == []
    end = pack.sections["window"]["end"]
    pack.sections["window"]["end"] = end - 86_400_000_000
    try:
        (warning,) = shown(pack).warnings
    finally:
        pack.sections["window"]["end"] = end
    assert "10 March 2026" in warning


def test_a_restless_device_keeps_its_figures_and_a_small_picture(pack):
    language.set("en")
    before = shown(pack).devices[0]
    figures = pack.sections["figures"][0]
    kept, frame = figures["intervals"], pack.sections["window"]
    step = (frame["end"] - frame["start"]) // 20_000
    names = ("up", "down", "unknown")
    figures["intervals"] = [
        [frame["start"] + at * step, frame["start"] + (at + 1) * step, names[at % 3]]
        for at in range(20_000)
    ]
    try:
        after = shown(pack).devices[0]
    finally:
        figures["intervals"] = kept

    assert after.facts == before.facts
    assert after.strip.count("<rect") + after.strip.count("<path") < 1400
    assert before.note == ""
    assert after.note.startswith("Where its state changed faster than a picture can show")


def test_what_was_silent_is_counted():
    language.set("en")
    found = shown(a_pack([one for one in rows() if one[0] == 2 or one[4] < 1000]))
    facts = dict(found.devices[0].facts)

    assert facts["Silences that may hide a failure"] == "1"
    assert "… if the unknown time was down" in facts
    assert "Failed measurements: Oxygen saturation" in facts


def test_numbers_keep_their_order_in_arabic():
    language.set("ar")
    assert isolated("-0.5 %") == "\u2066-0.5 %\u2069"
    language.set("fr")
    assert isolated("-0.5 %") == "-0.5 %"
