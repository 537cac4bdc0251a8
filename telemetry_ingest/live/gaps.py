"""Where nothing was heard: what happened then is unknown, and no line is drawn through it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from telemetry_ingest.queries.live import Bin


@dataclass(frozen=True)
class Gap:
    """A stretch of time without any reading, longer than the agreed silence."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.end - self.start


def gaps(
    bins: Sequence[Bin], step: timedelta, silence_s: float, since: datetime, now: datetime
) -> list[Gap]:
    """Return the gaps between ``since`` and ``now``, those at both ends as well."""
    silence = timedelta(seconds=silence_s)
    covered = [(since, since), *((one.start, one.start + step) for one in bins), (now, now)]
    return [
        Gap(before[1], after[0])
        for before, after in pairwise(covered)
        if after[0] - before[1] > silence
    ]


def stretches(bins: Sequence[Bin], step: timedelta, silence_s: float) -> Iterator[list[Bin]]:
    """Yield the bins that one line may join: values, with neither a gap nor a failure between."""
    stretch: list[Bin] = []
    limit = step + timedelta(seconds=silence_s)
    for one in bins:
        broken = one.mean is None or (stretch and one.start - stretch[-1].start > limit)
        if broken and stretch:
            yield stretch
            stretch = []
        if one.mean is not None:
            stretch.append(one)
    if stretch:
        yield stretch
