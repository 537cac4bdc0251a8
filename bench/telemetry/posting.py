"""Posts prepared readings to the gateway.

`python -m bench.telemetry.posting PORT FILE SECONDS PER_MESSAGE BOOT`; every message is another
one, so that none is taken for a second copy.
"""

import asyncio
import sys
import time
from pathlib import Path

import msgspec

from bench.telemetry.publishing import bodies

AT_ONCE = 32


class Poster(asyncio.Protocol):
    """One connection that posts one message after another."""

    def __init__(self, device: str, token: str, contents: list[bytes]) -> None:
        head = (
            "POST /v1/readings HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/msgpack\r\n"
            f"authorization: Bearer {device}.{token}\r\ncontent-length: "
        )
        self.requests = [f"{head}{len(one)}\r\n\r\n".encode() + one for one in contents]
        self.turn, self.kept, self.others = 0, 0, 0
        self.took: list[float] = []
        self.left, self.stopping = b"", False
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(self.requests[self.turn % len(self.requests)])
        self.turn += 1

    def data_received(self, data: bytes) -> None:
        self.left += data
        head, end, body = self.left.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            return
        self.took.append(time.perf_counter() - self.began)
        kept = head.startswith(b"HTTP/1.1 202") and b'"duplicate":false' in body
        self.kept, self.others, self.left = self.kept + kept, self.others + (not kept), b""
        if self.stopping or self.turn >= len(self.requests):
            self.done.set_result(None)
        else:
            self.next()


async def run(port: int, file: Path, seconds: float, per_message: int, boot: int) -> None:
    loop = asyncio.get_running_loop()
    known = [line.split(".") for line in file.read_text().split()][:AT_ONCE]
    start_us = time.time_ns() // 1000 - 3_600_000_000
    contents = bodies(per_message, int(seconds * 12_000 / len(known)), boot, start_us)
    posters = [Poster(device, token, contents) for device, token in known]
    began = time.perf_counter()
    for one in posters:
        await loop.create_connection(lambda one=one: one, "127.0.0.1", port)
    loop.call_later(seconds, lambda: [setattr(one, "stopping", True) for one in posters])
    await asyncio.gather(*(one.done for one in posters))
    took = sorted(second for one in posters for second in one.took)
    print(msgspec.json.encode({
        "rate": len(took) / (time.perf_counter() - began),
        "kept": sum(one.kept for one in posters), "others": sum(one.others for one in posters),
        "p99_ms": 1000 * took[int(len(took) * 0.99)],
    }).decode())  # fmt: skip


if __name__ == "__main__":
    port, file, seconds, per_message, boot = sys.argv[1:]
    asyncio.run(run(int(port), Path(file), float(seconds), int(per_message), int(boot)))
