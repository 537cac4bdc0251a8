"""The description of ``/api/v1`` for programs (OpenAPI 3.1) and for people."""

import re
from collections.abc import Iterable
from typing import Any

from litestar import Litestar, Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import License
from litestar.response import Template

from catalog.api.promises import PREFIX, completed
from portal.package import Package
from portal.permissions import PUBLIC
from portal.settings import get_settings
from portal.web.guards import public
from portal.web.i18n import gettext as _
from portal.web.page import page

ACCESS_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An access key of a person (« My account », « Access keys »): it reads what "
    "that person may read at that moment, and changes nothing.",
}
PARAMETER = re.compile(r"{(\w+):\w+}")


def api_handlers(packages: Iterable[Package]) -> list[HTTPRouteHandler]:
    """Return the handlers of every package that are part of the API.

    Those under its address, and those of a standard with an address of its own, which say so
    (``opt={"described": True}``).
    """
    return [
        one
        for package in packages
        for one in package.controllers
        if isinstance(one, HTTPRouteHandler)
        and (any(p.startswith(PREFIX) for p in one.paths) or one.opt.get("described"))
    ]


def description(packages: tuple[Package, ...]) -> dict[str, Any]:
    """Return the OpenAPI document of the API these packages make up."""
    config = OpenAPIConfig(
        title="Tajhiz API",
        version="1",
        description=(
            "The public catalogue of medical devices: the facts of every public page as JSON. "
            "Texts come in every language they exist in; empty text and null mean « not said »."
        ),
        license=License(name="See the licence of the data on the portal"),
        use_handler_docstrings=True,
        path=None,
    )
    # A second application that only describes: the portal itself publishes no schema of its pages.
    app = Litestar(
        route_handlers=api_handlers(packages), openapi_config=config, logging_config=None
    )
    document: dict[str, Any] = app.openapi_schema.to_schema()
    document["servers"] = [{"url": get_settings().base_url}]
    name_the_key(document, api_handlers(packages))
    return completed(document, [index for package in packages for index in package.indexes])


def name_the_key(document: dict[str, Any], handlers: list[HTTPRouteHandler]) -> None:
    """Say in an OpenAPI document which operations want an access key."""
    document.setdefault("components", {})["securitySchemes"] = {"accessKey": ACCESS_KEY}
    for one in handlers:
        if all(getattr(guard, "action", PUBLIC) != PUBLIC for guard in one.guards or ()):
            for path in one.paths:
                said = document["paths"][PARAMETER.sub(r"{\1}", path)]["get"]
                said["security"] = [{"accessKey": []}]


def held(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return the description, made once for an application."""
    state = request.app.state
    if "api_description" not in state:
        state.api_description = description(state.packages)
    document: dict[str, Any] = state.api_description
    return document


@get("/api/v1/openapi.json", name="api.openapi", guards=[public], include_in_schema=False)
async def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return the description of the API."""
    return held(request)


@get("/api-docs", name="catalog.api_docs", guards=[public])
async def api_docs(request: Request[Any, Any, Any]) -> Template:
    """Show the addresses of the API with examples."""
    document = held(request)
    operations: dict[bool, list[tuple[str, dict[str, Any]]]] = {True: [], False: []}
    for path, methods in sorted(document["paths"].items()):
        if "get" in methods:
            operations[path.startswith(PREFIX)].append((path, methods["get"]))
    return page(
        request,
        "catalog/api/docs.html",
        title=_("Data for programs (API)"),
        lead=_("Every public page of the catalogue has a twin in JSON, free and without a key."),
        breadcrumbs=[(_("Data for programs (API)"), "")],
        operations=operations[True],
        standards=operations[False],
    )
