"""Readings of one device as a table: what it is of, a line each, and how many there were. Pure.

English words only, so that a program reads every export alike. What a person typed (a serial
number) is cut down to characters that no spreadsheet takes for a formula; everything else we write.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from telemetry_ingest.evidence.observed import moment
from telemetry_ingest.evidence.readings import Row
from telemetry_ingest.quality.ledgers import Boot

HEADER = "time,metric,value,unit,quality,boot,seq"
UNSAFE = re.compile(r"[^A-Za-z0-9._/ -]")
FAILED, IMPLAUSIBLE, PLAUSIBLE = "failed", "implausible", "plausible"


@dataclass(frozen=True)
class Column:
    """One metric of the table.

    Attributes:
        low: lowest plausible value by the protocol.
        high: highest.
        expected: readings that the agreed rate makes while the pilot runs in the period.
        stored: readings of just that time.
        besides: readings of the rest of the period: before the start, or out of service.
    """

    code: int
    refid: str
    unit: str
    low: float
    high: float
    expected: int
    stored: int
    besides: int = 0


@dataclass(frozen=True)
class Table:
    """What a table is of: a device, from ``start`` until ``end`` (µs since 1970).

    Attributes:
        boots: the starts of the device that sent in the period, each whole.
    """

    pilot: int
    device: int
    serial: str
    start: int
    end: int
    columns: Sequence[Column]
    boots: Sequence[Boot] = ()


@dataclass
class Counted:
    """How many readings of each quality were written."""

    qualities: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> int:
        """Return how many were written in all."""
        return sum(self.qualities.values())


def quality(value: float | None, low: float, high: float) -> str:
    """Say what is known of a value: it failed, it is beyond the agreed range, or neither."""
    if value is None:
        return FAILED
    return PLAUSIBLE if low <= value <= high else IMPLAUSIBLE


def time_of(at: int) -> str:
    """Return a moment as text: UTC, to the microsecond."""
    return moment(at).isoformat(timespec="microseconds").replace("+00:00", "Z")


def figure(value: float) -> str:
    """Return the shortest text that is a number."""
    return repr(float(value)).removesuffix(".0")


def said(table: Table) -> dict[str, str]:
    """Return what stands above the lines, by name; the completeness with it."""
    found = {
        "pilot": str(table.pilot),
        "device": str(table.device),
        "serial": UNSAFE.sub("?", table.serial),
        "from": time_of(table.start),
        "until": f"{time_of(table.end)} (not included)",
        "times": "UTC by the clock of the device",
    }
    for one in table.columns:
        found[one.refid] = (
            f"code {one.code}; unit {one.unit}; plausible {figure(one.low)} to {figure(one.high)}; "
            f"{one.stored} stored of {one.expected} expected by the agreed rate"
        )
        if one.besides > 0:
            found[one.refid] += f"; {one.besides} more while the pilot did not run"
    for boot in table.boots:
        found[f"start {boot.boot}"] = (
            f"{boot.count} of {boot.expected} sequence numbers stored from {time_of(boot.first)} "
            f"to {time_of(boot.last)}; of all metrics and also before and after this period"
        )
    return found


def head(table: Table) -> bytes:
    """Return the lines above the readings, each a comment, and the names of the columns."""
    comments = "".join(f"# {name}: {text}\n" for name, text in said(table).items())
    return f"{comments}{HEADER}\n".encode()


def lines(column: Column, rows: Iterable[Row], counted: Counted) -> bytes:
    """Return the lines of some readings of a metric."""
    found = []
    for _device, _metric, at, boot, seq, value in rows:
        good = quality(value, column.low, column.high)
        counted.qualities[good] += 1
        text = "" if value is None else figure(value)
        found.append(f"{time_of(at)},{column.refid},{text},{column.unit},{good},{boot},{seq}\n")
    return "".join(found).encode()


def foot(counted: Counted) -> bytes:
    """Return the last line: a file without it was cut off."""
    return (
        f"# end: {counted.whole} readings; {counted.qualities[FAILED]} failed; "
        f"{counted.qualities[IMPLAUSIBLE]} implausible\n"
    ).encode()
