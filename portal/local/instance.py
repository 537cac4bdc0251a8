"""One local portal: its services and processes, and what they tell each other."""

import http.client
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portal.local.mail import Mail
from portal.local.nats import Nats
from portal.local.places import Places, free_port
from portal.local.postgres import Postgres
from portal.local.process import Child, end_leftover
from portal.local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
USUAL_PORTS = {
    "web": 8000,
    "postgres": 5432,
    "valkey": 6379,
    "nats": 4222,
    "mqtt": 1883,
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
        web = [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", HOST),
            *("--port", str(self.web_port), "--workers", "1", "--workers-kill-timeout", "3"),
            *("--log-level", "warning", "portal.asgi:app"),
        ]
        return [
            self._child("web", web, environment, healthy=True),
            self._child("worker", [program("tajhiz"), "worker"], environment),
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
            "TAJHIZ_NATS_URL": self.nats.url,
            "TAJHIZ_SMTP_HOST": HOST,
            "TAJHIZ_SMTP_PORT": str(self.mail.port),
            "TAJHIZ_SMTP_TLS": "none",
            "TAJHIZ_MAILBOX_DIR": str(self.mail.folder),
            "TAJHIZ_DOCUMENTS_DIR": str(self.places.var / "documents"),
        }

    def answers(self) -> bool:
        """Say whether the web process serves."""
        line = http.client.HTTPConnection(HOST, self.web_port, timeout=2)
        with closing(line):
            try:
                line.request("GET", "/healthz")
                return line.getresponse().status == http.client.OK
            except (OSError, http.client.HTTPException):
                return False

    def _child(
        self, name: str, command: list[str], environment: dict[str, str], *, healthy: bool = False
    ) -> Child:
        return Child(
            name=name,
            command=command,
            log=self.places.log_of(name),
            pid_file=self.places.pid_of(name),
            environment=environment,
            healthy=self.answers if healthy else lambda: True,
            patience_s=60,
        )


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
    )
    instance.postgres.prepare()
    instance.valkey.prepare()
    instance.nats.prepare()
    return instance


def program(name: str) -> str:
    """Return the path of a program of our own Python environment."""
    return str(Path(sys.executable).with_name(name))
