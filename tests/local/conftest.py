"""A launcher in a process of its own, with its data in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.local.places import outside, reachable
from portal.local.process import end_leftover, started_at

ROOT = Path(__file__).parent.parent.parent
# Two workers must not race for the port of a service that is being started again.
PORT_SHIFT = 10_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@dataclass
class Launcher:
    """One folder in which the launcher may run, as us or as another account."""

    var: Path
    user: int | None = None
    python: str = sys.executable
    runs: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> dict:
        """Start and return what it said when everything answered."""
        process = self.start_other(["-m", "tests.local.launcher", str(self.var)])
        line = process.stdout.readline()
        if not line.startswith("{"):
            raise AssertionError(line + process.stdout.read())
        return json.loads(line)

    def start_other(self, arguments: list[str]) -> subprocess.Popen[str]:
        """Start Python on other arguments, with ports of this worker's own."""
        process = subprocess.Popen(
            [self.python, *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TAJHIZ_PORT_SHIFT": str(PORT_SHIFT),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        self.runs.append(process)
        return process

    @property
    def process(self) -> subprocess.Popen[str]:
        """Return the launcher started last."""
        return self.runs[-1]


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    folder = Path(tempfile.mkdtemp(prefix="tajhiz-launcher-", dir="/tmp"))
    folder.chmod(0o755)
    launcher = Launcher(folder / "var")
    yield launcher
    for process in launcher.runs:
        process.kill()
        process.wait()
        process.stdout.close()
    for leftover in launcher.var.glob("run/*.pid"):
        end_leftover(leftover)
    shutil.rmtree(folder, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(outside(launcher.var / "postgres"), ignore_errors=True)


def running(pids: dict[str, int]) -> list[str]:
    """Return the names of the processes that still run."""
    return [name for name, pid in pids.items() if started_at(pid)]


def gone(pids: dict[str, int], within_s: float = 30) -> bool:
    """Say whether all the processes end in time."""
    deadline = time.monotonic() + within_s
    while running(pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return running(pids) == []


def children_of(pid: int) -> dict[str, int]:
    """Return the children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {f"child {child}": int(child) for child in found}


def python_for_everybody() -> str | None:
    """Return a Python of our version that every account may run, if there is one."""
    minor = f"python3.{sys.version_info.minor}"
    candidates = (sys.executable, f"/usr/bin/{minor}", f"/usr/local/bin/{minor}")
    found = (Path(path) for path in candidates if Path(path).exists())
    return next((str(path) for path in found if reachable(path.resolve())), None)
