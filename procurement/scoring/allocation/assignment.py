"""Lots one by one under « so many lots per bidder »: an assignment, exact in integers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from procurement.scoring.allocation.model import Model
from procurement.scoring.allocation.solving import IMPOSSIBLE, Answer
from procurement.scoring.errors import PrecisionExceeded

Allowed = NDArray[np.bool_]
WIDEST = 62
"""Bits of the largest difference between two costs."""
EXACT = 1 << 53
"""Below this every integer is a double, so sums of costs in doubles are exact."""


@dataclass(frozen=True)
class Places:
    """Columns, lots and groups of columns as arrays.

    A group is what one row holds (a bidder under its limit), or the free columns of one lot.
    ``seats``: the group of each seat; a group has as many seats as lots it may bear.
    """

    lot: NDArray[np.int64]
    group: NDArray[np.int64]
    costs: NDArray[np.int64]
    order: NDArray[np.int64]
    seats: NDArray[np.int64]
    groups: int


def places_of(model: Model) -> Places:
    """Group the columns by the row that holds them; shift each lot's costs by its least.

    Raises:
        PrecisionExceeded: two costs for one lot lie more than 2^62 apart.
    """
    lot = np.fromiter(chain.from_iterable(model.covers), np.int64, len(model.covers))
    group = lot.copy()
    rooms = [1] * len(model.lots)
    for row in model.rows:
        group[np.array(row.columns, dtype=np.int64)] = len(rooms)
        rooms.append(min(row.most, len(row.columns)))
    costs = _shifted(model, lot)
    seats = np.repeat(np.arange(len(rooms)), rooms)
    return Places(lot, group, costs, _order(lot * len(rooms) + group, costs), seats, len(rooms))


def _order(place: NDArray[np.int64], costs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order columns so that in one place the cheapest, of equal ones the first, is last."""
    if np.bincount(place).max(initial=0) < 2:
        return np.arange(len(costs))
    return np.argsort(costs, kind="stable")[::-1]


def best_per_lot(model: Model, allowed: Allowed | None = None) -> Answer:
    """Take the cheapest column of the only lot; of equal ones the first."""
    columns = [k for k in range(len(model.costs)) if allowed is None or allowed[k]]
    if not columns:
        return IMPOSSIBLE
    best = min(columns, key=lambda column: (model.costs[column], column))
    cost = model.costs[best]
    return Answer((best,), cost, cost, proven=True)


def assigned(model: Model, allowed: Allowed | None = None, places: Places | None = None) -> Answer:
    """Give every lot to one column at the least total; ``allowed`` bans columns.

    The costs go through doubles only while every sum of them is exact below 2^53; else the same
    answer is found in Python's integers, more slowly.
    """
    found = places or places_of(model)
    best = _cheapest(found, allowed, len(model.lots))
    if len(found.seats) < len(model.lots) or not (best >= 0).any(axis=1).all():
        return IMPOSSIBLE
    exact = 2 * (len(model.lots) + 1) * (int(found.costs.max()) + 1) < EXACT
    taken = (_in_doubles if exact else _in_integers)(best, found)
    if taken is None:
        return IMPOSSIBLE
    chosen = tuple(sorted(int(best[lot, found.seats[seat]]) for lot, seat in enumerate(taken)))
    total = model.total(chosen)
    return Answer(chosen, total, total, proven=True)


def _shifted(model: Model, lot: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the costs less the least of their lot: it changes every choice by the same."""
    # Numbers beyond an int64 are Python's in an array of objects, slower and as exact.
    wide = max(map(abs, model.costs), default=0).bit_length() >= WIDEST
    costs = np.array(model.costs, dtype=object if wide else np.int64)
    least = np.full(len(model.lots), max(model.costs, default=0), dtype=costs.dtype)
    np.minimum.at(least, lot, costs)
    shifted = costs - least[lot]
    needed = int(shifted.max(initial=0)).bit_length()
    if needed > WIDEST:
        raise PrecisionExceeded("offers", needed=needed, available=WIDEST)
    return shifted.astype(np.int64)


def _cheapest(places: Places, allowed: Allowed | None, lots: int) -> NDArray[np.int64]:
    """Return [lot, group] the cheapest allowed column, of equal ones the first; -1 for none."""
    order = places.order if allowed is None else places.order[allowed[places.order]]
    best = np.full((lots, places.groups), -1, dtype=np.int64)
    best[places.lot[order], places.group[order]] = order  # the last written is the cheapest
    return best


def _in_doubles(best: NDArray[np.int64], places: Places) -> list[int] | None:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (slow to import)

    costs = np.where(best >= 0, places.costs[best].astype(np.float64), np.inf)
    try:
        taken: list[int] = linear_sum_assignment(costs[:, places.seats])[1].tolist()
    except ValueError:  # what scipy says when no assignment avoids the forbidden pairs
        return None
    return taken


def _in_integers(best: NDArray[np.int64], places: Places) -> list[int] | None:
    """Shortest augmenting paths with potentials (Kuhn and Munkres), in Python's integers."""
    seats = places.seats.tolist()
    rows = [
        {group: int(places.costs[column]) for group, column in enumerate(row) if column >= 0}
        for row in best
    ]
    potential_lot = [0] * len(rows)
    potential_seat = [0] * len(seats)
    owner: list[int | None] = [None] * len(seats)
    for lot in range(len(rows)):
        if not _augment(lot, rows, seats, (potential_lot, potential_seat), owner):
            return None
    taken = [0] * len(rows)
    for seat, held in enumerate(owner):
        if held is not None:
            taken[held] = seat
    return taken


def _augment(
    start: int,
    rows: list[dict[int, int]],
    seats: list[int],
    potentials: tuple[list[int], list[int]],
    owner: list[int | None],
) -> bool:
    """Seat one more lot along the cheapest path; say whether there is any."""
    of_lot, of_seat = potentials
    distance: dict[int, int] = {}
    before: dict[int, int | None] = {}
    done: dict[int, int] = {}
    lot, reached, last = start, 0, None
    while True:
        for seat in _open_seats(seats, rows[lot], done):
            length = reached + rows[lot][seats[seat]] - of_lot[lot] - of_seat[seat]
            if seat not in distance or length < distance[seat]:
                distance[seat], before[seat] = length, last
        if not distance:
            return False
        seat = min(distance, key=lambda one: (distance[one], one))
        reached = done[seat] = distance.pop(seat)
        held = owner[seat]
        if held is None:
            break
        lot, last = held, seat
    of_lot[start] += reached
    for one, length in done.items():
        mate = owner[one]
        if mate is not None:
            of_lot[mate] += reached - length
        of_seat[one] -= reached - length
    _shift_owners(seat, start, before, owner)
    return True


def _open_seats(seats: list[int], row: dict[int, int], done: dict[int, int]) -> list[int]:
    return [seat for seat, group in enumerate(seats) if group in row and seat not in done]


def _shift_owners(
    seat: int, start: int, before: dict[int, int | None], owner: list[int | None]
) -> None:
    """Move every lot of the path one seat on; the first seat goes to ``start``."""
    while True:
        previous = before[seat]
        owner[seat] = start if previous is None else owner[previous]
        if previous is None:
            return
        seat = previous
