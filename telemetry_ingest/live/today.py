"""What today should have brought, by the agreed rate and the hours of service. Pure."""

from datetime import UTC, datetime, timedelta

from portal.web.i18n import CASABLANCA
from telemetry_ingest.protocol import Protocol

HOUR = timedelta(hours=1)


def midnight(now: datetime) -> datetime:
    """Return when today began in Casablanca."""
    here = now.astimezone(CASABLANCA)
    return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def offset_s(now: datetime) -> int:
    """Return how far Casablanca is from UTC: browsers may know other rules than we do."""
    offset = now.astimezone(CASABLANCA).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def served(protocol: Protocol, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the stretches of service between two moments (hours of service are UTC)."""
    start, end = max(start, protocol.starts_at), min(end, protocol.ends_at)
    stretches: list[tuple[datetime, datetime]] = []
    at = start.astimezone(UTC)
    while at < end:
        next_hour = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, end)
        if protocol.daily_from <= at.hour < protocol.daily_to:
            begun = stretches.pop()[0] if stretches and stretches[-1][1] == at else at
            stretches.append((begun, next_hour))
        at = next_hour
    return stretches


def served_s(protocol: Protocol, start: datetime, end: datetime) -> float:
    """Return the seconds of service between two moments."""
    return sum((until - at).total_seconds() for at, until in served(protocol, start, end))


def expected(protocol: Protocol, start: datetime, end: datetime) -> int:
    """Return how many readings a device should have sent between two moments."""
    seconds = served_s(protocol, start, end)
    return sum(int(seconds / one.every_s) for one in protocol.watched)
