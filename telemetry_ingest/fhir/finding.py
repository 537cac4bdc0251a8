"""What a search or an id stands for, among the units somebody sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from portal.web.i18n import gettext as _
from telemetry_ingest.fhir import keys
from telemetry_ingest.fhir.dates import EVER
from telemetry_ingest.fhir.devices import device, device_metric
from telemetry_ingest.fhir.errors import ParameterNotSupported, ResourceNotFound
from telemetry_ingest.fhir.keys import Key
from telemetry_ingest.fhir.observations import Channel, Row, regular
from telemetry_ingest.fhir.outcomes import outcome
from telemetry_ingest.fhir.searching import Asked, is_uuid
from telemetry_ingest.fhir.terms import Json
from telemetry_ingest.fhir.units import Unit
from telemetry_ingest.metrics import metrics
from telemetry_ingest.queries.fhir import Which, units
from telemetry_ingest.queries.readings import Stretch, piece_of


@dataclass(frozen=True)
class Page:
    """What was found; ``after`` is where the next page begins, empty when there is none."""

    found: list[Json]
    after: str = ""


class Finder:
    """Finds resources at one address among the units of some organisations."""

    def __init__(self, base: str, seen: Which) -> None:
        self.base = base
        self.seen = seen

    async def page(self, asked: Asked) -> Page:
        """Answer a search."""
        kinds = {
            "Device": self._devices,
            "DeviceMetric": self._metrics,
            "Observation": self._observations,
        }
        return await kinds[asked.kind](asked)

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

    async def _devices(self, asked: Asked) -> Page:
        most = asked.count
        found = await units(self._which(asked), after=asked.after[0], most=most + 1)
        after = str(found[most - 1].number) if len(found) > most else ""
        return Page([device(self.base, one) for one in found[:most]], after)

    async def _metrics(self, asked: Asked) -> Page:
        number = asked.after[0] - 1  # its unit again: it may have more metrics
        found = await units(self._which(asked), after=number, most=asked.count + 1)
        channels = [
            one
            for one in self._channels(found, asked)
            if (one.unit.number, one.metric.code) > asked.after
            and (asked.ids is None or one.id in asked.ids)
        ]
        shown = channels[: asked.count]
        more = len(channels) > asked.count or len(found) > asked.count
        after = f"{shown[-1].unit.number}-{shown[-1].metric.code}" if more and shown else ""
        return Page([device_metric(self.base, one.unit, one.watched) for one in shown], after)

    def _channels(self, found: Sequence[Unit], asked: Asked) -> Iterator[Channel]:
        """Yield the metrics a search is about, in the order of the table."""
        for unit in found:
            for one in (Channel(self.base, unit, each) for each in unit.watched):
                code = one.metric.code
                meant = asked.targets is None or any(
                    target.unit_id == unit.id and target.code in {None, code}
                    for target in asked.targets
                )
                if meant and (asked.codes is None or code in asked.codes):
                    yield one

    async def _observations(self, asked: Asked) -> Page:
        found: list[Json] = []
        last = asked.after_reading
        for one in self._channels(await units(self._which(asked)), asked):
            series = (one.unit.number, one.metric.code)
            if last and series < (last.device, last.metric):
                continue
            begun = last.place if last and series == (last.device, last.metric) else None
            left = asked.count + 1 - len(found)
            rows = await piece_of(Stretch(*series, *asked.span), left, after=begun)
            found += [one.observation(Row(*row[2:])) for row in rows]
            if len(found) > asked.count:
                return Page(found[:-1], found[-2]["id"])
        return Page(found)

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
        for one in self._channels(found, Asked("Observation", codes=[key.metric])):
            if one.unit.number == key.device:
                return await _read(one, key, run)
        return None


async def _read(one: Channel, key: Key, run: int) -> Json | None:
    """Return a reading or a run of them, if it is there as it was when it got this id."""
    before = (key.at, key.boot, key.seq - 1)
    end = EVER[1] if run else key.at + 1
    asked = Stretch(key.device, key.metric, key.at, end)
    rows = [Row(*row[2:]) for row in await piece_of(asked, run or 1, after=before)]
    if not rows or one.key(rows[0]) != key:
        return None
    if not run:
        return one.observation(rows[0])
    return one.sampled(rows) if len(rows) == run and regular(rows) else None


CODES = frozenset(one.code for one in metrics().values())
