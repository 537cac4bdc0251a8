"""What `tajhiz quarantine` does when it is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import click

from portal import database
from portal.permissions import SYSTEM
from telemetry_ingest.consumer.quarantine import Kept, Which, kept
from telemetry_ingest.consumer.replaying import Replayed, replay
from telemetry_ingest.states import Refusal

T = TypeVar("T")


def which(device: str | None, reason: str | None) -> Which:
    """Read what was typed.

    Raises:
        click.BadParameter: the device is no identifier.
    """
    try:
        return Which(UUID(hex=device) if device else None, Refusal(reason) if reason else None)
    except ValueError:
        raise click.BadParameter("The device is 32 hexadecimal digits.") from None


def show(wanted: Which, most: int) -> None:
    """Print refused messages, one a line."""
    for one in _run(lambda: kept(wanted, most)):
        click.echo(line(one))


def play(wanted: Which) -> None:
    """Play messages again and print what came of it."""
    click.echo(summary(_run(lambda: replay(wanted, SYSTEM))))


def line(one: Kept) -> str:
    """Return a refused message as one line."""
    said = "replayed" if one.replayed_at else "kept" if one.content is not None else "not kept"
    if one.again:
        said = f"kept, refused again: {one.again.value}"
    size = f"{len(one.content)} bytes" if one.content is not None else "-"
    parts = (one.received_at.isoformat(timespec="seconds"), one.subject, one.reason.value)
    return "\t".join((*parts, one.field or "-", size, said))


def summary(found: Replayed) -> str:
    """Return what came of a replay in words."""
    return (
        f"Accepted: {found.accepted} messages with {found.readings} new readings. "
        f"Still refused: {found.refused}."
    )


def _run(work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        async with database.pool(min_size=1, max_size=2):
            return await work()

    return asyncio.run(run())
