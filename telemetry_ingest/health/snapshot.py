"""Everything that is known of telemetry at one moment; what is not known is ``None``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from telemetry_ingest.health.beats import GATEWAY, INGEST, Beat
from telemetry_ingest.health.broker import Broker
from telemetry_ingest.states import Refusal


@dataclass(frozen=True)
class Kept:
    """What the database says.

    Attributes:
        expected: numbers that devices of running pilots gave their readings, first to last.
        missing: those of them that are not stored: lost, or still on their way.
        quarantined: refused messages that were not played again.
        playable: those of them whose content is kept.
        refused: what was refused, by reason, since counting began.
        lately: the same, of today and yesterday (UTC).
        thrown_away: of today and yesterday, what devices published where they may not: the broker
            acknowledges it and throws it away.
        violations: all they tried and may not, publishing and subscribing.
        dirty_hours: hours whose roll-ups are to be counted again.
        taken_hours: hours that a worker has in hand, since when the oldest of them.
        days_ahead: days after today that have their partitions.
        cold_days: days that were moved to files; ``overdue_days`` should have been and were not.
        devices: enrolled in running pilots and not revoked; ``silent_devices`` were not heard of
            in the last hour.
    """

    expected: int = 0
    missing: int = 0
    quarantined: int = 0
    playable: int = 0
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    lately: Mapping[Refusal, int] = field(default_factory=dict)
    thrown_away: int = 0
    violations: int = 0
    dirty_hours: int = 0
    taken_hours: int = 0
    taken_s: float = 0.0
    days_ahead: int = 0
    cold_days: int = 0
    cold_readings: int = 0
    overdue_days: int = 0
    devices: int = 0
    silent_devices: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """Telemetry at one moment.

    Attributes:
        broker: ``None`` when it does not answer; ``no_stream``: it does, and has no stream.
        kept: ``None`` when the database does not answer.
        beats: ``None`` when Valkey does not answer.
        grown: how many more readings are missing than an hour ago, if that is known.
    """

    at: datetime
    broker: Broker | None = None
    no_stream: bool = False
    kept: Kept | None = None
    beats: tuple[Beat, ...] | None = None
    worker: bool | None = None
    grown: int | None = None

    def alive(self, kind: str) -> list[Beat]:
        """Return the processes of a kind that run."""
        now = self.at.timestamp()
        return [one for one in self.beats or () if one.kind == kind and one.alive(now)]

    def dead(self, kind: str) -> list[Beat]:
        """Return those that ended without saying so in the last hour."""
        now = self.at.timestamp()
        return [one for one in self.beats or () if one.kind == kind and not one.alive(now)]

    @property
    def ingests(self) -> list[Beat]:
        """Return the processes that store."""
        return self.alive(INGEST)

    @property
    def gateways(self) -> list[Beat]:
        """Return the processes that take readings over HTTPS."""
        return self.alive(GATEWAY)

    @property
    def late_s(self) -> float | None:
        """Return for how long the oldest message has waited; ``None`` when nobody can say."""
        if self.broker is None:
            return None
        if self.broker.oldest_at is None:
            return 0.0
        return max(0.0, (self.at - self.broker.oldest_at).total_seconds())
