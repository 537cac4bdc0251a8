"""What every test may ask for: an empty database, a browser without JavaScript, SQL statements."""

import gc
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.services"]

# A busy machine makes no test fail: nothing is said of time.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave what is loaded with the tests out of the search for garbage: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_sessionfinish() -> None:
    """Let the end of the process find what was left out, or libraries in C++ report it as lost."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One asyncio loop for the whole run, so that one pool can serve it."""
    return "asyncio"


@pytest.fixture(scope="session")
async def pool() -> AsyncIterator[None]:
    """Hold one connection pool for the whole run."""
    from portal import database

    async with database.pool(min_size=1, max_size=8):
        yield


@pytest.fixture
async def db(pool: None) -> AsyncIterator[None]:
    """Give a test an empty database; it may commit."""
    from portal import database
    from portal.web.i18n import language
    from tests.emptying import empty
    from tests.lending import all_given_back

    # All tests on the event loop run in one task, where the last request left its language.
    language.set("fr")
    yield
    await all_given_back()
    await empty(database)


@pytest.fixture
async def app(db: None) -> AsyncIterator[object]:
    """Run the application of this deployment's settings."""
    from tests.applications import application, running

    async with running(application()) as app:
        yield app


@pytest.fixture
async def client(app) -> AsyncIterator[AsyncClient]:
    """A browser without JavaScript, on the same event loop as the pool."""
    async with AsyncClient(
        transport=ASGITransport(app=app), base_url="http://portal.test"
    ) as client:
        yield client


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the SQL statements sent from now on; ``clear()`` it before the act."""
    import asyncpg

    seen: list[str] = []
    original = asyncpg.Connection._execute

    async def spy(self, query, *args, **kwargs):
        seen.append(query)
        return await original(self, query, *args, **kwargs)

    monkeypatch.setattr(asyncpg.Connection, "_execute", spy)
    return seen


@pytest.fixture(autouse=True)
def speak_french() -> Iterator[None]:
    """Begin each test in the portal's usual language, whatever the one before it spoke."""
    from portal.web.i18n import language

    language.set("fr")
    yield
    language.set("fr")
