"""Where messages go: `pilots/<device>/<topic>` in MQTT, with dots in NATS."""

from dataclasses import dataclass
from uuid import UUID

from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire.refused import Refused

ROOT = "pilots"
STREAM = "$MQTT_msgs"
PREFIX = "$MQTT.msgs."
NAMES = {topic: topic.name.lower() for topic in Topic}
TOPICS = {name: topic for topic, name in NAMES.items()}


@dataclass(frozen=True)
class Address:
    """Whose message, and about what."""

    device: UUID
    topic: Topic


def topic_of(device: UUID, topic: Topic) -> str:
    """Return the MQTT topic that a device publishes to."""
    return f"{ROOT}/{device.hex}/{NAMES[topic]}"


def subject_of(device: UUID, topic: Topic) -> str:
    """Return the subject under which JetStream keeps what was published to that MQTT topic."""
    return f"{PREFIX}{ROOT}.{device.hex}.{NAMES[topic]}"


def address_of(subject: str) -> Address:
    """Read a subject of JetStream.

    Raises:
        Refused: it is none of ours.
    """
    parts = subject.removeprefix(PREFIX).split(".")
    if len(parts) != 3 or parts[0] != ROOT or parts[2] not in TOPICS:
        raise Refused(Refusal.WRONG_TOPIC)
    try:
        device = UUID(hex=parts[1])
    except ValueError:
        raise Refused(Refusal.UNKNOWN_DEVICE) from None
    if device.hex != parts[1]:
        raise Refused(Refusal.UNKNOWN_DEVICE)
    return Address(device, TOPICS[parts[2]])
