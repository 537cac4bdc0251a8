"""One local portal: its services and processes, and what they tell each other."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.local.answering import HOST, answers
from portal.local.mail import Mail
from portal.local.nats import Nats
from portal.local.places import Places, free_port
from portal.local.postgres import Postgres
from portal.local.process import Child, end_leftover
from portal.local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
USUAL_PORTS = {
    "web": 8000,
    "gateway": 8010,
    "postgres": 5432,
    "valkey": 6379,
    "nats": 4222,
    "mqtt": 1883,
    "mqtt5": 1884,
    "nats monitor": 8222,
    "mail": 1025,
}


@dataclass(frozen=True)
class Instance:
    """The parts of one local portal, with the ports that were free when it was set up."""

    places: Places
    postgres: Postgres
    valkey: Valkey
    nats: Nats
    mail: Mail
    web_port: int
    gateway_port: int
    mqtt5_port: int

    @property
    def address(self) -> str:
        """Return the address of the portal."""
        return f"http://{HOST}:{self.web_port}"

    def services(self) -> list[Child]:
        """Return the servers our own processes work with."""
        parts = (self.postgres, self.valkey, self.nats, self.mail)
        return [part.child() for part in parts]

    def portal(self) -> list[Child]:
        """Return our own processes."""
        environment = {**self.environment(), "PYTHONUNBUFFERED": "1"}
        web = serving("portal.asgi:app", self.web_port)
        gateway = serving("telemetry_ingest.gateway:app", self.gateway_port)
        return [
            self._child("web", web, environment, port=self.web_port),
            self._child("gateway", gateway, environment, port=self.gateway_port),
            self._child("worker", [program("tajhiz"), "worker"], environment),
            self._child("ingest", [program("tajhiz"), "ingest"], environment),
        ]

    def environment(self) -> dict[str, str]:
        """Return the settings of the portal's processes."""
        return {
            "TAJHIZ_ENVIRONMENT": "local",
            "TAJHIZ_BASE_URL": self.address,
            # So that everybody can sign in as the verifier of the demonstration; see operations.md.
            "TAJHIZ_SECOND_FACTOR_REQUIRED": os.environ.get(
                "TAJHIZ_SECOND_FACTOR_REQUIRED", "false"
            ),
            "TAJHIZ_SECRET_KEY": self.places.secret("portal"),
            "TAJHIZ_DATABASE_URL": self.postgres.url(),
            "TAJHIZ_VALKEY_URL": self.valkey.url(),
            **self.nats.environment(),
            "TAJHIZ_MQTT_URL": f"mqtt://{HOST}:{self.nats.mqtt_port}",
            "TAJHIZ_MQTT5_URL": f"mqtt://{HOST}:{self.mqtt5_port}",
            "TAJHIZ_INGEST_MQTT5_LISTEN": f"{HOST}:{self.mqtt5_port}",
            "TAJHIZ_INGEST_URL": f"http://{HOST}:{self.gateway_port}",
            "TAJHIZ_SMTP_HOST": HOST,
            "TAJHIZ_SMTP_PORT": str(self.mail.port),
            "TAJHIZ_SMTP_TLS": "none",
            "TAJHIZ_MAILBOX_DIR": str(self.mail.folder),
            "TAJHIZ_DOCUMENTS_DIR": str(self.places.var / "documents"),
            "TAJHIZ_TELEMETRY_COLD_DIR": str(self.places.var / "cold"),
        }

    def _child(
        self, name: str, command: list[str], environment: dict[str, str], *, port: int = 0
    ) -> Child:
        return Child(
            name=name,
            command=command,
            log=self.places.log_of(name),
            pid_file=self.places.pid_of(name),
            environment=environment,
            healthy=(lambda: answers(port)) if port else (lambda: True),
            patience_s=60,
        )


def serving(application: str, port: int) -> list[str]:
    """Return the command of a web process."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", HOST),
        *("--port", str(port), "--workers", "1", "--workers-kill-timeout", "3"),
        *("--log-level", "warning", application),
    ]


def set_up(var: Path) -> Instance:
    """Choose the ports, write the configurations and create what is not there yet."""
    places = Places(var)
    places.make()
    for leftover in sorted(places.run.glob("*.pid")):  # they may still hold the usual ports
        end_leftover(leftover)
    shift = int(os.environ.get("TAJHIZ_PORT_SHIFT", "0"))
    port = {name: free_port(usual + shift) for name, usual in USUAL_PORTS.items()}
    instance = Instance(
        places=places,
        postgres=Postgres(places, port["postgres"]),
        valkey=Valkey(places, port["valkey"]),
        nats=Nats(places, port["nats"], port["mqtt"], port["nats monitor"]),
        mail=Mail(places, port["mail"]),
        web_port=port["web"],
        gateway_port=port["gateway"],
        mqtt5_port=port["mqtt5"],
    )
    instance.postgres.prepare()
    instance.valkey.prepare()
    instance.nats.prepare()
    return instance


def program(name: str) -> str:
    """Return the path of a program of our own Python environment."""
    return str(Path(sys.executable).with_name(name))
