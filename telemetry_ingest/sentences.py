"""A protocol in sentences, so that people can agree to it without reading JSON."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from portal.web.i18n import day, lazy, number, percent
from portal.web.i18n import gettext as _
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Measure, Protocol, Threshold, Watched


def metric_name(refid: str) -> str:
    """Return what a metric is called in the language of the reader."""
    found = metrics().get(refid)
    return _(found.name) if found else refid


def unit_of(refid: str) -> str:
    """Return the unit of a metric as people write it."""
    found = metrics().get(refid)
    unit = found.unit if found else ""
    return {"/min": _("per minute"), "mm[Hg]": "mmHg", "Cel": "°C"}.get(unit, unit)


def period(protocol: Protocol) -> str:
    """Say from which day to which day it is measured."""
    return _(
        "From %(first)s to %(last)s.",
        first=day(protocol.starts_at),
        last=day(protocol.ends_at - timedelta(seconds=1)),
    )


def service(protocol: Protocol) -> str:
    """Say during which hours the device is expected to work."""
    if (protocol.daily_from, protocol.daily_to) == (0, 24):
        return _("The device is expected to work day and night.")
    return _(
        "The device is expected to work from %(first)s:00 to %(last)s:00 (UTC) each day.",
        first=protocol.daily_from,
        last=protocol.daily_to,
    )


def silence(protocol: Protocol) -> str:
    """Say what silence means."""
    return _(
        "After %(seconds)s seconds without a reading its state is unknown; silence is never "
        "counted as working, nor as broken.",
        seconds=number(protocol.silence_s),
    )


def reference(protocol: Protocol) -> str:
    """Say whether another device measures beside it."""
    if not protocol.reference:
        return _("No reference device measures beside it.")
    return _(
        "A reference device measures beside it; readings at most %(seconds)s s apart are compared.",
        seconds=number(protocol.pairing_s),
    )


def watched(one: Watched) -> str:
    """Say how often a metric is expected and what is plausible."""
    return _(
        "%(metric)s: one reading every %(every)s s; plausible from %(low)s to %(high)s %(unit)s.",
        metric=metric_name(one.metric),
        every=number(one.every_s),
        low=number(one.low),
        high=number(one.high),
        unit=unit_of(one.metric),
    )


OF_PILOT: dict[Measure, str] = {
    Measure.AVAILABILITY: lazy("Available during at least %(limit)s of the covered hours."),
    Measure.COMPLETENESS: lazy("At least %(limit)s of the expected readings arrive."),
    Measure.MTBF: lazy("At least %(limit)s hours between two failures."),
    Measure.MTTR: lazy("A failure is repaired within %(limit)s hours."),
    Measure.ALARM_RATE: lazy("At most %(limit)s alarms per day of operation."),
}
OF_METRIC: dict[Measure, str] = {
    Measure.DRIFT: lazy("%(metric)s: drifts by at most %(limit)s %(unit)s in 30 days."),
    Measure.BIAS: lazy("%(metric)s: differs from the reference by at most %(limit)s %(unit)s."),
    Measure.AGREEMENT: lazy(
        "%(metric)s: 95%% of the differences to the reference lie within ± %(limit)s %(unit)s."
    ),
    Measure.ACCURACY: lazy(
        "%(metric)s: accuracy (A_rms) against the reference of at most %(limit)s %(unit)s."
    ),
}
SHARES = frozenset({Measure.AVAILABILITY, Measure.COMPLETENESS})


def threshold(one: Threshold) -> str:
    """Say what must hold."""
    share = one.measure in SHARES
    limit = (
        percent(Decimal(one.limit), decimals=2, trim=True) if share else number(Decimal(one.limit))
    )
    if one.measure in OF_PILOT:
        return _(OF_PILOT[one.measure], limit=limit)
    return _(
        OF_METRIC[one.measure],
        limit=limit,
        metric=metric_name(one.metric),
        unit=unit_of(one.metric),
    )


def judged(one: Threshold) -> str:
    """Say how sure it has to be, and after how long."""
    return _(
        "Shown with %(confidence)s confidence, after at least %(hours)s covered hours.",
        confidence=percent(Decimal(one.confidence), decimals=2, trim=True),
        hours=number(one.least_hours),
    )


GROUND: tuple[Callable[[Protocol], str], ...] = (period, service, silence, reference)


def ground(protocol: Protocol) -> list[str]:
    """Return the sentences that hold for the whole pilot."""
    return [say(protocol) for say in GROUND]
