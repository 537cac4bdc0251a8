"""Many messages of readings at once, column by column: what of them is stored. Pure.

Each message costs Python its decoding and a few numbers; all that is done for each reading is done
by numpy for the whole batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from telemetry_ingest.consumer.checking import DAY_US, Known
from telemetry_ingest.consumer.packing import Floats, Ints, packed
from telemetry_ingest.metrics import code_of
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire.arrived import Arrived
from telemetry_ingest.wire.blocks import CODE, ROW, TIME, VALUE, Block
from telemetry_ingest.wire.messages import LARGEST_SEQ, LATEST_US, ReadingsMessage, decode
from telemetry_ingest.wire.refused import Refused

# A row of a block, with the marker of msgpack before each part.
ROWS = np.dtype(
    {
        "names": ["at", "code", "value"],
        "formats": [">i8", ">u4", ">f8"],
        "offsets": [TIME[0] + 1, CODE[0] + 1, VALUE[0] + 1],
        "itemsize": ROW,
    }
)
Counted = dict[Refusal, int]
# Two numbers as one that sorts like the pair; the second one has 32 bits.
PAIR = 32
NO_CODE = 2**31
# Up to here a sort of 16 bits will do, which needs no comparisons.
NARROW = 2**16
LAST = np.iinfo(np.int64).max


class Came(Struct, frozen=True, gc=False):
    """A message of readings of a device that may send them."""

    device: Known
    message: ReadingsMessage | Block
    size: int
    arrived: Arrived


class Columns(Struct, eq=False):
    """Readings in the order they came.

    Attributes:
        numbers: the devices, growing.
        series: each device's place in ``numbers`` paired with each metric it may send, growing.
        device: place in ``numbers``, of each message; so are ``boot``, ``sent`` and ``received``.
        of: place of the message, of each reading; so are the columns after it.
        kind: place in ``series``.
        value: not a number for a measurement that failed.
    """

    numbers: Ints
    series: Ints
    device: Ints
    boot: Ints
    sent: Ints
    received: Ints
    of: Ints
    kind: Ints
    at: Ints
    seq: Ints
    value: Floats

    def keep(self, fit: NDArray[np.bool_]) -> None:
        """Forget all other readings."""
        self.of, self.kind, self.at = self.of[fit], self.kind[fit], self.at[fit]
        self.seq, self.value = self.seq[fit], self.value[fit]

    def ordered(self) -> Ints:
        """Return the readings' places by device, metric and time.

        The table's key sorts like this, so that neighbours of a batch are neighbours in its index
        and on its pages.
        """
        small = self.kind if len(self.series) > NARROW else self.kind.astype(np.uint16)
        return np.lexsort((self.at, small))

    def packed(self, order: Ints) -> bytes:
        """Return the readings as a binary COPY."""
        of, series = self.of[order], self.series[self.kind[order]]
        return packed(
            self.numbers[series >> PAIR], series & (2**PAIR - 1), self.at[order], self.boot[of],
            self.seq[order], self.value[order],
        )  # fmt: skip


def columns_of(came: Sequence[Came]) -> tuple[Columns, dict[int, tuple[Counted, str]]]:
    """Return what is stored, and by message's place what is refused of it, with the field."""
    devices = sorted({one.device.number: one.device for one in came}.values(), key=_number)
    number, boot, first, sent, received, size = np.array(
        [
            each
            for one in came
            for each in (
                one.device.number, one.message.boot, one.message.seq, one.message.sent,
                one.arrived.received_us, one.size,
            )
        ],
        np.int64,
    ).reshape(-1, 6).T  # fmt: skip
    of = np.repeat(np.arange(len(came)), size)
    at, code, value = _readings(came, of)
    numbers = np.array([one.number for one in devices], np.int64)
    columns = Columns(
        numbers=numbers,
        series=_series(devices),
        device=np.searchsorted(numbers, number),
        boot=boot,
        sent=sent,
        received=received,
        of=of,
        kind=of,
        at=at,
        seq=np.arange(len(of)) + (first - np.cumsum(size) + size)[of],
        value=value,
    )
    return columns, _check(columns, code, devices, came)


def _readings(came: Sequence[Came], of: Ints) -> tuple[Ints, Ints, Floats]:
    """Return times, metrics and values: of blocks as they stand there, of others one by one."""
    block = np.array([isinstance(one.message, Block) for one in came])[of]
    rows = np.frombuffer(
        b"".join([one.message.rows for one in came if isinstance(one.message, Block)]), ROWS
    )
    flat: list[Any] = list(
        chain.from_iterable(
            chain.from_iterable(
                one.message.readings for one in came if not isinstance(one.message, Block)
            )
        )
    )
    at, code, value = np.empty(len(of), np.int64), np.empty(len(of), np.int64), np.empty(len(of))
    # A time that is too large for 63 bits becomes negative, and is looked at again for that.
    at[block], at[~block] = rows["at"], np.array(flat[0::3], np.int64)
    code[block], code[~block] = rows["code"], _codes(flat[1::3])
    value[block], value[~block] = rows["value"], np.array(flat[2::3], np.float64)
    return at, np.where(code < NO_CODE, code, NO_CODE), value


def _check(
    columns: Columns, code: Ints, devices: Sequence[Known], came: Sequence[Came]
) -> dict[int, tuple[Counted, str]]:
    """Keep what may be stored; return what is refused."""
    refused = _unsound(columns, came)
    key = columns.device[columns.of] << PAIR | code
    columns.kind = np.searchsorted(columns.series, key)
    known = columns.series[columns.kind] == key
    starts = np.array([one.starts_us - DAY_US for one in devices], np.int64)[columns.device]
    ends = np.array([LAST if one.closed_us is None else one.closed_us for one in devices], np.int64)
    closed = ends[columns.device]
    last = np.minimum(columns.received + DAY_US, closed)
    timely = (starts[columns.of] <= columns.at) & (columns.at <= last[columns.of])
    fit = known & timely
    if refused:
        fit &= ~np.isin(columns.of, list(refused))
    if fit.all():
        return refused
    late = columns.at > closed[columns.of]
    for reason, bad in (
        (Refusal.UNKNOWN_METRIC, ~known),
        (Refusal.NOT_RUNNING, known & ~timely & late),
        (Refusal.TIME_OUT_OF_RANGE, known & ~timely & ~late),
    ):
        _count(refused, reason, columns.of[bad])
    columns.keep(fit)
    return refused


def _count(refused: dict[int, tuple[Counted, str]], reason: Refusal, places: Ints) -> None:
    for place, times in zip(*map(np.ndarray.tolist, np.unique_counts(places)), strict=True):
        counted, field = refused.setdefault(place, ({}, ""))
        if not field:  # a message that is refused whole has one reason
            counted[reason] = times


def _unsound(columns: Columns, came: Sequence[Came]) -> dict[int, tuple[Counted, str]]:
    """Return the messages with what is no number or beyond our limits; « failed » passes."""
    found: dict[int, tuple[Counted, str]] = {}
    odd = ~np.isfinite(columns.value) | (columns.seq >= LARGEST_SEQ)
    odd |= (columns.at < 0) | (columns.at > LATEST_US)
    for place in np.unique(columns.of[odd]).tolist():
        try:
            decode(Topic.READINGS, came[place].arrived.content)
        except Refused as refused:
            found[place] = ({refused.reason: 1}, refused.field)
    return found


def _series(devices: Sequence[Known]) -> Ints:
    pairs = [place << PAIR | code for place, one in enumerate(devices) for code in one.codes]
    # The last one is nobody's: whatever is looked for has a place at or before it.
    return np.array([*sorted(pairs), LAST], np.int64)


def _codes(metrics: Sequence[Any]) -> Ints:
    try:
        found = np.array(metrics, np.int64)
    except (ValueError, OverflowError):  # some are named, or no code at all
        codes = [code_of(one) for one in metrics]
        return np.array([NO_CODE if one is None else one for one in codes], np.int64)
    return np.where(found >= 0, found, NO_CODE)


def _number(one: Known) -> int:
    return one.number
