"""Why a connection is refused or ended and a message is not taken: the code, and what to do. Pure.

In English: MQTT has no way to ask for a language, and who reads it builds devices.
"""

from mqtt5 import ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode

from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire.subjects import ROOT, TOPICS

_NOT_KEPT = "Nothing can be kept now. Connect again in 5 seconds and send the same bytes again."
_OFTEN = "Too many at once. Wait {wait} seconds; put 10 to 100 readings in each message."
_UNKNOWN = (
    "User name: the 32 digits of the device; password: its token. If they were right before, the "
    "token was replaced or revoked: ask the hospital's engineer for a new one."
)
FOREIGN = f"A device publishes to {ROOT}/<its own 32 digits>/{{{','.join(TOPICS)}}} only."
SUBSCRIBED = "There is nothing to subscribe to: devices send here, and hear PUBACK."
REVOKED = "The token was replaced or revoked, or the pilot is suspended or was withdrawn."
TAKEN_OVER = "Another connection took the place of this one."
STOPPING = "The gateway stops. Connect again and send again what has no PUBACK."
AT_LEAST_ONCE = "Publish at QoS 1: at 0 nobody could tell that a message was not kept."
NOTHING_RETAINED = "Nothing is retained here: publish without the retain flag."
NO_WILL = "Connect without a will: a broken connection says nothing about the device."
CLIENT_ID = "Client identifier: empty, or the device's 32 digits, alone or with -0 to -99."

_CONNECT = {
    "not_authorised": (ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, _UNKNOWN),
    "not_running": (ConnAckReasonCode.NOT_AUTHORIZED, ""),
    "suspended": (ConnAckReasonCode.NOT_AUTHORIZED, ""),
    "too_often": (ConnAckReasonCode.CONNECTION_RATE_EXCEEDED, _OFTEN),
    "not_kept": (ConnAckReasonCode.SERVER_UNAVAILABLE, _NOT_KEPT),
}
_DISCONNECT = {
    "not_authorised": (DisconnectReasonCode.NOT_AUTHORIZED, REVOKED),
    "not_running": (DisconnectReasonCode.NOT_AUTHORIZED, ""),
    "suspended": (DisconnectReasonCode.NOT_AUTHORIZED, ""),
    "too_often": (DisconnectReasonCode.MESSAGE_RATE_TOO_HIGH, _OFTEN),
    "not_kept": (DisconnectReasonCode.SERVER_BUSY, _NOT_KEPT),
}
_OF_CONTENT = {
    str(one)
    for one in (
        Refusal.NOT_READABLE, Refusal.UNKNOWN_FIELD, Refusal.WRONG_VALUE, Refusal.TOO_LARGE,
    )
}  # fmt: skip


class NotConnected(Exception):
    """A CONNECT is refused."""

    def __init__(self, code: ConnAckReasonCode, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class End(Exception):
    """A connection ends; ``code`` is ``None`` when nobody is there to be told."""

    def __init__(self, code: DisconnectReasonCode | None, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words

    @property
    def name(self) -> str:
        """Return the reason, for the measures."""
        return "left" if self.code is None else self.code.name.lower()


def refused(problem: Problem) -> NotConnected:
    """Return what a device is told that is not let in."""
    code, words = _CONNECT.get(problem.code, (ConnAckReasonCode.UNSPECIFIED_ERROR, ""))
    return NotConnected(code, _said(problem, words))


def ended(problem: Problem) -> End:
    """Return what ends a connection, so that its device sends again what has no PUBACK."""
    code, words = _DISCONNECT.get(problem.code, (DisconnectReasonCode.UNSPECIFIED_ERROR, ""))
    return End(code, _said(problem, words))


def answer(problem: Problem) -> tuple[PubAckReasonCode, str]:
    """Return the PUBACK to a message that is not as it should be.

    Raises:
        End: the message is not to blame; a PUBACK would tell the device to forget it.
    """
    if problem.code not in _OF_CONTENT:
        raise ended(problem)
    place = f" ({problem.field})" if problem.field else ""
    return PubAckReasonCode.PAYLOAD_FORMAT_INVALID, f"{problem.code}{place}: {problem.detail}"


def _said(problem: Problem, words: str) -> str:
    return words.format(wait=problem.wait_s) or problem.detail
