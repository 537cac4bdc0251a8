"""What follows from the readings of a batch: hours, ledger, clock and latest values. Pure."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from telemetry_ingest.consumer.columns import PAIR, Columns
from telemetry_ingest.consumer.ledger import Range
from telemetry_ingest.consumer.packing import Ints
from telemetry_ingest.states import Topic

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
LOW = 2**PAIR - 1

Hour = tuple[int, int]  # device, hours since 1970
Key = tuple[int, int, int]  # device, topic, boot
Item = tuple[int, int, int, int, int]  # device, topic, boot, seq, at: one row
Last = tuple[int, int, int, float | None, int]  # at, boot, seq, value, received
Clock = dict[tuple[int, int], tuple[int, int]]
Tail = list[tuple[int, int, float | None]]  # at, metric, value


class Ledger(Struct, gc=False):
    """What a batch adds to the ledger of one start of a device."""

    ranges: list[Range]
    first_us: int
    last_us: int
    received_us: int


def hours(columns: Columns, order: Ints) -> set[Hour]:
    """Return the hours that readings belong to, by device."""
    hour = columns.at[order] // HOUR_US
    # In this order the readings of one hour stand together, and few hours are left.
    pair = (columns.series[columns.kind[order]] >> PAIR) << PAIR | hour
    few = np.unique(pair[_changes(pair)])
    return set(zip(columns.numbers[few >> PAIR].tolist(), (few & LOW).tolist(), strict=True))


def ledger(columns: Columns) -> dict[Key, Ledger]:
    """Return the ranges of numbers that came, by device and start."""
    owner, start, stop, low, high, received = _pieces(columns)
    touching = start <= np.concatenate(([-1], stop[:-1]))
    joined = np.flatnonzero(_differs(owner) | ~touching)
    ranges = list(
        zip(start[joined].tolist(), np.maximum.reduceat(stop, joined).tolist(), strict=True)
    )
    begin = _changes(owner)
    parts = (
        owner[begin],
        np.searchsorted(joined, begin),
        np.searchsorted(joined, np.append(begin[1:], len(owner))),
        np.minimum.reduceat(low, begin),
        np.maximum.reduceat(high, begin),
        np.maximum.reduceat(received, begin),
    )
    found: dict[Key, Ledger] = {}
    for whose, first, last, *rest in zip(*(one.tolist() for one in parts), strict=True):
        key = (int(columns.numbers[whose >> PAIR]), Topic.READINGS.value, whose & LOW)
        found[key] = Ledger(ranges[first:last], *rest)
    return found


def _pieces(columns: Columns) -> tuple[Ints, ...]:
    """Return what came in one piece, in order: whose, first and next number, times, arrival."""
    owner = (columns.device << PAIR | columns.boot)[columns.of]
    begin = np.flatnonzero(_differs(owner) | (np.diff(columns.seq, prepend=-2) != 1))
    end = np.append(begin[1:], len(owner))
    pieces = (
        owner[begin],
        columns.seq[begin],
        columns.seq[end - 1] + 1,
        np.minimum.reduceat(columns.at, begin),
        np.maximum.reduceat(columns.at, begin),
        np.maximum.reduceat(columns.received[columns.of], begin),
    )
    order = np.lexsort((pieces[1], pieces[0]))
    return tuple(one[order] for one in pieces)


def enter(
    found: dict[Key, Ledger], key: Key, came: Range, first_us: int, last_us: int, received_us: int
) -> None:
    """Add one range."""
    old = found.get(key)
    if old is None:
        found[key] = Ledger([came], first_us, last_us, received_us)
        return
    old.ranges.append(came)
    old.first_us, old.last_us = min(old.first_us, first_us), max(old.last_us, last_us)
    old.received_us = max(old.received_us, received_us)


def last(columns: Columns, order: Ints) -> dict[tuple[int, int], Last]:
    """Return the latest reading of each device and metric: by time, then by number."""
    kind, at = columns.kind[order], columns.at[order]
    begin = _changes(kind)
    latest = np.repeat(np.maximum.reduceat(at, begin), np.diff(begin, append=len(kind)))
    few = order[at == latest]
    boot = columns.boot[columns.of[few]]
    # Of one that came twice the first counts, as in the table.
    few = few[np.lexsort((-few, columns.seq[few], boot, columns.kind[few]))]
    few = few[np.append(_changes(columns.kind[few])[1:], len(few)) - 1]
    of, series = columns.of[few], columns.series[columns.kind[few]]
    keys = zip(columns.numbers[series >> PAIR].tolist(), (series & LOW).tolist(), strict=True)
    rows = zip(
        columns.at[few].tolist(), columns.boot[of].tolist(), columns.seq[few].tolist(),
        _values(columns, few), columns.received[of].tolist(), strict=True,
    )  # fmt: skip
    return dict(zip(keys, rows, strict=True))


def clock(columns: Columns, new: Set[Item] | None) -> Clock:
    """Return the smallest delay of each minute and how many messages it is of."""
    firsts = _changes(columns.of)
    if new is not None:
        firsts = _news(columns, firsts, new)
    of = columns.of[firsts]
    key = columns.device[of] << PAIR | columns.received[of] // MINUTE_US
    order = np.argsort(key, kind="stable")
    key, offset = key[order], (columns.received - columns.sent)[of[order]]
    begin = _changes(key)
    if not len(begin):
        return {}
    keys = zip(
        columns.numbers[key[begin] >> PAIR].tolist(), (key[begin] & LOW).tolist(), strict=True
    )
    least = np.minimum.reduceat(offset, begin).tolist()
    count = np.diff(begin, append=len(key)).tolist()
    return dict(zip(keys, zip(least, count, strict=True), strict=True))


def note(found: Clock, device: int, received_us: int, sent_us: int) -> None:
    """Count one message."""
    offset = received_us - sent_us
    least, count = found.get((device, received_us // MINUTE_US), (offset, 0))
    found[device, received_us // MINUTE_US] = (min(offset, least), count + 1)


def tails(columns: Columns, most: int) -> dict[int, Tail]:
    """Return the last readings of each device, in the order they came."""
    place = columns.device[columns.of]
    order = np.argsort(place, kind="stable")
    begin = _changes(place[order])
    end = np.append(begin[1:], len(order))
    size = np.minimum(end - begin, most)
    few = order[np.arange(len(order)) >= np.repeat(end - size, end - begin)]
    codes = (columns.series[columns.kind[few]] & LOW).tolist()
    rows = list(zip(columns.at[few].tolist(), codes, _values(columns, few), strict=True))
    until = np.cumsum(size)
    parts = (columns.numbers[place[order[begin]]], until - size, until)
    return {
        number: rows[first:last]
        for number, first, last in zip(*(one.tolist() for one in parts), strict=True)
    }


def _news(columns: Columns, firsts: Ints, new: Set[Item]) -> Ints:
    """Return the first readings of messages that begin with something new, each once."""
    of = columns.of[firsts]
    parts = (columns.numbers[columns.device[of]], columns.boot[of], columns.seq[firsts],
             columns.at[firsts], firsts)  # fmt: skip
    found: dict[Item, int] = {}
    for device, boot, seq, at, first in zip(*(one.tolist() for one in parts), strict=True):
        item = (device, Topic.READINGS.value, boot, seq, at)
        if item in new:
            found.setdefault(item, first)
    return np.array(list(found.values()), np.int64)


def _values(columns: Columns, few: Ints) -> list[float | None]:
    return [None if one != one else one for one in columns.value[few].tolist()]


def _changes(found: Ints) -> Ints:
    """Return the places where another value begins."""
    return np.flatnonzero(_differs(found))


def _differs(found: Ints) -> NDArray[np.bool_]:
    """Say of each value whether it is another one than before; the first one is."""
    differs: NDArray[np.bool_] = np.diff(found, prepend=found[:1] - 1) != 0
    return differs
