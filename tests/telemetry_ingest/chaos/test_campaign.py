"""A short campaign in every run of the tests; `make chaos` is the long one."""

from tests.telemetry_ingest.chaos.campaign import campaign


def test_no_acknowledged_reading_is_lost_and_none_is_there_twice():
    outcome = campaign(4)

    assert outcome.acknowledged > 0, outcome
    assert (outcome.lost, outcome.twice, outcome.ledger_agrees) == (0, 0, True), outcome
