"""Protocols for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telemetry_ingest.protocol import Measure, Protocol, Threshold, Watched

STARTS = datetime(2026, 3, 1, tzinfo=UTC)
SPO2, PULSE = "MDC_PULS_OXIM_SAT_O2", "MDC_PULS_OXIM_PULS_RATE"


def protocol(**changes: Any) -> Protocol:
    """Return the protocol of a pulse oximeter at one reading a second for 30 days."""
    parts: dict[str, Any] = {
        "title": "Oxymètre de pouls (essai)",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(days=30),
        "watched": (
            Watched(metric=SPO2, low=50, high=100, every_s=1),
            Watched(metric=PULSE, low=20, high=250, every_s=1),
        ),
        "thresholds": (Threshold(measure=Measure.AVAILABILITY, limit="0.95"),),
    }
    return Protocol(**parts | changes)
