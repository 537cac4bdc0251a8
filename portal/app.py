"""The application: the packages of the settings, mounted on Litestar."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.stores.registry import StoreRegistry
from litestar.stores.valkey import ValkeyStore
from valkey.asyncio import Valkey

from portal import database, queue
from portal.package import load
from portal.search.adapter import follow, warm
from portal.settings import LANGUAGES, Settings
from portal.web import i18n
from portal.web.entrance import entered
from portal.web.errors import error_page
from portal.web.measures import Measures
from portal.web.security import csrf, middleware
from portal.web.static import Assets, static_router, stylesheet_route
from portal.web.templating import template_config
from portal.web.waiting import counting


async def choose_language(request: Request[Any, Any, Any]) -> None:
    """Refuse an address in a language we do not speak; the entrance has set the others."""
    code = request.path_params.get("lang")
    if code not in LANGUAGES:
        raise NotFoundException
    i18n.language.set(code)


def valkey(settings: Settings) -> Valkey:
    """Return a client for what the web processes share: counters and sessions."""
    client: Valkey = Valkey.from_url(settings.valkey_url.get_secret_value(), socket_timeout=2)
    return client


def lifespan(settings: Settings) -> Any:
    """Hold the database pool, the queue and Valkey open while the application runs."""

    @asynccontextmanager
    async def hold(app: Litestar) -> AsyncIterator[None]:
        async with (
            database.pool(min_size=1, max_size=settings.database_pool_size),
            queue.queue() as jobs,
            valkey(settings) as client,
        ):
            app.state.queue = jobs
            app.state.valkey = client
            yield

    return hold


@asynccontextmanager
async def warming(app: Litestar) -> AsyncIterator[None]:
    """Read the search indexes beside the requests; ``/readyz`` says when they were read first."""
    indexes = [one for package in app.state.packages for one in package.indexes]
    app.state.warming = asyncio.create_task(warm(indexes))
    tasks = [app.state.warming, asyncio.create_task(follow(indexes))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def create_app(settings: Settings, *, warm_up: bool = False) -> Litestar:
    """Build the portal from its settings and the packages they name.

    With ``warm_up`` it reads at the start what the first search would have to wait for.
    """
    packages = load(settings.packages)
    assets = Assets(packages, reload=settings.reload)
    measures = Measures()
    held_open = [one for package in packages for one in package.lifespans]
    app = Litestar(
        route_handlers=[
            static_router(),
            stylesheet_route(lambda: assets.text),
            *[one for package in packages for one in package.controllers],
            Router(
                "/{lang:str}",
                route_handlers=[one for package in packages for one in package.pages],
                before_request=choose_language,
                after_request=counting(packages),
                include_in_schema=False,
            ),
        ],
        template_config=template_config(packages, settings, assets),
        exception_handlers={Exception: error_page},
        middleware=middleware(settings),
        csrf_config=csrf(settings),
        lifespan=[lifespan(settings), *held_open, *([warming] if warm_up else [])],
        stores=StoreRegistry(
            default_factory=ValkeyStore.with_client(
                settings.valkey_url.get_secret_value()
            ).with_namespace
        ),
        state=State({"settings": settings, "packages": packages, "measures": measures}),
        request_max_body_size=settings.upload_max_bytes + 1024 * 1024,
        logging_config=None,
        openapi_config=None,
    )
    app.asgi_handler = entered(app.asgi_handler, settings, measures)
    return app
