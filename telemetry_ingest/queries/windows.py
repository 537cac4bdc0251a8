"""What a device measured in a window of time, in stretches short enough to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import database
from telemetry_ingest.queries.live import Bin

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Window:
    """How much is looked at, and in which stretches."""

    name: str
    length: timedelta
    step: timedelta


WINDOWS = {
    one.name: one
    for one in (
        Window("15m", timedelta(minutes=15), timedelta(seconds=10)),
        Window("24h", timedelta(hours=24), timedelta(minutes=10)),
        Window("7d", timedelta(days=7), HOUR),
        Window("90d", timedelta(days=90), timedelta(days=1)),
    )
}
USUAL = "24h"

COUNTED = """count(r.value) AS n, count(*) - count(r.value) AS failed, min(r.value) AS low,
    max(r.value) AS high, avg(r.value) AS mean"""
SUMMED = """sum(n)::int AS n, sum(failed)::int AS failed, min(low) AS low, max(high) AS high,
  sum(mean * n) / nullif(sum(n), 0) AS mean"""

READINGS = f"""
SELECT r.metric, date_bin($5::interval, r.at, $3) AS start, {COUNTED}
FROM reading r WHERE r.device = $1 AND r.metric = ANY($2) AND r.at >= $3 AND r.at < $4
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 — only constants of this file
# An hour whose roll-ups are there and say what the readings say is read from them; any other hour
# from its readings.
MINUTES = f"""
WITH hour AS (
  SELECT m.metric, s.start, h.n IS NOT NULL AND NOT EXISTS (
      SELECT FROM dirty_hour d WHERE d.device = $1 AND d.hour = s.start) AS ready
  FROM unnest($2::int[]) AS m(metric)
  CROSS JOIN generate_series(date_bin('1 hour', $3::timestamptz, 'epoch'), $4, interval '1 hour')
    AS s(start)
  LEFT JOIN rollup_hour h ON h.device = $1 AND h.metric = m.metric AND h.start = s.start
), part AS (
  SELECT hour.metric, r.start, r.n, r.failed, r.low, r.high, r.sum / nullif(r.n, 0) AS mean
  FROM hour JOIN rollup_minute r ON hour.ready AND r.device = $1 AND r.metric = hour.metric
    AND r.start >= hour.start AND r.start < hour.start + interval '1 hour'
  UNION ALL
  SELECT hour.metric, raw.* FROM hour CROSS JOIN LATERAL (
    SELECT date_bin('1 minute', r.at, 'epoch') AS start, {COUNTED}
    FROM reading r WHERE NOT hour.ready AND r.device = $1 AND r.metric = hour.metric
      AND r.at >= hour.start AND r.at < hour.start + interval '1 hour' GROUP BY 1
  ) raw
)
SELECT metric, date_bin($5::interval, start, $3) AS start, {SUMMED}
FROM part WHERE n + failed > 0 AND start >= $3 AND start < $4 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
HOURS = f"""
WITH hour AS (
  SELECT m.metric, s.start, h.n, h.failed, h.low, h.high, h.sum / nullif(h.n, 0) AS mean
  FROM unnest($2::int[]) AS m(metric)
  CROSS JOIN generate_series($3::timestamptz, $4, interval '1 hour') AS s(start)
  LEFT JOIN rollup_hour h ON h.device = $1 AND h.metric = m.metric AND h.start = s.start
), part AS (
  SELECT metric, start, n, failed, low, high, mean FROM hour WHERE n IS NOT NULL
  UNION ALL
  SELECT hour.metric, hour.start, raw.* FROM hour CROSS JOIN LATERAL (
    SELECT {COUNTED}
    FROM reading r WHERE r.device = $1 AND r.metric = hour.metric
      AND r.at >= hour.start AND r.at < hour.start + interval '1 hour'
  ) raw WHERE hour.n IS NULL
)
SELECT metric, date_bin($5::interval, start, $3) AS start, {SUMMED}
FROM part WHERE n + failed > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608


async def measured(
    device: int, codes: list[int], window: Window, since: datetime, now: datetime
) -> dict[int, list[Bin]]:
    """Return what a device measured from ``since`` on, by metric; stretches without are left out.

    Args:
        device: its number.
        codes: the metrics.
        window: gives the length of a stretch.
        since: where the first stretch begins; a whole hour where the stretches are that long.
        now: the end.
    """
    coarse = HOURS if window.step >= HOUR else MINUTES
    statement = READINGS if window.length < HOUR else coarse
    found: dict[int, list[Bin]] = {code: [] for code in codes}
    for row in await database.fetch(statement, device, codes, since, now, window.step):
        values = dict(row)
        found[values.pop("metric")].append(Bin(**values))
    return found
