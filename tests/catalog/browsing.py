"""Posting forms as a browser without JavaScript does."""

from httpx import AsyncClient, Response


async def post(client: AsyncClient, path: str, **typed: str) -> Response:
    """Post a form; a page is fetched first when there is no token yet."""
    if "csrf" not in client.cookies:
        await client.get("/fr/udi")
    return await client.post(path, data={"_csrf_token": client.cookies["csrf"], **typed})
