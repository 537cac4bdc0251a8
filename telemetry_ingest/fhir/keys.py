"""Ids that stay: of a metric of a device, and of a reading or a run of them. Pure.

The key of a reading (device, metric, time, boot, sequence) does not fit into the 64 characters of
an id as decimal numbers, so they are written to the base 36.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from telemetry_ingest.fhir.dates import EVER

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PART = re.compile(r"0|[1-9a-z][0-9a-z]{0,12}")
METRIC = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9][0-9]{0,9})")
INT4, INT8 = 2**31 - 1, 2**63 - 1
MOST = (INT4, INT4, EVER[1] - 1, INT4, INT8)
LONGEST_RUN = 3_600

Place = tuple[int, int, int]  # time (µs since 1970), boot, sequence


@dataclass(frozen=True, order=True)
class Key:
    """What makes a reading what it is; keys have the order of the table."""

    device: int
    metric: int
    at: int
    boot: int
    seq: int

    @property
    def place(self) -> Place:
        """Return where in its series the reading is."""
        return self.at, self.boot, self.seq


def written(key: Key, run: int = 0) -> str:
    """Return the id of a reading, or of a run of readings that begins with it."""
    numbers = [key.device, key.metric, key.at, key.boot, key.seq, *([run] if run else [])]
    return "-".join(map(base36, numbers))


def read(text: str) -> tuple[Key, int] | None:
    """Return which reading an id names and how many follow, ``None`` if it is not of this form."""
    parts = text.split("-")
    if len(parts) not in {5, 6} or not all(PART.fullmatch(one) for one in parts):
        return None
    numbers = [int(one, 36) for one in parts]
    run = numbers[5] if len(numbers) == 6 else 0
    too_large = any(one > most for one, most in zip(numbers, MOST, strict=False))
    if too_large or (len(numbers) == 6 and not 3 <= run <= LONGEST_RUN):
        return None
    return Key(*numbers[:5]), run


def metric_written(unit_id: UUID, code: int) -> str:
    """Return the id of a metric of a device."""
    return f"{unit_id}-{code}"


def metric_read(text: str) -> tuple[UUID, int] | None:
    """Return which device and which code an id of a metric names."""
    found = METRIC.fullmatch(text)
    return (UUID(found[1]), int(found[2])) if found else None


def base36(number: int) -> str:
    """Return a number to the base 36."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"
