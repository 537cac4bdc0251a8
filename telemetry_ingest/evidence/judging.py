"""The thresholds of a protocol, judged on the conservative bound: met, not met, or not enough data.

Not enough data is a result, and says how much is missing. It is given when the agreed least hours
were not observed, when no device however good could have proved the limit in that time, or when
only what happened in silence decides. A threshold that the data refute is not met, however few they
are. What is unknown is judged as the worst it may have been: down, under repair, one failure for
each silence and each numbered message that never came; so that silence never helps, and never
condemns either.
Pure: reads the figures of a pack, so that whoever has the pack can judge again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from math import ceil
from typing import Any

from msgspec import Struct

from telemetry_ingest.evidence.sealed import number
from telemetry_ingest.protocol import Measure, Protocol, Threshold
from telemetry_ingest.statistics import drift, repeated
from telemetry_ingest.statistics.agreement import TooFew
from telemetry_ingest.statistics.availability import Times, lower_bound, upper_bound
from telemetry_ingest.statistics.intervals import DAY, HOUR
from telemetry_ingest.statistics.means import days_needed
from telemetry_ingest.statistics.reliability import (
    chi_square,
    mtbf_bounds,
    mttr_lower,
    mttr_upper,
    rate_bounds,
)

Figures = Mapping[str, Any]
DRIFT_DAYS = 30


class Outcome(StrEnum):
    """What came of a threshold."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ENOUGH = "not_enough"


class Missing(StrEnum):
    """What there is too little of."""

    HOURS = "hours"  # of service whose state is known
    DAYS = "days"
    REPAIRS = "repairs"
    SESSIONS = "sessions"  # days with differences to the reference
    SILENCE = "silence"  # hours of silence that decide
    LOST = "lost"  # messages about its condition or alarms that were lost and decide


class Judgement(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What came of one threshold for one device.

    Attributes:
        place: of the threshold in the protocol.
        estimate: what was measured, in the unit of the measure.
        bound: the conservative bound, on the side that the limit is judged on.
        missing: what there is too little of, and how much more is needed.
    """

    place: int
    device: int
    outcome: Outcome
    estimate: str | None = None
    bound: str | None = None
    missing: Missing | None = None
    amount: str = ""


class Found(Struct, frozen=True):
    """What a measure says of a threshold before it is a judgement.

    ``refuted``: even the favourable bound is on the wrong side.
    """

    estimate: float | None
    bound: float | None
    refuted: bool = False
    missing: Missing | None = None
    amount: float = 0


def judged(protocol: Protocol, figures: Sequence[Figures]) -> list[Judgement]:
    """Judge every threshold for every device under test."""
    return [
        judge(protocol, place, threshold, one)
        for place, threshold in enumerate(protocol.thresholds)
        for one in figures
        if not one["is_reference"]
    ]


def overall(judgements: list[Judgement]) -> Outcome | None:
    """Return the outcome of all together: the worst; ``None`` without a threshold."""
    found = {one.outcome for one in judgements}
    worst = (Outcome.NOT_MET, Outcome.NOT_ENOUGH, Outcome.MET)
    return next((one for one in worst if one in found), None)


def judge(protocol: Protocol, place: int, threshold: Threshold, one: Figures) -> Judgement:
    """Judge one threshold for one device."""
    found = MEASURES[threshold.measure](protocol, threshold, one)
    known = sum(one["times"][name] for name in ("up", "partial", "down")) / HOUR
    outcome, missing, amount = Outcome.NOT_ENOUGH, found.missing, found.amount
    if found.refuted:
        outcome, missing = Outcome.NOT_MET, None
    elif known < threshold.least_hours:
        missing, amount = Missing.HOURS, threshold.least_hours - known
    elif found.missing is None:
        outcome = Outcome.MET if _holds(threshold, found.bound) else Outcome.NOT_MET
    return Judgement(
        place=place,
        device=one["device"],
        outcome=outcome,
        estimate=number(found.estimate),
        bound=number(found.bound),
        missing=missing,
        amount=str(ceil(amount)) if missing else "",
    )


def _holds(threshold: Threshold, bound: float | None) -> bool:
    if bound is None:
        return False
    limit = float(threshold.limit)
    at_least = threshold.measure in {Measure.AVAILABILITY, Measure.COMPLETENESS, Measure.MTBF}
    return bound >= limit if at_least else bound <= limit


def days_of(one: Figures) -> list[Times]:
    """Return the times of each day of service."""
    return [Times(*rest) for _day, *rest in one["days"]]


def availability_bound(
    protocol: Protocol, one: Figures, *, confidence: float, unknown_is_down: bool = True
) -> float:
    """Return the lower bound of a device's availability at any level."""
    return lower_bound(
        days_of(one),
        confidence=confidence,
        day_length=(protocol.daily_to - protocol.daily_from) * HOUR,
        unknown_is_down=unknown_is_down,
    )


def _availability(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    confidence, limit = float(threshold.confidence), float(threshold.limit)
    bound = availability_bound(protocol, one, confidence=confidence)
    hopeful = availability_bound(protocol, one, confidence=confidence, unknown_is_down=False)
    daily = (protocol.daily_to - protocol.daily_from) * HOUR
    best = upper_bound(days_of(one), confidence=confidence, day_length=daily)
    needed, whole = days_needed(limit, confidence=confidence), _covered(one) / daily
    found = _found(one["availability"]["of_known"], bound, refuted=best < limit)
    if bound < limit and needed is not None and whole < needed:
        return _with(found, Missing.DAYS, needed - whole)
    return _silent(found, one, decides=bound < limit <= hopeful)


def _completeness(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    """Return the share of the metric of which most is missing; a count of all has no bound."""
    shares = [each["completeness"] for each in one["metrics"]]
    worst = min((float(each) for each in shares if each is not None), default=None)
    whole = _covered(one) >= threshold.least_hours * HOUR  # silence is what is counted here
    refuted = whole and worst is not None and worst < float(threshold.limit)
    return Found(worst, worst, refuted)


def _mtbf(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    confidence, limit = float(threshold.confidence), float(threshold.limit)
    failed = one["failures"]
    hours, count = float(failed["hours"]), failed["failures"]
    hopeful, best = mtbf_bounds(hours + _unknown(one), count, confidence=confidence)
    found = _found(
        failed["mtbf"],
        mtbf_bound(one, confidence=confidence),
        refuted=best is not None and best < limit,
    )
    needed = limit * chi_square(confidence, 2) / 2
    if hours < needed:
        return _with(found, Missing.HOURS, needed - hours)
    decides = (found.bound or 0) < limit <= hopeful
    if decides and not _unknown(one):
        return _with(found, Missing.LOST, one["lost"]["status"])
    return _silent(found, one, decides=decides)


def mtbf_bound(one: Figures, *, confidence: float) -> float:
    """Return the lower bound of the MTBF; a silence, or a lost message, may hide one failure."""
    failed = one["failures"]
    count = failed["failures"] + failed["silences"] + one["lost"]["status"]
    return mtbf_bounds(float(failed["hours"]), count, confidence=confidence)[0]


def _mttr(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    confidence, limit = float(threshold.confidence), float(threshold.limit)
    hours, count = float(one["failures"]["repair_hours"]), one["failures"]["repairs"]
    bound = mttr_upper(hours + _unknown(one), count, confidence=confidence)
    hopeful = mttr_upper(hours, count, confidence=confidence)
    refuted = mttr_lower(hours, count, confidence=confidence) > limit
    found = _found(one["failures"]["mttr"], bound, refuted=refuted)
    if bound is None or hopeful is None:
        return _with(found, Missing.REPAIRS, 1)
    return _silent(found, one, decides=hopeful <= limit < bound)


def _alarm_rate(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    confidence, limit = float(threshold.confidence), float(threshold.limit)
    days = float(one["failures"]["hours"]) * HOUR / DAY
    needed = chi_square(confidence, 2) / 2 / limit if limit else 0
    if not days:
        return Found(None, None, missing=Missing.DAYS, amount=needed or 1)
    low, hopeful = rate_bounds(one["alarms"], days, confidence=confidence)
    high = rate_bounds(one["alarms"] + one["lost"]["alarms"], days, confidence=confidence)[1]
    found = Found(one["alarms"] / days, high, low > limit)
    if days < needed:
        return _with(found, Missing.DAYS, needed - days)
    lost = hopeful <= limit < high
    return _with(found, Missing.LOST, one["lost"]["alarms"]) if lost else found


def _drift(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    import numpy as np  # noqa: PLC0415 — the words of judgements do not need it

    daily, confidence = _metric(one, threshold)["daily"], float(threshold.confidence)
    days = np.array([day / DAY for day, _median, _count in daily])
    values = np.array([float(median) for _day, median, _count in daily])
    try:
        line = drift.slope(days, values, confidence=confidence)
    except TooFew:
        needed = drift.days_needed(confidence=confidence)
        return Found(None, None, missing=Missing.DAYS, amount=needed - len(daily))
    low, high = line.low * DRIFT_DAYS, line.high * DRIFT_DAYS
    return _two_sided(threshold, line.slope * DRIFT_DAYS, low, high)


def _against_reference(protocol: Protocol, threshold: Threshold, one: Figures) -> Found:
    agreement = _metric(one, threshold)["agreement"] or {"sessions": 0}
    sessions = agreement["sessions"]
    if sessions < repeated.LEAST_SESSIONS or "repeated" not in agreement:
        missing = max(1, repeated.LEAST_SESSIONS - sessions)
        return Found(None, None, missing=Missing.SESSIONS, amount=missing)
    nested, confidence = nested_of(agreement), float(threshold.confidence)
    if threshold.measure is Measure.BIAS:
        bounds = repeated.bias_bounds(nested, confidence=confidence)
        return _two_sided(threshold, nested.bias, *bounds)
    limit = float(threshold.limit)
    if threshold.measure is Measure.ACCURACY:
        stated = float(agreement["plain"]["accuracy"])  # as ISO 80601-2-61 computes it
        best, bound = repeated.accuracy_bounds(nested, confidence=confidence)
        return Found(stated, max(bound, stated), best > limit)
    low, high = repeated.limit_bounds(nested, confidence=confidence)
    nearest, farthest = repeated.inner_limit_bounds(nested, confidence=confidence)
    farther = max(abs(side) for side in nested.limits)
    refuted = nearest < -limit or farthest > limit
    return Found(farther, max(abs(low), abs(high)), refuted)


def nested_of(agreement: Mapping[str, Any]) -> repeated.Repeated:
    """Return the analysis of variance that a pack holds."""
    parts = agreement["repeated"]
    names = ("bias", "means", "within", "between", "harmonic")
    return repeated.Repeated(
        agreement["pairs"], agreement["sessions"], *(float(parts[name]) for name in names)
    )


def _two_sided(threshold: Threshold, estimate: float, low: float, high: float) -> Found:
    """Judge what must be near 0: both one-sided bounds have to be within the limit."""
    limit = float(threshold.limit)
    return Found(estimate, max(abs(low), abs(high)), low > limit or high < -limit)


def _metric(one: Figures, threshold: Threshold) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        each for each in one["metrics"] if each["metric"] == threshold.metric
    )
    return found


def _covered(one: Figures) -> float:
    """Return all hours of service, in µs."""
    return sum(float(each.covered) for each in days_of(one))


def _unknown(one: Figures) -> float:
    """Return the hours of service of which nothing is known."""
    return float(one["times"]["unknown"]) / HOUR


def _found(estimate: str | None, bound: float | None, *, refuted: bool) -> Found:
    return Found(None if estimate is None else float(estimate), bound, refuted)


def _silent(found: Found, one: Figures, *, decides: bool) -> Found:
    """Say that silence decides, if it does."""
    return _with(found, Missing.SILENCE, _unknown(one)) if decides else found


def _with(found: Found, missing: Missing, amount: float) -> Found:
    return Found(found.estimate, found.bound, found.refuted, missing, amount)


MEASURES: Mapping[Measure, Callable[[Protocol, Threshold, Figures], Found]] = {
    Measure.AVAILABILITY: _availability,
    Measure.COMPLETENESS: _completeness,
    Measure.MTBF: _mtbf,
    Measure.MTTR: _mttr,
    Measure.ALARM_RATE: _alarm_rate,
    Measure.DRIFT: _drift,
    Measure.BIAS: _against_reference,
    Measure.AGREEMENT: _against_reference,
    Measure.ACCURACY: _against_reference,
}
