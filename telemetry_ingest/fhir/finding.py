"""What a search or an id stands for, among the units somebody sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from portal.web.i18n import gettext as _
from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.alarms import Alarms
from telemetry_ingest.fhir.bundles import Page
from telemetry_ingest.fhir.dates import EVER
from telemetry_ingest.fhir.devices import device, device_metric, metrics_of
from telemetry_ingest.fhir.errors import ParameterNotSupported, ResourceNotFound
from telemetry_ingest.fhir.keys import Key
from telemetry_ingest.fhir.observations import Channel, Row, regular
from telemetry_ingest.fhir.outcomes import outcome
from telemetry_ingest.fhir.searching import Asked, is_uuid
from telemetry_ingest.fhir.series import Series, by_time, in_turn
from telemetry_ingest.fhir.shaping import Shape
from telemetry_ingest.fhir.terms import ALARM, Json
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.metrics import metrics
from telemetry_ingest.queries.fhir import LAST_ID, Which, count_units, units, units_by_id


class Finder:
    """Finds resources at one address among the units of some organisations."""

    def __init__(self, base: str, seen: Which) -> None:
        self.base = base
        self.seen = seen

    async def page(self, asked: Asked) -> Page:
        """Answer a search."""
        shape = asked.shape
        total = await self._total(asked) if shape.total or shape.only_total else None
        if shape.only_total:
            return Page([], total=total)
        kinds = {
            "Device": self._devices,
            "DeviceMetric": self._metrics,
            "Observation": self._observations,
        }
        page = await kinds[asked.kind](asked)
        return replace(page, found=[shape.trimmed(one) for one in page.found], total=total)

    def _which(self, asked: Asked) -> Which:
        ids = asked.ids
        if asked.kind == "DeviceMetric" and ids is not None:
            ids = [str(found[0]) for one in ids if (found := keys.metric_read(one))]
        wanted = None if ids is None else {UUID(one) for one in ids if is_uuid(one)}
        if asked.targets is not None:
            named = {one.unit_id for one in asked.targets}
            wanted = named if wanted is None else named & wanted
        return replace(
            self.seen,
            ids=None if wanted is None else sorted(wanted),
            pilots=asked.pilots,
            identifiers=asked.identifiers,
        )

    async def _units(self, asked: Asked, most: int) -> list[Unit]:
        """Return the units from a place on: of metrics the one they are of again."""
        which, again = self._which(asked), asked.kind == "DeviceMetric"
        if not asked.shape.sort:
            return await units(which, after=asked.after[0] - again, most=most)
        from_end = asked.shape.from_end
        after = asked.after_id.unit_id if asked.after_id else None
        if after and again:
            after = UUID(int=min(LAST_ID.int, max(0, after.int + (1 if from_end else -1))))
        return await units_by_id(which, after=after, most=most, from_end=from_end)

    async def _devices(self, asked: Asked) -> Page:
        most = asked.shape.count
        found = await self._units(asked, most + 1)
        shown = found[:most]
        last = (str(shown[-1].id) if asked.shape.sort else str(shown[-1].number)) if shown else ""
        included = [
            one
            for unit in shown
            if "DeviceMetric:source:Device" in asked.shape.includes
            for one in metrics_of(self.base, unit)
        ]
        resources = [device(self.base, one) for one in shown]
        return Page(resources, last if len(found) > most else "", included)

    async def _metrics(self, asked: Asked) -> Page:
        most = asked.shape.count
        found = await self._units(asked, most + 1)
        channels = [one for one in self._metrics_of(found, asked) if _is_after(one, asked)]
        shown = channels[:most]
        more = (len(channels) > most or len(found) > most) and bool(shown)
        last = _place(shown[-1], asked) if more else ""
        included = {
            one.unit.id: device(self.base, one.unit)
            for one in shown
            if "DeviceMetric:source:Device" in asked.shape.includes
        }
        resources = [device_metric(self.base, one.unit, one.watched) for one in shown]
        return Page(resources, last, list(included.values()))

    def _metrics_of(self, found: Sequence[Unit], asked: Asked) -> Iterator[Channel]:
        """Yield the metrics a search is about, in its order."""
        shape = asked.shape
        for unit in found:
            channels = [one for one in self._channels([unit], asked) if _has_id(one, asked)]
            if shape.sort:
                channels.sort(key=lambda one: one.id, reverse=shape.from_end)
            yield from channels

    def _channels(self, found: Iterable[Unit], asked: Asked) -> Iterator[Channel]:
        """Yield the metrics a search is about, in the order of the table."""
        for unit in found:
            for one in (Channel(self.base, unit, each) for each in unit.watched):
                if _is_meant(asked, unit, one.metric.code):
                    yield one

    def _series(self, found: Iterable[Unit], asked: Asked) -> Iterator[Series]:
        """Yield the series a search is about: metrics, and alarms of whole devices."""
        for unit in found:
            series = [Series(one) for one in self._channels([unit], asked)]
            if _is_meant(asked, unit, ALARM[0]):
                series.append(Series(Alarms(self.base, unit)))
            yield from sorted(series, key=lambda one: one.key)

    async def _observations(self, asked: Asked) -> Page:
        most, last = asked.shape.count, asked.after_reading
        every = list(self._series(await units(self._which(asked)), asked))
        if asked.shape.sort:
            found = await by_time(every, asked.span, most + 1, last, from_end=asked.shape.from_end)
        else:
            found = await in_turn(every, asked.span, most + 1, last)
        shown = [(one, one.written(row)) for one, row in found[:most]]
        resources = [resource for _one, resource in shown]
        after = resources[-1]["id"] if len(found) > most else ""
        included = list(self._included({one.key: one for one, _ in shown}.values(), asked.shape))
        return Page(resources, after, included)

    def _included(self, shown: Iterable[Series], shape: Shape) -> Iterator[Json]:
        """Yield what the observations of these series name, each once."""
        devices: dict[UUID, Unit] = {}
        for one in shown:
            channel = one.source if isinstance(one.source, Channel) else None
            by = "Observation:device:Device" in shape.includes and channel is None
            if by or "Observation:focus:Device" in shape.includes:
                devices[one.unit.id] = one.unit
            if channel and "Observation:device:DeviceMetric" in shape.includes:
                yield device_metric(self.base, channel.unit, channel.watched)
        yield from (device(self.base, one) for one in devices.values())

    async def _total(self, asked: Asked) -> int:
        """Return how many resources meet the conditions."""
        if asked.kind == "Device":
            return await count_units(self._which(asked))
        if asked.kind == "Observation":
            every = self._series(await units(self._which(asked)), asked)
            return sum([await one.count(asked.span) for one in every])
        count, after = 0, 0
        while found := await units(self._which(asked), after=after):
            count += sum(1 for _one in self._metrics_of(found, asked))
            after = found[-1].number
        return count

    async def remarks(self, asked: Asked) -> list[Json]:
        """Return what a reader should know about a search: what was ignored, what is unknown."""
        said = [
            outcome("warning", "not-supported", _(ParameterNotSupported.message, name=name))
            for name in dict.fromkeys(asked.ignored)
        ]
        said += [
            outcome("warning", "code-invalid", _("No device here measures %(code)s.", code=code))
            for code in asked.codes or ()
            if code not in CODES
        ]
        wanted = {one.unit_id for one in asked.targets or ()}
        found = await units(replace(self.seen, ids=list(wanted))) if wanted else []
        there = {one.id for one in found}
        return said + [
            outcome("warning", "not-found", ResourceNotFound(kind="Device", id=one).text())
            for one in sorted(wanted - there)
        ]

    async def one(self, kind: str, id_: str) -> Json:
        """Return a resource by its id.

        Raises:
            ResourceNotFound: there is none, or not for this person.
        """
        kinds = {
            "Device": self._device,
            "DeviceMetric": self._metric,
            "Observation": self._observation,
        }
        found = await kinds[kind](id_)
        if found is None:
            raise ResourceNotFound(kind=kind, id=id_)
        return found

    async def _device(self, id_: str) -> Json | None:
        if not is_uuid(id_):
            return None
        found = await units(replace(self.seen, ids=[UUID(id_)]))
        return device(self.base, found[0]) if found else None

    async def _metric(self, id_: str) -> Json | None:
        named = keys.metric_read(id_)
        found = await units(replace(self.seen, ids=[named[0]])) if named else []
        for unit in found:
            for one in unit.watched:
                if keys.metric_written(unit.id, metrics()[one.metric].code) == id_:
                    return device_metric(self.base, unit, one)
        return None

    async def _observation(self, id_: str) -> Json | None:
        key, run = keys.read(id_) or (None, 0)
        if key is None:
            return None
        found = await units(self.seen, after=key.device - 1, most=1)
        asked = Asked("Observation", Shape("Observation"), codes=[key.metric])
        for one in self._series(found, asked):
            if one.unit.number == key.device:
                return await _read(one, key, run)
        return None


def _is_meant(asked: Asked, unit: Unit, code: int) -> bool:
    """Say whether a search is about what is observed of a unit under a code."""
    meant = asked.targets is None or any(
        target.unit_id == unit.id and target.code in {None, code} for target in asked.targets
    )
    return meant and (asked.codes is None or code in asked.codes)


def _has_id(one: Channel, asked: Asked) -> bool:
    return asked.ids is None or one.id in asked.ids


def _is_after(one: Channel, asked: Asked) -> bool:
    """Say whether a metric comes after the page before."""
    if not asked.shape.sort:
        return (one.unit.number, one.metric.code) > asked.after
    if asked.after_id is None:
        return True
    # Ids of devices are as long as each other, so those of metrics sort as they do.
    after = keys.metric_written(asked.after_id.unit_id, asked.after_id.code or 0)
    return one.id < after if asked.shape.from_end else one.id > after


def _place(one: Channel, asked: Asked) -> str:
    """Return where the next page of metrics begins."""
    return one.id if asked.shape.sort else f"{one.unit.number}-{one.metric.code}"


async def _read(one: Series, key: Key, run: int) -> Json | None:
    """Return a reading, a run of them or an alarm, if it is there as when it got this id."""
    end = EVER[1] if run else key.at + 1
    rows = await one.rows((key.at, end), run or 1, after=(key.at, key.boot, key.seq - 1))
    if not rows or (rows[0].at, rows[0].boot, rows[0].seq) != key.place:
        return None
    if not run:
        return one.written(rows[0])
    readings = [row for row in rows if isinstance(row, Row)]
    if not isinstance(one.source, Channel) or len(readings) != run or not regular(readings):
        return None
    return one.source.sampled(readings)


CODES = frozenset(one.code for one in metrics().values()) | {ALARM[0]}
