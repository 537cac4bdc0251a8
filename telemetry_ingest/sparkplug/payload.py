"""A Sparkplug B payload as our message of readings, and the other way round.

Sparkplug's own `seq` runs from 0 to 255 and its `bdSeq` too: neither tells a loss of an hour, nor a
reading that comes twice. So two metrics carry ours: `Tajhiz/boot` and `Tajhiz/seq`. The alias of a
metric is its MDC code, so that no birth has to be remembered between messages.
"""

from typing import Any

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from telemetry_ingest.metrics import by_code, code_of
from telemetry_ingest.sparkplug.schema import Payload
from telemetry_ingest.states import Refusal
from telemetry_ingest.wire.refused import Refused

BOOT, SEQ = "Tajhiz/boot", "Tajhiz/seq"
# Tags of timestamp, metrics and seq; no msgpack map and no JSON text begins with one of them.
BEGINNINGS = frozenset({b"\x08", b"\x12", b"\x18"})
SIGNED = {1: 32, 2: 32, 3: 32, 4: 64}  # datatype Int8 … Int64 → bits that it is written in
DOUBLE = 10
MILLI = 1000
MOST_METRICS = 10_002  # as many readings as any message may have, and our two numbers


def read(content: bytes) -> dict[str, Any]:
    """Return the fields of a message of readings; the wire format checks their values.

    Raises:
        Refused: it is no payload, says more than readings, or lacks our two numbers.
    """
    try:
        payload = Payload.FromString(content)
    except DecodeError:
        raise Refused(Refusal.NOT_READABLE) from None
    # An empty metric is two bytes: half a million of them would take us most of a second.
    if len(payload.metrics) > MOST_METRICS:
        raise Refused(Refusal.TOO_LARGE, "readings")
    if len(UnknownFieldSet(payload)) or any(len(UnknownFieldSet(one)) for one in payload.metrics):
        raise Refused(Refusal.UNKNOWN_FIELD)
    if not payload.HasField("timestamp"):
        raise Refused(Refusal.WRONG_VALUE, "timestamp")
    own = {one.name: one for one in payload.metrics if one.name in {BOOT, SEQ}}
    if len(own) < 2:
        raise Refused(Refusal.WRONG_VALUE, "boot" if BOOT not in own else "seq")
    readings = [_reading(one, payload.timestamp) for one in payload.metrics if one.name not in own]
    return {
        "boot": _number(own[BOOT], "boot"),
        "seq": _number(own[SEQ], "seq"),
        "sent": payload.timestamp * MILLI,
        "readings": readings,
    }


def _number(metric: Any, name: str) -> int:
    value = _value(metric)
    if not isinstance(value, int):
        raise Refused(Refusal.WRONG_VALUE, name)
    return value


def _reading(metric: Any, payload_ms: int) -> list[Any]:
    at_ms = metric.timestamp if metric.HasField("timestamp") else payload_ms
    return [at_ms * MILLI, _metric(metric), _value(metric)]


def _metric(metric: Any) -> int | str:
    if not metric.HasField("name"):
        if not metric.HasField("alias"):
            raise Refused(Refusal.WRONG_VALUE, "metrics")
        return int(metric.alias)
    # An alias of the device's own would later stand for another metric.
    if metric.HasField("alias") and metric.alias != code_of(metric.name):
        raise Refused(Refusal.WRONG_VALUE, "alias")
    return str(metric.name)


def _value(metric: Any) -> int | float | None:
    chosen = metric.WhichOneof("value")
    if metric.is_null or chosen is None:
        return None
    value: int | float = getattr(metric, chosen)
    bits = SIGNED.get(metric.datatype)
    if bits and isinstance(value, int) and value >= 1 << (bits - 1):
        return value - (1 << bits)
    return value


def written(message: dict[str, Any]) -> bytes:
    """Return a message of readings as a payload; times are cut to whole milliseconds."""
    payload = Payload(timestamp=message["sent"] // MILLI, seq=message["seq"] % 256)
    payload.metrics.add(name=BOOT, datatype=8, long_value=message["boot"])
    payload.metrics.add(name=SEQ, datatype=8, long_value=message["seq"])
    for at, metric, value in message["readings"]:
        one = payload.metrics.add(timestamp=at // MILLI, datatype=DOUBLE)
        if isinstance(metric, int) and metric in by_code():
            one.alias = metric
        else:
            one.name = str(metric)
        if value is None:
            one.is_null = True
        else:
            one.double_value = value
    return bytes(payload.SerializeToString())
