"""How the processes of the pipeline are: each says it in Valkey, which forgets it soon."""

import json
import os
import socket
from dataclasses import dataclass

import msgspec
from valkey.asyncio import Valkey

from telemetry_ingest.consumer.figures import Figures

PREFIX = "tajhiz:ingest:"
KEPT_S = 20


@dataclass(frozen=True)
class Process:
    """One process and what it said last."""

    name: str
    figures: Figures


def own_name() -> str:
    """Return what tells this process from all others."""
    return f"{socket.gethostname()}-{os.getpid()}"


async def say(valkey: Valkey, name: str, figures: Figures) -> None:
    """Leave our figures for a while."""
    await valkey.set(f"{PREFIX}{name}", msgspec.json.encode(figures), ex=KEPT_S)


async def forget(valkey: Valkey, name: str) -> None:
    """Take them away: this process ends."""
    await valkey.delete(f"{PREFIX}{name}")


async def processes(valkey: Valkey) -> list[Process]:
    """Return the processes that were heard of in the last seconds, by name."""
    keys = sorted([key async for key in valkey.scan_iter(match=f"{PREFIX}*")])
    said = await valkey.mget(keys) if keys else []
    return [
        Process(_text(key).removeprefix(PREFIX), msgspec.convert(json.loads(one), Figures))
        for key, one in zip(keys, said, strict=True)
        if one is not None
    ]


def _text(key: bytes | str) -> str:
    return key.decode() if isinstance(key, bytes) else key
