"""Snapshots for tests: everything is well, but for what a test says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telemetry_ingest.health.beats import GATEWAY, INGEST, Beat
from telemetry_ingest.health.broker import Broker
from telemetry_ingest.health.snapshot import Kept, Snapshot

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEPT = Kept(expected=1000, days_ahead=3, devices=4, silent_devices=1, last_at=NOW)


def beat(kind: str = INGEST, name: str = "one", *, silent_s: float = 1, **figures: float) -> Beat:
    """Return what a process said some seconds ago."""
    at = NOW.timestamp() - silent_s
    return Beat(kind, name, at, at - 60, 50_000_000, figures)


def broker(*, waiting: int = 0, late_s: float = 0, share: float = 0.1) -> Broker:
    """Return a broker in which something waits."""
    oldest = NOW - timedelta(seconds=late_s) if waiting else None
    return Broker(int(share * 1000), 1000, 50, 500, 500 - waiting, waiting, 0, oldest)


def seen(**changes: Any) -> Snapshot:
    """Return a snapshot of a telemetry that is well."""
    usual = {
        "at": NOW,
        "broker": broker(),
        "kept": KEPT,
        "beats": (beat(), beat(GATEWAY)),
        "worker": True,
        "grown": 0,
    }
    return Snapshot(**usual | changes)
