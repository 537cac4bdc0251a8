"""A pilot's devices and readings as one file, written as they are read: memory stays the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence

import msgspec

from telemetry_ingest.fhir.alarms import Alarms
from telemetry_ingest.fhir.bundles import entry
from telemetry_ingest.fhir.dates import Span
from telemetry_ingest.fhir.devices import device, metrics_of
from telemetry_ingest.fhir.observations import Channel, Cutter, Row
from telemetry_ingest.fhir.terms import Json
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.queries.alarms import alarms
from telemetry_ingest.queries.readings import Stretch, pieces

PIECE = 2_000
Write = Callable[[Json], bytes]
encode = msgspec.json.encode


class Export:
    """What is written: units, from when until when, each reading alone or regular ones in runs."""

    def __init__(self, base: str, units: Sequence[Unit], span: Span, *, runs: bool) -> None:
        self.base = base
        self.units = units
        self.span = span
        self.runs = runs
        self.observations = 0

    async def bundle(self) -> AsyncIterator[bytes]:
        """Yield a Bundle; one that was cut off is no JSON."""
        yield b'{"resourceType":"Bundle","type":"collection","entry":['
        begun = False
        async for part in self._parts(lambda one: b"," + encode(entry(self.base, one))):
            yield part if begun else part[1:]
            begun = True
        yield b"]}\n"

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield a resource a line, as bulk data is sent (NDJSON)."""
        async for part in self._parts(lambda one: encode(one) + b"\n"):
            yield part

    async def _parts(self, write: Write) -> AsyncIterator[bytes]:
        for unit in self.units:
            yield b"".join(map(write, [device(self.base, unit), *metrics_of(self.base, unit)]))
        for unit in self.units:
            for watched in unit.watched:
                async for part in self._of(Channel(self.base, unit, watched), write):
                    yield part
            async for part in self._alarms(Alarms(self.base, unit), write):
                yield part

    async def _of(self, channel: Channel, write: Write) -> AsyncIterator[bytes]:
        """Yield the observations of one metric."""
        asked = Stretch(channel.unit.number, channel.metric.code, *self.span)
        cutter = Cutter()
        async for found in pieces(asked, PIECE):
            rows = [Row(*one[2:]) for one in found]
            runs = cutter.take(rows) if self.runs else ([one] for one in rows)
            if part := await asyncio.to_thread(self._written, channel.cut(runs), write):
                yield part
        if part := self._written(channel.cut(cutter.rest()), write):
            yield part

    async def _alarms(self, source: Alarms, write: Write) -> AsyncIterator[bytes]:
        """Yield the alarms of a unit."""
        last: tuple[int, int, int] | None = None
        while found := await alarms(source.unit.number, self.span, PIECE, after=last):
            yield self._written(map(source.observation, found), write)
            last = (found[-1].at, found[-1].boot, found[-1].seq)

    def _written(self, found: Iterable[Json], write: Write) -> bytes:
        texts = [write(one) for one in found]
        self.observations += len(texts)
        return b"".join(texts)
