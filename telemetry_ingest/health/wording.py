"""What was found, in words: what it is, whether anything is lost by it, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from babel.dates import format_timedelta

from portal.web.i18n import gettext as _
from portal.web.i18n import lazy, locale, ngettext, number, percent
from telemetry_ingest.health.judging import Area, Finding, Kind, Level, level_of
from telemetry_ingest.health.snapshot import Snapshot

SAID: dict[Kind, str] = {
    Kind.BROKER_AWAY: lazy(
        "NATS does not answer. Devices cannot send and keep what they have; what they were told"
        " is stored lies on its disk."
    ),
    Kind.NO_STREAM: lazy("NATS has no stream for devices yet, so none of them can send."),
    Kind.DATABASE_AWAY: lazy("The database does not answer. What devices send waits in NATS."),
    Kind.VALKEY_AWAY: lazy("Valkey does not answer, so nobody knows which processes run."),
    Kind.NO_INGEST: lazy(
        "No process stores what devices send. It waits in NATS for 72 hours; no device can"
        " connect over MQTT anew."
    ),
    Kind.NO_GATEWAY: lazy("No gateway runs: devices that send over HTTPS keep what they have."),
    Kind.NO_WORKER: lazy(
        "The worker does not run. Readings are stored, but not summed up, and nothing is mailed."
    ),
    Kind.NO_DAYS: lazy("No partition is made for tomorrow; it is made with the first reading."),
}
TO_DO: dict[Kind, str] = {
    Kind.BROKER_AWAY: lazy("Start NATS again and read its log."),
    Kind.NO_STREAM: lazy("Start « tajhiz ingest »: it makes the stream."),
    Kind.DATABASE_AWAY: lazy("Start PostgreSQL again and look whether its disk is full."),
    Kind.VALKEY_AWAY: lazy("Start Valkey again."),
    Kind.NO_INGEST: lazy("Start « tajhiz ingest » and read its log."),
    Kind.INGEST_DIED: lazy("The others took its work over. Read its log: what killed it?"),
    Kind.NO_GATEWAY: lazy("Start « tajhiz gateway », or leave it if all devices use MQTT."),
    Kind.NO_WORKER: lazy("Start « tajhiz worker » and read its log."),
    Kind.STREAM_FULL: lazy(
        "Let « tajhiz ingest » catch up, or give the stream more room"
        " (TAJHIZ_NATS_STREAM_BYTES) and start « tajhiz ingest » again."
    ),
    Kind.STREAM_FILLING: lazy(
        "What is stored makes room by itself; the rest waits for « tajhiz ingest ». If it goes on"
        " growing, start more of them or give it more room (TAJHIZ_NATS_STREAM_BYTES)."
    ),
    Kind.VERY_LATE: lazy(
        "Act before 72 hours have passed: read the log of « tajhiz ingest », start more of them."
    ),
    Kind.LATE: lazy(
        "If it goes on growing: read the log of « tajhiz ingest », start more of them."
    ),
    Kind.THROWN_AWAY: lazy(
        "Ask the maker of the device to mend the topic it publishes to; the list names it."
    ),
    Kind.MISSING: lazy("Look whether the device or its line had a fault; the list names it."),
    Kind.QUARANTINE: lazy(
        "Look at the reasons. Once they are gone, « tajhiz quarantine replay » stores them."
    ),
    Kind.NO_DAYS: lazy("Look whether the worker runs."),
    Kind.ROLLUPS_STUCK: lazy("Look at the log of the worker."),
    Kind.NOT_MOVED: lazy("Look at the log of the worker and at the folder of cold readings."),
}  # fmt: skip
ROUTES: dict[Kind, str] = {
    Kind.THROWN_AWAY: "telemetry.health.devices",
    Kind.MISSING: "telemetry.health.devices",
    Kind.QUARANTINE: "telemetry.quarantine",
}


def _died(count: float) -> str:
    return ngettext(
        "A process that stores was killed in the last hour; others run.",
        "%(num)s processes that store were killed in the last hour; others run.",
        int(count),
    )


def _full(share: float) -> str:
    return _(
        "The stream is full (%(share)s). Messages are refused; devices keep what they have.",
        share=percent(share),
    )


def _filling(share: float) -> str:
    return _("The stream is filling up (%(share)s).", share=percent(share))


def _very_late(count: float) -> str:
    return ngettext(
        "One message has waited for more than a day.",
        "%(num)s messages wait, the oldest for more than a day.",
        int(count),
    )


def _late(count: float) -> str:
    return ngettext(
        "One message has waited for more than a minute.",
        "%(num)s messages wait, the oldest for more than a minute.",
        int(count),
    )


def _thrown(count: float) -> str:
    return ngettext(
        "Since yesterday a message was published to a forbidden topic. NATS acknowledged it and"
        " threw it away.",
        "Since yesterday %(num)s messages were published to forbidden topics. NATS acknowledged"
        " them and threw them away.",
        int(count),
    )


def _missing(count: float) -> str:
    return ngettext(
        "In the last hour one more reading was sent and has not arrived.",
        "In the last hour %(num)s more readings were sent and have not arrived.",
        int(count),
    )


def _quarantine(count: float) -> str:
    return ngettext(
        "A refused message is kept and can be played again.",
        "%(num)s refused messages are kept and can be played again.",
        int(count),
    )


def _stuck(count: float) -> str:
    return ngettext(
        "One hour has been in a worker's hand for more than 15 minutes.",
        "%(num)s hours have been in a worker's hand for more than 15 minutes.",
        int(count),
    )


def _not_moved(count: float) -> str:
    return ngettext(
        "One old day was not moved to its file.",
        "%(num)s old days were not moved to their files.",
        int(count),
    )


COUNTED: dict[Kind, Callable[[float], str]] = {
    Kind.INGEST_DIED: _died,
    Kind.STREAM_FULL: _full,
    Kind.STREAM_FILLING: _filling,
    Kind.VERY_LATE: _very_late,
    Kind.LATE: _late,
    Kind.THROWN_AWAY: _thrown,
    Kind.MISSING: _missing,
    Kind.QUARANTINE: _quarantine,
    Kind.ROLLUPS_STUCK: _stuck,
    Kind.NOT_MOVED: _not_moved,
}


def said(finding: Finding) -> str:
    """Return what was found."""
    write = COUNTED.get(finding.kind)
    return write(finding.count) if write else _(SAID[finding.kind])


def to_do(finding: Finding) -> str:
    """Return what to do about it."""
    return _(TO_DO[finding.kind])


def lost(seen: Snapshot, findings: list[Finding]) -> str:
    """Answer « is anything lost? » in a few words."""
    if seen.kept is None:
        return _("Not known")
    level = level_of(findings, Area.LOST)
    if level is Level.ACT:
        return _("Yes")
    if level is Level.LOOK:
        return _("Perhaps")
    return _("Nothing new") if seen.kept.missing else _("Nothing")


def late(seen: Snapshot, findings: list[Finding]) -> str:
    """Answer « is anything late? » in a few words."""
    if seen.late_s is None:
        return _("Not known")
    if seen.late_s >= 1 and seen.broker and seen.broker.behind:
        return _("By %(time)s", time=lasting(seen.late_s))
    return _("A little") if level_of(findings, Area.LATE) else _("Nothing")


def duties(findings: list[Finding]) -> str:
    """Answer « what must I do? » in a few words."""
    urgent = sum(one.level is Level.ACT for one in findings)
    if urgent:
        return ngettext("One thing, now", "%(num)s things, now", urgent)
    if findings:
        return ngettext("Look at one thing", "Look at %(num)s things", len(findings))
    return _("Nothing")


def lasting(seconds: float) -> str:
    """Write how long something lasts, in the largest unit that fits."""
    return format_timedelta(timedelta(seconds=int(seconds)), threshold=1.5, locale=locale())


def size(count: int) -> str:
    """Write a number of bytes."""
    if count >= 10**9:
        return _("%(count)s GB", count=number(count / 1e9, decimals=1))
    return _("%(count)s MB", count=number(count / 1e6, decimals=1))
