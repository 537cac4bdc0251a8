"""What the worker does for evidence: make the pack of a closed pilot, and say how far it is."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from arq.worker import func

from portal.permissions import Actor
from portal.queue import queue
from portal.settings import get_settings
from telemetry_ingest.actions.evidence import keep_pack, pilot_to_prove
from telemetry_ingest.errors import PilotMoveNotAllowed, PilotNotFound
from telemetry_ingest.evidence import keeping, signing
from telemetry_ingest.evidence.pack import Pack, made
from telemetry_ingest.evidence.presenting import print_all
from telemetry_ingest.evidence.window import Progress, collect, contents, picture
from telemetry_ingest.queries.evidence import pack_with

NAME = "telemetry.make_evidence"
PRINT = "telemetry.print_evidence"
LONGEST = timedelta(hours=2)
KEPT_S = 3600
PRINTING_S = 600


async def build(pilot_id: UUID, progress: Progress | None = None) -> Pack:
    """Return the pack of a closed pilot; of it only the file of its readings is kept.

    Raises:
        PilotNotFound: there is no such pilot.
        PilotMoveNotAllowed: it is not closed.
        NoKey: this portal has no key to sign with.
        FileMissing: days of it were moved to a file that is gone, or was changed.
    """
    private = signing.seed(get_settings())
    async with picture():
        found = await contents(await pilot_to_prove(pilot_id))
        with keeping.kept() as readings:
            await collect(found, readings, progress)
    return await asyncio.to_thread(made, found, readings, private)


async def make_evidence(ctx: dict[str, Any], pilot_id: str, person_id: str) -> str:
    """Make and keep the pack of a pilot; safe to run twice."""
    loop, redis = asyncio.get_running_loop(), ctx["redis"]
    waiting: set[asyncio.Task[Any]] = set()

    def progress(done: int, whole: int) -> None:
        task = loop.create_task(redis.set(_key(pilot_id), f"{done}/{whole}", ex=KEPT_S))
        waiting.add(task)
        task.add_done_callback(waiting.discard)

    try:
        pack = await build(UUID(pilot_id), progress)
        kept = await keep_pack(
            UUID(pilot_id), pack.written(), pack.head, actor=Actor(UUID(person_id))
        )
    except (PilotNotFound, PilotMoveNotAllowed, signing.NoKey) as refusal:
        return type(refusal).__name__
    except Exception:
        await redis.set(_failed(pilot_id), "1", ex=KEPT_S)
        raise
    finally:
        await asyncio.gather(*waiting, return_exceptions=True)
        await redis.delete(_key(pilot_id))
    await redis.set(_printing(kept.head), "1", ex=PRINTING_S)
    await redis.enqueue_job(PRINT, kept.head, _job_id=f"evidence-print:{kept.head}")
    return kept.head


async def print_evidence(ctx: dict[str, Any], head: str) -> None:
    """Make the report of a pack in every language; a visitor who comes before makes it too."""
    try:
        if kept := await pack_with(head):
            await asyncio.to_thread(print_all, kept)
    finally:
        await ctx["redis"].delete(_printing(head))


async def is_printed_now(head: str) -> bool:
    """Say whether the report of a pack is being made."""
    async with queue() as queued:
        return bool(await queued.exists(_printing(head)))


async def ask_for_evidence(pilot_id: UUID, person_id: UUID) -> None:
    """Have the worker make the pack of a pilot; asking twice at once is asking once."""
    async with queue() as queued:
        if not await queued.set(_key(str(pilot_id)), "0/0", ex=KEPT_S, nx=True):
            return
        await queued.delete(_failed(str(pilot_id)))
        asked = await queued.enqueue_job(
            NAME, str(pilot_id), str(person_id), _job_id=f"evidence:{pilot_id}"
        )
        if asked is None:  # the one before is about to end: what it made is there already
            await queued.delete(_key(str(pilot_id)))


async def failed_lately(pilot_id: UUID) -> bool:
    """Say whether making the pack of a pilot went wrong in the last hour and was not repeated."""
    async with queue() as queued:
        return bool(await queued.exists(_failed(str(pilot_id))))


async def progress_of(pilot_id: UUID) -> tuple[int, int] | None:
    """Return how many parts of how many are read; ``None`` when no pack is being made."""
    async with queue() as queued:
        found = await queued.get(_key(str(pilot_id)))
    if found is None:
        return None
    done, _slash, whole = found.decode().partition("/")
    return int(done), int(whole)


def _printing(head: str) -> str:
    return f"tajhiz:evidence-printing:{head}"


def _failed(pilot_id: str) -> str:
    return f"tajhiz:evidence-failed:{pilot_id}"


def _key(pilot_id: str) -> str:
    return f"tajhiz:evidence:{pilot_id}"


JOBS = (
    func(make_evidence, name=NAME, timeout=LONGEST, keep_result=0, max_tries=2),
    func(print_evidence, name=PRINT, timeout=PRINTING_S, keep_result=0, max_tries=2),
)
