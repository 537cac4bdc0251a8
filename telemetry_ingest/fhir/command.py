"""``tajhiz fhir export``: a pilot as a file of FHIR resources, whole or not there."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from portal import database
from telemetry_ingest.cold.thawing import FileMissing
from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.fhir.address import base
from telemetry_ingest.fhir.dates import EVER
from telemetry_ingest.fhir.writing import Export
from telemetry_ingest.queries.fhir import Which, units

MOST_UNITS = 100_000


def export_pilot(
    pilot_id: UUID, file: Path, frm: datetime | None, to: datetime | None, *, each: bool
) -> None:
    """Write a pilot's devices, metrics and readings, and say how many observations there are."""

    async def run() -> None:
        async with database.pool(min_size=1, max_size=2):
            count = await exported(pilot_id, file, frm, to, each=each)
            click.echo(f"{file}: {count} observations")

    asyncio.run(run())


async def exported(
    pilot_id: UUID,
    file: Path,
    frm: datetime | None = None,
    to: datetime | None = None,
    *,
    each: bool = False,
) -> int:
    """Write the file beside its place and put it there when it is whole."""
    found = await units(Which(pilots=[pilot_id]), most=MOST_UNITS)
    if not found:
        raise click.ClickException("There is no pilot with this id, or it has no device.")
    span = (_micros(frm, EVER[0]), _micros(to, EVER[1]))
    if span[0] >= span[1]:
        raise click.ClickException("The end has to come after the beginning.")
    export = Export(base(), found, span, runs=not each)
    await _put(file, export.lines() if file.suffix == ".ndjson" else export.bundle())
    return export.observations


async def _put(file: Path, parts: AsyncIterator[bytes]) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            async for part in parts:
                target.write(part)
        made.replace(file)
    except FileMissing as error:
        raise click.ClickException(f"A file of old readings is missing: {error}") from None
    finally:
        made.unlink(missing_ok=True)


def _micros(at: datetime | None, usual: int) -> int:
    return usual if at is None else micros(at.replace(tzinfo=UTC))
