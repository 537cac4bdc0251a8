"""Readings for tests, written as the ingest writes them but by SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import database
from telemetry_ingest.metrics import metrics

SPO2, PULSE = (metrics()[f"MDC_PULS_OXIM_{name}"].code for name in ("SAT_O2", "PULS_RATE"))


async def store_readings(
    device: int,
    start: datetime,
    values: Sequence[float | None],
    *,
    every: timedelta = timedelta(seconds=1),
    metric: int = SPO2,
    boot: int = 1,
    first: int = 0,
) -> None:
    """Store values of one metric at regular times, with the ledger and the latest value."""
    times = [start + place * every for place in range(len(values))]
    days = {at.date() for at in times}
    for day in sorted(days):
        await database.fetch("SELECT telemetry_day($1)", day)
    await database.fetch(
        "INSERT INTO reading (device, metric, at, boot, seq, value)"
        " SELECT $1, $2, at, $3, $4 + place - 1, value"
        " FROM unnest($5::timestamptz[], $6::float8[]) WITH ORDINALITY AS x(at, value, place)",
        device, metric, boot, first, times, list(values),
    )  # fmt: skip
    await database.fetch(
        "INSERT INTO device_ledger AS old VALUES"
        " ($1, 1, $2, int8multirange(int8range($3, $4)), $5, $6, $6)"
        " ON CONFLICT (device, topic, boot) DO UPDATE SET stored = old.stored + excluded.stored,"
        " last_at = greatest(old.last_at, excluded.last_at),"
        " received_at = greatest(old.received_at, excluded.received_at)",
        device, boot, first, first + len(values), times[0], times[-1],
    )  # fmt: skip
    await database.fetch(
        "INSERT INTO device_last AS old VALUES ($1, $2, $3, $4, $5, $6, $3)"
        " ON CONFLICT (device, metric) DO UPDATE SET at = excluded.at, seq = excluded.seq,"
        " value = excluded.value, received_at = excluded.received_at WHERE excluded.at > old.at",
        device, metric, times[-1], boot, first + len(values) - 1, values[-1],
    )  # fmt: skip


async def say(device: int, state: str, at: datetime, *, seq: int = 0, firmware: str = "") -> None:
    """Store what a device says of its condition."""
    await database.fetch(
        "INSERT INTO device_status VALUES ($1, $2, 1, $3, $4, $5)", device, at, seq, state, firmware
    )


async def alarm(
    device: int, at: datetime, *, active: bool = True, seq: int = 0, code: int = SPO2
) -> None:
    """Store an alarm of a device that begins, or ends."""
    await database.fetch(
        "INSERT INTO device_alarm VALUES ($1, $2, 1, $3, $4, 'high', $5)",
        device, at, seq, code, active,
    )  # fmt: skip
