"""What simulated devices measure and when they send it, faults included. Pure, and repeatable.

The truth comes along: which (boot, seq) were measured, so that a test can say what must be stored.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from msgspec import Struct

from telemetry_ingest.states import Condition, Priority, Topic

Row = dict[str, float | None]
SECOND_US = 1_000_000
Said = tuple[int, Topic, dict[str, Any]]  # when, about what, what
FIRMWARE = "1.0-simulated"
SPO2, PULSE = "MDC_PULS_OXIM_SAT_O2", "MDC_PULS_OXIM_PULS_RATE"


class Faults(Struct, frozen=True, kw_only=True):
    """How often things go wrong; shares of messages, between 0 and 1.

    Attributes:
        lost: a message is never sent; its numbers are used up.
        duplicated: it is sent a second time.
        offline: the line breaks; what is said meanwhile comes as a burst over a new one.
        offline_messages: for how many messages.
        restarts: the device starts again: the next boot, numbers from 0.
        down: the device says that it is down, and measures nothing until it is up again.
        down_messages: for how many messages.
        alarms: an alarm begins; it ends after some messages.
        alarm_messages: after how many.
        failed: a reading fails and says so.
        jumps: the clock jumps by up to ``jump_s``, to and fro.
        drift_ppm: the clock runs fast by so many microseconds a second.
    """

    lost: float = 0.0
    duplicated: float = 0.0
    offline: float = 0.0
    offline_messages: int = 30
    restarts: float = 0.0
    down: float = 0.0
    down_messages: int = 5
    alarms: float = 0.0
    alarm_messages: int = 3
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
        metrics: names of those it sends; all that its source has, when there is none.
    """

    seed: str = "tajhiz"
    every_s: float = 1.0
    per_message: int = 10
    boot: int = 1
    metrics: frozenset[str] = frozenset()
    faults: Faults = Faults()


class Sent(Struct, frozen=True):
    """One message and when to send it; ``again`` marks a second copy."""

    due_us: int
    topic: Topic
    body: dict[str, Any]
    again: bool = False


class Break(Struct, frozen=True):
    """The line breaks at that moment."""

    due_us: int


class Lost(Struct, frozen=True):
    """A message that is never sent, so that the end may say how many there were."""

    due_us: int
    readings: int


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

    def __init__(self, plan: Plan, source: Iterator[Row], random: Random, start_us: int) -> None:
        self.plan = plan
        self.source = source
        self.random = random
        self.start_us = start_us
        self.boot = plan.boot - 1
        self.seqs: dict[Topic, int] = {}
        self.offset_us = 0
        self.down = self.alarmed = 0  # messages until it is up again, until the alarm ends
        self.every_us = round(plan.every_s * SECOND_US)

    def happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    def clock(self, true_us: int) -> int:
        drift = (true_us - self.start_us) * self.plan.faults.drift_ppm / 1_000_000
        return max(0, round(true_us + drift) + self.offset_us)

    def turn(self, now_us: int) -> Iterator[Said]:
        """Yield what it says in the time of one message."""
        faults = self.plan.faults
        if not self.seqs or self.happens(faults.restarts):
            yield from self._start(now_us)
        if self.happens(faults.jumps):
            jump = round(faults.jump_s * SECOND_US * self.random.uniform(-1, 1))
            self.offset_us = 0 if self.offset_us else jump
        yield from self._condition(now_us)
        if not self.down:
            yield from self._alarm(now_us)
            yield self._readings(now_us)

    def _start(self, now_us: int) -> Iterator[Said]:
        self.boot, self.seqs, self.down = self.boot + 1, dict.fromkeys(Topic, 0), 0
        yield self._status(now_us, Condition.UP)
        if self.alarmed:  # it knows of none any more
            self.alarmed = 0
            yield self._alarm_message(now_us, active=False)

    def _condition(self, now_us: int) -> Iterator[Said]:
        faults = self.plan.faults
        if self.down:
            self.down -= 1
            if not self.down:
                yield self._status(now_us, Condition.UP)
        elif self.happens(faults.down):
            self.down = faults.down_messages
            yield self._status(now_us, Condition.DOWN)

    def _alarm(self, now_us: int) -> Iterator[Said]:
        faults = self.plan.faults
        if self.alarmed:
            self.alarmed -= 1
            if not self.alarmed:
                yield self._alarm_message(now_us, active=False)
        elif self.happens(faults.alarms):
            self.alarmed = faults.alarm_messages
            yield self._alarm_message(now_us, active=True)

    def _status(self, now_us: int, state: Condition) -> Said:
        return self._said(Topic.STATUS, now_us, at=self.clock(now_us), state=state.value,
                          firmware=FIRMWARE)  # fmt: skip

    def _alarm_message(self, now_us: int, *, active: bool) -> Said:
        return self._said(Topic.ALARMS, now_us, at=self.clock(now_us), code=SPO2,
                          priority=Priority.MEDIUM.value, active=active)  # fmt: skip

    def _readings(self, now_us: int) -> Said:
        readings: list[list[Any]] = []
        for place in range(self.plan.per_message):
            at_us = self.clock(now_us + place * self.every_us)
            readings += [
                [at_us, metric, None if self.happens(self.plan.faults.failed) else value]
                for metric, value in next(self.source).items()
                if not self.plan.metrics or metric in self.plan.metrics
            ]
        sent_us = now_us + self.plan.per_message * self.every_us
        return self._said(Topic.READINGS, sent_us, readings=readings)

    def _said(self, topic: Topic, sent_us: int, **body: Any) -> Said:
        seq = self.seqs[topic]
        self.seqs[topic] += len(body["readings"]) if topic is Topic.READINGS else 1
        sent = {"v": 1, "boot": self.boot, "seq": seq, "sent": self.clock(sent_us)}
        return sent_us, topic, sent | body


def messages(
    plan: Plan, number: int, start_us: int, rows: Sequence[Row] = ()
) -> Iterator[Sent | Break | Lost]:
    """Yield what device ``number`` does for ever, in the order in which it does it."""
    # Not for secrets: a simulation that can be repeated.
    random = Random(f"{plan.seed}/{number}")  # noqa: S311
    source = replayed(rows, random.randrange(len(rows))) if rows else invented(random)
    device = _Device(plan, source, random, start_us)
    offline, held = 0, list[Said]()
    now_us = start_us
    while True:
        held += device.turn(now_us)
        now_us += device.every_us * plan.per_message
        if not offline and device.happens(plan.faults.offline):
            offline = plan.faults.offline_messages
            yield Break(now_us)
        broken, offline = offline > 0, max(0, offline - 1)
        if not offline:
            yield from _sent(device, held, now_us if broken else 0)
            held = []


def _sent(device: _Device, held: list[Said], since_us: int) -> Iterator[Sent | Lost]:
    for said_us, topic, body in held:
        due_us = max(said_us, since_us)
        if device.happens(device.plan.faults.lost):
            yield Lost(due_us, len(body.get("readings", ())))
            continue
        yield Sent(due_us, topic, body)
        if device.happens(device.plan.faults.duplicated):
            yield Sent(due_us, topic, body, again=True)
