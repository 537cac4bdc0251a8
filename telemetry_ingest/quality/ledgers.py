"""What was expected and what is stored: by the device's numbers, by the agreed rate. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Range = tuple[int, int]  # from a number to the one after the last


@dataclass(frozen=True)
class Boot:
    """What is stored of one start of a device; times in microseconds since 1970."""

    boot: int
    stored: tuple[Range, ...]
    first: int
    last: int

    @property
    def count(self) -> int:
        """Return how many numbers are stored."""
        return sum(end - start for start, end in self.stored)

    @property
    def expected(self) -> int:
        """Return how many numbers lie from the first stored one to the last."""
        return self.stored[-1][1] - self.stored[0][0] if self.stored else 0

    @property
    def missing(self) -> tuple[Range, ...]:
        """Return the numbers between them that are lost, or still on their way."""
        return tuple((before[1], after[0]) for before, after in pairwise(self.stored))


@dataclass(frozen=True)
class Completeness:
    """How much of what was expected is stored; what came before the first start is not known.

    Attributes:
        stored: readings, failed ones as well, counted in the store.
        by_sequence: numbers the device gave out, from the first to the last stored of each start.
        by_rate: readings that the protocol's rate makes in the covered hours.
    """

    stored: int
    by_sequence: int
    by_rate: int

    @property
    def of_sequence(self) -> Fraction | None:
        """Return the share of what the device sent; ``None`` when it sent nothing."""
        return Fraction(self.stored, self.by_sequence) if self.by_sequence else None

    @property
    def of_rate(self) -> Fraction | None:
        """Return the share of what was agreed; more than all of it is all of it."""
        return min(Fraction(1), Fraction(self.stored, self.by_rate)) if self.by_rate else None


def overlaps(boots: Sequence[Boot]) -> list[tuple[int, int]]:
    """Return pairs of starts whose times overlap: the clock was set back, or numbers came again."""
    ordered = sorted(boots, key=lambda one: one.boot)
    return [
        (before.boot, after.boot)
        for before, after in pairwise(ordered)
        if after.first < before.last
    ]
