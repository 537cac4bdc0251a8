"""Time that readings cover: between two that are no further apart than the silence. Pure.

Times are whole microseconds, so that parts add up to the whole exactly.
"""

from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
SECOND = 1_000_000


def covered(times: Sequence[int], silence_us: int) -> Iterator[Span]:
    """Yield the spans, joined where they touch, that are covered by readings at ``times``."""
    start = last = None
    for at in sorted(times):
        if start is None or last is None:
            start = at
        elif at - last > silence_us:
            if last > start:
                yield start, last
            start = at
        last = at
    if start is not None and last is not None and last > start:
        yield start, last


def within(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """Yield what of the spans lies between two moments."""
    for begins, ends in spans:
        if begins < end and ends > start:
            yield max(begins, start), min(ends, end)


def length(spans: Iterable[Span]) -> int:
    """Return how long spans are in all; they must not overlap."""
    return sum(end - start for start, end in spans)


def up_us(times: Sequence[int], silence_us: int, start: int, end: int) -> int:
    """Return how many microseconds of a stretch are covered.

    ``times`` has to reach as far as the silence beyond both ends: what came just before the
    stretch and just after it covers part of it.
    """
    return length(within(covered(times, silence_us), start, end))
