"""The application: three addresses to post to, two for supervisors, one for Prometheus."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath

from portal import database
from portal.settings import Settings
from portal.web.client import client_address
from portal.web.probes import in_time, may_measure, postgresql_answers
from telemetry_ingest.gateway import problems
from telemetry_ingest.gateway.entry import Entry, Sender
from telemetry_ingest.gateway.measures import GatewayMeasures
from telemetry_ingest.gateway.problems import Problem
from telemetry_ingest.gateway.publishing import NotKept, Publisher
from telemetry_ingest.gateway.refused import count_refusal
from telemetry_ingest.states import Refusal, Topic
from telemetry_ingest.wire import MOST_BYTES, ReadingsMessage, Refused, decode, subject_of
from telemetry_ingest.wire.messages import Message
from telemetry_ingest.wire.subjects import TOPICS

logger = logging.getLogger(__name__)
MEDIA_TYPES = {
    "application/json",
    "application/msgpack",
    "application/x-msgpack",
    "application/vnd.msgpack",
    "application/x-protobuf",  # Sparkplug B
}
PATIENCE_S = 5.0  # for the database
Asked = Request[Any, Any, Any]


class Kept(msgspec.Struct):
    """The answer 202: JetStream has the message.

    Attributes:
        readings: how many readings it holds; 0 for a status or an alarm.
        duplicate: the same bytes came before, and were not kept twice.
    """

    readings: int
    duplicate: bool


@post("/v1/{topic:str}", name="ingest", status_code=202)
async def ingest(request: Asked, topic: FromPath[str]) -> Response[bytes]:
    """Take one message of a device; 202 means that it is kept."""
    if topic not in TOPICS:
        raise NotFoundException
    measures: GatewayMeasures = request.app.state.measures
    try:
        kept = await take(request, TOPICS[topic])
    except Problem as problem:
        measures.answers.labels(topic, problem.code).inc()
        raise
    measures.answers.labels(topic, "duplicate" if kept.duplicate else "kept").inc()
    measures.readings.inc(0 if kept.duplicate else kept.readings)
    return Response(msgspec.json.encode(kept), media_type="application/json", status_code=202)


async def take(request: Asked, topic: Topic) -> Kept:
    """Check a message and hand its very bytes over.

    Raises:
        Problem: it is not taken.
    """
    state = request.app.state
    address = client_address(request.scope, state.settings.trusted_proxies)
    try:
        # The order matters: who is not let in makes us read nothing.
        async with asyncio.timeout(PATIENCE_S):
            sender = await state.entry.admit(request.headers.get("authorization"), address)
    except Problem:
        raise
    except Exception as error:  # asyncpg raises several families of them when it cannot
        logger.warning("tokens cannot be read: %s", type(error).__name__)
        raise problems.not_kept() from None
    content = await body_of(request)
    message = await checked(sender, topic, content)
    return await hand_over(state, sender, topic, (content, message))


async def body_of(request: Asked) -> bytes:
    """Read the body.

    Raises:
        Problem: it is of another type, or too large.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES or "content-encoding" in request.headers:
        raise problems.wrong_media_type()
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise problems.of_refusal(Refusal.TOO_LARGE, "")
    return await request.body()


async def checked(sender: Sender, topic: Topic, content: bytes) -> Message:
    """Read a message; a refusal is counted with the device, as one that came over MQTT is.

    Raises:
        Problem: it is not as the device guide says.
    """
    try:
        return decode(topic, content)
    except Refused as refused:
        await count_refusal(sender.number, refused)
        raise problems.of_refusal(refused.reason, refused.field) from None


async def hand_over(
    state: State, sender: Sender, topic: Topic, said: tuple[bytes, Message]
) -> Kept:
    """Publish a message where those of MQTT are, and wait until it is stored.

    Raises:
        Problem: it was not acknowledged.
    """
    content, message = said
    digest = hashlib.sha256(content).hexdigest()
    name = f"{sender.device.hex}/{topic.value}/{message.boot}/{message.seq}/{digest}"
    began = time.perf_counter()
    try:
        ack = await state.publisher.publish(subject_of(sender.device, topic), content, name)
    except NotKept:
        raise problems.not_kept() from None
    state.measures.seconds.observe(time.perf_counter() - began)
    if ack.duplicate:
        state.measures.duplicates.inc()
    count = len(message.readings) if isinstance(message, ReadingsMessage) else 0
    return Kept(count, ack.duplicate)


@get("/healthz", name="health")
async def health() -> dict[str, str]:
    """Say that this process answers."""
    return {"status": "ok"}


@get("/readyz", name="ready")
async def ready(request: Asked) -> Response[dict[str, object]]:
    """Say whether messages can be taken, and which part fails."""
    broker = "ok" if request.app.state.publisher.connected else "away"
    parts = {"nats": broker, "postgresql": await in_time(postgresql_answers)}
    good = set(parts.values()) == {"ok"}
    return Response(
        {"status": "ok" if good else "failing", "parts": parts}, status_code=200 if good else 503
    )


@get("/metrics", name="metrics")
async def metrics(request: Asked) -> Response[bytes]:
    """Tell Prometheus: who has the token, or asks from this machine and not through a proxy."""
    if not may_measure(request):
        raise NotFoundException
    state = request.app.state
    state.measures.waiting.set(state.publisher.waiting)
    return Response(state.measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def told(_request: Asked, error: Exception) -> Response[bytes]:
    """Answer every refusal, and every fault of ours, as problem+json."""
    problem = problem_of(error)
    return Response(
        problem.body(),
        status_code=problem.status,
        media_type=problems.MEDIA_TYPE,
        headers=problem.headers(),
    )


def problem_of(error: Exception) -> Problem:
    """Return what to say of an error."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.status_code == 413:
        return problems.of_refusal(Refusal.TOO_LARGE, "")
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
        try:
            yield
        finally:
            await publisher.stop()


def create_gateway(settings: Settings) -> Litestar:
    """Build the gateway from its settings.

    Raises:
        ValueError: the settings name no broker.
    """
    if settings.nats_url is None:
        raise ValueError("The gateway needs TAJHIZ_NATS_URL.")
    return Litestar(
        route_handlers=[ingest, health, ready, metrics],
        exception_handlers={Exception: told},
        lifespan=[connected],
        state=State(
            {
                "settings": settings,
                "entry": Entry(most_a_minute=settings.ingest_requests_per_minute),
                "publisher": Publisher(settings.nats_url.get_secret_value()),
                "measures": GatewayMeasures(),
            }
        ),
        request_max_body_size=MOST_BYTES,
        logging_config=None,
        openapi_config=None,
    )
