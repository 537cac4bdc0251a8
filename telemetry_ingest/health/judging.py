"""Whether anything is lost or late, and what has to be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from telemetry_ingest.health.beats import GATEWAY, INGEST
from telemetry_ingest.health.broker import Broker
from telemetry_ingest.health.snapshot import Kept, Snapshot

LATE_S = 60.0
VERY_LATE_S = 24 * 3600.0  # of the 72 hours that the stream keeps
# From 80 % on what is stored makes room (broker/room.py): beyond it, the rest is not stored.
FILLING, FULL = 0.85, 0.95
TAKEN_TOO_LONG_S = 900.0


class Level(IntEnum):
    """How urgent; also how the command ends."""

    GOOD = 0
    LOOK = 1
    ACT = 2


class Area(StrEnum):
    """Which of the questions it answers."""

    LOST = "lost"
    LATE = "late"
    PARTS = "parts"


class Kind(StrEnum):
    """What there may be to say."""

    BROKER_AWAY = "broker_away"
    NO_STREAM = "no_stream"
    DATABASE_AWAY = "database_away"
    VALKEY_AWAY = "valkey_away"
    NO_INGEST = "no_ingest"
    INGEST_DIED = "ingest_died"
    NO_GATEWAY = "no_gateway"
    NO_WORKER = "no_worker"
    STREAM_FULL = "stream_full"
    STREAM_FILLING = "stream_filling"
    VERY_LATE = "very_late"
    LATE = "late"
    THROWN_AWAY = "thrown_away"
    MISSING = "missing"
    QUARANTINE = "quarantine"
    NO_DAYS = "no_days"
    ROLLUPS_STUCK = "rollups_stuck"
    NOT_MOVED = "not_moved"


@dataclass(frozen=True)
class Finding:
    """One thing that somebody has to know of."""

    kind: Kind
    level: Level
    area: Area
    count: float = 0


def judge(seen: Snapshot) -> list[Finding]:
    """Return what is not as it should be, the most urgent first."""
    found = [*_of_parts(seen), *_of_broker(seen), *_of_kept(seen)]
    return sorted(found, key=lambda one: (-one.level, list(Kind).index(one.kind)))


def level_of(findings: list[Finding], area: Area | None = None) -> Level:
    """Return the most urgent level, of one question or of all."""
    levels = [one.level for one in findings if area in (None, one.area)]
    return max(levels, default=Level.GOOD)


def _of_parts(seen: Snapshot) -> list[Finding]:
    found = []
    if seen.broker is None:
        kind = Kind.NO_STREAM if seen.no_stream else Kind.BROKER_AWAY
        found.append(Finding(kind, Level.ACT, Area.PARTS))
    if seen.kept is None:
        found.append(Finding(Kind.DATABASE_AWAY, Level.ACT, Area.PARTS))
    if seen.beats is None:
        found.append(Finding(Kind.VALKEY_AWAY, Level.ACT, Area.PARTS))
        return found
    if not seen.ingests:
        found.append(Finding(Kind.NO_INGEST, Level.ACT, Area.PARTS))
    elif dead := seen.dead(INGEST):
        found.append(Finding(Kind.INGEST_DIED, Level.LOOK, Area.PARTS, len(dead)))
    if not seen.gateways:
        # One that never ran is not wanted here; one that died is.
        level = Level.ACT if seen.dead(GATEWAY) else Level.LOOK
        found.append(Finding(Kind.NO_GATEWAY, level, Area.PARTS))
    if seen.worker is False:
        found.append(Finding(Kind.NO_WORKER, Level.LOOK, Area.PARTS))
    return found


def _of_broker(seen: Snapshot) -> list[Finding]:
    if seen.broker is None:
        return []
    return [*_room(seen.broker), *_waiting(seen, seen.broker)]


def _room(broker: Broker) -> list[Finding]:
    if broker.fullness >= FULL:
        return [Finding(Kind.STREAM_FULL, Level.ACT, Area.LATE, broker.fullness)]
    if broker.fullness >= FILLING:
        return [Finding(Kind.STREAM_FILLING, Level.LOOK, Area.LATE, broker.fullness)]
    return []


def _waiting(seen: Snapshot, broker: Broker) -> list[Finding]:
    late_s = seen.late_s or 0.0
    if late_s >= VERY_LATE_S:
        return [Finding(Kind.VERY_LATE, Level.ACT, Area.LATE, broker.behind)]
    if late_s >= LATE_S:
        return [Finding(Kind.LATE, Level.LOOK, Area.LATE, broker.behind)]
    return []


def _of_kept(seen: Snapshot) -> list[Finding]:
    kept = seen.kept
    if kept is None:
        return []
    found = _lost(kept, seen.grown)
    if kept.days_ahead < 1:
        found.append(Finding(Kind.NO_DAYS, Level.LOOK, Area.LATE))
    if kept.taken_s > TAKEN_TOO_LONG_S:
        found.append(Finding(Kind.ROLLUPS_STUCK, Level.LOOK, Area.LATE, kept.taken_hours))
    if kept.overdue_days:
        found.append(Finding(Kind.NOT_MOVED, Level.LOOK, Area.LATE, kept.overdue_days))
    return found


def _lost(kept: Kept, grown: int | None) -> list[Finding]:
    found = []
    if kept.thrown_away:
        found.append(Finding(Kind.THROWN_AWAY, Level.ACT, Area.LOST, kept.thrown_away))
    # What is missing for long is a figure of its pilot; what began to be missing is news.
    if grown is not None and grown > 0:
        found.append(Finding(Kind.MISSING, Level.LOOK, Area.LOST, grown))
    if kept.playable:
        found.append(Finding(Kind.QUARANTINE, Level.LOOK, Area.LOST, kept.playable))
    return found
