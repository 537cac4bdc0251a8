"""A refusal names the place, never the value."""

from telemetry_ingest.states import Refusal
from telemetry_ingest.wire.refused import Refused


def test_it_has_a_reason_and_a_place():
    one = Refused(Refusal.WRONG_VALUE, "boot")

    assert (one.reason, one.field) == (Refusal.WRONG_VALUE, "boot")
