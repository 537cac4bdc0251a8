"""A protocol says one thing, and its digest stands for exactly that."""

from datetime import timedelta, timezone

import pytest

from telemetry_ingest.protocol import (
    Measure,
    ProtocolRefused,
    Threshold,
    Watched,
    digest,
    read,
    written,
)
from tests.telemetry_ingest.protocols import SPO2, STARTS, protocol


def test_a_protocol_is_read_as_it_was_written():
    assert read(written(protocol())) == protocol()


def test_the_digest_is_of_what_is_meant_and_not_of_how_it_is_written():
    in_rabat = STARTS.astimezone(timezone(timedelta(hours=1)))

    assert digest(protocol(starts_at=in_rabat)) == digest(protocol())
    assert digest(protocol(silence_s=151)) != digest(protocol())


def test_the_digest_stays_what_it_is_when_the_protocol_is_read_again():
    assert digest(read(written(protocol()))) == digest(protocol())


AVAILABILITY = Threshold(measure=Measure.AVAILABILITY, limit="0.9")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": STARTS}, "ends_at"),
        ({"ends_at": STARTS + timedelta(days=731)}, "ends_at"),
        ({"starts_at": STARTS.replace(tzinfo=None)}, "starts_at"),
        ({"daily_from": 18, "daily_to": 8}, "daily_to"),
        ({"watched": (Watched(metric="MDC_NONE", low=0, high=1, every_s=1),)}, "watched[0].metric"),
        ({"watched": (Watched(metric=SPO2, low=1, high=1, every_s=1),)}, "watched[0].high"),
        ({"watched": (Watched(metric=SPO2, low=0, high=1, every_s=1),) * 2}, "watched[0].metric"),
        (
            {"thresholds": (Threshold(measure=Measure.AVAILABILITY, limit="1.5"),)},
            "thresholds[0].limit",
        ),
        (
            {"thresholds": (AVAILABILITY, Threshold(measure=Measure.DRIFT, limit="1"))},
            "thresholds[1].metric",
        ),
        (
            {"thresholds": (Threshold(measure=Measure.ACCURACY, limit="3", metric=SPO2),)},
            "thresholds[0].measure",
        ),
        (
            {"thresholds": (Threshold(measure=Measure.MTTR, limit="3", confidence="0.4"),)},
            "thresholds[0].confidence",
        ),
    ],
)
def test_a_contradiction_is_found_and_named(changes, field):
    with pytest.raises(ProtocolRefused) as caught:
        protocol(**changes).check()

    assert caught.value.field == field


@pytest.mark.parametrize("content", [b"", b"[]", b'{"title": ""}', b'{"patient": "x"}'])
def test_what_is_no_protocol_is_refused(content):
    with pytest.raises(ProtocolRefused):
        read(content)
