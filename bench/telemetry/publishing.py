"""Publishes prepared messages as fast as the broker takes them, or at a steady rate.

A process of its own:
`python -m bench.telemetry.publishing PORT FILE PER_MESSAGE MESSAGES BOOT RATE`.
FILE holds one `device.token` a line. It prints one line of JSON: seconds, messages, PUBACK times.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import msgspec

from telemetry_ingest.simulate.mqtt import connect_packet, publish_packet

WINDOW = 400  # messages of one connection that wait for their PUBACK
CODES = (150456, 149530)
encode = msgspec.msgpack.Encoder().encode


def bodies(per_message: int, count: int, boot: int, start_us: int) -> list[bytes]:
    made = []
    for number in range(count):
        first = number * per_message
        readings = [
            [start_us + (first + place) * 1000, CODES[(first + place) % 2], 97.0 - place % 7]
            for place in range(per_message)
        ]
        made.append(encode({"boot": boot, "seq": first, "sent": start_us, "readings": readings}))
    return made


class Sender(asyncio.Protocol):
    """One connection: no future a message, PUBACKs are counted and timed in order."""

    def __init__(self, device: str, token: str, contents: list[bytes]) -> None:
        self.hello = connect_packet(device, device, token)
        topic = f"pilots/{device}/readings"
        self.packets = [
            publish_packet(topic, content, place % 65_535 + 1)
            for place, content in enumerate(contents)
        ]
        self.sent = self.acked = 0
        self.took: list[float] = []
        self.times: list[float] = []
        self.window = WINDOW
        self.left = b""
        loop = asyncio.get_running_loop()
        self.ready, self.done = loop.create_future(), loop.create_future()

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.write(self.hello)

    def connection_lost(self, exc) -> None:
        for one in (self.ready, self.done):
            if not one.done():
                one.set_exception(ConnectionError("the broker closed the connection"))

    def data_received(self, data: bytes) -> None:
        data = self.left + data
        whole = len(data) // 4
        self.left = data[4 * whole :]
        if not self.ready.done():
            if data[3]:
                self.ready.set_exception(ConnectionError(f"refused: {data[3]}"))
                return
            self.ready.set_result(None)
            whole -= 1
        if not whole:
            return
        now = time.perf_counter()
        self.took += [now - one for one in self.times[self.acked : self.acked + whole]]
        self.acked += whole
        if self.acked == len(self.packets):
            self.done.set_result(None)
        elif self.window:
            self.more(self.acked + self.window)

    def more(self, until: int) -> None:
        until = min(until, len(self.packets))
        if until > self.sent:
            self.transport.write(b"".join(self.packets[self.sent : until]))
            self.times += [time.perf_counter()] * (until - self.sent)
            self.sent = until


async def steadily(senders: list[Sender], rate: float) -> None:
    began = time.perf_counter()
    while not all(one.sent == len(one.packets) for one in senders):
        await asyncio.sleep(0.002)
        due = (time.perf_counter() - began) * rate / len(senders)
        for place, one in enumerate(senders):
            one.more(int(due + place / len(senders)))


async def run(port: int, file: Path, per_message: int, count: int, boot: int, rate: float) -> None:
    loop = asyncio.get_running_loop()
    known = [line.split(".") for line in file.read_text().split()]
    start_us = time.time_ns() // 1000 - 3_600_000_000
    contents = bodies(per_message, count // len(known), boot, start_us)
    senders = [Sender(device, token, contents) for device, token in known]
    for one in senders:
        await loop.create_connection(lambda one=one: one, "127.0.0.1", port)
        await one.ready
        one.window = 0 if rate else WINDOW
    began_at, began, worked = time.time(), time.perf_counter(), time.process_time()
    if rate:
        await steadily(senders, rate)
    else:
        for one in senders:
            one.more(WINDOW)
    await asyncio.gather(*(one.done for one in senders))
    took = sorted(second for one in senders for second in one.took)
    print(json.dumps({
        "began_at": began_at, "seconds": time.perf_counter() - began, "messages": len(took),
        "publisher_us": 1e6 * (time.process_time() - worked) / len(took),
        "p50_ms": 1000 * took[len(took) // 2], "p99_ms": 1000 * took[int(len(took) * 0.99)],
    }))  # fmt: skip


def main() -> None:
    port, file, per_message, count, boot, rate = sys.argv[1:]
    asyncio.run(run(int(port), Path(file), int(per_message), int(count), int(boot), float(rate)))


if __name__ == "__main__":
    main()
