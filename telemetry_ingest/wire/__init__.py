"""What devices send: messages in JSON or msgpack, checked field by field. Pure.

Only what is named here gets in; that is how no data about a patient can.
"""

from telemetry_ingest.wire.messages import (
    MOST_BYTES,
    MOST_READINGS,
    AlarmMessage,
    ReadingsMessage,
    StatusMessage,
    decode,
)
from telemetry_ingest.wire.refused import Refused
from telemetry_ingest.wire.subjects import Address, address_of, subject_of, topic_of

__all__ = [
    "MOST_BYTES",
    "MOST_READINGS",
    "Address",
    "AlarmMessage",
    "ReadingsMessage",
    "Refused",
    "StatusMessage",
    "address_of",
    "decode",
    "subject_of",
    "topic_of",
]
