"""Child processes that cannot outlive us and are stopped with everything they started."""

import ctypes
import os
import pwd
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10 * 1024 * 1024
TROUBLE = re.compile(r"[\w.]*(Error|Exception|Failed)\b.*:|.*\b(FATAL|PANIC):|.*\[FTL\]")
# Loaded before any fork: between fork and exec only async-signal-safe work is allowed.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class LocalTrouble(Exception):
    """Something a person has to know or do; its text is one whole sentence."""


@dataclass
class Child:
    """One process we start, watch and stop.

    Attributes:
        name: what the log and the screen call it.
        command: the program and its arguments.
        log: file its output is added to.
        pid_file: where the next start finds what a killed run left behind.
        environment: what is added to our own environment.
        healthy: says whether it answers.
        patience_s: longest time from start to the first healthy answer, in seconds.
        stop_signal: the signal that asks it to end, also sent when we die.
        user: the account to run as; our own when ``None``.
        before: what has to be put right before each start.
        tries: how often it is started before we give up; what a killed run left may need a moment.
    """

    name: str
    command: Sequence[str]
    log: Path
    pid_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    healthy: Callable[[], bool] = lambda: True
    patience_s: float = 30
    stop_signal: int = signal.SIGTERM
    user: pwd.struct_passwd | None = None
    before: Callable[[], None] = lambda: None
    tries: int = 1
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is told to stop when we die, however we die.

        Call it from the main thread: the kernel ties the signal to the thread that forked.
        """
        end_leftover(self.pid_file)
        self.before()
        _turn_over(self.log)
        account = self.user
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=_die_with(os.getpid(), self.stop_signal),
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        fresh = self.pid_file.with_suffix(".new")
        fresh.write_text(f"{self.process.pid} {started_at(self.process.pid)}\n")
        fresh.replace(self.pid_file)

    def wait_ready(self, needs: Iterable["Child"] = ()) -> None:
        """Return when the process answers.

        Args:
            needs: those without which it never will.

        Raises:
            LocalTrouble: it or one of those it needs ended, or it did not answer in time.
        """
        deadline = time.monotonic() + self.patience_s
        together = (self, *needs)
        while not self.healthy():
            if ended := next((one for one in together if not one.alive()), None):
                raise LocalTrouble(f"{ended.name} stopped while starting: {ended.last_words()}")
            if time.monotonic() > deadline:
                raise LocalTrouble(
                    f"{self.name} did not answer within {self.patience_s:.0f} s; read {self.log}."
                )
            time.sleep(0.01)

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the polite signal and return at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def end_now(self) -> None:
        """End the process and its children by force and return at once."""
        if self.process is not None:
            _kill_group(self.process.pid)

    def finish(self, grace_s: float) -> None:
        """Wait for the end, then end by force what is left of the process and its children."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(grace_s)
        _kill_group(self.process.pid)
        self.process.wait()
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    def stop(self, grace_s: float = 10) -> None:
        """Stop the process, by force after ``grace_s`` seconds."""
        self.ask_to_stop()
        self.finish(grace_s)

    def last_words(self) -> str:
        """Return what the process said last, best what went wrong, and where the rest is."""
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        spoken = [line.strip() for line in lines[-40:] if line.strip()]
        wrong = [line for line in spoken if TROUBLE.match(line)]
        last = (wrong or spoken or ["nothing"])[-1]
        return f"« {last[:300]} » (see {self.log})."


def started_at(pid: int) -> str:
    """Return a mark that tells this process from a later one with the same number, or ``""``."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state == "Z" else rest[18]


def command_of(pid: int) -> str:
    """Return the command line of a running process, ``""`` when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def end_leftover(pid_file: Path, patience_s: float = 10) -> bool:
    """End the process a killed run left behind and say whether there was one.

    It was told to stop when its parent died; it gets ``patience_s`` seconds to finish that.
    """
    try:
        pid, mark = pid_file.read_text().split()
    except (OSError, ValueError):
        return False
    found = started_at(int(pid)) == mark
    deadline = time.monotonic() + patience_s
    while started_at(int(pid)) == mark and time.monotonic() < deadline:
        time.sleep(0.02)
    if found or _group_is_ours(int(pid), mark):
        _kill_group(int(pid))
    pid_file.unlink(missing_ok=True)
    return found


def _group_is_ours(group: int, mark: str) -> bool:
    """Say whether the process group still is the one we made: its leader is gone, its number not.

    A process group keeps its number from being given to a new process, so members found now that
    are in the session ``group`` and not younger leaders can only be our child's children.
    """
    if not mark or started_at(group):
        return False
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _die_with(parent: int, death_signal: int) -> Callable[[], None]:
    def prepare() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # the parent died before the kernel knew what to do then
                os._exit(1)

    return prepare


def _turn_over(log: Path) -> None:
    """Keep one older log once the present one is large."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
