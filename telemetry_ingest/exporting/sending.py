"""Reading what is asked for piece by piece and writing it as it is read: memory stays the same."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from telemetry_ingest.cold import parquet
from telemetry_ingest.evidence.observed import micros, moment
from telemetry_ingest.exporting.table import Column, Counted, Table, foot, head, lines, said
from telemetry_ingest.live.today import served
from telemetry_ingest.metrics import metrics
from telemetry_ingest.queries.pilots import PilotDeviceView, PilotView
from telemetry_ingest.queries.quality import boots_of
from telemetry_ingest.queries.readings import Stretch, count_of, pieces

CHUNK = 256 * 1024


async def table_of(pilot: PilotView, unit: PilotDeviceView, start: int, end: int) -> Table:
    """Return what a table of a device's readings in a period is of, with its completeness."""
    # Nothing is expected before the pilot was started, after it was closed, or of the future.
    begun = max(moment(start), pilot.started_at or pilot.starts_at)
    ran = served(pilot.protocol, begun, min(moment(end), pilot.closed_at or datetime.now(UTC)))
    seconds = sum((until - at).total_seconds() for at, until in ran)
    columns = []
    for one in pilot.protocol.watched:
        metric = metrics()[one.metric]
        whole = Stretch(unit.number, metric.code, start, end)
        within = [replace(whole, start=micros(at), end=micros(until)) for at, until in ran]
        stored = sum([await count_of(each) for each in within])
        columns.append(
            Column(
                metric.code, metric.refid, metric.unit, one.low, one.high,
                int(seconds / one.every_s), stored, await count_of(whole) - stored,
            )
        )  # fmt: skip
    boots = await boots_of(unit.number, moment(start), moment(end))
    return Table(pilot.number, unit.number, unit.serial, start, end, columns, boots)


async def as_csv(table: Table) -> AsyncIterator[bytes]:
    """Yield a table as CSV: by metric, then by time."""
    counted = Counted()
    yield head(table)
    async for part in _lines(table, counted):
        yield part
    yield foot(counted)


async def _lines(table: Table, counted: Counted) -> AsyncIterator[bytes]:
    for column in table.columns:
        asked = Stretch(table.device, column.code, table.start, table.end)
        async for rows in pieces(asked):
            yield await asyncio.to_thread(lines, column, rows, counted)


async def as_parquet(table: Table) -> AsyncIterator[bytes]:
    """Yield a table as Parquet, made on the disk; what it is of stands in its metadata."""
    with tempfile.TemporaryDirectory(prefix="tajhiz-readings-") as folder:
        written, made = Path(folder) / "readings.csv", Path(folder) / "readings.parquet"
        counted = Counted()
        with written.open("wb") as file:
            async for part in _lines(table, counted):
                file.write(part)
        told = said(table) | {"readings": str(counted.whole)}
        await asyncio.to_thread(parquet.write_table, written, made, told)
        with made.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


FORMS = {
    "csv": (as_csv, "text/csv"),
    "parquet": (as_parquet, "application/vnd.apache.parquet"),
}
