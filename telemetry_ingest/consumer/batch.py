"""Everything one transaction writes, gathered from many messages. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Set
from uuid import UUID

import numpy as np
from msgspec import Struct, field

from telemetry_ingest.consumer import following
from telemetry_ingest.consumer.checking import DAY_US, Known, Said
from telemetry_ingest.consumer.columns import Columns
from telemetry_ingest.consumer.following import Clock, Hour, Item, Key, Last, Ledger, Tail
from telemetry_ingest.consumer.packing import Ints
from telemetry_ingest.states import Refusal

MOST_LIVE = 200

Refused = tuple[int, int, Refusal, str]  # device, day, reason, field


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


class Batch(Struct, eq=False):
    """What is stored of so many messages, and what is held back of them."""

    messages: int = 0
    columns: Columns | None = None
    order: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    said: list[Said] = field(default_factory=list)
    devices: dict[int, Known] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    def take(self, columns: Columns) -> None:
        """Add the readings."""
        if len(columns.of):
            self.columns, self.order = columns, columns.ordered()

    @property
    def readings(self) -> int:
        """Return how many readings there are."""
        return len(self.order)

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to write."""
        return not (self.readings or self.said or self.held)

    def content(self) -> bytes:
        """Return the readings as PostgreSQL reads them."""
        assert self.columns is not None
        return self.columns.packed(self.order)

    def hours(self) -> set[Hour]:
        """Return (device, hour) of the readings."""
        return following.hours(self.columns, self.order) if self.columns else set()

    def ledger(self) -> dict[Key, Ledger]:
        """Return what is added to the ledger of each start of a device."""
        found = following.ledger(self.columns) if self.columns else {}
        for one in self.said:
            device, topic, boot, seq, at = one.item
            following.enter(found, (device, topic, boot), (seq, seq + 1), at, at, one.received_us)
        return found

    def last(self) -> dict[tuple[int, int], Last]:
        """Return (device, metric) → the latest reading."""
        return following.last(self.columns, self.order) if self.columns else {}

    def tails(self) -> dict[int, Tail]:
        """Return the last readings of each device, in the order they came."""
        return following.tails(self.columns, MOST_LIVE) if self.columns else {}

    def clock(self, new: Set[Item] | None, said: Set[Item]) -> Clock:
        """Return (device, minute) → smallest offset, messages, of those that begin with news.

        Of the messages of readings all are new when ``new`` is ``None``.
        """
        found = following.clock(self.columns, new) if self.columns else {}
        once = {one.item: one for one in reversed(self.said) if one.item in said}
        for one in once.values():
            following.note(found, one.device.number, one.received_us, one.message.sent)
        return found

    def refusals(self, new: Collection[Held]) -> dict[Refused, int]:
        """Return how often what is refused, of the messages in ``new``."""
        found: Counter[Refused] = Counter()
        for held in new:
            day = held.received_us // DAY_US
            for reason, times in held.counted.items():
                found[held.device, day, reason, held.name] += times
        return found
