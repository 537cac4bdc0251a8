"""The database: Piccolo's engine and registry, one pool, and transactions that do not nest."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from portal.parts import names_of
from portal.settings import get_settings

# Piccolo reads its engine and its apps from this module.
os.environ.setdefault("PICCOLO_CONF", "portal.database")


logger = logging.getLogger(__name__)
PATIENCE_S = 10.0
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")


class MigrationFailed(Exception):
    """The database could not be brought to the present shape; the log says which step."""


def _apps() -> list[str]:
    """Return the Piccolo apps of the packages of this deployment, those that have tables."""
    return names_of("piccolo_app")


class Engine(PostgresEngine):
    """Piccolo's engine without its two connections at import: the CLI works with no server up."""

    async def get_version(self) -> float:
        """Return the version this portal is tested with, instead of asking the server."""
        return 18.0

    async def prep_database(self) -> None:
        """Create no extension at import; ``migrate`` does."""


DB = Engine(config={"dsn": get_settings().database_url.get_secret_value()})


def __getattr__(name: str) -> Any:
    """Make the registry of the apps when Piccolo's commands ask for it.

    It brings a code formatter along: 10 MB and 0.3 s at the start that no web process needs.
    """
    if name != "APP_REGISTRY":
        raise AttributeError(name)
    from piccolo.conf.apps import AppRegistry  # noqa: PLC0415

    return AppRegistry(apps=_apps())


@asynccontextmanager
async def pool(**kwargs: Any) -> AsyncIterator[None]:
    """Hold a connection pool open; an inner holder (an app under test) shares the outer one's."""
    if DB.pool is not None:
        yield
        return
    await DB.start_connection_pool(reset=_nothing_to_reset, **kwargs)
    try:
        yield
    finally:
        await _close_pool()


async def _close_pool() -> None:
    """Close the pool; who still holds a connection after a while loses it: a process must end."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await DB.close_connection_pool()
    except TimeoutError:  # asyncpg has ended the connections by then
        logger.warning("connections were not given back within %.0f s", PATIENCE_S)
        DB.pool = None


async def _nothing_to_reset(connection: object) -> None:
    """Spare each statement the second one that asyncpg sends when a connection is given back.

    It undoes ``SET``, ``LISTEN`` and session locks: we use none that the code does not take back
    itself. An open transaction is rolled back all the same.
    """


@asynccontextmanager
async def transaction() -> AsyncIterator[PostgresTransaction]:
    """Commit what the block did, or none of it; refuses to nest.

    Piccolo 1.38 forgets the connection when ``COMMIT`` itself fails (a deferred constraint, a
    serialization failure), and when the task is cancelled at ``BEGIN`` (a reader went away): it is
    given back here. To give it back twice does nothing.
    """
    opened = DB.transaction(allow_nested=False)
    try:
        async with opened:
            yield opened
    finally:
        if DB.current_transaction.get() is opened:
            DB.current_transaction.set(None)
        connection = getattr(opened, "connection", None)
        if DB.pool is not None and connection is not None:
            await DB.pool.release(connection)


async def fetch(sql: str, *values: object) -> list[Any]:
    """Return the rows of a hand-written query, in the present transaction if there is one."""
    current = DB.current_transaction.get()
    if current is not None:
        return list(await current.connection.fetch(sql, *values))
    assert DB.pool is not None, "enter database.pool() first"
    return list(await DB.pool.fetch(sql, *values))


async def migrate() -> None:
    """Bring the database to the shape the tables of this version describe."""
    for extension in EXTENSIONS:
        await DB._run_in_new_connection(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    # Here for the same reason as the registry.
    from piccolo.apps.migrations.commands.forwards import run_forwards  # noqa: PLC0415

    result = await run_forwards("all")
    if not result.success:
        raise MigrationFailed(result.message)
