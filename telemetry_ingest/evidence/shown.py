"""A pack in words: what its page and its PDF show, in the present language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec
from markupsafe import Markup

from portal.web.i18n import day, direction, lazy, number, percent
from portal.web.i18n import gettext as _
from telemetry_ingest import sentences
from telemetry_ingest.evidence.drawing import differences, mark, merged, strip
from telemetry_ingest.evidence.judging import Judgement, Missing, Outcome
from telemetry_ingest.evidence.observed import micros, moment
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.protocol import AT_LEAST, Measure, Threshold
from telemetry_ingest.statistics.intervals import HOUR

UNITS = {
    Measure.MTBF: lazy("%(value)s h"),
    Measure.MTTR: lazy("%(value)s h"),
    Measure.ALARM_RATE: lazy("%(value)s per day"),
}
OUTCOMES = {
    Outcome.MET: (lazy("Met"), "good"),
    Outcome.NOT_MET: (lazy("Not met"), "attention"),
    Outcome.NOT_ENOUGH: (lazy("Not enough data"), "unsure"),
}
MISSING = {
    Missing.HOURS: lazy("%(amount)s more hours of known state are needed to judge."),
    Missing.DAYS: lazy("%(amount)s more days are needed to judge."),
    Missing.REPAIRS: lazy("Nothing was repaired yet, so nothing is known of repairs."),
    Missing.SESSIONS: lazy("%(amount)s more days beside the reference are needed to judge."),
    Missing.SILENCE: lazy("%(amount)s hours of silence decide, and nobody knows what happened."),
    Missing.LOST: lazy("Messages about its condition or alarms were lost, and decide: %(amount)s."),
}
STATES = {
    "up": lazy("Working"),
    "partial": lazy("Partly working"),
    "down": lazy("Broken down"),
    "unknown": lazy("Unknown (silent)"),
}
ANSWERS = {
    Outcome.MET: lazy("Yes: every agreed threshold is met."),
    Outcome.NOT_MET: lazy("No: at least one agreed threshold is not met."),
    Outcome.NOT_ENOUGH: lazy("Nobody can say yet: there is not enough data."),
}
OXIMETRY = "MDC_PULS_OXIM_SAT_O2"


@dataclass(frozen=True)
class Row:
    """One threshold of one device: what was agreed, what was measured, what that proves."""

    sentence: str
    serial: str
    outcome: str
    look: str
    measured: str
    proven: str
    confidence: str
    why: str


@dataclass(frozen=True)
class Compared:
    """Differences of one metric to the reference: a picture, its figures, what to beware of."""

    title: str
    picture: Markup
    facts: list[tuple[str, str]]
    caption: str
    note: str


@dataclass(frozen=True)
class DeviceShown:
    """One device: a strip of its states, facts, and its differences to the reference."""

    serial: str
    is_reference: bool
    facts: list[tuple[str, str]]
    strip: Markup
    summary: str
    note: str
    compared: list[Compared]


@dataclass(frozen=True)
class Shown:
    """A whole pack."""

    title: str
    facts: list[tuple[str, str]]
    answer: str
    counted: str
    look: str
    warnings: list[str]
    rows: list[Row]
    devices: list[DeviceShown]
    proof: list[tuple[str, str]]
    legend: list[tuple[Markup, str]]
    ends: tuple[str, str]


def shown(pack: Pack) -> Shown:
    """Return a pack in words and pictures."""
    parts = pack.sections
    serials = {one["number"]: one["serial"] for one in parts["devices"]}
    overall = parts["judgements"]["overall"]
    judgements = msgspec.convert(parts["judgements"]["all"], list[Judgement])
    thresholds = pack.protocol.thresholds
    return Shown(
        title=parts["pilot"]["title"],
        facts=_facts(parts),
        answer=_(ANSWERS[Outcome(overall)] if overall else lazy("No threshold was agreed")),
        counted=_counted(judgements),
        look=OUTCOMES[Outcome(overall)][1] if overall else "",
        warnings=_warnings(pack),
        rows=[_row(thresholds[one.place], serials[one.device], one) for one in judgements],
        devices=[_device(one, serials[one["device"]], parts["window"]) for one in parts["figures"]],
        proof=[
            (_("Digest of the pack"), pack.head),
            (_("Digest of the protocol"), parts["protocol"]["digest"]),
            (_("Merkle root of the readings"), parts["readings"]["root"]),
            (_("Public key"), pack.data["signature"]["public_key"]),
            (_("Signature"), pack.data["signature"]["signature"]),
        ],
        legend=[(mark(state), _(label)) for state, label in STATES.items()],
        ends=_ends(parts["window"]),
    )


def _counted(judgements: Sequence[Judgement]) -> str:
    counts = Counter(one.outcome for one in judgements)
    return _(
        "Thresholds met: %(met)s; not met: %(failed)s; not enough data: %(open)s.",
        met=number(counts[Outcome.MET]),
        failed=number(counts[Outcome.NOT_MET]),
        open=number(counts[Outcome.NOT_ENOUGH]),
    )


def _ends(frame: Mapping[str, int]) -> tuple[str, str]:
    """Return the first and the last day."""
    return day(moment(frame["start"])), day(moment(max(frame["end"] - 1, frame["start"])))


def _facts(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    pilot = parts["pilot"]
    first, last = _ends(parts["window"])
    return [
        (_("Device"), pilot["device"]),
        (_("Maker"), pilot["owner"]),
        (_("Host"), pilot["host"]),
        (_("From"), first),
        (_("Until"), last),
        (_("Readings"), number(parts["readings"]["count"])),
    ]


def _warnings(pack: Pack) -> list[str]:
    """Return what a reader has to know before the figures."""
    ends = micros(pack.protocol.ends_at)
    if pack.sections["window"]["end"] >= ends:
        return []
    return [
        _(
            "The pilot was closed before its agreed end (%(day)s): only what was measured until "
            "then is judged.",
            day=day(moment(ends - 1)),
        )
    ]


def _row(threshold: Threshold, serial: str, one: Judgement) -> Row:
    label, look = OUTCOMES[one.outcome]
    return Row(
        sentences.threshold(threshold),
        serial,
        _(label),
        look,
        value(threshold, one.estimate),
        value(threshold, one.bound, bound=True),
        percent(Decimal(threshold.confidence), decimals=1, trim=True),
        _(MISSING[one.missing], amount=number(int(one.amount))) if one.missing else "",
    )


def value(threshold: Threshold, text: str | None, *, bound: bool = False) -> str:
    """Write a measured number; a bound is rounded to the side that proves less."""
    if text is None:
        return _("none")
    found, share = Decimal(text), threshold.measure in sentences.SHARES
    way = ROUND_HALF_EVEN
    if bound:
        way = ROUND_FLOOR if threshold.measure in AT_LEAST else ROUND_CEILING
    if share:
        return percent(found.quantize(Decimal("0.0001"), way), decimals=2, trim=True)
    written = significant(found, way)
    if threshold.measure in UNITS:
        return _(UNITS[threshold.measure], value=written)
    return isolated(f"{written} {sentences.unit_of(threshold.metric)}")


def significant(found: Decimal, way: str = ROUND_HALF_EVEN) -> str:
    """Write a number with two decimals, or with two digits that say something; no idle zeros."""
    places = max(min(-2, found.adjusted() - 1) if found else -2, -9)
    short = found.quantize(Decimal(1).scaleb(places), way).normalize()
    exponent = short.as_tuple().exponent
    return number(short, decimals=max(0, -int(exponent)))


def _device(one: Mapping[str, Any], serial: str, frame: Mapping[str, int]) -> DeviceShown:
    summary = _("Availability of %(serial)s over the period", serial=serial)
    return DeviceShown(
        serial,
        one["is_reference"],
        [*_state_facts(one), *_event_facts(one), *_data_facts(one)],
        strip(one["intervals"], frame, label=summary),
        summary,
        _crowded(one["intervals"], frame),
        [_compared(each) for each in one["metrics"] if (each["agreement"] or {}).get("plot")],
    )


def _crowded(intervals: Sequence[Sequence[Any]], frame: Mapping[str, int]) -> str:
    """Say it where not every change of state can be seen."""
    if len(merged(intervals, frame)) == len(intervals):
        return ""
    return _(
        "Where its state changed faster than a picture can show, the worst state is drawn; the "
        "figures below count every change."
    )


def _state_facts(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    times, known = one["times"], one["availability"]
    facts = [(_(STATES[name]), _hours(times[name])) for name in STATES]
    if known["of_known"] is not None:
        facts.append((_("Availability of the known time"), _share(known["of_known"])))
    if times["unknown"] and known["if_up"] is not None:
        facts += [
            (_("… if the unknown time was up"), _share(known["if_up"])),
            (_("… if the unknown time was down"), _share(known["if_down"])),
        ]
    return facts


def _event_facts(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    failed = one["failures"]
    facts = [(_("Failures"), number(failed["failures"])), (_("Alarms"), number(one["alarms"]))]
    if failed["silences"]:
        facts.append((_("Silences that may hide a failure"), number(failed["silences"])))
    for name, label in (
        ("status", lazy("Messages about its condition that were lost")),
        ("alarms", lazy("Messages about alarms that were lost")),
    ):
        if one["lost"][name]:
            facts.append((_(label), number(one["lost"][name])))
    return facts


def _data_facts(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = []
    for each in one["metrics"]:
        name = sentences.metric_name(each["metric"])
        if each["completeness"] is not None:
            facts.append((_("Completeness: %(metric)s", metric=name), _share(each["completeness"])))
        for count, label in (
            (each["failed"], lazy("Failed measurements: %(metric)s")),
            (each["implausible"], lazy("Implausible values: %(metric)s")),
        ):
            if count:
                facts.append((_(label, metric=name), number(count)))
    if one["clock"]:
        offset = number(one["clock"]["farthest"] / 1e6, decimals=3)
        facts += [
            (_("Clock: largest offset"), isolated(f"{offset} s")),
            (_("Clock: jumps"), number(one["clock"]["jumps"])),
        ]
    return facts


def _compared(each: Mapping[str, Any]) -> Compared:
    found, metric = each["agreement"], each["metric"]
    parts = found.get("repeated") or found.get("plain") or {}
    facts = [(_("Pairs"), number(found["pairs"])), (_("Days"), number(found["sessions"]))]
    for name, label in (
        ("bias", lazy("Bias")),
        ("low", lazy("Lower limit of agreement")),
        ("high", lazy("Upper limit of agreement")),
    ):
        if parts.get(name) is not None:
            facts.append((_(label), _between(parts[name], found, name)))
    if "plain" in found:
        stated = found["plain"]["accuracy"]
        facts.append((_("Accuracy (A_rms)"), _between(stated, found, "accuracy")))
    note = ""
    if metric == OXIMETRY:
        note = _(
            "A_rms is computed as ISO 80601-2-61 defines it, over what this pilot measured. It "
            "does not replace the controlled study of that standard."
        )
    name = f"{sentences.metric_name(metric)} ({sentences.unit_of(metric)})"
    title = _("Differences to the reference: %(metric)s", metric=name)
    caption = _(
        "Across: the mean of both devices; upwards: device less reference. A circle stands for "
        "pairs, the larger the more; beside them, how often each difference came. The full line is "
        "the bias, dashed lines are the limits of agreement, bands their confidence intervals "
        "(%(confidence)s).",
        confidence=percent(0.95),
    )
    return Compared(title, differences(found, label=title), facts, caption, note)


def _between(text: str, found: Mapping[str, Any], name: str) -> str:
    """Write a figure with its confidence interval, where there is one."""
    middle = significant(Decimal(text))
    pair = found.get("intervals", {}).get(name)
    if not pair:
        return isolated(middle)
    low, high = (significant(Decimal(one)) for one in pair)
    return _(
        "%(value)s (from %(low)s to %(high)s)",
        value=isolated(middle),
        low=isolated(low),
        high=isolated(high),
    )


def isolated(text: str) -> str:
    """Return a number with its sign and unit in their order, also within Arabic."""
    return f"\u2066{text}\u2069" if direction() == "rtl" else text


def _share(text: str) -> str:
    return percent(Decimal(text), decimals=2, trim=True)


def _hours(time: int) -> str:
    return _("%(hours)s h", hours=number(round(time / HOUR, 1)))
