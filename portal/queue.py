"""The job queue: arq on Valkey, with msgpack on the wire (never pickle)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool

from portal.settings import get_settings

HEALTH_KEY = "tajhiz:worker:health"  # written by every worker, and gone soon after the last one


@dataclass(frozen=True)
class Health:
    """What the probes and metrics say of the queue."""

    waiting: int  # jobs that nobody has begun
    worker_alive: bool


def redis_settings() -> RedisSettings:
    """Return where the queue is."""
    return RedisSettings.from_dsn(get_settings().valkey_url.get_secret_value())


def encode(value: Any) -> bytes:
    """Serialize a job; what msgpack cannot carry does not belong in a job's arguments."""
    return msgspec.msgpack.encode(value)


def decode(data: bytes) -> Any:
    """Read a job back."""
    return msgspec.msgpack.decode(data)


@asynccontextmanager
async def queue() -> AsyncIterator[ArqRedis]:
    """Open the queue for as long as the block lasts."""
    pool = await create_pool(redis_settings(), job_serializer=encode, job_deserializer=decode)
    try:
        yield pool
    finally:
        await pool.aclose()


async def health(pool: ArqRedis) -> Health:
    """Return how many jobs wait, and whether a worker has been heard of in the last minute."""
    waiting = await pool.zcard(pool.default_queue_name)
    return Health(int(waiting), bool(await pool.exists(HEALTH_KEY)))
