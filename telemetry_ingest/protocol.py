"""What both sides agree on before the first reading, so that nobody chooses the window afterwards.

A protocol is read from and written to canonical JSON; its digest is what was agreed. Pure.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from telemetry_ingest.metrics import metrics

Text = Annotated[str, Meta(max_length=2_000)]


class ProtocolRefused(ValueError):
    """A protocol contradicts itself; ``field`` and ``why`` (an English msgid) say where and how."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why


class Measure(StrEnum):
    """What an acceptance threshold is about."""

    AVAILABILITY = "availability"  # share of the covered hours, domain E8
    COMPLETENESS = "completeness"  # share of the expected readings that are stored
    MTBF = "mtbf"  # hours between failures
    MTTR = "mttr"  # hours of a repair
    ALARM_RATE = "alarm_rate"  # alarms per day of operation
    DRIFT = "drift"  # units of the metric per 30 days
    BIAS = "bias"  # mean difference to the reference
    AGREEMENT = "agreement"  # limits of agreement with the reference, Bland and Altman
    ACCURACY = "accuracy"  # A_rms against the reference, ISO 80601-2-61


AGAINST_REFERENCE = frozenset({Measure.BIAS, Measure.AGREEMENT, Measure.ACCURACY})
OF_A_METRIC = AGAINST_REFERENCE | {Measure.DRIFT}
# A high value is good for these, a low one for the others; the judged bound is the other side.
AT_LEAST = frozenset({Measure.AVAILABILITY, Measure.COMPLETENESS, Measure.MTBF})


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parts of a protocol cannot be changed."""


class Watched(Part, frozen=True, kw_only=True):
    """A metric of the protocol; values beyond ``low`` and ``high`` are implausible."""

    metric: str
    low: float
    high: float
    every_s: Annotated[float, Meta(gt=0, le=86_400)]


class Threshold(Part, frozen=True, kw_only=True):
    """What must hold for acceptance, judged on the conservative bound of its estimate.

    Attributes:
        limit: decimal text in the measure's unit; shares between 0 and 1.
        confidence: of the one-sided bound, decimal text between 0.5 and 0.999.
        least_hours: covered hours under which the result is « not enough data ».
        metric: reference identifier, for measures of a metric.
    """

    measure: Measure
    limit: Annotated[str, Meta(pattern=r"^\d{1,9}(\.\d{1,9})?$")]
    confidence: Annotated[str, Meta(pattern=r"^0\.\d{1,4}$")] = "0.95"
    least_hours: Annotated[int, Meta(ge=0, le=100_000)] = 168
    metric: str = ""


class Protocol(Part, frozen=True, kw_only=True):
    """The whole agreement.

    Attributes:
        starts_at: first moment of the period, UTC.
        ends_at: moment after the period, UTC.
        silence_s: without a reading for longer, the state is unknown (a gap), not « down ».
        daily_from: first hour of service of each day, UTC; 0 with ``daily_to`` 24 is always.
        daily_to: hour after service.
        reference: whether a reference device measures beside the device under test.
        pairing_s: readings of both that are at most this far apart are a pair.
    """

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    purpose: Text = ""
    starts_at: datetime
    ends_at: datetime
    watched: Annotated[tuple[Watched, ...], Meta(min_length=1, max_length=20)]
    thresholds: Annotated[tuple[Threshold, ...], Meta(max_length=40)] = ()
    silence_s: Annotated[int, Meta(ge=1, le=86_400)] = 150
    daily_from: Annotated[int, Meta(ge=0, le=23)] = 0
    daily_to: Annotated[int, Meta(ge=1, le=24)] = 24
    reference: bool = False
    pairing_s: Annotated[float, Meta(gt=0, le=60)] = 1.0

    @property
    def codes(self) -> frozenset[int]:
        """Return the codes of the metrics it watches."""
        return frozenset(metrics()[one.metric].code for one in self.watched)

    def check(self) -> None:
        """Find what contradicts itself.

        Raises:
            ProtocolRefused: the first contradiction.
        """
        _check_period(self)
        _check_watched(self)
        for place, one in enumerate(self.thresholds):
            _check_threshold(self, one, f"thresholds[{place}]")


LONGEST = timedelta(days=730)


def _check_period(protocol: Protocol) -> None:
    for name in ("starts_at", "ends_at"):
        if getattr(protocol, name).tzinfo is None:
            raise ProtocolRefused(name, "A time needs its zone.")
    if protocol.ends_at <= protocol.starts_at:
        raise ProtocolRefused("ends_at", "The end has to come after the beginning.")
    if protocol.ends_at - protocol.starts_at > LONGEST:
        raise ProtocolRefused("ends_at", "A pilot lasts two years at most.")
    if protocol.daily_to <= protocol.daily_from:
        raise ProtocolRefused("daily_to", "Service has to end after it begins.")


def _check_watched(protocol: Protocol) -> None:
    names = [one.metric for one in protocol.watched]
    for place, one in enumerate(protocol.watched):
        if one.metric not in metrics():
            raise ProtocolRefused(f"watched[{place}].metric", "This metric is not known.")
        if not one.low < one.high:
            raise ProtocolRefused(
                f"watched[{place}].high", "The highest plausible value has to exceed the lowest."
            )
        if names.count(one.metric) > 1:
            raise ProtocolRefused(f"watched[{place}].metric", "This metric is there twice.")


def _check_threshold(protocol: Protocol, one: Threshold, place: str) -> None:
    watched = {each.metric for each in protocol.watched}
    if (one.measure in OF_A_METRIC) != bool(one.metric) or one.metric not in watched | {""}:
        raise ProtocolRefused(
            f"{place}.metric", "Name a metric of this protocol, where it needs one."
        )
    if one.measure in AGAINST_REFERENCE and not protocol.reference:
        raise ProtocolRefused(f"{place}.measure", "This needs a reference device.")
    if one.measure in {Measure.AVAILABILITY, Measure.COMPLETENESS} and Decimal(one.limit) > 1:
        raise ProtocolRefused(f"{place}.limit", "A share is between 0 and 1.")
    if not Decimal("0.5") <= Decimal(one.confidence) <= Decimal("0.999"):
        raise ProtocolRefused(f"{place}.confidence", "Confidence is between 0.5 and 0.999.")


def written(protocol: Protocol) -> bytes:
    """Return a protocol as canonical JSON: names sorted, no spaces, UTF-8, times in UTC."""
    in_utc = msgspec.structs.replace(
        protocol,
        starts_at=protocol.starts_at.astimezone(UTC),
        ends_at=protocol.ends_at.astimezone(UTC),
    )
    # Read once, « 50 » and « 50.0 » are one number; else its digest would change by being stored.
    once = msgspec.json.decode(msgspec.json.encode(in_utc), type=Protocol)
    return msgspec.json.encode(once, order="sorted")


def read(content: bytes | str) -> Protocol:
    """Read a protocol and check it.

    Raises:
        ProtocolRefused: it is not of the shape, or contradicts itself.
    """
    try:
        protocol = msgspec.json.decode(content, type=Protocol)
    except msgspec.ValidationError as error:
        why, _at, place = str(error).partition(" - at `$")
        raise ProtocolRefused(place.strip(".`"), why) from None
    except msgspec.DecodeError as error:
        raise ProtocolRefused("", str(error)) from None
    protocol.check()
    return protocol


def digest(protocol: Protocol) -> str:
    """Return the SHA-256 of the canonical form: what both sides put their names to."""
    return hashlib.sha256(written(protocol)).hexdigest()
