"""The moves of a pilot."""

import pytest

from telemetry_ingest.states import Move, PilotState, target_of

ALLOWED = {
    (Move.AGREE, PilotState.PROPOSED): PilotState.AGREED,
    (Move.START, PilotState.AGREED): PilotState.RUNNING,
    (Move.CLOSE, PilotState.RUNNING): PilotState.CLOSED,
    (Move.EVIDENCE, PilotState.CLOSED): PilotState.EVIDENCED,
    (Move.EVIDENCE, PilotState.EVIDENCED): PilotState.EVIDENCED,
    (Move.WITHDRAW, PilotState.PROPOSED): PilotState.WITHDRAWN,
    (Move.WITHDRAW, PilotState.AGREED): PilotState.WITHDRAWN,
}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("source", PilotState)
def test_only_these_moves_are_allowed(move, source):
    assert target_of(move, source) == ALLOWED.get((move, source))
