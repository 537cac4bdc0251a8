"""Messages of a device: readings, its condition, its alarms; the first byte tells the format."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from telemetry_ingest import sparkplug
from telemetry_ingest.states import Condition, Priority, Refusal, Topic
from telemetry_ingest.wire.refused import Refused

MOST_BYTES = 1_000_000
MOST_READINGS = 10_000
LARGEST_BOOT = 2**31 - 1
LARGEST_SEQ = 2**53

Boot = Annotated[int, Meta(ge=0, le=LARGEST_BOOT)]
Seq = Annotated[int, Meta(ge=0, le=LARGEST_SEQ)]
# From 1970 to the year 2100: beyond it PostgreSQL's own range is no issue, only broken clocks are.
LATEST_US = 4_102_444_800_000_000
Micros = Annotated[int, Meta(ge=0, le=LATEST_US)]
RefId = Annotated[str, Meta(pattern="^MDCX?_[A-Z0-9_]{1,80}$")]
Reading = tuple[Micros, int | RefId, float | None]


class Heading(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What every message has.

    Attributes:
        v: version of this shape, 1.
        boot: grows each time the device starts.
        seq: number of this message's first item since that start; the next item has the next.
        sent: the device's clock when it sent this, in microseconds since 1970 (UTC).
    """

    v: Annotated[int, Meta(ge=1, le=1)] = 1
    boot: Boot
    seq: Seq
    sent: Micros


class ReadingsMessage(Heading, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Readings: device time in microseconds, metric (MDC code or name), value or null.

    Null is a measurement that failed and says so; it has its number in the sequence and no value.
    """

    readings: Annotated[tuple[Reading, ...], Meta(min_length=1, max_length=MOST_READINGS)]


class StatusMessage(Heading, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """The condition of the device from a moment on."""

    at: Micros
    state: Condition
    firmware: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._+-]{1,40}$")] | None = None


class AlarmMessage(Heading, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """An alarm of the device that begins (``active``) or ends."""

    at: Micros
    code: int | RefId
    priority: Priority
    active: bool


Message = ReadingsMessage | StatusMessage | AlarmMessage

SHAPES: Mapping[Topic, type[Message]] = {
    Topic.READINGS: ReadingsMessage,
    Topic.STATUS: StatusMessage,
    Topic.ALARMS: AlarmMessage,
}
_JSON = {topic: msgspec.json.Decoder(shape) for topic, shape in SHAPES.items()}
_MSGPACK = {topic: msgspec.msgpack.Decoder(shape) for topic, shape in SHAPES.items()}
# Names that makers add or misplace; any other is not told, as it could be a patient's own.
_ADDED = {
    "age", "battery", "bed", "birth_date", "comment", "data", "date", "device", "device_id",
    "gender", "id", "metric", "name", "note", "patient", "patient_id", "patient_name", "payload",
    "quality", "room", "serial", "sex", "time", "timestamp", "ts", "type", "unit", "units",
    "value", "values", "version", "ward", "weight",
}  # fmt: skip
_TOLD = _ADDED.union(*(shape.__struct_fields__ for shape in SHAPES.values()))
_BEGINNINGS = frozenset({b"{", b" ", b"\t", b"\r", b"\n"})


def decode(topic: Topic, content: bytes) -> Message:
    """Read one message.

    Raises:
        Refused: it is too large, not of the shape, or has a field or a value it may not have.
    """
    message = shaped(topic, content)
    if isinstance(message, ReadingsMessage):
        check_values(message)
    return message


def shaped(topic: Topic, content: bytes) -> Message:
    """Read one message whose values somebody else checks.

    Raises:
        Refused: it is too large, not of the shape, or has a field it may not have.
    """
    if len(content) > MOST_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    try:
        return _decoded(topic, content)
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(Refusal.NOT_READABLE) from None


def _decoded(topic: Topic, content: bytes) -> Message:
    # An object of JSON begins with a brace or with white space, one of msgpack or protobuf never.
    first = content[:1]
    if first in _BEGINNINGS:
        return _JSON[topic].decode(content)
    if topic is Topic.READINGS and first in sparkplug.BEGINNINGS:
        return msgspec.convert(sparkplug.read(content), ReadingsMessage)
    return _MSGPACK[topic].decode(content)


def check_values(message: ReadingsMessage) -> None:
    """Refuse what msgpack lets through and no number is.

    Raises:
        Refused: one of the values, or the last number of the sequence.
    """
    values = [value for _at, _metric, value in message.readings if value is not None]
    # One sum tells in nearly every case; that of very large numbers may be infinite by itself.
    if not isfinite(sum(values)) and not all(map(isfinite, values)):
        raise Refused(Refusal.WRONG_VALUE, "readings")
    if message.seq + len(message.readings) > LARGEST_SEQ:
        raise Refused(Refusal.WRONG_VALUE, "seq")


def _refused(said: str) -> Refused:
    """Return what a message of msgspec means; of unknown fields few are named."""
    _what, _at, place = said.partition(" - at `")
    path = place.rstrip("`").removeprefix("$.").removeprefix("$")
    if said.startswith("Object contains unknown field"):
        name = said.split("`")[1]
        return Refused(Refusal.UNKNOWN_FIELD, name if name in _TOLD else "")
    if said.startswith("Object missing required field"):
        return Refused(Refusal.WRONG_VALUE, said.split("`")[1])
    if said.startswith("Expected `array` of length"):
        return Refused(Refusal.TOO_LARGE if "<=" in said else Refusal.WRONG_VALUE, path)
    if said.startswith("Expected `object`"):  # a text begins as small numbers of msgpack do
        return Refused(Refusal.NOT_READABLE)
    return Refused(Refusal.WRONG_VALUE, path)
