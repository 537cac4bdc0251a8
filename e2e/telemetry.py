"""Devices that send to the portal of the stories: who lets them in, stores and takes HTTPS."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from e2e.portal import ARTEFACTS, ROOT
from e2e.running import TAJHIZ
from portal.local.instance import answers
from portal.local.places import any_port
from telemetry_ingest.simulate.scenario import PULSE, SPO2
from tests.services import Services, _Session, services
from tests.telemetry_ingest.chaos.publishing import READINGS, OnHttps, OnMqtt


@dataclass(frozen=True)
class Telemetry:
    """Where devices of the stories send to.

    Attributes:
        database: of the portal that the stories visit.
        running: « ingest » and « gateway ».
    """

    mine: Services
    database: str
    gateway_port: int
    running: dict[str, subprocess.Popen[bytes]]

    def kill_broker(self) -> None:
        """End the broker with SIGKILL; nobody is told."""
        broker = _Session.broker
        assert broker is not None
        broker.end_now()
        broker.finish(0)

    def start_broker(self) -> None:
        """Start it again, as the launcher or a service manager does."""
        broker = _Session.broker
        assert broker is not None
        broker.start()
        broker.wait_ready()

    def kill_ingest(self) -> None:
        """End what stores with SIGKILL; nobody is told."""
        self.running["ingest"].kill()
        self.running["ingest"].wait(timeout=20)

    def start_ingest(self) -> None:
        """Start it again."""
        self.running["ingest"] = start(self.mine, "ingest")


def environment(mine: Services) -> dict[str, str]:
    """Return the variables of a process that works on the database of the stories."""
    database = mine.running.postgres.url(f"e2e_{mine.worker}")
    return {**os.environ, **mine.environment(), "TAJHIZ_DATABASE_URL": database}


def start(mine: Services, *command: str) -> subprocess.Popen[bytes]:
    """Start a process on the database of the stories; what it says goes to the artefacts."""
    with (ARTEFACTS / f"telemetry-{mine.worker}.log").open("a") as log:
        return subprocess.Popen(
            [*TAJHIZ, *command], cwd=ROOT, env=environment(mine), stdout=log, stderr=log
        )


@contextmanager
def receiving() -> Iterator[Telemetry]:
    """Run « tajhiz ingest » and « tajhiz gateway » while a story needs them."""
    mine, port = services(), any_port()
    running = {
        "ingest": start(mine, "ingest"),
        "gateway": start(mine, "gateway", "--port", str(port)),
    }
    try:
        wait_until(
            lambda: answers(port) or any(one.poll() is not None for one in running.values()),
            "The gateway does not answer",
        )
        assert {one.poll() for one in running.values()} == {None}, f"one ended; see {ARTEFACTS}"
        yield Telemetry(mine, environment(mine)["TAJHIZ_DATABASE_URL"], port, running)
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(timeout=60)


def wait_until(true: Callable[[], bool], trouble: str, within_s: float = 60) -> None:
    """Wait until ``true()``.

    Raises:
        TimeoutError: it never was.
    """
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{trouble}; see {ARTEFACTS}.")
        time.sleep(0.1)


@dataclass(eq=False)
class Replaying:
    """Sends a recording: five measurements of saturation and pulse in a message."""

    rows: Sequence[dict[str, float | None]] = ()
    boot: int = 1

    def message(self, seq: int) -> bytes:
        """Return the next ten readings."""
        now = time.time_ns() // 1000
        first, many = seq // 2, len(self.rows)
        readings = [
            (
                now - (4 - place) * 100_000,
                metric,
                self.rows[(first + place) % many][metric],
            )
            for place in range(READINGS // 2)
            for metric in (SPO2, PULSE)
        ]
        body = {"boot": self.boot, "seq": seq, "sent": now, "readings": readings}
        return msgspec.msgpack.encode(body)


@dataclass(eq=False)
class Wired(Replaying, OnMqtt):
    """An oximeter on MQTT."""


@dataclass(eq=False)
class Posting(Replaying, OnHttps):
    """An oximeter that posts."""
