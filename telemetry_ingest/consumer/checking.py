"""What of a message may be stored, given what is known of its device. Pure.

What is refused is counted with its reason; nothing of it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from telemetry_ingest.metrics import code_of
from telemetry_ingest.states import PilotState, Refusal, Topic
from telemetry_ingest.wire.messages import (
    AlarmMessage,
    Message,
    ReadingsMessage,
    StatusMessage,
)
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


class Checked(Struct, gc=False):
    """What of one message is stored.

    ``seqs`` are the numbers of the accepted items, growing; ``ats``, ``codes`` and ``values`` go
    with them, and are empty for a status or an alarm, which stands in ``said``.
    """

    topic: Topic
    device: Known
    boot: int
    sent_us: int
    received_us: int
    seqs: Sequence[int]
    ats: Sequence[int]
    codes: Sequence[int] = ()
    values: Sequence[float | None] = ()
    said: StatusMessage | AlarmMessage | None = None
    code: int = 0
    refused: dict[Refusal, int] = {}
    first_us: int = 0
    last_us: int = 0


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def check(message: Message, device: Known, received_us: int) -> Checked:
    """Say what of a message is stored.

    Raises:
        Refused: nothing of it.
    """
    if device.state not in TAKES:
        raise Refused(Refusal.NOT_RUNNING)
    if isinstance(message, ReadingsMessage):
        return _readings(message, device, received_us)
    topic = Topic.STATUS if isinstance(message, StatusMessage) else Topic.ALARMS
    if refusal := _refusal(message.at, device, received_us):
        raise Refused(refusal, "at")
    code = 0
    if isinstance(message, AlarmMessage):
        # Alarms have no list of their own in the protocol: any code of the nomenclature's form.
        code = _alarm_code(message.code)
    return Checked(
        topic, device, message.boot, message.sent, received_us,
        (message.seq,), (message.at,), said=message, code=code,
        first_us=message.at, last_us=message.at,
    )  # fmt: skip


def bounds(device: Known, received_us: int) -> tuple[int, int]:
    """Return the first and the last moment a reading of this device may have."""
    last = received_us + DAY_US
    return device.starts_us - DAY_US, last if device.closed_us is None else min(
        last, device.closed_us
    )


def _readings(message: ReadingsMessage, device: Known, received_us: int) -> Checked:
    low, high = bounds(device, received_us)
    ats, metrics, values = zip(*message.readings, strict=True)
    seqs: Sequence[int] = range(message.seq, message.seq + len(ats))
    first, last = min(ats), max(ats)
    whole = device.codes.issuperset(metrics) and low <= first and last <= high
    checked = Checked(
        Topic.READINGS, device, message.boot, message.sent, received_us, seqs, ats, metrics, values,
        first_us=first, last_us=last,
    )  # fmt: skip
    # Nearly every message passes whole and by code; the others are looked at one by one.
    return checked if whole else _one_by_one(message, checked)


def _one_by_one(message: ReadingsMessage, checked: Checked) -> Checked:
    kept: list[tuple[int, int, int, float | None]] = []
    refused: Counter[Refusal] = Counter()
    device = checked.device
    for seq, (at, metric, value) in enumerate(message.readings, message.seq):
        code = code_of(metric)
        refusal = _refusal(at, device, checked.received_us)
        if code is None or code not in device.codes:
            refused[Refusal.UNKNOWN_METRIC] += 1
        elif refusal:
            refused[refusal] += 1
        else:
            kept.append((seq, at, code, value))
    checked.refused = dict(refused)
    columns = zip(*kept, strict=True) if kept else ((), (), (), ())
    checked.seqs, checked.ats, checked.codes, checked.values = columns
    checked.first_us, checked.last_us = min(checked.ats, default=0), max(checked.ats, default=0)
    return checked


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
