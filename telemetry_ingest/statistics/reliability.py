"""Time between failures, time to repair, rates of alarms: exact bounds from few events.

Hours and counts in; hours or counts per unit out. scipy is loaded by the first bound that is asked
for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from telemetry_ingest.states import Condition
from telemetry_ingest.statistics.intervals import HOUR, UNKNOWN, Interval


@dataclass(frozen=True)
class Failures:
    """What happened: operating hours, failures, finished repairs and all hours of repair.

    ``silences``: stretches of unknown that may hide one failure more, each.
    """

    hours: float
    failures: int
    repairs: int
    repair_hours: float
    silences: int = 0


def failures(found: Sequence[Interval], spans: Sequence[Interval]) -> Failures:
    """Count failures.

    Args:
        found: the whole window's intervals: a failure is a beginning of « down » (domain E9).
        spans: the same within the hours of service: operating hours are « up » and « partial ».
    """
    operating = sum(one.length for one in spans if one.state in {Condition.UP, Condition.PARTIAL})
    down = [one for one in found if one.state == Condition.DOWN]
    end = found[-1].end if found else 0
    return Failures(
        operating / HOUR,
        len(down),
        sum(one.end < end for one in down),  # what is still down at the end is not repaired
        sum(one.length for one in down) / HOUR,
        _silences(found, spans),
    )


def _silences(found: Sequence[Interval], spans: Sequence[Interval]) -> int:
    """Count silences in hours of service; one that ends in « down » is that failure's own."""
    hidden = [one for one in spans if one.state == UNKNOWN]
    starts = [one.start for one in hidden]
    count = 0
    for one, after in zip_longest(found, found[1:]):
        if one.state == UNKNOWN and not (after and after.state == Condition.DOWN):
            last = bisect_left(starts, one.end) - 1
            count += last >= 0 and hidden[last].end > one.start
    return count


def mtbf(hours: float, count: int) -> float | None:
    """Return operating hours per failure (domain E9); ``None`` without a failure."""
    return hours / count if count else None


def mtbf_bounds(hours: float, count: int, *, confidence: float) -> tuple[float, float | None]:
    """Return the lower and the upper one-sided bound of the MTBF, in hours.

    2T/χ²(confidence; 2n+2) and 2T/χ²(1 − confidence; 2n); there is no upper one without a failure.
    Source: MIL-HDBK-781A; NIST/SEMATECH e-Handbook 8.4.5.1 (time-censored test).
    Assumes: a constant failure rate; the test ends at a time and not at a failure, then it is
    conservative.
    """
    upper = 2 * hours / chi_square(1 - confidence, 2 * count) if count else None
    return 2 * hours / chi_square(confidence, 2 * count + 2), upper


def mttr(hours: float, repairs: int) -> float | None:
    """Return hours of repair per finished repair (domain E9); ``None`` without one."""
    return hours / repairs if repairs else None


def mttr_upper(hours: float, repairs: int, *, confidence: float) -> float | None:
    """Return the upper one-sided bound of the MTTR: 2S/χ²(1 − confidence; 2n), in hours.

    Source: Epstein, « Estimation from life test data », Technometrics 2 (1960) 447, for repairs.
    Assumes: exponential times of repair. Hours of an unfinished repair count in S, not in n.
    """
    return 2 * hours / chi_square(1 - confidence, 2 * repairs) if repairs else None


def mttr_lower(hours: float, repairs: int, *, confidence: float) -> float:
    """Return the lower one-sided bound of the MTTR: 2S/χ²(confidence; 2n+2), in hours.

    Same source; also without a finished repair: one that never ends is long.
    """
    return 2 * hours / chi_square(confidence, 2 * repairs + 2)


def rate_bounds(count: int, exposure: float, *, confidence: float) -> tuple[float, float]:
    """Return the lower and upper one-sided bound of a rate of events, per unit of exposure.

    χ²(1 − confidence; 2n)/2T and χ²(confidence; 2n+2)/2T.
    Source: Garwood, « Fiducial limits for the Poisson distribution », Biometrika 28 (1936) 437.
    Assumes: events come one at a time and independently (Poisson); alarms that come in bursts do
    not, so episodes are counted and not repetitions.
    """
    low = chi_square(1 - confidence, 2 * count) / 2 if count else 0.0
    return low / exposure, chi_square(confidence, 2 * count + 2) / 2 / exposure


def chi_square(chance: float, freedom: int) -> float:
    """Return the value that a χ² variable stays below with ``chance``."""
    from scipy.special import chdtri  # noqa: PLC0415 — it takes a second to load

    return float(chdtri(freedom, 1 - chance))


def episodes(alarms: Sequence[tuple[int, int, bool]]) -> list[int]:
    """Return when alarms began: (moment, code, active), sorted.

    An alarm that is said to be active again before it ended is the same one.
    """
    active: set[int] = set()
    found = []
    for at, code, begins in alarms:
        if begins and code not in active:
            active.add(code)
            found.append(at)
        elif not begins:
            active.discard(code)
    return found
