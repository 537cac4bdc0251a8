"""Applications that tests share one after the other: building one takes longer than most tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State

from portal.app import create_app
from portal.settings import Settings, get_settings
from portal.web.entrance import Entrance, entered
from portal.web.measures import Measures

KEPT = 2
_built: list[tuple[Settings, Litestar]] = []


def application() -> Litestar:
    """Return the application of the settings in force, the one before where they are the same."""
    settings = get_settings()
    found = next((one for one in _built if one[0] == settings), None)
    if found is None:
        found = settings, create_app(settings)
    else:
        _built.remove(found)
    _built.append(found)
    del _built[:-KEPT]
    return found[1]


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[Litestar]:
    """Run an application as if it had just been built; afterwards its state is as before."""
    entrance, state = app.asgi_handler, app.state
    assert isinstance(entrance, Entrance)
    measures = Measures()
    app.state = State(dict(state) | {"measures": measures})
    app.asgi_handler = entered(entrance.app, entrance.settings, measures)
    try:
        async with app.lifespan():
            yield app
    finally:
        app.asgi_handler, app.state = entrance, state
