"""What a roll-up is: summed up from readings, and merged from roll-ups of parts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from telemetry_ingest.rollups.bins import LENGTH, histogram
from telemetry_ingest.rollups.uptime import SECOND, up_us

# A value beyond this counts as this much in the sums, so that one absurd reading does not turn the
# mean of a day into an overflow; `low`, `high` and the reading itself keep what was sent.
LARGEST = 1e15


@dataclass(frozen=True)
class Rollup:
    """A stretch of one metric of one device.

    Attributes:
        n: values; failed measurements are none.
        failed: measurements that failed and said so.
        implausible: values outside the protocol's range, which are among ``n``.
        low: smallest value, ``None`` when there is none.
        high: largest value.
        sum: of the values.
        squares: sum of their squares.
        up_s: seconds covered by readings no further apart than the protocol's silence.
        bins: histogram of the plausible range.
    """

    n: int = 0
    failed: int = 0
    implausible: int = 0
    low: float | None = None
    high: float | None = None
    sum: float = 0.0
    squares: float = 0.0
    up_s: float = 0.0
    bins: tuple[int, ...] = (0,) * LENGTH

    @property
    def mean(self) -> float | None:
        """Return the mean of the values."""
        return self.sum / self.n if self.n else None

    @property
    def readings(self) -> int:
        """Return how many readings are stored, failed ones as well."""
        return self.n + self.failed


@dataclass(frozen=True)
class Stretch:
    """From when to when in microseconds, and what the protocol says of the metric."""

    start: int
    end: int
    silence_us: int
    low: float
    high: float


def summed(readings: Sequence[tuple[int, float | None]], stretch: Stretch) -> Rollup:
    """Return the roll-up of a stretch from readings of it and of its neighbourhood."""
    inside = [value for at, value in readings if stretch.start <= at < stretch.end]
    values = [value for value in inside if value is not None]
    kept = [max(-LARGEST, min(LARGEST, value)) for value in values]
    up = up_us([at for at, _ in readings], stretch.silence_us, stretch.start, stretch.end)
    return Rollup(
        n=len(values),
        failed=len(inside) - len(values),
        implausible=sum(not stretch.low <= value <= stretch.high for value in values),
        low=min(values, default=None),
        high=max(values, default=None),
        sum=fsum(kept),
        squares=fsum(value * value for value in kept),
        up_s=up / SECOND,
        bins=histogram(values, stretch.low, stretch.high),
    )


def merged(parts: Iterable[Rollup]) -> Rollup:
    """Return the roll-up of stretches that do not overlap; their order does not matter."""
    all_ = list(parts)
    return Rollup(
        n=sum(one.n for one in all_),
        failed=sum(one.failed for one in all_),
        implausible=sum(one.implausible for one in all_),
        low=min((one.low for one in all_ if one.low is not None), default=None),
        high=max((one.high for one in all_ if one.high is not None), default=None),
        sum=fsum(one.sum for one in all_),
        squares=fsum(one.squares for one in all_),
        up_s=fsum(one.up_s for one in all_),
        bins=tuple(map(sum, zip(*(one.bins for one in all_), strict=True))) or (0,) * LENGTH,
    )
