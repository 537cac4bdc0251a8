"""Roll-ups in SQL: one statement a level, each from what is below it.

$1 device, $2 and $3 the stretch (whole hours; whole days for days), $4 the silence in seconds, and
$5 to $7 the metrics with their plausible ranges.
"""

from telemetry_ingest.rollups.bins import ABOVE, BELOW, BINS
from telemetry_ingest.rollups.summing import LARGEST

COLUMNS = ("n", "failed", "implausible", "low", "high", "sum", "squares", "up_s")


def _stored(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(("device", "metric", "start", *columns))
    values = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"""
INSERT INTO {table} ({names}) SELECT {names} FROM made
ON CONFLICT (device, metric, start) DO UPDATE SET {values}
"""  # noqa: S608


# Readings reach as far as the silence beyond both ends: a pair across a border covers part of
# either side. Most pairs lie within one minute; the others are cut.
MINUTES = f"""
WITH plan AS (
  SELECT * FROM unnest($5::int[], $6::float8[], $7::float8[]) AS plan (metric, low, high)
), seen AS MATERIALIZED (
  SELECT plan.metric, plan.low, plan.high, r.at, r.value,
    CASE WHEN r.value IS NOT NULL THEN least(greatest(r.value, {-LARGEST}), {LARGEST}) END AS kept,
    date_bin('1 minute', r.at, 'epoch') AS minute,
    lead(r.at) OVER (PARTITION BY r.metric ORDER BY r.at, r.boot, r.seq) AS next
  FROM plan JOIN reading r ON r.device = $1 AND r.metric = plan.metric
    AND r.at >= $2::timestamptz - make_interval(secs => $4)
    AND r.at <= $3::timestamptz + make_interval(secs => $4)
), spans AS (
  SELECT metric, minute, at, next FROM seen
  WHERE next > at AND next - at <= make_interval(secs => $4)
), pieces AS (
  SELECT metric, minute AS start, date_part('epoch', next - at) AS up
  FROM spans WHERE next <= minute + interval '1 minute'
  UNION ALL
  SELECT metric, cut, date_part('epoch', least(next, cut + interval '1 minute') - greatest(at, cut))
  FROM spans, generate_series(minute, next, interval '1 minute') AS cut
  WHERE next > minute + interval '1 minute' AND cut < next
), up AS (
  SELECT metric, start, sum(up) AS up_s FROM pieces
  WHERE start >= $2 AND start < $3 GROUP BY metric, start
), counted AS (
  SELECT metric, minute AS start, count(value) AS n, count(*) - count(value) AS failed,
    count(*) FILTER (WHERE value < low OR value > high) AS implausible,
    min(value) AS low, max(value) AS high,
    coalesce(sum(kept), 0) AS sum, coalesce(sum(kept * kept), 0) AS squares
  FROM seen WHERE at >= $2 AND at < $3 GROUP BY metric, minute
), made AS (
  SELECT $1::int AS device, metric, start, coalesce(n, 0) AS n, coalesce(failed, 0) AS failed,
    coalesce(implausible, 0) AS implausible, low, high, coalesce(sum, 0) AS sum,
    coalesce(squares, 0) AS squares, coalesce(up_s, 0) AS up_s
  FROM counted FULL JOIN up USING (metric, start)
)
{_stored("rollup_minute", COLUMNS)}
"""  # noqa: S608

MERGED = """
    sum(n) AS n, sum(failed) AS failed, sum(implausible) AS implausible,
    min(low) AS low, max(high) AS high, sum(sum) AS sum, sum(squares) AS squares,
    sum(up_s) AS up_s"""

# The same operations in the same order as `bins.bin_of`.
HOURS = f"""
WITH plan AS (
  SELECT * FROM unnest($4::int[], $5::float8[], $6::float8[]) AS plan (metric, low, high)
), binned AS (
  SELECT r.metric, date_bin('1 hour', r.at, 'epoch') AS start, CASE
      WHEN r.value < plan.low THEN {BELOW} WHEN r.value > plan.high THEN {ABOVE}
      ELSE least(floor({BINS} * ((r.value - plan.low) / (plan.high - plan.low))), {BINS - 1}) + 1
    END::int AS place, count(*) AS times
  FROM plan JOIN reading r ON r.device = $1 AND r.metric = plan.metric
    AND r.at >= $2 AND r.at < $3 AND r.value IS NOT NULL
  GROUP BY 1, 2, 3
), merged AS (
  SELECT metric, date_bin('1 hour', start, 'epoch') AS start, {MERGED}
  FROM rollup_minute
  WHERE device = $1 AND metric = ANY($4) AND start >= $2 AND start < $3 GROUP BY 1, 2
), every AS (
  SELECT metric, start, place FROM merged, generate_series({BELOW}, {ABOVE}) AS place
), filled AS (
  SELECT metric, start, array_agg(coalesce(times, 0)::int ORDER BY place) AS bins
  FROM every LEFT JOIN binned USING (metric, start, place) GROUP BY 1, 2
), made AS (
  SELECT $1::int AS device, merged.*, filled.bins
  FROM merged JOIN filled ON filled.metric = merged.metric AND filled.start = merged.start
)
{_stored("rollup_hour", (*COLUMNS, "bins"))}
"""  # noqa: S608

DAYS = f"""
WITH hours AS (
  SELECT metric, date_bin('1 day', start, 'epoch') AS day, n, failed, implausible, low, high, sum,
    squares, up_s, bins
  FROM rollup_hour
  WHERE device = $1 AND metric = ANY($4) AND start >= $2 AND start < $3
), merged AS (
  SELECT metric, day AS start, {MERGED} FROM hours GROUP BY 1, 2
), binned AS (
  SELECT metric, day, array_agg(times ORDER BY place) AS bins FROM (
    SELECT metric, day, place, sum(bin)::int AS times
    FROM hours, unnest(bins) WITH ORDINALITY AS one (bin, place) GROUP BY 1, 2, 3
  ) AS added GROUP BY 1, 2
), made AS (
  SELECT $1::int AS device, merged.*, binned.bins
  FROM merged JOIN binned ON binned.metric = merged.metric AND binned.day = merged.start
)
{_stored("rollup_day", (*COLUMNS, "bins"))}
"""  # noqa: S608
