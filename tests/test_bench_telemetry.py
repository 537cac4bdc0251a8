"""What the benchmark of telemetry publishes is what devices publish."""

import os
import socket
import threading

import pytest

from bench.telemetry import plain, plain_script, posting, processor, publishing, surroundings
from bench.telemetry.__main__ import MESSAGES, TARGETS
from telemetry_ingest.states import Topic
from telemetry_ingest.wire import decode


@pytest.mark.parametrize("per_message", MESSAGES)
def test_messages_are_readable_and_no_reading_comes_twice(per_message):
    made = [
        decode(Topic.READINGS, one) for one in publishing.bodies(per_message, 5, 7, 1_772_350_000)
    ]

    keys = {(code, at) for one in made for at, code, _value in one.readings}
    assert (len(keys), [one.boot for one in made]) == (5 * per_message, [7] * 5)
    assert [one.seq for one in made] == [place * per_message for place in range(5)]


def test_the_parts_are_there():
    assert set(TARGETS) < set(MESSAGES)
    assert surroundings.DEVICES >= posting.AT_ONCE
    assert callable(plain.beside_mosquitto)
    assert callable(plain_script.main)


def test_the_processor_time_of_this_process_is_counted():
    meter = processor.Meter({"this": os.getpid()})
    while processor.seconds(os.getpid()) < meter._before["this"] + 0.05:
        sum(range(10_000))

    assert 40_000 < meter.each_us(1)["this"] < 5_000_000
    assert meter.each_us(10)["this"] < meter.each_us(1)["this"]


def test_what_is_posted_is_one_request_after_another_and_counted_by_its_answer():
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _address = server.accept()
        with line:
            for duplicate in (b"false", b"true"):
                heard.append(line.recv(65_536))
                line.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2")
                line.sendall(b'5\r\n\r\n{"x":1,"duplicate":%b}' % duplicate.ljust(5))

    thread = threading.Thread(target=serve)
    thread.start()
    poster = posting.Poster("d" * 32, "t" * 43, [b"one", b"two"])
    posting.post([poster], server.getsockname()[1], 5)
    thread.join()
    server.close()

    assert [one.rpartition(b"\r\n\r\n")[2] for one in heard] == [b"one", b"two"]
    assert (poster.kept, poster.others, len(poster.took)) == (1, 1, 2)
