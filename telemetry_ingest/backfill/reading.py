"""Reads a CSV of readings and makes messages of it; a fault is said with its line. Pure.

The numbers come from the file itself: its digest gives the start (boot), the line the sequence. So
the same file again is the same readings again, which are stored once.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isfinite

from msgspec import Struct

from telemetry_ingest.consumer.checking import Known, bounds, micros
from telemetry_ingest.metrics import code_of

COLUMNS = ("time", "metric", "value")
# Starts of real devices count from small numbers; from here on a start is a file.
FIRST_BOOT = 2**30
PER_MESSAGE = 500
MOST_FAULTS = 50
LARGEST_FILE = 200_000_000

Reading = tuple[int, int, float | None]


class Fault(Struct, frozen=True):
    """What is wrong with a line, and what to do."""

    line: int
    said: str


class FileRefused(Exception):
    """Nothing of the file is sent; ``faults`` says why, at most the first fifty."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class Table(Struct, frozen=True):
    """A whole file that is fit to be sent."""

    boot: int
    readings: list[Reading]

    def messages(self, sent_us: int) -> Iterator[dict[str, object]]:
        """Yield its messages, always cut at the same places."""
        for start in range(0, len(self.readings), PER_MESSAGE):
            part = self.readings[start : start + PER_MESSAGE]
            yield {"v": 1, "boot": self.boot, "seq": start, "sent": sent_us, "readings": part}


def boot_of(content: bytes) -> int:
    """Return the start that stands for this file."""
    digest = hashlib.sha256(content).digest()
    return FIRST_BOOT + int.from_bytes(digest[:4], "big") % FIRST_BOOT


def read(content: bytes, device: Known, now_us: int) -> Table:
    """Read a file and check every line.

    Raises:
        FileRefused: a line is wrong; then nothing is sent.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused([Fault(line, "Save the file in UTF-8.")]) from None
    rows = csv.DictReader(lines)
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        said = f"The first line has to name the columns {', '.join(COLUMNS)}."
        raise FileRefused([Fault(1, said)])
    faults: list[Fault] = []
    readings = []
    for row in rows:
        one = _reading(row, device, now_us)
        if isinstance(one, str):
            faults.append(Fault(rows.line_num, one))
            if len(faults) >= MOST_FAULTS:
                break
        else:
            readings.append(one)
    if faults or not readings:
        raise FileRefused(faults or [Fault(2, "There is no reading in it.")])
    return Table(boot_of(content), readings)


def _reading(row: dict[str, str | None], device: Known, now_us: int) -> Reading | str:
    at = _time(row["time"] or "")
    if at is None:
        return "time: write « 2026-03-01T08:00:00Z » or « …+01:00 »; the zone may not be missing."
    low, high = bounds(device, now_us)
    if not low <= at <= high:
        return "time: it is not within the pilot's period."
    metric = (row["metric"] or "").strip()
    code = code_of(int(metric) if metric.isdecimal() else metric)
    if code is None or code not in device.codes:
        return "metric: the pilot's protocol does not have it; write its name, MDC_…, or its code."
    text = (row["value"] or "").strip()
    try:
        value = float(text) if text else None
    except ValueError:
        return "value: write a number with a point, or nothing for a measurement that failed."
    if value is not None and not isfinite(value):
        return "value: write a finite number, or nothing for a measurement that failed."
    return at, code, value


def _time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return micros(moment) if moment.tzinfo else None
