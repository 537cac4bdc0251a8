"""The life of a mail: waiting until it is due, taken by one worker, sent or given up."""

from datetime import timedelta
from enum import StrEnum


class MailState(StrEnum):
    """Where a mail is on its way."""

    CREATED = "created"  # due at ``due_at``, also when it is to be tried again
    SENDING = "sending"  # one worker has it
    SENT = "sent"  # the mail server took it
    FAILED = "failed"  # refused for good, or given up; an operator may send it again


MAIL_MOVES: dict[MailState, frozenset[MailState]] = {
    MailState.CREATED: frozenset({MailState.SENDING}),
    MailState.SENDING: frozenset({MailState.CREATED, MailState.SENT, MailState.FAILED}),
    MailState.SENT: frozenset(),
    MailState.FAILED: frozenset({MailState.CREATED}),
}

# After the first, second … failed attempt; a mail server's trouble is over within two days.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts (1 or more); ``None`` is give up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
