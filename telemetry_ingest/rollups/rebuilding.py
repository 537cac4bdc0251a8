"""Counting all roll-ups again, of one device or of all, after a rule of theirs has changed."""

import asyncio
from datetime import datetime

import click

from portal import database
from telemetry_ingest.rollups.draining import drain

MARK = """
INSERT INTO dirty_hour (device, hour)
SELECT DISTINCT device, date_bin('1 hour', start, 'epoch') FROM rollup_hour
WHERE ($1::int IS NULL OR device = $1) AND start >= $2 AND start < $3
UNION SELECT DISTINCT device, date_bin('1 hour', at, 'epoch') FROM reading
WHERE ($1::int IS NULL OR device = $1) AND at >= $2 AND at < $3
ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""
WAITING = "SELECT count(*) AS hours FROM dirty_hour"


async def rebuild(device: int | None, frm: datetime, to: datetime) -> int:
    """Mark every hour that has readings or roll-ups, and work off what is marked; return both."""
    await database.fetch(MARK, device, frm, to)
    waiting: int = (await database.fetch(WAITING))[0]["hours"]
    return await drain(waiting)


def run(device: int | None, frm: datetime, to: datetime) -> None:
    """Do it at the command line, on a pool of its own."""

    async def whole() -> int:
        async with database.pool(min_size=1, max_size=2):
            return await rebuild(device, frm, to)

    click.echo(f"{asyncio.run(whole())} hours counted again")
