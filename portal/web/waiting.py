"""What waits for the person who has signed in, counted once for a page and said in its header."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from litestar.response import Template

from portal.package import Package
from portal.permissions import Actor, may
from portal.web.address import current_scope

KEY = "waiting"


def waiting() -> dict[str, int]:
    """Return how many things wait behind each route of the navigation that counts them."""
    scope = current_scope.get()
    found: dict[str, int] = scope["state"].get(KEY, {}) if scope else {}
    return found


def counting(
    packages: tuple[Package, ...],
) -> Callable[[Response[Any]], Awaitable[Response[Any]]]:
    """Return the hook that counts before a whole page is rendered: not for parts or strangers."""
    items = [one for package in packages for one in package.navigation if one.waiting]

    async def count(response: Response[Any]) -> Response[Any]:
        scope = current_scope.get()
        actor = scope.get("user") if scope else None
        if scope and isinstance(actor, Actor) and actor.person_id and _is_whole(response):
            scope["state"][KEY] = {
                one.route: await one.waiting(actor.person_id)
                for one in items
                if one.waiting and may(actor, one.action)
            }
        return response

    return count


def _is_whole(response: Response[Any]) -> bool:
    name = response.template_name if isinstance(response, Template) else None
    return bool(name) and not str(name).rpartition("/")[2].startswith("_")
