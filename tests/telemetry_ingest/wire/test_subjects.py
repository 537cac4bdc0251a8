"""Topics of MQTT and subjects of JetStream name a device and what the message is about."""

from uuid import UUID

import pytest

from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import Address, Refused, address_of, subject_of, topic_of

DEVICE = UUID("0192f0c1-0000-7000-8000-0123456789ab")


@pytest.mark.parametrize("topic", Topic)
def test_an_address_survives_the_way_there_and_back(topic):
    assert address_of(subject_of(DEVICE, topic)) == Address(DEVICE, topic)


def test_the_topic_of_a_device_is_what_the_guide_says():
    assert topic_of(DEVICE, Topic.READINGS) == f"pilots/{DEVICE.hex}/readings"


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("$MQTT.msgs.pilots.x.readings", Refusal.UNKNOWN_DEVICE),
        (f"$MQTT.msgs.pilots.{DEVICE}.readings", Refusal.UNKNOWN_DEVICE),
        (f"$MQTT.msgs.pilots.{DEVICE.hex.upper()}.readings", Refusal.UNKNOWN_DEVICE),
        (f"$MQTT.msgs.pilots.{DEVICE.hex}.commands", Refusal.WRONG_TOPIC),
        (f"$MQTT.msgs.other.{DEVICE.hex}.readings", Refusal.WRONG_TOPIC),
        (f"$MQTT.msgs.pilots.{DEVICE.hex}.readings.more", Refusal.WRONG_TOPIC),
    ],
)
def test_other_subjects_are_refused(subject, reason):
    with pytest.raises(Refused) as caught:
        address_of(subject)

    assert caught.value.reason == reason
