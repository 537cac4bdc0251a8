"""Emptying the database between tests: every table but the migrations' own and reference data."""

from types import ModuleType

# Filled by migrations (regions, provinces …): the same in every test.
KEPT = {"migration", "region", "province"}
# A partition is emptied with its table; those that tests made are dropped when they are many.
TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
)
PARTITIONS = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
MOST_PARTITIONS = 20


async def empty(database: ModuleType) -> None:
    """Delete every row the last test left behind."""
    tables = {row["relname"] for row in await database.fetch(TABLES)} - KEPT
    # Most tests fill few tables, and looking is a hundred times quicker than emptying.
    filled = " UNION ALL ".join(
        f"""SELECT '{name}' AS name WHERE EXISTS (SELECT FROM "{name}")""" for name in tables
    )
    names = [row["name"] for row in await database.fetch(filled)] if tables else []
    partitions = [row["relname"] for row in await database.fetch(PARTITIONS)]
    async with database.transaction():
        if names:
            # Only the owner of the table can: the audit's own triggers refuse a TRUNCATE.
            await database.fetch("ALTER TABLE audit_record DISABLE TRIGGER USER")
            quoted = ", ".join(f'"{name}"' for name in names)
            await database.fetch(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
            await database.fetch("ALTER TABLE audit_record ENABLE TRIGGER USER")
        if len(partitions) > MOST_PARTITIONS:
            await database.fetch(f"DROP TABLE {', '.join(partitions)}")
