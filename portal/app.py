"""The application: the packages of the settings, mounted on Litestar."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.stores.registry import StoreRegistry
from litestar.stores.valkey import ValkeyStore

from portal import database, queue
from portal.package import load
from portal.settings import LANGUAGES, Settings
from portal.web import i18n
from portal.web.errors import error_page
from portal.web.security import csrf, middleware, security_headers
from portal.web.static import static_router
from portal.web.templating import template_config


async def choose_language(request: Request[Any, Any, Any]) -> None:
    """Set the language of this request from its address; there is no page in another one."""
    code = request.path_params.get("lang")
    if code not in LANGUAGES:
        raise NotFoundException
    i18n.language.set(code)


def lifespan(settings: Settings) -> Any:
    """Hold the database pool and the queue open while the application runs."""

    @asynccontextmanager
    async def hold(app: Litestar) -> AsyncIterator[None]:
        async with (
            database.pool(min_size=1, max_size=settings.database_pool_size),
            queue.queue() as jobs,
        ):
            app.state.queue = jobs
            yield

    return hold


def create_app(settings: Settings) -> Litestar:
    """Build the portal from its settings and the packages they name."""
    packages = load(settings.packages)
    return Litestar(
        route_handlers=[
            static_router(),
            *[one for package in packages for one in package.controllers],
            Router(
                "/{lang:str}",
                route_handlers=[one for package in packages for one in package.pages],
                before_request=choose_language,
                include_in_schema=False,
            ),
        ],
        template_config=template_config(packages, settings),
        exception_handlers={Exception: error_page},
        middleware=middleware(settings),
        csrf_config=csrf(settings),
        after_request=security_headers,
        lifespan=[lifespan(settings)],
        stores=StoreRegistry(
            default_factory=ValkeyStore.with_client(
                settings.valkey_url.get_secret_value()
            ).with_namespace
        ),
        state=State({"settings": settings, "packages": packages}),
        request_max_body_size=settings.upload_max_bytes + 1024 * 1024,
        logging_config=None,
        openapi_config=None,
    )
