"""Start the real portal in a folder of its own, import into it, and know its processes."""

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from portal.local.instance import Instance
from portal.local.process import Child
from portal.local.run import Done as Notes
from portal.local.run import bring_up, prepare_data
from portal.local.supervisor import Supervisor

ROOT = Path(__file__).parent.parent
NO_LIMIT = {"TAJHIZ_RATE_LIMIT_PER_MINUTE": "100000000"}


@dataclass
class Started:
    """A running portal."""

    instance: Instance
    supervisor: Supervisor
    seconds: float

    @property
    def address(self) -> str:
        """Return where it answers."""
        return self.instance.address

    def environment(self) -> dict[str, str]:
        """Return the variables of a process of this portal."""
        return {**os.environ, **self.instance.environment(), **NO_LIMIT}

    def pid(self, name: str) -> int:
        """Return the process of one of its children."""
        return int(self.instance.places.pid_of(name).read_text().split()[0])

    def imported(self, source: str, file: Path) -> tuple[int, float]:
        """Import a file by the command and return its rows and the seconds it took."""
        began = time.perf_counter()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "portal.cli", "import", source, str(file)),
                *("--language", "en", "--report", str(file.with_suffix(".refused.csv"))),
            ],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        took = time.perf_counter() - began
        rows = re.search(r"([\d,]+) rows read", done.stdout)
        return int(rows[1].replace(",", "")) if rows else 0, took

    def sampled(self) -> str:
        """Return where the time of a search goes."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.sampling"],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout or f"not sampled: {done.stderr.strip().splitlines()[-1:]}"


@contextmanager
def portal(var: Path) -> Iterator[Started]:
    """Start what `make run` starts, in ``var``; stop it all at the end."""
    supervisor = Supervisor(lambda line: print("   ", line, flush=True))
    os.environ.update(NO_LIMIT)
    began = time.monotonic()
    try:
        instance = bring_up(var, supervisor)
        prepare_data(instance, Notes(instance))
        for child in instance.portal():
            supervisor.start([child])
        yield Started(instance, supervisor, time.monotonic() - began)
    finally:
        supervisor.stop()


@contextmanager
def served(name: str, command: list[str], port: int, started: Started, size: int) -> Iterator[str]:
    """Run a peer's server on the portal's database and give its address."""
    places = started.instance.places
    child = Child(
        name=name,
        command=[sys.executable, "-m", *command],
        log=places.log_of(name),
        pid_file=places.pid_of(name),
        environment={
            **started.environment(),
            "BENCH_DATABASE_URL": started.instance.postgres.url(),
            "BENCH_HTML_BYTES": str(size),
            "PYTHONPATH": str(ROOT),
        },
    )
    child.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        child.stop()


def memory_mb(pid: int) -> float:
    """Return the memory of a process and its children in MB; what they share counts once."""
    total = 0.0
    for one in family(pid):
        with suppress(OSError):
            found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text())
            total += int(found[1]) / 1024 if found else 0
    return total


def processor_s(pid: int) -> float:
    """Return the processor time a process and its children used so far, in seconds."""
    total = 0.0
    for one in family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            # With that of children that ended: PostgreSQL has a process for each connection.
            total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def own_children_s() -> float:
    """Return the processor time of the commands this process ran to their end, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def family(pid: int) -> list[int]:
    """Return a process and everything below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        with suppress(OSError):
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
            waiting += map(int, children)
            found.append(one)
    return found
