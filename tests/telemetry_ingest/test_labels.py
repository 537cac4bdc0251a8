"""Every state, move and metric has its words in three languages."""

import pytest

from portal.web.i18n import gettext, language
from telemetry_ingest import labels
from telemetry_ingest.metrics import metrics
from telemetry_ingest.states import Move, PilotState

LISTS = (labels.STATES, labels.MOVES, labels.MOVES_DONE)


def test_nothing_of_the_closed_lists_is_without_a_word():
    assert list(labels.STATES) == list(labels.STATE_LOOKS) == list(PilotState)
    assert set(labels.MOVES) == set(Move) - {Move.EVIDENCE}
    assert set(labels.MOVES_DONE) == set(Move)
    assert set(labels.CONSEQUENCES) == {Move.START, Move.CLOSE, Move.WITHDRAW}
    assert {one.name for one in metrics().values()} == set(labels.METRICS)


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_they_are_translated(code):
    language.set(code)
    texts = [text for one in LISTS for text in one.values()]
    texts += [text for one in labels.CONSEQUENCES.values() for text in one]

    for text in (*texts, *labels.METRICS, *labels.CONTRADICTIONS):
        assert gettext(text) != text
