"""What the pages with live values say: devices in words, metrics as chart, text and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec
from babel import dates
from markupsafe import Markup

from portal.web.i18n import CASABLANCA, lazy, locale, ngettext, number
from portal.web.i18n import gettext as _
from telemetry_ingest import sentences
from telemetry_ingest.live.drawing import Drawn, chart, sparkline
from telemetry_ingest.live.gaps import Gap, gaps
from telemetry_ingest.metrics import by_code
from telemetry_ingest.protocol import Protocol
from telemetry_ingest.queries.live import Bin, LiveDevice, Standing
from telemetry_ingest.queries.protocols import Range
from telemetry_ingest.queries.windows import Window
from telemetry_ingest.statistics.completeness import completeness

HOUR = timedelta(hours=1)

# How each standing is said and how its badge looks.
STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.REVOKED: (lazy("Token revoked"), ""),
    Standing.NEVER: (lazy("Never heard"), "unsure"),
    Standing.SILENT: (lazy("Unknown: it is silent"), "unsure"),
    Standing.SENDS: (lazy("It sends"), "good"),
    Standing.UP: (lazy("In service"), "good"),
    Standing.PARTIAL: (lazy("Partly in service"), "attention"),
    Standing.DOWN: (lazy("Out of service, it says"), "attention"),
}


@dataclass(frozen=True)
class Value:
    """The latest value of a metric, written out; ``text`` is empty where it failed."""

    code: int
    name: str
    unit: str
    text: str
    at: datetime | None
    implausible: bool
    spark: Markup


@dataclass(frozen=True)
class Card:
    """One device as a list shows it."""

    device: LiveDevice
    standing: str
    look: str
    expected: int
    completeness: Fraction | None
    values: list[Value]


@dataclass(frozen=True)
class Row:
    """A line of the table beside a chart: a stretch with values, or a gap until ``until``."""

    at: str
    bin: Bin | None = None
    until: str = ""


@dataclass(frozen=True)
class Chart:
    """One metric in a window of time."""

    code: int
    name: str
    unit: str
    summary: str
    drawing: Markup
    rows: list[Row]
    data: str


def card(
    device: LiveDevice,
    protocol: Protocol,
    plan: Sequence[Range],
    expected: int,
    *,
    hours: dict[tuple[int, int], list[Bin]],
    now: datetime,
) -> Card:
    """Say where a device stands."""
    words, look = STANDINGS[device.standing(now, protocol.silence_s)]
    since = now.replace(minute=0, second=0, microsecond=0) - 23 * HOUR
    values = []
    for one in plan:
        drawn = sparkline(
            hours.get((device.number, one.metric), []), since, now, HOUR, protocol.silence_s
        )
        values.append(_value(device, one, drawn))
    return Card(device, _(words), look, expected, completeness(device.stored, expected), values)


def _value(device: LiveDevice, plan: Range, spark: Markup) -> Value:
    metric, last = by_code()[plan.metric], device.last.get(plan.metric)
    value = last.value if last else None
    return Value(
        plan.metric,
        sentences.metric_name(metric.refid),
        sentences.unit_of(metric.refid),
        written(value),
        last.at if last else None,
        value is not None and not plan.low <= value <= plan.high,
        spark,
    )


def chart_of(
    plan: Range, bins: list[Bin], window: Window, since: datetime, now: datetime, silence_s: float
) -> Chart:
    """Show one metric in a window, in all three ways."""
    refid = by_code()[plan.metric].refid
    name, unit = sentences.metric_name(refid), sentences.unit_of(refid)
    found = gaps(bins, window.step, silence_s, since, now)
    drawn = Drawn(bins, found, since, now, window.step, silence_s, plan.low, plan.high)
    summary = summary_of(drawn, unit)
    return Chart(
        plan.metric, name, unit, summary,
        chart(f"{name} ({unit})", summary, drawn, lambda at: axis_time(at, window)),
        rows_of(bins, found, window),
        data_of(plan.metric, drawn, window),
    )  # fmt: skip


def summary_of(drawn: Drawn, unit: str) -> str:
    """Say in words what a chart shows."""
    parts = [_values_in_words(drawn.bins, unit)]
    failed = sum(one.failed for one in drawn.bins)
    if failed:
        parts.append(
            ngettext("%(num)s measurement failed.", "%(num)s measurements failed.", failed)
        )
    if drawn.gaps:
        length = sum((one.length for one in drawn.gaps), timedelta())
        parts.append(
            ngettext(
                "%(num)s time without data (%(length)s): what happened then is unknown.",
                "%(num)s times without data (%(length)s in all): what happened then is unknown.",
                len(drawn.gaps),
                length=dates.format_timedelta(length, locale=locale()),
            )
        )
    plausible = _("Plausible: %(low)s to %(high)s %(unit)s.")
    parts.append(plausible % {"low": number(drawn.low), "high": number(drawn.high), "unit": unit})
    return " ".join(parts)


def _values_in_words(bins: Sequence[Bin], unit: str) -> str:
    counted = sum(one.n for one in bins)
    if not counted:
        return _("No value in this window.")
    mean = sum((one.mean or 0.0) * one.n for one in bins) / counted
    return ngettext(
        "%(num)s value: %(mean)s %(unit)s on average, between %(low)s and %(high)s.",
        "%(num)s values: %(mean)s %(unit)s on average, between %(low)s and %(high)s.",
        counted,
        mean=written(mean),
        unit=unit,
        low=written(min(one.low for one in bins if one.low is not None)),
        high=written(max(one.high for one in bins if one.high is not None)),
    )


def rows_of(bins: Sequence[Bin], found: Sequence[Gap], window: Window) -> list[Row]:
    """Return the lines of the table, the latest first, with a line for each gap."""
    lines = [(one.start, Row(row_time(one.start, window), bin=one)) for one in bins]
    lines += [
        (one.start, Row(row_time(one.start, window), until=row_time(one.end, window)))
        for one in found
    ]
    return [row for _at, row in sorted(lines, key=lambda line: line[0], reverse=True)]


def data_of(code: int, drawn: Drawn, window: Window) -> str:
    """Return what the page's script draws, as JSON; times in seconds since 1970."""
    content = {
        "code": code,
        "since": drawn.since.timestamp(),
        "until": drawn.now.timestamp(),
        "step": window.step.total_seconds(),
        "silence": drawn.silence_s,
        "low": drawn.low,
        "high": drawn.high,
        "bins": [
            [one.start.timestamp(), one.n, one.failed, one.low, one.high, one.mean]
            for one in drawn.bins
        ],
    }
    return msgspec.json.encode(content).decode()


def written(value: float | None) -> str:
    """Write a value with one decimal, nothing for none."""
    return "" if value is None else number(round(value, 1))


def axis_time(at: datetime, window: Window) -> str:
    """Write a moment below a chart."""
    pattern = "HH:mm" if window.length <= timedelta(days=1) else "d MMM"
    return str(dates.format_datetime(at, pattern, tzinfo=CASABLANCA, locale=locale()))


def row_time(at: datetime, window: Window) -> str:
    """Write a moment in a table."""
    pattern = "HH:mm:ss" if window.length < HOUR else "d MMM, HH:mm"
    if window.step >= timedelta(days=1):
        pattern = "d MMM y"
    return str(dates.format_datetime(at, pattern, tzinfo=CASABLANCA, locale=locale()))
