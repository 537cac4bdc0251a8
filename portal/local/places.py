"""Where one instance keeps its data, and which ports it takes."""

import hashlib
import os
import pwd
import secrets
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from portal.local.process import LocalTrouble

# The kernel's limit for the address of a Unix socket, less the name PostgreSQL adds.
SOCKET_FOLDER_LIMIT = 107 - len("/.s.PGSQL.65535.lock")
LOWEST_PORT = 10_000
KERNEL_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
USUAL_FIRST_OF_THE_KERNEL = 32_768
_GIVEN: set[int] = set()


@dataclass(frozen=True)
class Places:
    """The folders of one instance, all below ``var``."""

    var: Path

    @property
    def log(self) -> Path:
        """Return the folder of the log files."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Return the folder of what only matters while the instance runs."""
        return self.var / "run"

    def make(self) -> None:
        """Create the folders every instance has."""
        for folder in (self.var, self.log, self.run):
            folder.mkdir(parents=True, exist_ok=True)

    def log_of(self, name: str) -> Path:
        """Return the log file of a child."""
        return self.log / f"{name}.log"

    def pid_of(self, name: str) -> Path:
        """Return the file that remembers the process of a child."""
        return self.run / f"{name}.pid"

    def secret(self, name: str) -> str:
        """Return the secret called ``name``, made once and readable by us alone."""
        file = self.var / "secrets" / name
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_urlsafe(32))
            fresh.replace(file)
        return file.read_text()


def service_account() -> pwd.struct_passwd | None:
    """Return the account PostgreSQL runs as when we are root, which it refuses to run as."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise LocalTrouble(
            "PostgreSQL does not run as root and this system has no account « nobody »: "
            "run make as an ordinary user."
        ) from None


def reachable(path: Path) -> bool:
    """Say whether every account of this machine may enter ``path`` and the folders above it."""
    return all(
        folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.exists()
    )


def outside(path: Path) -> Path:
    """Return a folder that stands for ``path`` where an account other than root may enter."""
    mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    return Path("/var/lib/tajhiz") / mark


def short_folder(wanted: Path) -> Path:
    """Return ``wanted``, or a private folder with a shorter name when a socket does not fit it."""
    if len(str(wanted)) <= SOCKET_FOLDER_LIMIT:
        wanted.mkdir(parents=True, exist_ok=True)
        return wanted
    mark = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    short = Path("/tmp") / f"tajhiz-{os.geteuid()}-{mark}"  # noqa: S108 - private, checked below
    short.mkdir(mode=0o700, exist_ok=True)
    owner = short.lstat()
    account = service_account()
    if not stat.S_ISDIR(owner.st_mode) or owner.st_uid not in {
        os.geteuid(),
        account.pw_uid if account else os.geteuid(),
    }:
        raise LocalTrouble(f"{short} belongs to somebody else: remove it, or move the clone.")
    return short


def free_port(usual: int) -> int:
    """Return ``usual`` when nobody listens there, else a free port near it, else any free one."""
    for port in range(usual, usual + 50):
        if _is_free(port):
            return port
    return any_port()


def any_port() -> int:
    """Return a port that was free a moment ago, and that no outgoing connection is given.

    The kernel takes the near ends of connections from a range of its own; a port of that range may
    be gone again before the server we start listens on it.
    """
    while True:
        port = LOWEST_PORT + secrets.randbelow(_first_of_the_kernel() - LOWEST_PORT)
        if port not in _GIVEN and _is_free(port):
            _GIVEN.add(port)
            return port


def _first_of_the_kernel() -> int:
    """Return the first port the kernel hands out by itself, the usual one where it does not say."""
    try:
        first = int(KERNEL_PORTS.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return USUAL_FIRST_OF_THE_KERNEL
    return first if first > LOWEST_PORT + 1000 else USUAL_FIRST_OF_THE_KERNEL


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
