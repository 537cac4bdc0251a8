"""Which numbers of a sequence came: their ranges, and what is missing between them. Pure.

A range holds its first number and not its last one, as PostgreSQL writes them: `[3,7)` is 3 to 6.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Range = tuple[int, int]


@dataclass(frozen=True)
class Counts:
    """What the ledger of one start of a device says.

    Attributes:
        expected: numbers from the first one asked for to the last one that came.
        stored: those that are stored.
    """

    expected: int
    stored: int

    @property
    def missing(self) -> int:
        """Return how many were sent and are not stored."""
        return self.expected - self.stored


def range_of(numbers: Sequence[int]) -> list[Range]:
    """Return the ranges of growing numbers; one range costs no loop."""
    if not numbers:
        return []
    first, last = numbers[0], numbers[-1]
    if last - first == len(numbers) - 1:
        return [(first, last + 1)]
    return merged((one, one + 1) for one in numbers)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges in order, those that touch or overlap as one."""
    found: list[Range] = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return found


def written(ranges: Iterable[Range]) -> str:
    """Return ranges as the text of an ``int8multirange``; PostgreSQL joins what touches."""
    return "{" + ",".join([f"[{first},{end})" for first, end in ranges]) + "}"


def read(text: str) -> list[Range]:
    """Read the text of an ``int8multirange``."""
    parts = [one for one in text.strip("{}").replace("[", "").split(")") if one.strip(",")]
    pairs = [one.strip(",").split(",") for one in parts]
    return [(int(first), int(end)) for first, end in pairs]


def counts(ranges: Iterable[Range], *, since: int | None = None) -> Counts:
    """Count one sequence; ``since`` is its first number (0 when the device counts from there)."""
    whole = merged(ranges)
    if not whole:
        return Counts(0, 0)
    begin = whole[0][0] if since is None else min(since, whole[0][0])
    return Counts(whole[-1][1] - begin, sum(end - first for first, end in whole))


def gaps(ranges: Iterable[Range]) -> list[Range]:
    """Return what is missing between the first and the last number."""
    whole = merged(ranges)
    return [(left[1], right[0]) for left, right in pairwise(whole)]


def duplicates(ranges: Sequence[Range]) -> int:
    """Return how many numbers came more than once."""
    return sum(end - first for first, end in ranges) - counts(ranges).stored
