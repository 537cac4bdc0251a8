"""Operational availability, domain E8: A_o = (covered hours − Σ down·f) / covered hours.

f is 1 for « down » and 0.5 for « partial »; only hours of service count. Unknown time is not down:
the figure is given for the known time, and if all unknown time had been up, and if it had been
down. Source: DAU glossary 27673; HTM community database « Downtime ». Vector: 2,000 covered hours
with 24 h down give 0.988; 2000/2024 = 0.98814 is the inherent availability of the same data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from telemetry_ingest.states import Condition
from telemetry_ingest.statistics.intervals import DAY, UNKNOWN, Interval
from telemetry_ingest.statistics.means import lower_mean


@dataclass(frozen=True)
class Times:
    """How long a device was what, in µs of service."""

    up: int = 0
    partial: int = 0
    down: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Return the time of which the state is known."""
        return self.up + self.partial + self.down

    @property
    def covered(self) -> int:
        """Return all time of service."""
        return self.known + self.unknown

    @property
    def lost(self) -> Fraction:
        """Return Σ down·f."""
        return self.down + Fraction(self.partial, 2)

    @property
    def of_known(self) -> Fraction | None:
        """Return the availability of the known time; ``None`` when there is none."""
        return 1 - self.lost / self.known if self.known else None

    @property
    def if_down(self) -> Fraction | None:
        """Return the availability had all unknown time been down."""
        return 1 - (self.lost + self.unknown) / self.covered if self.covered else None

    @property
    def if_up(self) -> Fraction | None:
        """Return the availability had all unknown time been up."""
        return 1 - self.lost / self.covered if self.covered else None


def times(found: Iterable[Interval]) -> Times:
    """Add up intervals by state."""
    sums = dict.fromkeys((*Condition, UNKNOWN), 0)
    for one in found:
        sums[one.state] += one.length
    return Times(**{str(state): value for state, value in sums.items()})


def by_day(found: Iterable[Interval]) -> list[tuple[int, Times]]:
    """Return the times of each day (its first µs), in turn; intervals are already cut by day."""
    days: dict[int, list[Interval]] = {}
    for one in found:
        days.setdefault(one.start // DAY * DAY, []).append(one)
    return [(day, times(days[day])) for day in sorted(days)]


def lower_bound(
    days: Iterable[Times], *, confidence: float, day_length: int, unknown_is_down: bool = True
) -> float:
    """Return the one-sided lower confidence bound of the availability, by days.

    A day is one share, so outages that last for hours are no problem; see ``means`` for the method
    and what it assumes: the expectation of every day is the same, given the days before it.

    Args:
        days: each day's times.
        confidence: e.g. 0.95.
        day_length: hours of service of a whole day, in µs; a shorter first or last day weighs less.
        unknown_is_down: the conservative reading, which is the one that is judged.
    """
    kept = [one for one in days if one.covered]
    shares = [one.if_down if unknown_is_down else one.if_up for one in kept]
    return lower_mean(
        [float(one or 0) for one in shares], _weights(kept, day_length), confidence=confidence
    )


def upper_bound(days: Iterable[Times], *, confidence: float, day_length: int) -> float:
    """Return the one-sided upper bound of the availability, had all unknown time been up."""
    kept = [one for one in days if one.covered]
    lost = [1 - float(one.if_up or 0) for one in kept]
    return 1 - lower_mean(lost, _weights(kept, day_length), confidence=confidence)


def _weights(days: Iterable[Times], day_length: int) -> list[float]:
    return [one.covered / day_length for one in days]
