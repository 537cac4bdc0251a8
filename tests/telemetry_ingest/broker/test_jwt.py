import base64
import json
from uuid import uuid4

import nkeys
import pytest

from telemetry_ingest.broker.jwt import Asked, Issuer, read

SEED = bytes(nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_ACCOUNT)).decode()
ASKED = Asked("NSERVER", "UUSER", None, "mqtt", "")


def body(token):
    part = token.split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


def test_a_permission_is_for_the_three_subjects_of_one_device():
    device, issuer = uuid4(), Issuer(SEED)
    said = body(issuer.allowed(ASKED, device, now=1_000))
    user = body(said["nats"]["jwt"].encode())

    assert (said["aud"], said["sub"], said["iss"]) == ("NSERVER", "UUSER", issuer.public)
    assert (user["aud"], user["sub"], user["exp"]) == ("PILOTS", "UUSER", 4_600)
    assert user["nats"]["pub"] == {
        "allow": [f"pilots.{device.hex}.{topic}" for topic in ("readings", "status", "alarms")]
    }
    assert user["nats"]["sub"] == {"deny": [">"]}
    assert user["nats"]["allowed_connection_types"] == ["MQTT"]


def test_answers_are_signed():
    token = Issuer(SEED).refused(ASKED, "no")
    head, _dot, signature = token.rpartition(b".")
    raw = base64.urlsafe_b64decode(signature + b"=" * (-len(signature) % 4))

    assert nkeys.from_seed(SEED.encode()).verify(head, raw)
    assert body(token)["nats"]["error"] == "no"


@pytest.mark.parametrize(
    "content", [b"", b"a.b", b"a.e30.c", b"a.bnVsbA.c", b"a.W10.c", b"\xff.\xff"]
)
def test_what_is_no_request_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
        read(content)
