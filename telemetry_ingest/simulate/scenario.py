"""What simulated devices measure and when they send it, faults included. Pure, and repeatable.

The truth comes along: which (boot, seq) were measured, so that a test can say what must be stored.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from msgspec import Struct

Row = dict[str, float | None]
SECOND_US = 1_000_000
SPO2, PULSE = "MDC_PULS_OXIM_SAT_O2", "MDC_PULS_OXIM_PULS_RATE"


class Faults(Struct, frozen=True, kw_only=True):
    """How often things go wrong; shares of messages, between 0 and 1.

    Attributes:
        lost: a message is never sent; its numbers are used up.
        duplicated: it is sent a second time.
        offline: the line goes down; what is measured meanwhile comes as a burst.
        offline_messages: for how many messages.
        restarts: the device starts again: the next boot, numbers from 0.
        failed: a reading fails and says so.
        jumps: the clock jumps by up to ``jump_s``, to and fro.
        drift_ppm: the clock runs fast by so many microseconds a second.
    """

    lost: float = 0.0
    duplicated: float = 0.0
    offline: float = 0.0
    offline_messages: int = 30
    restarts: float = 0.0
    failed: float = 0.0
    jumps: float = 0.0
    jump_s: float = 3600.0
    drift_ppm: float = 0.0


class Plan(Struct, frozen=True, kw_only=True):
    """What every device does.

    Attributes:
        every_s: time between two measurements; each gives one reading of every metric.
        per_message: measurements in one message.
        boot: number of the first start.
    """

    seed: str = "tajhiz"
    every_s: float = 1.0
    per_message: int = 10
    boot: int = 1
    faults: Faults = Faults()


class Sent(Struct, frozen=True):
    """One message and when to send it; ``again`` marks a second copy."""

    due_us: int
    body: dict[str, Any]
    again: bool = False


def invented(random: Random) -> Iterator[Row]:
    """Yield a plausible patient for ever: two values that wander and return."""
    spo2, pulse = random.uniform(95, 99), random.uniform(60, 95)
    while True:
        spo2 += (97 - spo2) * 0.02 + random.gauss(0, 0.15)
        pulse += (75 - pulse) * 0.02 + random.gauss(0, 0.8)
        yield {SPO2: round(min(spo2, 100.0), 1), PULSE: round(max(pulse, 30.0), 1)}


def replayed(rows: Sequence[Row], start: int) -> Iterator[Row]:
    """Yield a recording for ever, from one of its lines on."""
    place = start
    while True:
        yield rows[place % len(rows)]
        place += 1


class _Device:
    """One device while it measures."""

    def __init__(self, plan: Plan, source: Iterator[Row], random: Random) -> None:
        self.plan = plan
        self.source = source
        self.random = random
        self.boot = plan.boot
        self.seq = 0
        self.offset_us = 0

    def happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    def clock(self, true_us: int, since_us: int) -> int:
        drift = since_us * self.plan.faults.drift_ppm / 1_000_000
        return max(0, round(true_us + drift) + self.offset_us)

    def step(self) -> None:
        """Let the clock jump or the device start again, before the next message."""
        faults = self.plan.faults
        if self.happens(faults.restarts):
            self.boot, self.seq = self.boot + 1, 0
        if self.happens(faults.jumps):
            jump = round(faults.jump_s * SECOND_US * self.random.uniform(-1, 1))
            self.offset_us = 0 if self.offset_us else jump

    def measure(self, at_us: int) -> list[list[Any]]:
        values = next(self.source)
        return [
            [at_us, metric, None if self.happens(self.plan.faults.failed) else value]
            for metric, value in values.items()
        ]


def messages(plan: Plan, number: int, start_us: int, rows: Sequence[Row] = ()) -> Iterator[Sent]:
    """Yield the messages of device ``number`` for ever, in the order in which they are sent."""
    # Not for secrets: a simulation that can be repeated.
    random = Random(f"{plan.seed}/{number}")  # noqa: S311
    source = replayed(rows, random.randrange(len(rows))) if rows else invented(random)
    device = _Device(plan, source, random)
    offline, held = 0, list[dict[str, Any]]()
    every_us = round(plan.every_s * SECOND_US)
    now_us = start_us
    while True:
        device.step()
        body = _message(device, now_us, start_us, every_us)
        now_us += every_us * plan.per_message
        held.append(body)
        if not offline and device.happens(plan.faults.offline):
            offline = plan.faults.offline_messages
        offline = max(0, offline - 1)
        if offline:
            continue
        yield from _sent(device, held, now_us)
        held = []


def _message(device: _Device, now_us: int, start_us: int, every_us: int) -> dict[str, Any]:
    readings: list[list[Any]] = []
    for place in range(device.plan.per_message):
        true_us = now_us + place * every_us
        readings += device.measure(device.clock(true_us, true_us - start_us))
    sent_us = now_us + device.plan.per_message * every_us
    body = {
        "v": 1,
        "boot": device.boot,
        "seq": device.seq,
        "sent": device.clock(sent_us, sent_us - start_us),
        "readings": readings,
    }
    device.seq += len(readings)
    return body


def _sent(device: _Device, held: list[dict[str, Any]], due_us: int) -> Iterator[Sent]:
    for body in held:
        if device.happens(device.plan.faults.lost):
            continue
        yield Sent(due_us, body)
        if device.happens(device.plan.faults.duplicated):
            yield Sent(due_us, body, again=True)
