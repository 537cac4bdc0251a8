-- What devices send. `device` is pilot_device.number, `metric` the MDC code, times are the device's, in UTC.
-- No foreign keys here: a check for each reading would halve the rate, and a device is never deleted.

-- One value. Two readings of one moment are both kept (boot and seq tell them apart); the same one
-- that comes twice is one row. A null value is a measurement that failed and says so.
CREATE TABLE reading (
    device integer NOT NULL,
    metric integer NOT NULL,
    at timestamptz NOT NULL,
    boot integer NOT NULL,
    seq bigint NOT NULL,
    value double precision,
    PRIMARY KEY (device, metric, at, boot, seq)
) PARTITION BY RANGE (at);

-- What a device says of its condition, and its alarms.
CREATE TABLE device_status (
    device integer NOT NULL,
    at timestamptz NOT NULL,
    boot integer NOT NULL,
    seq bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('up', 'partial', 'down')),
    firmware text NOT NULL DEFAULT '',
    PRIMARY KEY (device, at, boot, seq)
);
CREATE TABLE device_alarm (
    device integer NOT NULL,
    at timestamptz NOT NULL,
    boot integer NOT NULL,
    seq bigint NOT NULL,
    code integer NOT NULL,
    priority text NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
    active boolean NOT NULL,
    PRIMARY KEY (device, at, boot, seq)
);

-- The loss ledger: which numbers of a boot's sequence are stored. What lies between the first and the
-- last of them and is not in `stored` was sent and is lost, or is still on its way.
CREATE TABLE device_ledger (
    device integer NOT NULL,
    topic smallint NOT NULL,
    boot integer NOT NULL,
    stored int8multirange NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device, topic, boot)
);

-- The device's clock beside ours, once a minute of ours: when the broker kept a message less when the
-- device's clock says it sent it, the smallest of that minute in microseconds (a device that is slow
-- by a second says 1,000,000). `messages` counts those with something new in them.
CREATE TABLE device_clock (
    device integer NOT NULL,
    minute timestamptz NOT NULL,
    offset_us bigint NOT NULL,
    messages integer NOT NULL,
    PRIMARY KEY (device, minute)
);

CREATE TABLE device_last (
    device integer NOT NULL,
    metric integer NOT NULL,
    at timestamptz NOT NULL,
    boot integer NOT NULL,
    seq bigint NOT NULL,
    value double precision,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device, metric)
);

-- What was not stored, counted by day: messages that were refused whole, and single readings. Device 0
-- stands for one that is not known.
CREATE TABLE device_refused (
    device integer NOT NULL,
    day date NOT NULL,
    reason text NOT NULL,
    field text NOT NULL,
    messages bigint NOT NULL,
    PRIMARY KEY (device, day, reason, field)
);

-- Hours whose roll-ups no longer say what the readings say; written in the readings' transaction and
-- after them (`rollups/draining.py` says why the order matters).
CREATE TABLE dirty_hour (
    device integer NOT NULL,
    hour timestamptz NOT NULL,
    PRIMARY KEY (device, hour)
);
-- Dirty hours that a worker has in hand; what stays here was left by one that died.
CREATE TABLE taken_hour (
    device integer NOT NULL,
    hour timestamptz NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (device, hour)
);

-- n, sum and sum of squares count values, not failed measurements; up_s are the seconds covered by
-- readings no further apart than the protocol's silence; bins is a histogram of the plausible range.
CREATE TABLE rollup_minute (
    device integer NOT NULL,
    metric integer NOT NULL,
    start timestamptz NOT NULL,
    n integer NOT NULL,
    failed integer NOT NULL,
    implausible integer NOT NULL,
    low double precision,
    high double precision,
    sum double precision NOT NULL,
    squares double precision NOT NULL,
    up_s double precision NOT NULL,
    PRIMARY KEY (device, metric, start)
) PARTITION BY RANGE (start);
CREATE TABLE rollup_hour (
    device integer NOT NULL,
    metric integer NOT NULL,
    start timestamptz NOT NULL,
    n integer NOT NULL,
    failed integer NOT NULL,
    implausible integer NOT NULL,
    low double precision,
    high double precision,
    sum double precision NOT NULL,
    squares double precision NOT NULL,
    up_s double precision NOT NULL,
    bins integer[] NOT NULL,
    PRIMARY KEY (device, metric, start)
);
CREATE TABLE rollup_day (LIKE rollup_hour INCLUDING ALL);

-- Days that were moved to files, with the digest of each.
CREATE TABLE cold_day (
    day date PRIMARY KEY,
    file text NOT NULL,
    digest char(64) NOT NULL,
    readings bigint NOT NULL,
    moved_at timestamptz NOT NULL
);

-- How far the logs of the broker were read; kept with what was counted in them.
CREATE TABLE broker_log (
    file text PRIMARY KEY,
    inode bigint NOT NULL,
    read_to bigint NOT NULL
);

-- Make the partitions of a day (UTC); safe to call at any time and by many at once.
CREATE FUNCTION telemetry_day(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz := wanted::timestamp AT TIME ZONE 'UTC';
    ends timestamptz := (wanted + 1)::timestamp AT TIME ZONE 'UTC';
    named text := to_char(wanted, 'YYYYMMDD');
    parent text;
BEGIN
    IF to_regclass('reading_' || named) IS NOT NULL
        AND to_regclass('rollup_minute_' || named) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(20260201, 1);
    FOREACH parent IN ARRAY ARRAY['reading', 'rollup_minute'] LOOP
        -- Asked of the table itself: to_regclass may remember what was before the lock was had.
        CONTINUE WHEN EXISTS (SELECT FROM pg_class
            WHERE relname = parent || '_' || named AND pg_table_is_visible(oid));
        -- Made alone and attached: CREATE … PARTITION OF would keep all others from the parent.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', parent || '_' || named, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, parent || '_' || named, begins, ends);
    END LOOP;
END $$;
