"""Every refusal of the wire format has words of its own."""

import json

import pytest

from telemetry_ingest.gateway import problems
from telemetry_ingest.states import Refusal

OF_THE_WIRE = [Refusal.NOT_READABLE, Refusal.UNKNOWN_FIELD, Refusal.WRONG_VALUE, Refusal.TOO_LARGE]


@pytest.mark.parametrize("reason", OF_THE_WIRE)
def test_a_refusal_says_what_and_where(reason):
    told = json.loads(problems.of_refusal(reason, "boot").body())

    assert (told["type"], told["field"]) == (f"urn:tajhiz:ingest:{reason.value}", "boot")
    assert told["status"] in {400, 413, 422}


def test_waiting_is_said_in_a_header():
    assert problems.too_often(7).headers()["retry-after"] == "7"
    assert problems.not_kept().headers()["retry-after"] == "5"
