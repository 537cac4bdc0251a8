"""Emptying the database between tests: every table but the migrations' own and reference data."""

from types import ModuleType

# Filled by migrations (regions, provinces …): the same in every test.
KEPT = {"migration", "region", "province"}


async def empty(database: ModuleType) -> None:
    """Delete every row the last test left behind."""
    rows = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = ", ".join(f'"{row["tablename"]}"' for row in rows if row["tablename"] not in KEPT)
    if not tables:
        return
    async with database.transaction():
        # Only the owner of the table can: the audit's own triggers refuse a TRUNCATE.
        await database.fetch("ALTER TABLE audit_record DISABLE TRIGGER USER")
        await database.fetch(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        await database.fetch("ALTER TABLE audit_record ENABLE TRIGGER USER")
