"""What state a device was in when: what it said of itself, and whether it was heard. Pure.

A device that says it is down is down until it says otherwise, heard or not. Otherwise it has to be
heard to be up or partly up: silence is unknown, never down.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from telemetry_ingest.protocol import Protocol
from telemetry_ingest.rollups.uptime import Span, within
from telemetry_ingest.states import Condition

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


class State(StrEnum):
    """What is known of a device at a moment."""

    UP = "up"
    PARTIAL = "partial"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Piece:
    """A stretch in one state, in microseconds since 1970."""

    start: int
    end: int
    state: State


def service(protocol: Protocol, start: int, end: int) -> Iterator[Span]:
    """Yield the covered hours of the protocol between two moments, day by day in UTC."""
    begins = max(start, round(protocol.starts_at.timestamp() * 1e6))
    ends = min(end, round(protocol.ends_at.timestamp() * 1e6))
    if protocol.daily_from == 0 and protocol.daily_to == 24:  # one span, however long
        if begins < ends:
            yield begins, ends
        return
    for day in range(begins // DAY_US * DAY_US, ends, DAY_US):
        opens = max(begins, day + protocol.daily_from * HOUR_US)
        closes = min(ends, day + protocol.daily_to * HOUR_US)
        if opens < closes:
            yield opens, closes


def said(statuses: Sequence[tuple[int, Condition]], start: int, end: int) -> Iterator[Piece]:
    """Yield what the device said of itself between two moments; before it says anything, up."""
    at, state = start, State.UP
    for moment, condition in statuses:
        if at < moment and at < end:
            yield Piece(at, min(moment, end), state)
        at, state = max(at, moment), State(condition)
    if at < end:
        yield Piece(at, end, state)


def pieces(claims: Iterable[Piece], heard: Sequence[Span], served: Sequence[Span]) -> list[Piece]:
    """Return the state at every moment of the covered hours, in order, joined where it stays."""
    found: list[Piece] = []
    for claim in claims:
        for start, end in within(served, claim.start, claim.end):
            if claim.state is State.DOWN:
                _append(found, Piece(start, end, State.DOWN))
            else:
                _heard(found, start, end, claim.state, heard)
    return found


def _heard(found: list[Piece], start: int, end: int, state: State, heard: Sequence[Span]) -> None:
    at = start
    for begins, ends in within(heard, start, end):
        _append(found, Piece(at, begins, State.UNKNOWN))
        _append(found, Piece(begins, ends, state))
        at = ends
    _append(found, Piece(at, end, State.UNKNOWN))


def _append(found: list[Piece], piece: Piece) -> None:
    if piece.start >= piece.end:
        return
    if found and found[-1].end == piece.start and found[-1].state is piece.state:
        found[-1] = Piece(found[-1].start, piece.end, piece.state)
    else:
        found.append(piece)


def seconds(of: Iterable[Piece]) -> dict[State, float]:
    """Return how many seconds of each state there are."""
    totals = dict.fromkeys(State, 0)
    for one in of:
        totals[one.state] += one.end - one.start
    return {state: total / 1_000_000 for state, total in totals.items()}
