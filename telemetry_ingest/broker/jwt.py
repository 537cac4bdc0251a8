"""The signed answers NATS wants from who decides on a connection. Pure but for the clock.

A request is read without checking its signature: only the broker itself may publish on its
subject, no device can.
"""

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import nkeys

from telemetry_ingest.broker.tokens import Credentials, credentials
from telemetry_ingest.wire.subjects import NAMES, ROOT

ACCOUNT = "PILOTS"
VALID_S = 3600


@dataclass(frozen=True, repr=False)
class Asked:
    """The broker asks whether this connection may be, and what it may do."""

    server: str
    user_key: str
    shown: Credentials | None
    kind: str
    client_id: str


def read(content: bytes) -> Asked:
    """Read the broker's request.

    Raises:
        ValueError: it is none; a missing field is one too.
    """
    try:
        body = content.split(b".")[1]
        said = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))["nats"]
        client, options = said["client_info"], said["connect_opts"]
        return Asked(
            server=said["server_id"]["id"],
            user_key=said["user_nkey"],
            shown=credentials(str(options.get("user", "")), str(options.get("pass", ""))),
            kind=str(client.get("type", "")),
            client_id=str(client.get("mqtt_id", "")),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a request of the broker") from error


class Issuer:
    """Signs answers with the account key whose public part stands in the broker's settings."""

    def __init__(self, seed: str) -> None:
        self._key = nkeys.from_seed(seed.encode())
        self.public: str = self._key.public_key.decode()

    def allowed(self, asked: Asked, device: UUID, *, now: float | None = None) -> bytes:
        """Let a device publish to its own three subjects, and nothing else, for an hour.

        Of each subject the broker keeps a retained message for ever: there must not be more.
        """
        rights = {
            "pub": {"allow": [f"{ROOT}.{device.hex}.{name}" for name in NAMES.values()]},
            "sub": {"deny": [">"]},
            "subs": -1,
            "data": -1,
            "payload": -1,
            "allowed_connection_types": ["MQTT"],
            "type": "user",
            "version": 2,
        }
        ends = int(time.time() if now is None else now) + VALID_S
        user = self._signed(
            {"sub": asked.user_key, "aud": ACCOUNT, "name": device.hex, "exp": ends, "nats": rights}
        )
        return self._answer(asked, {"jwt": user})

    def refused(self, asked: Asked, why: str) -> bytes:
        """Refuse; the broker logs why, the device hears « not authorised »."""
        return self._answer(asked, {"error": why})

    def _answer(self, asked: Asked, content: Mapping[str, Any]) -> bytes:
        said = {**content, "type": "authorization_response", "version": 2}
        return self._signed({"sub": asked.user_key, "aud": asked.server, "nats": said}).encode()

    def _signed(self, claims: Mapping[str, Any]) -> str:
        whole = {"iat": int(time.time()), "iss": self.public, "jti": secrets.token_hex(13)}
        head = _part({"typ": "JWT", "alg": "ed25519-nkey"})
        text = f"{head}.{_part({**whole, **claims})}"
        return f"{text}.{_text(self._key.sign(text.encode()))}"


def _part(claims: Mapping[str, Any]) -> str:
    return _text(json.dumps(claims, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
