from datetime import timedelta

import pytest

from portal.notifications.states import MAIL_MOVES, MailState, pause_after


def test_every_state_says_what_follows():
    assert set(MAIL_MOVES) == set(MailState)
    assert MAIL_MOVES[MailState.SENT] == frozenset()


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [(1, timedelta(minutes=1)), (7, timedelta(hours=24)), (8, None)],
)
def test_pause_after_grows_and_ends(attempts, pause):
    assert pause_after(attempts) == pause
