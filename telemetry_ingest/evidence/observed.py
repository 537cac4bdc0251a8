"""What a pack holds beside its readings: its window, its devices, and what each said. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from telemetry_ingest.protocol import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Refusals(Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that were not stored, by reason."""

    reason: str
    field: str
    messages: int


class Numbers(Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger of one boot: which numbers [first, after) are stored."""

    topic: int
    boot: int
    stored: tuple[tuple[int, int], ...]


class Unit(Struct, frozen=True, forbid_unknown_fields=True):
    """One device and what it said beside readings; times are µs since 1970.

    Attributes:
        number: what stands for it in readings.
        status: (moment, state), sorted.
        alarms: (moment, code, priority, whether it began), sorted.
        clock: (hour, offset), sorted: the smallest offset of each hour.
    """

    number: int
    serial: str
    firmware: str
    is_reference: bool
    status: tuple[tuple[int, str], ...] = ()
    alarms: tuple[tuple[int, int, str, bool], ...] = ()
    clock: tuple[tuple[int, int], ...] = ()
    ledger: tuple[Numbers, ...] = ()
    refused: tuple[Refusals, ...] = ()


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """From ``start`` until ``end``, µs since 1970: the protocol's period, or until closed."""

    start: int
    end: int


def window(protocol: Protocol, closed_at: datetime | None) -> Window:
    """Return the window that a protocol and the day of closing leave no choice about."""
    end = min(protocol.ends_at, closed_at) if closed_at else protocol.ends_at
    return Window(micros(protocol.starts_at), max(micros(end), micros(protocol.starts_at)))


def micros(at: datetime) -> int:
    """Return a moment in µs since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Return the moment of µs since 1970."""
    return EPOCH + timedelta(microseconds=at)


def units(content: Any) -> tuple[Unit, ...]:
    """Read the devices of a pack.

    Raises:
        msgspec.ValidationError: they are not of the shape.
    """
    return msgspec.convert(content, tuple[Unit, ...])
