"""What of a message may be stored, given what is known of its device. Pure.

What is refused is counted with its reason; nothing of it is stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from telemetry_ingest.metrics import code_of
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.wire.messages import AlarmMessage, StatusMessage
from telemetry_ingest.wire.refused import Refused

DAY_US = 86_400_000_000
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
# A pilot that is closed still takes what its devices kept while they had no network.
TAKES = frozenset({PilotState.RUNNING, PilotState.CLOSED, PilotState.EVIDENCED})


class Known(Struct, frozen=True, gc=False):
    """What decides about messages of one device.

    Attributes:
        number: stands for the device in the tables of readings.
        state: of its pilot.
        codes: metrics of the protocol.
        starts_us: beginning of the protocol's period, microseconds since 1970.
        closed_us: when the pilot was closed; what was measured later is not its own.
    """

    id: UUID
    number: int
    state: PilotState
    codes: frozenset[int]
    starts_us: int
    closed_us: int | None = None


class Said(Struct, frozen=True, gc=False):
    """A status or an alarm that is stored; it has one number of its sequence."""

    topic: Topic
    device: Known
    received_us: int
    message: StatusMessage | AlarmMessage
    code: int = 0

    @property
    def item(self) -> tuple[int, int, int, int, int]:
        """Return what makes it what it is: device, topic, boot, seq, at."""
        said = self.message
        return self.device.number, self.topic.value, said.boot, said.seq, said.at


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def check(message: StatusMessage | AlarmMessage, device: Known, received_us: int) -> Said:
    """Say what of a status or an alarm is stored; for readings see ``columns``.

    Raises:
        Refused: nothing of it.
    """
    if refusal := _refusal(message.at, device, received_us):
        raise Refused(refusal, "at")
    if isinstance(message, StatusMessage):
        return Said(Topic.STATUS, device, received_us, message)
    # Alarms have no list of their own in the protocol: any code of the nomenclature's form.
    return Said(Topic.ALARMS, device, received_us, message, _alarm_code(message.code))


def bounds(device: Known, received_us: int) -> tuple[int, int]:
    """Return the first and the last moment a reading of this device may have."""
    last = received_us + DAY_US
    return device.starts_us - DAY_US, last if device.closed_us is None else min(
        last, device.closed_us
    )


def _refusal(at: int, device: Known, received_us: int) -> Refusal | None:
    low, high = bounds(device, received_us)
    if low <= at <= high:
        return None
    late = device.closed_us is not None and at > device.closed_us
    return Refusal.NOT_RUNNING if late else Refusal.TIME_OUT_OF_RANGE


def _alarm_code(code: int | str) -> int:
    if isinstance(code, str):
        found = code_of(code)
        if found is None:
            raise Refused(Refusal.UNKNOWN_METRIC, "code")
        return found
    if not 0 <= code < 2**31:
        raise Refused(Refusal.WRONG_VALUE, "code")
    return code
