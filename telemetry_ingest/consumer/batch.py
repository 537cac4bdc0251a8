"""Everything one transaction writes, gathered from many messages. Pure.

Readings become rows of PostgreSQL's binary COPY at once, so that nothing else of them is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence, Set
from itertools import repeat
from operator import le
from struct import Struct as Layout
from uuid import UUID

from msgspec import Struct, field

from telemetry_ingest.consumer.checking import Checked, Known
from telemetry_ingest.consumer.ledger import Range, range_of
from telemetry_ingest.states import Refusal, Topic

# One row: six fields, each behind its length: device, metric, at, boot, seq, value.
START = Layout(">hiii")
MIDDLE = Layout(">ii")
ROW = Layout(">14sii q8s iqid".replace(" ", ""))
NULL = Layout(">14sii q8s iqi".replace(" ", ""))
HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
POSTGRES_EPOCH_US = 946_684_800_000_000
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
MINUTE_US = 60_000_000
MOST_LIVE = 200

Key = tuple[int, int, int]  # device, topic, boot
Item = tuple[int, int, int, int, int]  # device, topic, boot, seq, at: one row
Columns = tuple[Sequence[int], Sequence[int], Sequence[float | None]]  # at, code, value
Refused = tuple[int, int, Refusal, str]  # device, day, reason, field
Last = tuple[int, int, int, float | None, int]  # at, boot, seq, value, received


class Held(Struct, gc=False):
    """A message, or the refused part of one, for the quarantine.

    ``counted`` is how many refusals of which kind it stands for; ``content`` stays out when the
    message is not of our shape: it could say anything about anybody.
    """

    device: int
    device_id: UUID | None
    subject: str
    reason: Refusal
    name: str
    digest: str
    content: bytes | None
    received_us: int
    counted: dict[Refusal, int]


class Ledger(Struct, gc=False):
    """What a batch adds to the ledger of one start of a device."""

    first_us: int
    last_us: int
    received_us: int
    ranges: list[Range] = field(default_factory=list)


class Noted(Struct, frozen=True, gc=False):
    """What is kept of a message once its readings are rows."""

    begins: Item
    received_us: int
    sent_us: int


class Batch(Struct):
    """Rows by table; ``tails`` are the last readings of each device, for whoever watches."""

    rows: list[bytes] = field(default_factory=list)
    readings: int = 0
    noted: list[Noted] = field(default_factory=list)
    said: list[Checked] = field(default_factory=list)
    tails: dict[int, list[Columns]] = field(default_factory=dict)
    devices: dict[int, Known] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    ledger: dict[Key, Ledger] = field(default_factory=dict)
    last: dict[tuple[int, int], Last] = field(default_factory=dict)
    hours: set[tuple[int, int]] = field(default_factory=set)

    @property
    def days(self) -> set[int]:
        """Return the days since 1970 that something belongs to."""
        return {hour // 24 for _device, hour in self.hours}

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to write."""
        return not (self.noted or self.held)

    def content(self) -> bytes:
        """Return the readings as PostgreSQL reads them."""
        return b"".join((HEAD, *self.rows, TAIL))

    def add(self, one: Checked) -> None:
        """Take in what is stored of one message."""
        if not one.seqs:
            return
        number = one.device.number
        self.devices[number] = one.device
        begins = (number, one.topic.value, one.boot, one.seqs[0], one.ats[0])
        self.noted.append(Noted(begins, one.received_us, one.sent_us))
        self._note(one)
        if one.said is not None:
            self.said.append(one)
        else:
            self.rows.append(packed(one))
            self.readings += len(one.codes)
            self._last(one)
            self.tails.setdefault(number, []).append((one.ats, one.codes, one.values))
        if one.topic is not Topic.ALARMS:
            self._hours(one)

    def _note(self, one: Checked) -> None:
        key = (one.device.number, one.topic.value, one.boot)
        first, last = one.first_us, one.last_us
        found = self.ledger.get(key)
        if found is None:
            found = self.ledger[key] = Ledger(first, last, one.received_us)
        elif first < found.first_us:
            found.first_us = first
        if last > found.last_us:
            found.last_us = last
        if one.received_us > found.received_us:
            found.received_us = one.received_us
        found.ranges += range_of(one.seqs)

    def _hours(self, one: Checked) -> None:
        number = one.device.number
        first, last = one.first_us // HOUR_US, one.last_us // HOUR_US
        if first == last:
            self.hours.add((number, first))
        else:
            self.hours.update((number, at // HOUR_US) for at in one.ats)

    def _last(self, one: Checked) -> None:
        number = one.device.number
        for place in _latest(one).values():
            new = (one.ats[place], one.boot, one.seqs[place])
            key = (number, one.codes[place])
            if key not in self.last or new > self.last[key][:3]:
                self.last[key] = (*new, one.values[place], one.received_us)

    def items(self, topic: Topic) -> set[Item]:
        """Return what the messages of a topic begin with."""
        return {one.begins for one in self.noted if one.begins[1] == topic.value}

    def clock(self, new: Set[Item]) -> dict[tuple[int, int], tuple[int, int]]:
        """Return (device, minute) → smallest offset, messages, of those that begin with news."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        left = set(new)
        for one in self.noted:
            if one.begins not in left:
                continue
            left.remove(one.begins)  # the same message twice in one batch is one
            offset = one.received_us - one.sent_us
            key = (one.begins[0], one.received_us // MINUTE_US)
            least, count = found.get(key, (offset, 0))
            found[key] = (min(offset, least), count + 1)
        return found

    def refusals(self, new: Collection[Held]) -> dict[Refused, int]:
        """Return how often what is refused, of the messages in ``new``."""
        found: Counter[Refused] = Counter()
        for held in new:
            day = held.received_us // DAY_US
            for reason, times in held.counted.items():
                found[held.device, day, reason, held.name] += times
        return found


def packed(one: Checked) -> bytes:
    """Return the readings of one message as rows of a binary COPY."""
    start = START.pack(6, 4, one.device.number, 4)
    boot = MIDDLE.pack(4, one.boot)
    if None not in one.values:
        return b"".join(
            map(
                ROW.pack, repeat(start), one.codes, repeat(8),
                [at - POSTGRES_EPOCH_US for at in one.ats],
                repeat(boot), repeat(8), one.seqs, repeat(8), one.values,
            )
        )  # fmt: skip
    rows = zip(one.codes, one.ats, one.seqs, one.values, strict=True)
    return b"".join(
        NULL.pack(start, code, 8, at - POSTGRES_EPOCH_US, boot, 8, seq, -1)
        if value is None
        else ROW.pack(start, code, 8, at - POSTGRES_EPOCH_US, boot, 8, seq, 8, value)
        for code, at, seq, value in rows
    )


def _latest(one: Checked) -> dict[int, int]:
    """Return metric → place of its latest reading."""
    if all(map(le, one.ats, one.ats[1:])):
        return {code: place for place, code in enumerate(one.codes)}
    found: dict[int, int] = {}
    for place, (code, at) in enumerate(zip(one.codes, one.ats, strict=True)):
        if code not in found or at >= one.ats[found[code]]:
            found[code] = place
    return found
