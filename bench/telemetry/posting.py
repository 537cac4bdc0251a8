"""Posts prepared readings to the gateway.

`python -m bench.telemetry.posting PORT FILE SECONDS PER_MESSAGE BOOT`; every message is another
one, so that none is taken for a second copy. Requests are made before the clock starts and go over
plain sockets: what is measured on the same cores should not be the client.
"""

import select
import socket
import sys
import time
from pathlib import Path

import msgspec

from bench.telemetry.publishing import bodies

AT_ONCE = 32


class Poster:
    """One connection that posts one message after another."""

    def __init__(self, device: str, token: str, contents: list[bytes]) -> None:
        head = (
            "POST /v1/readings HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/msgpack\r\n"
            f"authorization: Bearer {device}.{token}\r\ncontent-length: "
        )
        self.requests = [f"{head}{len(one)}\r\n\r\n".encode() + one for one in contents]
        self.turn = self.kept = self.others = 0
        self.took: list[float] = []
        self.left = b""

    def connect(self, port: int) -> int:
        """Open the connection and return its descriptor."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket.fileno()

    def next(self) -> None:
        """Post the next message."""
        self.began = time.perf_counter()
        self.socket.sendall(self.requests[self.turn])
        self.turn += 1

    def hear(self) -> bool:
        """Take what came; say whether the answer is whole."""
        self.left += self.socket.recv(65_536)
        head, end, body = self.left.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            return False
        self.took.append(time.perf_counter() - self.began)
        kept = head.startswith(b"HTTP/1.1 202") and b'"duplicate":false' in body
        self.kept, self.others, self.left = self.kept + kept, self.others + (not kept), b""
        return True


def post(posters: list[Poster], port: int, seconds: float) -> None:
    """Let all of them post for so long, each one message at a time."""
    ready = select.epoll()
    by_number = {one.connect(port): one for one in posters}
    for number, one in by_number.items():
        ready.register(number, select.EPOLLIN)
        one.next()
    until = time.perf_counter() + seconds
    while by_number:
        for number, _event in ready.poll():
            one = by_number[number]
            if not one.hear():
                continue
            if time.perf_counter() < until and one.turn < len(one.requests):
                one.next()
            else:
                ready.unregister(number)
                by_number.pop(number).socket.close()
    ready.close()


def run(port: int, file: Path, seconds: float, per_message: int, boot: int) -> None:
    """Post, and print one line of JSON."""
    known = [line.split(".") for line in file.read_text().split()][:AT_ONCE]
    start_us = time.time_ns() // 1000 - 3_600_000_000
    contents = bodies(per_message, int(seconds * 12_000 / len(known)), boot, start_us)
    posters = [Poster(device, token, contents) for device, token in known]
    began, worked = time.perf_counter(), time.process_time()
    post(posters, port, seconds)
    took = sorted(second for one in posters for second in one.took)
    print(msgspec.json.encode({
        "rate": len(took) / (time.perf_counter() - began),
        "kept": sum(one.kept for one in posters), "others": sum(one.others for one in posters),
        "p50_ms": 1000 * took[len(took) // 2], "p99_ms": 1000 * took[int(len(took) * 0.99)],
        "client_us": 1e6 * (time.process_time() - worked) / len(took),
    }).decode())  # fmt: skip


if __name__ == "__main__":
    port, file, seconds, per_message, boot = sys.argv[1:]
    run(int(port), Path(file), float(seconds), int(per_message), int(boot))
