"""From messages of the broker to one batch: what is stored, and what goes to the quarantine."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from telemetry_ingest.consumer.batch import Batch, Held
from telemetry_ingest.consumer.checking import Known, check
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire import address_of, decode
from telemetry_ingest.wire.messages import Message
from telemetry_ingest.wire.refused import Refused
from telemetry_ingest.wire.subjects import PREFIX, ROOT, Address

# Enough for one COPY to be worth it; more would only be memory.
MOST_READINGS = 50_000
# These say the message is of our shape: nothing in it can concern a patient, so it may be kept.
WHOLE = frozenset(
    {
        Refusal.NOT_RUNNING, Refusal.UNKNOWN_METRIC, Refusal.TIME_OUT_OF_RANGE,
        Refusal.NOT_STORABLE,
    }
)  # fmt: skip
# A catalogue that was read before the message came may be wrong about these.
MAY_CHANGE = frozenset({Refusal.UNKNOWN_DEVICE, Refusal.NOT_RUNNING, Refusal.UNKNOWN_METRIC})
ELSEWHERE = f"{PREFIX}{ROOT}.?"

Find = Callable[[UUID], Known | None]


@dataclass(frozen=True)
class Arrived:
    """One message as it came: where to, what, and when the broker kept it."""

    subject: str
    content: bytes
    received_us: int


def take(arrived: Arrived, find: Find, batch: Batch) -> None:
    """Add one message to a batch, or what is refused of it."""
    address: Address | None = None
    known: Known | None = None
    try:
        address = _address(arrived.subject)
        message = decode(address.topic, arrived.content)
        known = find(address.device)
        if known is None:
            raise Refused(Refusal.UNKNOWN_DEVICE)
        _accept(arrived, message, known, batch)
    except Refused as refused:
        known = known or (find(address.device) if address else None)
        batch.held.append(_held(arrived, known, {refused.reason: 1}, refused.field, address))


def hold(arrived: Arrived, find: Find, reason: Refusal) -> Batch:
    """Return a batch that only puts a message into the quarantine; its content if it is ours."""
    batch = Batch()
    address: Address | None = None
    try:
        address = address_of(arrived.subject)
        decode(address.topic, arrived.content)
    except Refused as refused:
        reason = refused.reason
    known = find(address.device) if address else None
    batch.held.append(_held(arrived, known, {reason: 1}, "", address))
    return batch


def refuses_what_may_change(batch: Batch) -> bool:
    """Say whether something was refused that a newer catalogue may allow."""
    return any(not MAY_CHANGE.isdisjoint(one.counted) for one in batch.held)


def _accept(arrived: Arrived, message: Message, known: Known, batch: Batch) -> None:
    checked = check(message, known, arrived.received_us)
    batch.add(checked)
    if checked.refused:
        batch.held.append(_held(arrived, known, checked.refused, "", None, whole=True))


def _held(
    arrived: Arrived,
    known: Known | None,
    counted: dict[Refusal, int],
    field: str,
    address: Address | None,
    *,
    whole: bool = False,
) -> Held:
    reason = max(counted, key=lambda one: counted[one])
    return Held(
        device=known.number if known else 0,
        device_id=known.id if known else None,
        # A subject of somebody's own making could say something too.
        subject=arrived.subject if address or whole else ELSEWHERE,
        reason=reason,
        name=field[:60],
        digest=hashlib.sha256(arrived.content).hexdigest(),
        content=arrived.content if reason in WHOLE else None,
        received_us=arrived.received_us,
        counted=counted,
    )


@lru_cache(maxsize=50_000)
def _address(subject: str) -> Address:
    return address_of(subject)


def gather(arrived: Iterable[Arrived], find: Find) -> Batch:
    """Return one batch of all these messages."""
    batch = Batch()
    for one in arrived:
        take(one, find, batch)
    return batch
