"""What `make run` does: services, migrations, demonstration data, portal, until told to stop."""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.local.instance import ROOT, Instance, program, set_up
from portal.local.places import outside
from portal.local.postgres import binaries
from portal.local.process import Child, LocalTrouble, started_at
from portal.local.supervisor import StopRequested, Supervisor, stop_signals

VAR = ROOT / "var"
LEFTOVER_PATIENCE_S = 30.0


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def run(var: Path, start: Callable[[Path, Supervisor], None]) -> int:
    """Run what ``start`` starts until somebody stops us and return the exit status."""
    var.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(say)
    status = 0
    with alone(var) as lock, guarded(var, lock), stop_signals():
        try:
            try:
                start(var, supervisor)
                supervisor.watch_until_stopped()
            finally:
                say("\nStopping …")
                supervisor.stop()
        except StopRequested:
            say("Stopped. « make run » starts again where you left off.")
        except LocalTrouble as trouble:
            say(f"✗ {trouble}")
            status = 1
        finally:
            settings_file(var).unlink(missing_ok=True)
    return status


def start_portal(var: Path, supervisor: Supervisor) -> None:
    """Start everything and tell the person where it is."""
    began = time.monotonic()
    with told("PostgreSQL, Valkey, NATS and the local mail server"):
        instance = bring_up(var, supervisor)
    remember(instance)
    done = Done(instance)
    prepare_data(instance, done)
    with told("The portal"):
        for child in instance.portal():  # one after the other: what answers people comes first
            supervisor.start([child])
    say(welcome(instance, done.value("accounts"), time.monotonic() - began))


def bring_up(var: Path, supervisor: Supervisor) -> Instance:
    """Start the services; choose other ports when somebody took one of ours in the meantime."""
    for _ in range(2):
        instance = set_up(var)
        with suppress(LocalTrouble):
            supervisor.start(instance.services())
            return instance
        supervisor.stop()
    instance = set_up(var)
    supervisor.start(instance.services())
    return instance


def prepare_data(instance: Instance, done: "Done") -> None:
    """Migrate when a migration is new; load the demonstration data when it is not there."""
    mark = migrations_mark()
    if done.value("migrations") != mark:
        with told("Database migrations"):
            tajhiz(instance, "migrate")
        done.note("migrations", mark)
    if done.value("demo"):
        return
    try:
        with told("Demonstration data"):
            tajhiz(instance, "demo")
            done.note("accounts", tajhiz(instance, "demo", "--accounts"))
            done.note("demo", "loaded")
    except LocalTrouble as trouble:  # the portal is of use without it
        say(f"! {trouble}")


def tajhiz(instance: Instance, *arguments: str) -> str:
    """Run one command of the portal to its end and return what it printed.

    Raises:
        LocalTrouble: it failed.
    """
    places = instance.places
    name = f"tajhiz-{arguments[0]}"
    log = places.log_of(name)
    log.unlink(missing_ok=True)
    child = Child(
        name=f"tajhiz {' '.join(arguments)}",
        command=[program("tajhiz"), *arguments],
        log=log,
        pid_file=places.pid_of(name),
        environment=instance.environment(),
    )
    child.start()
    assert child.process is not None
    try:
        status = child.process.wait()
    finally:
        child.stop()
    if status != 0:
        raise LocalTrouble(f"« {child.name} » failed: {child.last_words()}")
    return log.read_text(errors="replace")


class Done:
    """What was done to this database already; it lives and dies with the data."""

    def __init__(self, instance: Instance) -> None:
        self.file = instance.postgres.folder / "done.json"

    def value(self, name: str) -> str:
        """Return the note called ``name``, empty when there is none."""
        try:
            return str(json.loads(self.file.read_text()).get(name, ""))
        except (OSError, ValueError):
            return ""

    def note(self, name: str, value: str) -> None:
        """Write a note."""
        notes = json.loads(self.file.read_text()) if self.file.exists() else {}
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps({**notes, name: value}, ensure_ascii=False))
        fresh.replace(self.file)


def migrations_mark() -> str:
    """Return a mark of all migrations of this version."""
    files = [*ROOT.glob("*/piccolo_migrations/*.py"), *ROOT.glob("*/*/piccolo_migrations/*.py")]
    marks = hashlib.sha256()
    for file in sorted(files):
        marks.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return marks.hexdigest()


def welcome(instance: Instance, accounts: str, seconds: float) -> str:
    """Return what a person who just started the portal wants to know."""
    lines = [
        "",
        f"  Tajhiz is at {instance.address}/fr   (started in {seconds:.1f} s)",
        f"  Mails it sends are at {instance.address}/fr/mailbox, logs in {instance.places.log}.",
        *([""] if accounts else []),
        *(f"  {line}" for line in columns(accounts)),
        "",
        "  Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def columns(accounts: str) -> list[str]:
    """Return the accounts, one a line, with the name last: its width depends on the script."""
    rows = [line.split("\t") for line in accounts.splitlines() if line.count("\t") == 2]
    widest = max((len(email) for _, email, _ in rows), default=0)
    return [f"{email:<{widest}}  {password}  {who}" for who, email, password in rows]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say that a step goes on, and how long it took."""
    print(f"· {what} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    say(f"{time.monotonic() - began:.1f} s")


@contextmanager
def alone(var: Path) -> Iterator[int]:
    """Make sure that one clone runs once; give the lock, which who inherits it holds too.

    Raises:
        LocalTrouble: it runs already.
    """
    with (var / "run.lock").open("a+") as lock:
        deadline = time.monotonic() + LEFTOVER_PATIENCE_S
        while not _locked(lock.fileno()):
            lock.seek(0)
            holder = lock.read().strip()
            # A launcher that was killed left a guard behind, which still clears up.
            if _runs(holder) or time.monotonic() > deadline:
                raise LocalTrouble(
                    f"The portal of this clone runs already (process {holder}): use that one, or "
                    "stop it with Ctrl-C in its terminal."
                )
            time.sleep(0.05)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock.fileno()


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _runs(pid: str) -> bool:
    """Say whether the process that wrote its number into the lock still runs."""
    return not pid.isdecimal() or started_at(int(pid)) != ""


@contextmanager
def guarded(var: Path, lock: int) -> Iterator[None]:
    """Have a guard clear up if we are killed; until it has, nobody else gets the lock."""
    (var / "run").mkdir(exist_ok=True)
    guard = subprocess.Popen(
        [sys.executable, "-m", "portal.local.guard", str(var / "run")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        pass_fds=[lock],
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.communicate()


def settings_file(var: Path) -> Path:
    """Return the file that holds the settings of the portal while it runs in this clone."""
    return var / "local.env"


def remember(instance: Instance) -> None:
    """Leave the settings where `tajhiz …` and `portal.local with …` find them, for us alone."""
    file = settings_file(instance.places.var)
    settings = {**instance.environment(), **instance.postgres.environment()}
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))


def run_with(var: Path, command: list[str]) -> int:
    """Run a command with the settings of the portal that runs in this clone.

    PostgreSQL's own programs (`psql`, `pg_dump`, `pg_restore`) find its database that way.
    """
    try:
        lines = settings_file(var).read_text().splitlines()
    except OSError:
        raise LocalTrouble(
            f"The portal does not run here: start « make run », then « {shlex.join(command)} » "
            "in another terminal."
        ) from None
    pairs = (line.partition("=") for line in lines)
    environment = {name: value.strip("'") for name, _, value in pairs}
    folders = [str(Path(sys.executable).parent), str(binaries()), os.environ.get("PATH", "")]
    search = os.pathsep.join(folders)
    wanted = shutil.which(command[0], path=search) if command else None
    if wanted is None:
        raise LocalTrouble(f"There is no command « {shlex.join(command[:1])} ».")
    merged = {**os.environ, **environment, "PATH": search}
    return subprocess.run([wanted, *command[1:]], env=merged, check=False).returncode


def forget(var: Path) -> int:
    """Remove the local data for good."""
    var.mkdir(parents=True, exist_ok=True)
    with alone(var):
        settings_file(var).unlink(missing_ok=True)
        shutil.rmtree(outside(var / "postgres"), ignore_errors=True)
        for path in var.iterdir():
            if path.is_dir() and path.name != "log":
                shutil.rmtree(path)
    say(f"The local data below {var} is gone; « make run » starts empty.")
    return 0
