"""The job queue: arq on Valkey, with msgpack on the wire (never pickle)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from arq.connections import ArqRedis, RedisSettings, create_pool

from portal.settings import get_settings


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
