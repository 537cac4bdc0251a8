"""A pack in words: what its page and its PDF show, in the present language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from portal.web.i18n import day, lazy, number, percent
from portal.web.i18n import gettext as _
from telemetry_ingest import sentences
from telemetry_ingest.evidence.judging import Judgement, Missing, Outcome
from telemetry_ingest.evidence.observed import moment
from telemetry_ingest.evidence.pack import Pack
from telemetry_ingest.protocol import Threshold
from telemetry_ingest.statistics.intervals import HOUR

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
    Missing.ALARMS: lazy("%(amount)s lost messages about alarms decide."),
}
STATES = {
    "up": (lazy("Working"), "#0b5d46"),
    "partial": (lazy("Partly working"), "#c08a1e"),
    "down": (lazy("Broken down"), "#a3271b"),
    "unknown": (lazy("Unknown (silent)"), "#b8b1a4"),
}
STRIP = 1000


@dataclass(frozen=True)
class Row:
    """One threshold of one device."""

    sentence: str
    serial: str
    outcome: str
    look: str
    why: str


@dataclass(frozen=True)
class DeviceShown:
    """One device: facts, and a strip of its states as (x, width, colour)."""

    serial: str
    facts: list[tuple[str, str]]
    strip: list[tuple[str, str, str]]
    summary: str


@dataclass(frozen=True)
class Shown:
    """A whole pack."""

    title: str
    facts: list[tuple[str, str]]
    overall: str
    look: str
    rows: list[Row]
    devices: list[DeviceShown]
    proof: list[tuple[str, str]]
    legend: list[tuple[str, str]]


def shown(pack: Pack) -> Shown:
    """Return a pack in words."""
    parts = pack.sections
    serials = {one["number"]: one["serial"] for one in parts["devices"]}
    overall = parts["judgements"]["overall"]
    said, look = OUTCOMES[Outcome(overall)] if overall else (lazy("No threshold was agreed"), "")
    judgements = msgspec.convert(parts["judgements"]["all"], list[Judgement])
    return Shown(
        title=parts["pilot"]["title"],
        facts=_facts(parts),
        overall=_(said),
        look=look,
        rows=[
            _row(pack.protocol.thresholds[one.place], serials[one.device], one)
            for one in judgements
        ],
        devices=[_device(one, serials[one["device"]], parts["window"]) for one in parts["figures"]],
        proof=[
            (_("Digest of the pack"), pack.head),
            (_("Digest of the protocol"), parts["protocol"]["digest"]),
            (_("Merkle root of the readings"), parts["readings"]["root"]),
            (_("Public key"), pack.data["signature"]["public_key"]),
            (_("Signature"), pack.data["signature"]["signature"]),
        ],
        legend=[(colour, _(label)) for label, colour in STATES.values()],
    )


def _facts(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    pilot, frame = parts["pilot"], parts["window"]
    return [
        (_("Device"), pilot["device"]),
        (_("Maker"), pilot["owner"]),
        (_("Host"), pilot["host"]),
        (_("From"), day(moment(frame["start"]))),
        (_("Until"), day(moment(frame["end"]))),
        (_("Readings"), number(parts["readings"]["count"])),
    ]


def _row(threshold: Threshold, serial: str, one: Judgement) -> Row:
    label, look = OUTCOMES[one.outcome]
    if one.missing:
        why = _(MISSING[one.missing], amount=number(int(one.amount)))
    else:
        why = _(
            "Measured: %(estimate)s; with %(confidence)s confidence: %(bound)s.",
            estimate=_value(threshold, one.estimate),
            confidence=percent(float(threshold.confidence)),
            bound=_value(threshold, one.bound),
        )
    return Row(sentences.threshold(threshold), serial, _(label), look, why)


def _value(threshold: Threshold, text: str | None) -> str:
    if text is None:
        return _("none")
    if threshold.measure in sentences.SHARES:
        return percent(float(text), decimals=2)
    return number(float(text), decimals=2)


def _device(one: Mapping[str, Any], serial: str, frame: Mapping[str, int]) -> DeviceShown:
    times, failed = one["times"], one["failures"]
    known = one["availability"]
    facts = [(_(STATES[name][0]), _hours(times[name])) for name in STATES]
    if known["of_known"] is not None:
        facts += [
            (_("Availability of the known time"), percent(float(known["of_known"]), decimals=2)),
            (_("… if the unknown time was up"), percent(float(known["if_up"]), decimals=2)),
            (_("… if the unknown time was down"), percent(float(known["if_down"]), decimals=2)),
        ]
    facts += [(_("Failures"), number(failed["failures"])), (_("Alarms"), number(one["alarms"]))]
    for each in one["metrics"]:
        share = each["completeness"]
        if share is not None:
            facts.append(
                (
                    _("Completeness: %(metric)s", metric=sentences.metric_name(each["metric"])),
                    percent(float(share), decimals=2),
                )
            )
    if one["clock"]:
        facts += [
            (_("Clock: largest offset"), f"{number(one['clock']['farthest'] / 1e6, decimals=3)} s"),
            (_("Clock: jumps"), number(one["clock"]["jumps"])),
        ]
    summary = _("Availability of %(serial)s over the period", serial=serial)
    return DeviceShown(serial, facts, _strip(one["intervals"], frame), summary)


def _hours(micros: int) -> str:
    return _("%(hours)s h", hours=number(micros / HOUR, decimals=1))


def _strip(intervals: list[list[Any]], frame: Mapping[str, int]) -> list[tuple[str, str, str]]:
    whole = max(frame["end"] - frame["start"], 1)
    return [
        (
            f"{(start - frame['start']) * STRIP / whole:.3f}",
            # What is short and bad is still seen; what works may be covered by it.
            f"{max((end - start) * STRIP / whole, 1.5 if state == 'down' else 0.2):.3f}",
            STATES[state][1],
        )
        for start, end, state in sorted(intervals, key=lambda one: one[2] == "down")
    ]
