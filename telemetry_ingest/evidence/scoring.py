"""What the scoring engine takes from a pack: plain data, it knows nothing of pilots."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from telemetry_ingest.evidence.judging import availability_bound, mtbf_bound
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.statistics.intervals import DAY, HOUR

EXPOSURE = {"hour": HOUR, "day": DAY, "month": 30 * DAY}
UNITS = {"availability": "percent", "completeness": "percent", "mtbf": "hour"}
PLACES = Decimal("0.000001")


def measurements(
    pack: Pack, *, bid: str, criterion: str, metric: str, level: str, exposure: str = "month"
) -> dict[str, Any]:
    """Return a pack as evidence of a bid: the lower bound of the worst device, at a level.

    Args:
        pack: the pack.
        bid: the bid whose type of device was tried out.
        criterion: the criterion it is evidence for.
        metric: « availability », « completeness » or « mtbf ».
        level: confidence of the bound, decimal text such as « 0.95 ».
        exposure: « hour », « day » or « month » (30 days); the known hours of service are counted.

    Returns:
        the names and texts of an ``evidence`` entry of a tender's file; numbers are rounded down.
    """
    tested = [one for one in pack.sections["figures"] if not one["is_reference"]]
    bounds = [_lower(pack, one, metric, float(level)) for one in tested]
    known = [sum(one["times"][name] for name in ("up", "partial", "down")) for one in tested]
    covered = [known[place] + one["times"]["unknown"] for place, one in enumerate(tested)]
    shares = [Fraction(have, whole) for have, whole in zip(known, covered, strict=True) if whole]
    return {
        "bid": bid,
        "criterion": criterion,
        "metric": metric,
        "level": level,
        "lower_bound": {"value": _text(min(bounds, default=0.0)), "unit": UNITS[metric]},
        "exposure": {
            "value": _text(min(known, default=0) / EXPOSURE[exposure]),
            "unit": exposure,
        },
        "coverage": _text(float(min(shares, default=Fraction(0)))),
        "pack": pack.head,
    }


def _lower(pack: Pack, one: Mapping[str, Any], metric: str, confidence: float) -> float:
    if metric == "availability":
        return 100 * availability_bound(pack.protocol, one, confidence=confidence)
    if metric == "mtbf":
        return mtbf_bound(one, confidence=confidence)
    shares = [float(each["completeness"] or 0) for each in one["metrics"]]
    return 100 * min(shares, default=0.0)


def _text(value: float) -> str:
    """Write a number, rounded down, without an exponent."""
    return format(Decimal(value).quantize(PLACES, ROUND_FLOOR).normalize(), "f")
