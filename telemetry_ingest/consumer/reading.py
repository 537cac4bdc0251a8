"""From messages of the broker to one batch: what is stored, and what goes to the quarantine."""

import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from telemetry_ingest.consumer.batch import Batch, Held
from telemetry_ingest.consumer.checking import TAKES, Known, check
from telemetry_ingest.consumer.columns import Came, columns_of
from telemetry_ingest.metrics import code_of
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import address_of, decode
from telemetry_ingest.wire.arrived import Arrived
from telemetry_ingest.wire.blocks import MAPS, Block, block_of
from telemetry_ingest.wire.messages import AlarmMessage, Message, ReadingsMessage, shaped
from telemetry_ingest.wire.refused import Refused
from telemetry_ingest.wire.subjects import PREFIX, ROOT, Address

# Enough for one COPY to be worth it; more would only be memory.
MOST_READINGS = 100_000
SMALL = 160
# These say the message is of our shape, and that it may be right later: it may be kept.
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


class Whom(NamedTuple):
    """What a subject says, looked up once a batch."""

    address: Address
    known: Known | None


def gather(arrived: Iterable[Arrived], find: Find, most: int = MOST_READINGS) -> Batch:
    """Return one batch of messages, of so many that there are ``most`` readings."""
    batch, readings = Batch(), 0
    came: list[Came] = []
    whose: dict[str, Whom] = {}
    for one in arrived:
        if readings >= most:
            break
        batch.messages += 1
        whom = None
        try:
            whom = whose.get(one.subject) or _look_up(one.subject, find, whose)
            message = _message(whom.address.topic, one.content)
            known = _taking(whom.known)
            if isinstance(message, Block):
                size = message.size
            elif isinstance(message, ReadingsMessage):
                size = len(message.readings)
            else:
                batch.said.append(check(message, known, one.received_us))
                continue
            came.append(Came(known, message, size, one))
            readings += size
        except Refused as refused:
            batch.held.append(_held(one, whom, {refused.reason: 1}, refused.field))
    if came:
        _take(came, batch)
    for said in batch.said:
        batch.devices[said.device.number] = said.device
    return batch


def _take(came: list[Came], batch: Batch) -> None:
    columns, refused = columns_of(came)
    batch.take(columns)
    batch.devices = {one.device.number: one.device for one in came}
    for place, (counted, field) in sorted(refused.items()):
        one = came[place].arrived
        whom = Whom(_address(one.subject), came[place].device)
        batch.held.append(_held(one, whom, counted, field))


def _message(topic: Topic, content: bytes) -> Message | Block:
    # A few readings are decoded as quickly as they are looked at.
    if topic is Topic.READINGS and len(content) > SMALL and content[:1] in MAPS:
        return block_of(content) or shaped(topic, content)
    return shaped(topic, content)


def _look_up(subject: str, find: Find, whose: dict[str, Whom]) -> Whom:
    address = _address(subject)
    found = whose[subject] = Whom(address, find(address.device))
    return found


def _taking(known: Known | None) -> Known:
    if known is None:
        raise Refused(Refusal.UNKNOWN_DEVICE)
    if known.state not in TAKES:
        raise Refused(Refusal.NOT_RUNNING)
    return known


def hold(arrived: Arrived, find: Find, reason: Refusal) -> Batch:
    """Return a batch that only puts a message into the quarantine; its content if it is ours."""
    whom = None
    try:
        whom = _look_up(arrived.subject, find, {})
        decode(whom.address.topic, arrived.content)
    except Refused as refused:
        reason = refused.reason
    return Batch(messages=1, held=[_held(arrived, whom, {reason: 1}, "")])


def refuses_what_may_change(batch: Batch) -> bool:
    """Say whether something was refused that a newer catalogue may allow."""
    return any(not MAY_CHANGE.isdisjoint(one.counted) for one in batch.held)


def _held(arrived: Arrived, whom: Whom | None, counted: dict[Refusal, int], field: str) -> Held:
    known = whom.known if whom else None
    reason = max(counted, key=lambda one: counted[one])
    return Held(
        device=known.number if known else 0,
        device_id=known.id if known else None,
        # A subject of somebody's own making could say something too.
        subject=arrived.subject if whom else ELSEWHERE,
        reason=reason,
        name=field[:60],
        digest=hashlib.sha256(arrived.content).hexdigest(),
        content=_kept(whom.address.topic, arrived.content) if whom and reason in WHOLE else None,
        received_us=arrived.received_us,
        counted=counted,
    )


def _kept(topic: Topic, content: bytes) -> bytes | None:
    """Return a message as we read it, or nothing when it names a metric that nobody knows.

    Such a name could be that of a patient; so could what its bytes say and its fields do not.
    """
    try:
        message = decode(topic, content)
    except Refused:
        return None
    named: set[int | str] = set()
    if isinstance(message, ReadingsMessage):
        named = {metric for _at, metric, _value in message.readings}
    elif isinstance(message, AlarmMessage):
        named = {message.code}
    return None if any(code_of(one) is None for one in named) else msgspec.json.encode(message)


@lru_cache(maxsize=50_000)
def _address(subject: str) -> Address:
    return address_of(subject)
