"""The indexes of search on more than one column, and the order of bytes for identifiers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-21T22:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the search tables"

UP = (
    'CREATE INDEX search_dirty_index ON search_dirty ("index", id)',
    'CREATE INDEX search_document_version ON search_document ("index", version)',
    # Read as a whole by the web processes; texts this size are not worth moving out of line.
    "ALTER TABLE search_document ALTER COLUMN title_words SET STORAGE MAIN",
    "ALTER TABLE search_document ALTER COLUMN body_words SET STORAGE MAIN",
    "ALTER TABLE search_document ALTER COLUMN columns SET STORAGE MAIN",
    # A prefix of an identifier is a range only in the order of bytes.
    'CREATE INDEX search_identifier_key ON search_identifier ("index", key COLLATE "C")',
)
DOWN = (
    "DROP INDEX search_identifier_key",
    "DROP INDEX search_document_version",
    "DROP INDEX search_dirty_index",
)


class Sql(Table):
    """Only runs SQL: a migration never imports today's tables, which will change."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="search", description=DESCRIPTION)

    async def run() -> None:
        for statement in UP:
            await Sql.raw(statement)

    async def run_backwards() -> None:
        for statement in DOWN:
            await Sql.raw(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
