"""Answering an address: one entity, or a page of a set with the link to the next one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode
from uuid import UUID

from telemetry_ingest.metrics import by_code
from telemetry_ingest.queries.readings import Stretch, count_of, piece_of
from telemetry_ingest.queries.things import (
    Stream,
    Which,
    count_sites,
    count_streams,
    count_units,
    sites,
    streams,
    units,
)
from telemetry_ingest.sensorthings import shapes
from telemetry_ingest.sensorthings.asked import Asked, Place, nowhere
from telemetry_ingest.sensorthings.kinds import ROOTS, Json, selected

# Entities with their places, one more than a page holds when there is one.
Found = Sequence[tuple[tuple[int, ...], Json]]


@dataclass(frozen=True)
class Finder:
    """Answers for somebody.

    Attributes:
        base: address of the service.
        catalogue: address of the devices of the catalogue.
        organisations: those whose pilots they see, ``None`` for all.
    """

    base: str
    catalogue: str
    organisations: Sequence[UUID] | None

    def root(self) -> Json:
        """Return the sets there are."""
        return {
            "value": [{"name": one, "url": f"{self.base}/{one}"} for one in ROOTS],
            "serverSettings": {"conformance": []},  # a part of the standard, so none is claimed
        }

    async def answer(self, place: Place, asked: Asked, path: str) -> Json:
        """Return what is at an address.

        Raises:
            NoSuchPlace: nothing is, or not for this person.
        """
        at = await self._followed(place)
        found = await self._found(at, asked)
        if not place.is_set:
            if not found:
                raise nowhere()
            return selected(found[0][1], asked.select)
        shown = found[: asked.top]
        body: Json = {"value": [selected(one, asked.select) for _key, one in shown]}
        if asked.count:
            body = {"@iot.count": await self._count(at, asked)} | body
        if len(found) > asked.top:
            body["@iot.nextLink"] = self._next(path, asked, shown[-1][0])
        return body

    async def _followed(self, place: Place) -> "_Wanted":
        """Return what an address means, after it was seen that the entity it starts at is there."""
        which = Which(self.organisations)
        if not place.key:
            return _Wanted(place.target, which)
        start = _wanted(place.name, which, place.key)
        if not await self._found(start, Asked(top=1)):
            raise nowhere()
        if place.name == "Things" and place.link == "Locations":
            (unit,) = await units(start.which)
            return _Wanted("Locations", Which(self.organisations, pilot=unit.pilot_number))
        if place.link == "ObservedProperty":
            return replace(start, name=place.target, key=start.key[1:2])
        if place.link == "Observations" or not place.link:
            return replace(start, name=place.target)
        return replace(start, name=place.target, key=())

    async def _found(self, at: "_Wanted", asked: Asked) -> Found:
        return await FIND[at.name](self, at, asked)

    async def things(self, at: "_Wanted", asked: Asked) -> Found:
        """Return units."""
        least = asked.after[0] + 1 if asked.after else 0
        found = await units(at.which, least=least, most=asked.top + 1)
        return [((one.number,), shapes.thing(self.base, one)) for one in found]

    async def sensors(self, at: "_Wanted", asked: Asked) -> Found:
        """Return units as what measures."""
        least = asked.after[0] + 1 if asked.after else 0
        found = await units(at.which, least=least, most=asked.top + 1)
        return [((one.number,), shapes.sensor(self.base, self.catalogue, one)) for one in found]

    async def locations(self, at: "_Wanted", asked: Asked) -> Found:
        """Return sites."""
        found = await sites(
            self.organisations,
            pilot=at.which.pilot,
            least=asked.after[0] + 1 if asked.after else 0,
            most=asked.top + 1,
        )
        return [((one.number,), shapes.location(self.base, one)) for one in found]

    async def properties(self, at: "_Wanted", asked: Asked) -> Found:
        """Return metrics: those that any pilot may agree on."""
        known = sorted(by_code().values(), key=lambda one: one.code)
        wanted = [one for one in known if not at.key or one.code == at.key[-1]]
        return [
            ((one.code,), shapes.observed_property(self.base, one))
            for one in wanted
            if (one.code,) > asked.after
        ][: asked.top + 1]

    async def datastreams(self, at: "_Wanted", asked: Asked) -> Found:
        """Return what units measure."""
        found = await self._streams(at, asked)
        return [(one.key, shapes.datastream(self.base, one)) for one in found]

    async def _streams(self, at: "_Wanted", asked: Asked) -> list[Stream]:
        after = (asked.after[0], asked.after[1]) if asked.after else (0, 0)
        if at.which.metric is not None and at.which.metric not in by_code():
            return []
        return await streams(at.which, after=after, most=asked.top + 1)

    async def observations(self, at: "_Wanted", asked: Asked) -> Found:
        """Return readings of a stream, or the one that is named."""
        found = await self._streams(at, Asked(top=1))
        if not found:
            return []
        stretch = Stretch(*found[0].key, asked.start, asked.end)
        after = (asked.after[0], asked.after[1], asked.after[2]) if asked.after else None
        if len(at.key) == 5:  # the reading after the number before its own
            stretch = replace(stretch, start=at.key[2], end=at.key[2] + 1)
            after = (at.key[2], at.key[3], at.key[4] - 1)
        rows = await piece_of(stretch, asked.top + 1, after=after, newest_first=asked.newest_first)
        if len(at.key) == 5:
            rows = [row for row in rows[:1] if row[:5] == at.key]
        return [(row[2:5], shapes.observation(self.base, found[0], row)) for row in rows]

    async def _count(self, at: "_Wanted", asked: Asked) -> int:
        if at.name == "Observations":
            return await count_of(Stretch(at.key[0], at.key[1], asked.start, asked.end))
        if at.name == "ObservedProperties":
            return len(by_code())
        if at.name == "Datastreams":
            return await count_streams(at.which)
        if at.name == "Locations":
            return 1 if at.which.pilot else await count_sites(self.organisations)
        return await count_units(at.which)

    def _next(self, path: str, asked: Asked, last: tuple[int, ...]) -> str:
        kept = [(name, text) for name, text in asked.given if name != "$skiptoken"]
        query = urlencode(
            [*kept, ("$skiptoken", shapes.name_of(last))], safe="$,:'", quote_via=quote
        )
        return f"{self.base}/{path.strip('/')}?{query}"


@dataclass(frozen=True)
class _Wanted:
    """Of which set which entities are wanted."""

    name: str
    which: Which
    key: tuple[int, ...] = ()


def _wanted(name: str, which: Which, key: tuple[int, ...]) -> _Wanted:
    if name in {"Things", "Sensors"}:
        return _Wanted(name, replace(which, unit=key[0]), key)
    if name == "Locations":
        return _Wanted(name, replace(which, pilot=key[0]), key)
    if name == "ObservedProperties":
        return _Wanted(name, replace(which, metric=key[0]), key)
    return _Wanted(name, replace(which, unit=key[0], metric=key[1]), key)


FIND: dict[str, Callable[[Finder, _Wanted, Asked], Awaitable[Found]]] = {
    "Things": Finder.things,
    "Locations": Finder.locations,
    "Sensors": Finder.sensors,
    "ObservedProperties": Finder.properties,
    "Datastreams": Finder.datastreams,
    "Observations": Finder.observations,
}
