from telemetry_ingest.health.judging import Kind
from telemetry_ingest.health.wording import COUNTED, SAID, TO_DO
from telemetry_ingest.labels import MOVES, MOVES_DONE, REFUSALS, STATES
from telemetry_ingest.states import Move, PilotState, Refusal


def test_everything_that_is_shown_has_its_words():
    assert set(REFUSALS) == set(Refusal)
    assert (set(STATES), set(MOVES_DONE)) == (set(PilotState), set(Move))
    assert set(MOVES) == set(Move) - {Move.EVIDENCE}


def test_every_finding_says_what_it_is_and_what_to_do():
    assert (set(SAID) | set(COUNTED), set(SAID) & set(COUNTED)) == (set(Kind), set())
    assert set(TO_DO) == set(Kind)
