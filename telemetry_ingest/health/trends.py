"""The last hour, from samples that the worker takes: rates and delay, minute by minute. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from telemetry_ingest.health.snapshot import Snapshot

EVERY_S = 15
KEPT = 3600 // EVERY_S + 1
LONGEST_STEP_S = 50.0  # between two samples; beyond it nobody looked, and nothing is known
STEP = timedelta(minutes=2)
STEPS = 30


class Sample(msgspec.Struct, frozen=True):
    """What was seen at one moment; ``None`` is what did not answer."""

    at: float
    came: int | None
    stored: int | None
    late_s: float | None
    missing: int | None
    readings: dict[str, float]


class Stretch(msgspec.Struct, frozen=True):
    """Two minutes: messages and readings a second, and the longest delay in them."""

    start: datetime
    came: float | None = None
    stored: float | None = None
    readings: float | None = None
    late_s: float | None = None


def sample_of(seen: Snapshot) -> Sample:
    """Return what is kept of a snapshot."""
    broker = seen.broker
    return Sample(
        seen.at.timestamp(),
        broker.last if broker else None,
        broker.done if broker else None,
        seen.late_s,
        seen.kept.missing if seen.kept else None,
        {one.name: one.figures.get("readings", 0.0) for one in seen.ingests},
    )


def stretches(samples: Sequence[Sample], now: datetime) -> list[Stretch]:
    """Return the last hour in stretches of two minutes, the oldest first."""
    width = STEP.total_seconds()
    last = int(now.timestamp() // width)
    return [_stretch(samples, place * width) for place in range(last - STEPS + 1, last + 1)]


def grown(samples: Sequence[Sample], missing: int) -> int | None:
    """Return how many more are missing than when the first of the samples was taken."""
    first = next((one.missing for one in samples if one.missing is not None), None)
    return None if first is None else max(0, missing - first)


def _stretch(samples: Sequence[Sample], start: float) -> Stretch:
    width = STEP.total_seconds()
    late = [
        one.late_s for one in samples if start <= one.at < start + width and one.late_s is not None
    ]
    steps = [
        (before, after)
        for before, after in pairwise(samples)
        if start <= after.at < start + width and 0 < after.at - before.at <= LONGEST_STEP_S
    ]
    seconds = sum(after.at - before.at for before, after in steps)
    at = datetime.fromtimestamp(start, UTC)
    if not seconds:
        return Stretch(at, late_s=max(late, default=None))
    return Stretch(
        at,
        _rate([(before.came, after.came) for before, after in steps], seconds),
        _rate([(before.stored, after.stored) for before, after in steps], seconds),
        sum(_counted(before.readings, after.readings) for before, after in steps) / seconds,
        max(late, default=None),
    )


def _rate(steps: Sequence[tuple[int | None, int | None]], seconds: float) -> float | None:
    """Return what came a second; ``None`` when a part of it is not known."""
    if any(before is None or after is None for before, after in steps):
        return None
    # A number that falls is a stream that was made anew.
    return sum(max(0, (after or 0) - (before or 0)) for before, after in steps) / seconds


def _counted(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Return what all processes counted between two samples; one that began counts from zero."""
    return sum(
        count - before[name] if count >= before.get(name, count + 1) else count
        for name, count in after.items()
    )
