"""kill -9 of every part in turn while devices send; then every acknowledged reading is counted.

The portal's own launcher starts a private PostgreSQL, Valkey, NATS, gateway and ingest process.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import nats

from portal.local.instance import Instance, set_up
from portal.local.places import Places, any_port
from portal.local.postgres import Postgres
from portal.local.process import Child
from telemetry_ingest.broker import streams
from telemetry_ingest.wire.subjects import STREAM
from tests import services
from tests.telemetry_ingest.chaos.publishing import READINGS, Device, OnHttps, OnMqtt, OnMqtt5

VICTIMS = ("nats", "postgres", "ingest", "gateway")
HOME_S = 90


@dataclass
class Outcome:
    """What a campaign found; ``lost`` and ``twice`` have to be nought."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    twice: int = 0
    sends: int = 0
    seconds: float = 0.0
    ledger_agrees: bool = False

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {many}" for name, many in sorted(self.kills.items()))
        return (
            f"kill -9: {self.kills.total()} ({kills})\n"
            f"acknowledged readings: {self.acknowledged}; stored: {self.stored}; "
            f"sent messages: {self.sends} in {self.seconds:.0f} s\n"
            f"lost: {self.lost}\nduplicated: {self.twice}\n"
            f"ledger agrees with the readings: {'yes' if self.ledger_agrees else 'NO'}"
        )


def campaign(kills: int, *, devices: int = 4, say: Callable[[str], None] = print) -> Outcome:
    """Kill so many times, spread over all parts, and count."""
    begun = time.monotonic()
    outcome = Outcome()
    with private() as (instance, children):
        senders = planted(instance, devices)
        for one in senders:
            one.start()
        wait_for(lambda: all(one.acknowledged for one in senders), 60, f"not let in: {senders}")
        for number in range(kills):
            victim = VICTIMS[number % len(VICTIMS)]
            kill(children[victim])
            outcome.kills[victim] += 1
            say(f"{number + 1}/{kills} {victim}")
            time.sleep(random.uniform(0.5, 1.5))
        for one in senders:
            one.stopping.set()
        for one in senders:
            one.join(20)
        outcome.sends = sum(one.sends for one in senders)
        asyncio.run(count(instance, senders, outcome))
    outcome.seconds = time.monotonic() - begun
    return outcome


def kill(child: Child) -> None:
    """End a process and its children with SIGKILL, and start it again after a moment."""
    child.end_now()
    time.sleep(random.uniform(0.1, 0.6))
    child.finish(0)
    for attempt in range(child.tries + 2):
        try:
            child.start()
            child.wait_ready()
        except Exception:
            if attempt > child.tries:
                raise
            child.finish(0)
            time.sleep(0.5)
        else:
            return


@contextmanager
def private() -> Iterator[tuple[Instance, dict[str, Child]]]:
    """Start a portal of our own, without web and worker; stop it and remove its data."""
    folder = Path(tempfile.mkdtemp(prefix="tajhiz-chaos-", dir="/tmp"))
    folder.chmod(0o711)  # the account of PostgreSQL has to pass through
    children: dict[str, Child] = {}
    try:
        places = Places(folder)
        places.make()
        services._lay_template(Postgres(places, any_port()))
        os.environ["TAJHIZ_PORT_SHIFT"] = str(random.randint(20, 40) * 1000)
        instance = set_up(folder)
        every = [*instance.services(), *instance.portal()]
        children = {one.name: one for one in every if one.name not in {"web", "worker", "mail"}}
        for one in children.values():
            one.start()
            one.wait_ready()
        yield instance, children
    except BaseException:
        for one in children.values():  # the folder will be gone
            print(f"--- {one.name}\n{one.log.read_text(errors='replace')[-3000:]}")
        raise
    finally:
        os.environ.pop("TAJHIZ_PORT_SHIFT", None)
        for one in reversed(children.values()):
            one.stop(5)
        shutil.rmtree(folder, ignore_errors=True)


def planted(instance: Instance, devices: int) -> list[Device]:
    """Return devices with tokens; every fourth sends over HTTPS, and one beside it over MQTT 5."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.telemetry_ingest.chaos.planting", str(devices)],
        env={**os.environ, **instance.environment()},
        cwd=services.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: list[Device] = []
    for place, one in enumerate(json.loads(said[said.index("[") :])):
        kind, port = (
            (OnMqtt, instance.nats.mqtt_port), (OnMqtt, instance.nats.mqtt_port),
            (OnMqtt5, instance.mqtt5_port), (OnHttps, instance.gateway_port),
        )[place % 4]  # fmt: skip
        found.append(kind(**one, port=port))
    return found


def wait_for(condition: Callable[[], bool], patience_s: float, trouble: str) -> None:
    """Wait until something holds."""
    until = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(trouble)
        time.sleep(0.05)


async def count(instance: Instance, senders: list[Device], outcome: Outcome) -> None:
    """Wait until nothing is on its way, then compare what was acknowledged with what is stored."""
    await all_home(instance)
    connection = await asyncpg.connect(instance.postgres.url())
    try:
        stored = {
            (row["device"], row["seq"]): row["times"]
            for row in await connection.fetch(
                "SELECT device, seq, count(*) AS times FROM reading GROUP BY device, seq"
            )
        }
        ledger = await connection.fetchval(
            "SELECT sum(upper(one) - lower(one)) FROM device_ledger, unnest(stored) AS one"
        )
    finally:
        await connection.close()
    told = {
        (one.number, first + place)
        for one in senders
        for first in one.acknowledged
        for place in range(READINGS)
    }
    outcome.acknowledged = len(told)
    outcome.stored = sum(stored.values())
    outcome.lost = len(told - stored.keys())
    outcome.twice = sum(times - 1 for times in stored.values())
    outcome.ledger_agrees = int(ledger or 0) == len(stored)


async def all_home(instance: Instance) -> None:
    """Wait until the consumer has nothing left, delivered or not."""
    nc = await nats.connect(instance.nats.url)
    try:
        async with asyncio.timeout(HOME_S):
            quiet = 0
            while quiet < 3:
                found = await nc.jetstream().consumer_info(STREAM, streams.CONSUMER)
                quiet = 0 if found.num_pending or found.num_ack_pending else quiet + 1
                await asyncio.sleep(0.2)
    finally:
        await nc.close()
