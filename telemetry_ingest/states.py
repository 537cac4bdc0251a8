"""The life of a pilot, and the closed lists of what its devices say."""

from enum import IntEnum, StrEnum


class PilotState(StrEnum):
    """Where a pilot is; its protocol is fixed from « agreed » on."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    RUNNING = "running"
    CLOSED = "closed"
    EVIDENCED = "evidenced"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What brings a pilot from one state to another."""

    AGREE = "agree"  # the second of the two sides
    START = "start"
    CLOSE = "close"
    EVIDENCE = "evidence"
    WITHDRAW = "withdraw"


MOVES: dict[Move, tuple[frozenset[PilotState], PilotState]] = {
    Move.AGREE: (frozenset({PilotState.PROPOSED}), PilotState.AGREED),
    Move.START: (frozenset({PilotState.AGREED}), PilotState.RUNNING),
    Move.CLOSE: (frozenset({PilotState.RUNNING}), PilotState.CLOSED),
    # Once more, when readings came late: the pack before it stays.
    Move.EVIDENCE: (frozenset({PilotState.CLOSED, PilotState.EVIDENCED}), PilotState.EVIDENCED),
    # A pilot that has run is never taken back: what it measured stays, also when it disappoints.
    Move.WITHDRAW: (frozenset({PilotState.PROPOSED, PilotState.AGREED}), PilotState.WITHDRAWN),
}


def target_of(move: Move, source: PilotState) -> PilotState | None:
    """Return where ``move`` leads from ``source``, or ``None`` when it is not allowed there."""
    sources, target = MOVES[move]
    return target if source in sources else None


class Topic(IntEnum):
    """What a message is about; each has a sequence of its own."""

    READINGS = 1
    STATUS = 2
    ALARMS = 3


class Condition(StrEnum):
    """What a device says of itself; silence is none of them, it is unknown."""

    UP = "up"
    PARTIAL = "partial"
    DOWN = "down"


class Priority(StrEnum):
    """How urgent an alarm is (IEC 60601-1-8)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Refusal(StrEnum):
    """Why a message, or one of its readings, is not stored."""

    NOT_READABLE = "not_readable"  # neither JSON nor msgpack of the shape
    UNKNOWN_FIELD = "unknown_field"  # what could carry data about a patient
    WRONG_VALUE = "wrong_value"
    TOO_LARGE = "too_large"
    WRONG_TOPIC = "wrong_topic"
    UNKNOWN_DEVICE = "unknown_device"
    NOT_RUNNING = "not_running"  # the pilot does not run
    UNKNOWN_METRIC = "unknown_metric"  # not in the protocol
    TIME_OUT_OF_RANGE = "time_out_of_range"  # too far from when it came
    NOT_STORABLE = "not_storable"  # the database refuses this message alone
