"""Every figure of a pack with what it was computed from; making and verifying both call it.

Pure: a protocol, a window, devices and readings in; plain texts, integers and lists out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telemetry_ingest.evidence.observed import Unit, Window
from telemetry_ingest.evidence.plotting import scatter
from telemetry_ingest.evidence.readings import NOTHING, Series
from telemetry_ingest.evidence.sealed import number
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Protocol, Watched
from telemetry_ingest.states import Topic
from telemetry_ingest.statistics import reliability
from telemetry_ingest.statistics.agreement import TooFew, agreement
from telemetry_ingest.statistics.availability import by_day, times
from telemetry_ingest.statistics.clocks import clock
from telemetry_ingest.statistics.completeness import by_numbers, by_stretch, expected_by_rate
from telemetry_ingest.statistics.intervals import DAY, HOUR, Interval, covered, intervals
from telemetry_ingest.statistics.pairing import pairs
from telemetry_ingest.statistics.repeated import (
    LEAST_SESSIONS,
    Repeated,
    accuracy_bounds,
    bias_bounds,
    inner_limit_bounds,
    limit_bounds,
    repeated,
)

SECOND = 1_000_000
TWO_SIDED = 0.975
AllSeries = Mapping[tuple[int, int], Series]


def figures(
    protocol: Protocol, window: Window, units: tuple[Unit, ...], series: AllSeries
) -> list[dict[str, Any]]:
    """Return the figures of each device, in the order of their numbers."""
    references = [one for one in units if one.is_reference]
    reference = references[0] if protocol.reference and references else None
    return [
        _of_unit(protocol, window, one, None if one.is_reference else reference, series)
        for one in sorted(units, key=lambda one: one.number)
    ]


def _of_unit(
    protocol: Protocol, window: Window, unit: Unit, reference: Unit | None, series: AllSeries
) -> dict[str, Any]:
    whole = states(protocol, window, unit, series)
    spans = covered(whole, daily_from=protocol.daily_from, daily_to=protocol.daily_to)
    sums = times(spans)
    failed = reliability.failures(whole, spans)
    kept = clock(unit.clock)
    given = [(one, *by_numbers(one.stored)) for one in unit.ledger]
    return {
        "device": unit.number,
        "is_reference": unit.is_reference,
        "intervals": [[one.start, one.end, str(one.state)] for one in whole],
        "days": [[day, *asdict(one).values()] for day, one in by_day(spans)],
        "times": asdict(sums),
        "availability": {
            "of_known": number(sums.of_known),
            "if_up": number(sums.if_up),
            "if_down": number(sums.if_down),
        },
        "failures": _failures(failed),
        "alarms": _alarms(unit, spans),
        "lost": {
            name: sum(all_ - have for one, have, all_ in given if one.topic == topic)
            for name, topic in (("status", Topic.STATUS), ("alarms", Topic.ALARMS))
        },
        "clock": kept and asdict(kept) | {"drift": number(kept.drift)},
        "numbers": [
            {"topic": one.topic, "boot": one.boot, "stored": have, "given": all_}
            for one, have, all_ in given
        ],
        "metrics": [
            _of_metric(protocol, one, unit, reference, series, spans) for one in protocol.watched
        ],
    }


def _failures(failed: reliability.Failures) -> dict[str, Any]:
    return {
        "hours": number(failed.hours),
        "failures": failed.failures,
        "repairs": failed.repairs,
        "repair_hours": number(failed.repair_hours),
        "silences": failed.silences,
        "mtbf": number(reliability.mtbf(failed.hours, failed.failures)),
        "mttr": number(reliability.mttr(failed.repair_hours, failed.repairs)),
    }


def _alarms(unit: Unit, spans: Sequence[Interval]) -> int:
    """Count the alarms that began in hours of service."""
    began = reliability.episodes([(at, code, on) for at, code, _priority, on in unit.alarms])
    return sum(any(one.start <= at < one.end for one in spans) for at in began)


def states(protocol: Protocol, window: Window, unit: Unit, series: AllSeries) -> list[Interval]:
    """Return what a device was at every moment of the window."""
    life = [series.get((unit.number, code), NOTHING).at for code in sorted(protocol.codes)]
    return intervals(
        life[0] if len(life) == 1 else np.concatenate(life),
        unit.status,
        start=window.start,
        end=window.end,
        silence=protocol.silence_s * SECOND,
    )


def _of_metric(
    protocol: Protocol,
    watched: Watched,
    unit: Unit,
    reference: Unit | None,
    series: AllSeries,
    spans: Sequence[Interval],
) -> dict[str, Any]:
    code = metrics()[watched.metric].code
    mine = series.get((unit.number, code), NOTHING)
    failed = np.isnan(mine.value)
    inside = _in_service(protocol, mine.at)
    expected = expected_by_rate(sum(one.length for one in spans), watched.every_s)
    found: dict[str, Any] = {
        "metric": watched.metric,
        "stored": len(mine.at),
        "failed": int(failed.sum()),
        "implausible": int(((mine.value < watched.low) | (mine.value > watched.high)).sum()),
        "in_service": int(inside.sum()),
        "expected": expected,
        "completeness": number(by_stretch(mine.at, spans, watched.every_s)),
        "agreement": None,
    }
    line = _measured(mine)
    if reference is not None:
        theirs = series.get((reference.number, code), NOTHING)
        other = _measured(theirs)
        first, second = pairs(line.at, other.at, apart=round(protocol.pairing_s * SECOND))
        middle = (line.value[first] + other.value[second]) / 2
        line = Series(line.at[first], line.value[first] - other.value[second])
        found["agreement"] = of_pairs(line) | {"plot": scatter(middle, line.value)}
    return found | {"daily": _medians(line)}


def _measured(all_: Series) -> Series:
    """Return the readings that have a value; all of them as they are where none failed."""
    failed = np.isnan(all_.value)
    return Series(all_.at[~failed], all_.value[~failed]) if failed.any() else all_


def _in_service(protocol: Protocol, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    hour = at % DAY
    hour //= HOUR
    return (hour >= protocol.daily_from) & (hour < protocol.daily_to)


def of_pairs(line: Series) -> dict[str, Any]:
    """Return the agreement of differences: plain, and with a day as a session (2007)."""
    sessions = line.at // DAY
    found: dict[str, Any] = {"pairs": len(line.at), "sessions": len(np.unique(sessions))}
    try:
        plain = agreement(line.value)
        found["plain"] = {
            name: number(value) for name, value in asdict(plain).items() if name != "n"
        } | {"accuracy": number(plain.accuracy)}
        nested = repeated(line.value, sessions)
    except TooFew:
        return found
    if found["sessions"] >= LEAST_SESSIONS:
        found["intervals"] = _intervals(nested)
    low, high = nested.limits
    found["repeated"] = {
        name: number(value)
        for name, value in asdict(nested).items()
        if name not in {"n", "sessions"}
    } | {"low": number(low), "high": number(high), "accuracy": number(nested.accuracy)}
    return found


def _intervals(nested: Repeated) -> dict[str, list[str | None]]:
    """Return 95 % confidence intervals, two-sided as they are printed beside a plot."""
    low, high = limit_bounds(nested, confidence=TWO_SIDED)
    above, below = inner_limit_bounds(nested, confidence=TWO_SIDED)
    found = {
        "bias": bias_bounds(nested, confidence=TWO_SIDED),
        "low": (low, above),
        "high": (below, high),
        "accuracy": accuracy_bounds(nested, confidence=TWO_SIDED),
    }
    return {name: [number(one) for one in pair] for name, pair in found.items()}


def _medians(line: Series) -> list[list[Any]]:
    """Return the median of each day: [first µs, median, how many]."""
    days = line.at // DAY * DAY
    starts = np.flatnonzero(np.diff(days, prepend=-1))  # days are not negative
    edges = [*(int(one) for one in starts), len(days)]
    return [
        [int(days[first]), number(float(np.median(line.value[first:after]))), after - first]
        for first, after in pairwise(edges)
    ]
