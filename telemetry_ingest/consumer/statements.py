"""The SQL of the pipeline, apart from the code that runs it."""

DAY = "SELECT telemetry_day($1::date)"
INCOMING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming (LIKE reading) ON COMMIT DELETE ROWS
"""
MERGE = """
    INSERT INTO reading (device, metric, at, boot, seq, value)
    SELECT device, metric, at, boot, seq, value FROM incoming
    ORDER BY device, metric, at, boot, seq, ctid
    ON CONFLICT DO NOTHING
    RETURNING device, boot, seq, at
"""
STATUS = """
    INSERT INTO device_status (device, at, boot, seq, state, firmware)
    SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::int[], $4::bigint[], $5::text[],
        $6::text[]) AS said(device, at, boot, seq, state, firmware)
    ORDER BY device, at, boot, seq
    ON CONFLICT DO NOTHING
    RETURNING device, boot, seq, at
"""
ALARM = """
    INSERT INTO device_alarm (device, at, boot, seq, code, priority, active)
    SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::int[], $4::bigint[], $5::int[],
        $6::text[], $7::boolean[]) AS said(device, at, boot, seq, code, priority, active)
    ORDER BY device, at, boot, seq
    ON CONFLICT DO NOTHING
    RETURNING device, boot, seq, at
"""
QUARANTINE = """
    INSERT INTO quarantine (id, device, subject, reason, field, digest, content, received_at)
    SELECT gen_random_uuid(), * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[],
        $5::text[], $6::bytea[], $7::timestamptz[])
    ON CONFLICT (subject, digest) DO NOTHING
    RETURNING subject, digest
"""
HELD = """
    SELECT device, count(*) AS held FROM quarantine
    WHERE device = ANY($1::uuid[]) OR ($2 AND device IS NULL)
    GROUP BY device
"""
REFUSED = """
    INSERT INTO device_refused AS old (device, day, reason, field, messages)
    SELECT * FROM unnest($1::int[], $2::date[], $3::text[], $4::text[], $5::bigint[])
    ON CONFLICT (device, day, reason, field)
    DO UPDATE SET messages = old.messages + excluded.messages
"""
# All that follows from a batch, in one question. Each part asks for the one before it, so that rows
# are locked in the same order by everybody: ledger, clock, last values, hours.
# An hour that is already there is locked until we commit: whoever recomputes it takes the row away
# and then reads, so that it sees our readings or finds the hour again.
FOLLOW = """
    WITH ledger AS (
        INSERT INTO device_ledger AS old
            (device, topic, boot, stored, first_at, last_at, received_at)
        SELECT device, topic, boot, stored::int8multirange, first_at, last_at, received_at
        FROM unnest($1::int[], $2::smallint[], $3::int[], $4::text[], $5::timestamptz[],
            $6::timestamptz[], $7::timestamptz[])
            AS came(device, topic, boot, stored, first_at, last_at, received_at)
        ON CONFLICT (device, topic, boot) DO UPDATE SET
            stored = old.stored + excluded.stored,
            first_at = least(old.first_at, excluded.first_at),
            last_at = greatest(old.last_at, excluded.last_at),
            received_at = greatest(old.received_at, excluded.received_at)
        RETURNING 1
    ), clock AS (
        INSERT INTO device_clock AS old (device, minute, offset_us, messages)
        SELECT * FROM unnest($8::int[], $9::timestamptz[], $10::bigint[], $11::int[])
        WHERE (SELECT count(*) FROM ledger) >= 0
        ON CONFLICT (device, minute) DO UPDATE SET
            offset_us = least(old.offset_us, excluded.offset_us),
            messages = old.messages + excluded.messages
        RETURNING 1
    ), last AS (
        INSERT INTO device_last AS old (device, metric, at, boot, seq, value, received_at)
        SELECT * FROM unnest($12::int[], $13::int[], $14::timestamptz[], $15::int[],
            $16::bigint[], $17::double precision[], $18::timestamptz[])
        WHERE (SELECT count(*) FROM clock) >= 0
        ON CONFLICT (device, metric) DO UPDATE SET
            at = excluded.at, boot = excluded.boot, seq = excluded.seq, value = excluded.value,
            received_at = excluded.received_at
        WHERE (excluded.at, excluded.boot, excluded.seq) > (old.at, old.boot, old.seq)
        RETURNING 1
    )
    INSERT INTO dirty_hour (device, hour)
    SELECT * FROM unnest($19::int[], $20::timestamptz[])
    WHERE (SELECT count(*) FROM last) >= 0
    ON CONFLICT (device, hour) DO UPDATE SET hour = excluded.hour
"""
DEVICES = """
    SELECT device.id, device.number, pilot.state, pilot.protocol_digest, pilot.starts_at,
        pilot.closed_at
    FROM pilot_device AS device JOIN pilot ON pilot.id = device.pilot
    WHERE $1::uuid IS NULL OR pilot.id = $1
"""
PROTOCOLS = """
    SELECT DISTINCT ON (protocol_digest) protocol_digest, protocol FROM pilot
    WHERE protocol_digest = ANY($1::text[])
"""
