"""For those who run the portal: is it alive, can it work, what did it measure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from arq.constants import default_queue_name
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from portal import database
from portal.web.guards import public
from portal.web.measures import Measures

logger = logging.getLogger(__name__)
PATIENCE_S = 2.0


@get("/healthz", name="health", guards=[public], include_in_schema=False)
async def health() -> dict[str, str]:
    """Say that this process answers; a supervisor restarts it when it does not."""
    return {"status": "ok"}


@get("/readyz", name="ready", guards=[public], include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, object]]:
    """Say whether this process can do its work, and which part fails; proxies ask this.

    What is « beside » may be away while pages are answered: it is said, and the answer stays 200.
    """
    state = request.app.state
    parts = {"postgresql": postgresql_answers, "valkey": valkey_answers(state.valkey)}
    if "warming" in state:
        parts["search"] = index_is_read(state.warming)
    answers = await asyncio.gather(*(in_time(part) for part in parts.values()))
    said: dict[str, object] = {"parts": dict(zip(parts, answers, strict=True))}
    if any(answer != "ok" for answer in answers):
        return Response({"status": "failing", **said}, status_code=503)
    said["beside"] = others = await beside(state)
    whole = all(answer == "ok" for answer in others.values())
    return Response({"status": "ok" if whole else "degraded", **said}, status_code=200)


async def beside(state: State) -> dict[str, str]:
    """Return what the packages say of parts that a page does not need."""
    found: dict[str, str] = {}
    for package in state.packages:
        if package.beside is not None:
            try:
                found |= await asyncio.wait_for(package.beside(state), PATIENCE_S)
            except Exception as error:  # whatever it is, this process can answer
                found[package.name] = type(error).__name__
    return found


async def in_time(part: Callable[[], Awaitable[object]]) -> str:
    """Return « ok », or in one word what is wrong with a part."""
    try:
        await asyncio.wait_for(part(), PATIENCE_S)
    except TimeoutError:
        return "timeout"
    except Exception as error:
        return type(error).__name__
    return "ok"


async def postgresql_answers() -> None:
    """Ask the database the smallest question."""
    await database.fetch("SELECT 1")


def valkey_answers(valkey: Any) -> Callable[[], Awaitable[object]]:
    """Return the smallest question to Valkey."""

    async def ask() -> object:
        return await valkey.ping()

    return ask


class Reading(Exception):
    """The search index is still being read: a search would have to wait for that."""


def index_is_read(warming: asyncio.Task[None]) -> Callable[[], Awaitable[object]]:
    """Return the question whether this process has read the search index."""

    async def ask() -> None:
        if not warming.done():
            raise Reading

    return ask


@get("/metrics", name="metrics", guards=[public], include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Tell Prometheus: who has the token, or asks from this machine and not through a proxy."""
    if not may_measure(request):
        raise NotFoundException
    measures: Measures = request.app.state.measures
    await observe(measures, request.app.state.valkey)
    text = measures.text() + await of_packages(request.app.state)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def of_packages(state: State) -> bytes:
    """Return the figures of the packages: they are asked for now, so no process adds them up."""
    registry = CollectorRegistry()
    for package in state.packages:
        if package.measured is None:
            continue
        try:
            registry.register(Asked(await asyncio.wait_for(package.measured(state), PATIENCE_S)))
        except Exception as error:
            logger.warning("no figures of %s: %s", package.name, type(error).__name__)
    return generate_latest(registry)


class Asked(Collector):
    """Families that are known already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        """Return them."""
        return self._families


def may_measure(request: Request[Any, Any, Any]) -> bool:
    """Say whether the sender may read what was measured; where a token is set, only with it."""
    token = request.app.state.settings.metrics_token
    if token is not None:
        sent = request.headers.get("authorization", "")
        return compare_digest(sent.encode(), f"Bearer {token.get_secret_value()}".encode())
    if "x-forwarded-for" in request.headers or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def observe(measures: Measures, valkey: Any) -> None:
    """Read what is not counted on the way; what does not answer keeps its last value."""
    if database.DB.pool is not None:
        measures.pool_size.set(database.DB.pool.get_size())
        measures.pool_idle.set(database.DB.pool.get_idle_size())

    async def jobs() -> None:
        measures.jobs.set(await valkey.zcard(default_queue_name))

    async def dirty() -> None:
        rows = await database.fetch("SELECT count(*) AS number FROM search_dirty")
        measures.dirty.set(rows[0]["number"])

    await asyncio.gather(in_time(jobs), in_time(dirty))
