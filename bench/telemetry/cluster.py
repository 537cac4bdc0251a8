"""`make cluster-test`: three NATS servers, killed in turn while devices publish.

Each message has to be in the stream exactly if it was acknowledged: acknowledged and missing is a
loss, and the exit status says so. Duplicates are the resends of messages whose acknowledgement was
lost; the tables of readings take them once.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nats

from bench.telemetry.mqtt import Sender
from portal.local.answering import answers
from portal.local.nats import binary
from portal.local.places import any_port
from portal.local.process import Child, LocalTrouble
from telemetry_ingest.broker import streams
from telemetry_ingest.broker.pull import Puller
from telemetry_ingest.wire.subjects import STREAM

SETTINGS = """\
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitor}"
server_name: "{name}"
jetstream {{ store_dir: "{folder}", sync_interval: "{sync}" }}
mqtt {{ listen: "127.0.0.1:{mqtt}", max_ack_pending: 65535, stream_replicas: 3 }}
cluster {{ name: "tajhiz", listen: "127.0.0.1:{route}", routes: [ {routes} ] }}
accounts {{
  PILOTS {{ jetstream: enabled, users: [ {{ user: "test", password: "test" }} ] }}
  SYSTEM {{ users: [ {{ user: "system", password: "system" }} ] }}
}}
system_account: SYSTEM
"""


# What a server says, last, when somebody was quicker with one of its ports.
PORT_TAKEN = "address already in use"
# Between two kills: devices of the killed server find another one and go on.
CALM_S = 4.0


@dataclass(frozen=True)
class Node:
    """One of the servers."""

    name: str
    port: int
    mqtt: int
    monitor: int
    route: int

    @property
    def url(self) -> str:
        """Return the address for our own processes."""
        return f"nats://test:test@127.0.0.1:{self.port}"

    def caught_up(self) -> bool:
        """Say whether the server answers and has everything the others have."""
        return answers(self.monitor, patience_s=1)


@dataclass(frozen=True)
class Result:
    """What a run found."""

    kills: int
    sent: int
    acknowledged: int
    stored: int
    lost: int
    duplicates: int
    seconds: float
    connections: int

    def __str__(self) -> str:
        """Return one line for people."""
        return (
            f"{self.kills} kills in {self.seconds:.0f} s: {self.sent} sent, "
            f"{self.acknowledged} acknowledged, {self.stored} stored, {self.lost} lost, "
            f"{self.duplicates} twice ({self.connections} connections)"
        )


@contextmanager
def cluster(folder: Path, sync: str) -> Iterator[dict[Node, Child]]:
    """Run three servers that know each other."""
    try:
        children = _started(folder / "first", sync)
    except LocalTrouble as trouble:
        if PORT_TAKEN not in str(trouble):
            raise
        children = _started(folder / "second", sync)
    try:
        yield children
    finally:
        _end(children.values())


def _started(folder: Path, sync: str) -> dict[Node, Child]:
    """Start three servers on free ports and wait for all of them, or for the first that ended."""
    children = _laid(folder, sync)
    try:
        for child in children.values():
            child.start()
        for child in children.values():
            child.wait_ready(needs=children.values())
    except BaseException:
        _end(children.values())
        raise
    return children


def _laid(folder: Path, sync: str) -> dict[Node, Child]:
    """Write the settings of three servers."""
    folder.mkdir()
    nodes = [Node(f"n{n}", *(any_port() for _ in range(4))) for n in (1, 2, 3)]
    routes = ", ".join(f'"nats://127.0.0.1:{node.route}"' for node in nodes)
    children = {}
    for node in nodes:
        file = folder / f"{node.name}.conf"
        file.write_text(
            SETTINGS.format(**vars(node), folder=folder / node.name, routes=routes, sync=sync)
        )
        children[node] = Child(
            name=node.name,
            command=[str(binary()), "-c", str(file)],
            log=folder / f"{node.name}.log",
            pid_file=folder / f"{node.name}.pid",
            healthy=node.caught_up,
            patience_s=60,
        )
    return children


def _end(children: Collection[Child]) -> None:
    for child in children:
        child.end_now()
        child.finish(grace_s=1)


async def prepare(nodes: list[Node], replicas: int = 3) -> None:
    """Make the stream with its copies, once the servers have chosen who leads."""
    for attempt in range(60):
        nc = await nats.connect(nodes[0].url)
        try:
            await streams.prepare(nc, most_bytes=4 << 30, replicas=replicas)
        except nats.errors.Error:
            if attempt == 59:
                raise
            await asyncio.sleep(0.5)
        else:
            return
        finally:
            await nc.close()


async def campaign(children: dict[Node, Child], *, kills: int, senders: int, rate: int) -> Result:
    """Publish, kill one server after the other, and count."""
    nodes = list(children)
    await prepare(nodes)
    mqtt = [node.mqtt for node in nodes]
    devices = [
        Sender(f"{n:032x}", mqtt[n % 3 :] + mqtt[: n % 3], "test", "test") for n in range(senders)
    ]
    stop, began = asyncio.Event(), time.monotonic()
    tasks = [asyncio.create_task(one.send(stop, pause_s=senders / rate)) for one in devices]
    await flowing(devices)
    await asyncio.sleep(2)
    for number in range(kills):
        child = children[nodes[number % 3]]
        child.end_now()
        child.finish(grace_s=1)
        await asyncio.sleep(2)
        child.start()  # here, in the main thread; waiting may be done elsewhere
        await asyncio.to_thread(child.wait_ready)
        await flowing(devices)
        await asyncio.sleep(CALM_S)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    seconds = time.monotonic() - began
    contents = await everything(nodes[0])
    acknowledged = {f"{one.name} {number}" for one in devices for number in one.acknowledged}
    return Result(
        kills=kills,
        sent=sum(one.sent for one in devices),
        acknowledged=len(acknowledged),
        stored=len(set(contents)),
        lost=len(acknowledged - set(contents)),
        duplicates=len(contents) - len(set(contents)),
        seconds=seconds,
        connections=sum(one.connections for one in devices),
    )


async def flowing(devices: list[Sender], more: int = 20) -> None:
    """Wait until every device has so many more messages acknowledged."""
    goals = [len(one.acknowledged) + more for one in devices]
    async with asyncio.timeout(120):
        for one, goal in zip(devices, goals, strict=True):
            while len(one.acknowledged) < goal:  # noqa: ASYNC110 — a sender only counts
                await asyncio.sleep(0.05)


async def everything(node: Node) -> list[str]:
    """Return what the stream holds, as our own consumer reads it."""
    puller = Puller(node.url, STREAM, streams.CONSUMER)
    found: dict[int, str] = {}  # by number in the stream: some may be delivered twice
    empty = 0
    while empty < 3:
        some = await puller.fetch(5_000, 1)
        empty = 0 if some else empty + 1
        found |= {one.sequence: one.content.decode() for one in some}
        await puller.ack([one.reply for one in some])
    await puller.close()
    return [*found.values()]


def main() -> int:
    """Run a campaign, print what it found, and return 1 when something acknowledged is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.telemetry.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--senders", type=int, default=12)
    parser.add_argument("--rate", type=int, default=1_500, help="messages each second, of all")
    parser.add_argument("--sync", default="always", help="sync_interval of JetStream")
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tajhiz-cluster-") as folder,
        cluster(Path(folder), wanted.sync) as children,
    ):
        result = asyncio.run(
            campaign(children, kills=wanted.kills, senders=wanted.senders, rate=wanted.rate)
        )
    print(f"3 servers, 3 copies, sync_interval {wanted.sync}: {result}")
    return 1 if result.lost or result.acknowledged < result.sent else 0


if __name__ == "__main__":
    sys.exit(main())
