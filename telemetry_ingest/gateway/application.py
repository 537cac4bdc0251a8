"""The application: addresses to post to, the door of MQTT 5, two for supervisors, Prometheus."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotFoundException

from portal import database
from portal.settings import Settings
from portal.web.probes import in_time, may_measure, postgresql_answers
from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.description import description
from telemetry_ingest.gateway.entry import Entry
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.mqtt5.door import Door
from telemetry_ingest.gateway.posting import Posting, handler_of
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.publishing import Publisher
from telemetry_ingest.gateway.taking import Taking
from telemetry_ingest.health.beats import GATEWAY, beating
from telemetry_ingest.health.broker import word

logger = logging.getLogger(__name__)
Asked = Request[Any, Any, Any]


@get("/healthz", name="health")
async def health() -> dict[str, str]:
    """Say that this process answers."""
    return {"status": "ok"}


@get("/readyz", name="ready")
async def ready(request: Asked) -> Response[dict[str, object]]:
    """Say whether messages can be taken, and which part fails."""
    state = request.app.state
    # A broker that hangs keeps its connections: only a question tells.
    url = state.settings.nats_url.get_secret_value()
    asked = await asyncio.gather(word(url), in_time(postgresql_answers))
    parts = dict(zip(("nats", "postgresql"), asked, strict=True))
    if not state.publisher.connected:
        parts["nats"] = "away"
    if state.door is not None:
        parts["mqtt5"] = "ok" if state.door.is_open else "closed"
    good = set(parts.values()) == {"ok"}
    return Response(
        {"status": "ok" if good else "failing", "parts": parts}, status_code=200 if good else 503
    )


@get("/openapi.json", name="openapi")
async def openapi(request: Asked) -> dict[str, Any]:
    """Describe the three addresses to post to."""
    settings: Settings = request.app.state.settings
    return description(settings.ingest_url or "/")


@get("/metrics", name="metrics")
async def metrics(request: Asked) -> Response[bytes]:
    """Tell Prometheus: who has the token, or asks from this machine and not through a proxy."""
    if not may_measure(request):
        raise NotFoundException
    state = request.app.state
    state.measures.waiting.set(state.publisher.waiting)
    state.measures.connections.set(state.door.connections if state.door is not None else 0)
    return Response(state.measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def told(request: Asked, error: Exception) -> Response[bytes]:
    """Answer every refusal, and every fault of ours, as problem+json."""
    problem = problem_of(error)
    language = problems.language_of(request.headers.get("accept-language", ""))
    return Response(
        problem.body(language),
        status_code=problem.status,
        media_type=problems.MEDIA_TYPE,
        headers=problem.headers(language),
    )


def problem_of(error: Exception) -> Problem:
    """Return what to say of an error."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.status_code < 500:
        return problems.no_such_place(error.status_code)
    logger.error("fault", exc_info=error)
    return problems.fault()


@asynccontextmanager
async def connected(app: Litestar) -> AsyncIterator[None]:
    """Hold the database pool and the broker's connection open while the application runs."""
    publisher: Publisher = app.state.publisher
    async with database.pool(min_size=0, max_size=app.state.settings.database_pool_size):
        await publisher.start()
        looking_up = asyncio.create_task(app.state.entry.keep_up())
        measures: GatewayMeasures = app.state.measures
        url = app.state.settings.valkey_url.get_secret_value()
        try:
            async with (
                beating(url, GATEWAY, lambda: measures.figures(publisher.waiting)),
                listening(app.state.door),
            ):
                yield
        finally:
            while not looking_up.done():
                looking_up.cancel()
                await asyncio.wait([looking_up], timeout=1)
            await publisher.stop()


@asynccontextmanager
async def listening(door: Door | None) -> AsyncIterator[None]:
    """Let devices in over MQTT 5 while the block runs, where somebody wants that."""
    if door is None:
        yield
        return
    await door.start()
    try:
        yield
    finally:
        await door.stop()


def create_gateway(settings: Settings) -> Litestar:
    """Build the gateway from its settings.

    Raises:
        ValueError: the settings name no broker, or MQTT 5 without TLS where it needs it.
    """
    if settings.nats_url is None:
        raise ValueError("The gateway needs TAJHIZ_NATS_URL.")
    entry = Entry(most_a_minute=settings.ingest_requests_per_minute)
    publisher = Publisher(settings.nats_url.get_secret_value())
    measures = GatewayMeasures()
    taking = Taking(entry, publisher, measures)
    posting = Posting(taking, settings.trusted_proxies)
    door = Door(settings, taking) if settings.ingest_mqtt5_listen else None
    return Litestar(
        route_handlers=[handler_of(posting), health, ready, openapi, metrics],
        exception_handlers={Exception: told},
        lifespan=[connected],
        state=State(
            {
                "settings": settings,
                "entry": entry,
                "publisher": publisher,
                "measures": measures,
                "door": door,
            }
        ),
        logging_config=None,
        openapi_config=None,
    )
