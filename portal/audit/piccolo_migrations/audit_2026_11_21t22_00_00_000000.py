"""The triggers that seal each record into the chain at commit, and refuse every change."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Seal audit records at commit and refuse changes"

SEAL = """
CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
BEGIN
    -- Held until the commit is durable, so that the next writer sees this record. Being the last
    -- thing a transaction does, it waits for nothing while it holds the lock.
    PERFORM pg_advisory_xact_lock(20260101, 1);
    SELECT seq, digest INTO head FROM audit_record
        WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1;
    UPDATE audit_record SET
        seq = coalesce(head.seq, 0) + 1,
        previous = coalesce(head.digest, repeat('0', 64)),
        digest = encode(sha256(convert_to(concat_ws(':',
            coalesce(head.seq, 0) + 1, coalesce(head.digest, repeat('0', 64)), content
        ), 'UTF8')), 'hex')
    WHERE id = NEW.id;
    RETURN NULL;
END $$
"""
FRESH = """
CREATE FUNCTION audit_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.seq := NULL;
    NEW.previous := NULL;
    NEW.digest := NULL;
    RETURN NEW;
END $$
"""
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        IF OLD.seq IS NULL AND
            (to_jsonb(OLD) - ARRAY['seq', 'previous', 'digest']) =
            (to_jsonb(NEW) - ARRAY['seq', 'previous', 'digest'])
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
UP = (
    SEAL,
    FRESH,
    REFUSE,
    "CREATE TRIGGER audit_fresh BEFORE INSERT ON audit_record"
    " FOR EACH ROW EXECUTE FUNCTION audit_fresh()",
    "CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON audit_record"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal()",
    "CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE ON audit_record"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_refuse_all BEFORE TRUNCATE ON audit_record"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE ON audit_head"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE INDEX audit_record_organisation ON audit_record (organisation_id, seq)",
    "CREATE INDEX audit_record_subject ON audit_record (subject_kind, subject_id, seq)",
)
DOWN = (
    "DROP INDEX audit_record_subject",
    "DROP INDEX audit_record_organisation",
    "DROP TRIGGER audit_refuse ON audit_head",
    "DROP TRIGGER audit_refuse_all ON audit_record",
    "DROP TRIGGER audit_refuse ON audit_record",
    "DROP TRIGGER audit_seal ON audit_record",
    "DROP TRIGGER audit_fresh ON audit_record",
    "DROP FUNCTION audit_refuse()",
    "DROP FUNCTION audit_fresh()",
    "DROP FUNCTION audit_seal()",
)


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="audit", description=DESCRIPTION)

    async def run() -> None:
        for statement in UP:
            await Sql.raw(statement)

    async def run_backwards() -> None:
        for statement in DOWN:
            await Sql.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
