"""Answering an address: one entity, or a page of a set, with the links that are expanded."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from telemetry_ingest.metrics import by_code
from telemetry_ingest.queries import things as queries
from telemetry_ingest.queries.readings import Stretch, piece_of
from telemetry_ingest.queries.things import Which
from telemetry_ingest.sensorthings import shapes
from telemetry_ingest.sensorthings.asked import MOST_IN_ARRAY, TIMES, Asked
from telemetry_ingest.sensorthings.choosing import Item, Key, Page, Reading, chosen
from telemetry_ingest.sensorthings.errors import TooLarge
from telemetry_ingest.sensorthings.kinds import CONFORMANCE, KINDS, ROOTS, Json, address, selected
from telemetry_ingest.sensorthings.picking import Allowance, count_picked, picked
from telemetry_ingest.sensorthings.places import Place, nowhere

READ_AT_ONCE = 1_000
STREAM_COST = 10  # of an allowance, for the readings of one more stream


@dataclass(frozen=True)
class Branch:
    """How the entities of a link are found for many entities at once.

    Attributes:
        which: which of them, for the numbers of all those entities.
        parent: the number of one of those entities.
        child: the same number, from what the link leads to.
    """

    which: Callable[[Which, list[int]], Which]
    parent: Callable[[Any], int]
    child: Callable[[Any], int]


def _units(which: Which, numbers: list[int]) -> Which:
    return replace(which, units=numbers)


def _pilots(which: Which, numbers: list[int]) -> Which:
    return replace(which, pilots=numbers)


def _metrics(which: Which, numbers: list[int]) -> Which:
    return replace(which, metric=numbers[0]) if len(numbers) == 1 else which


STREAMS_OF_UNITS = Branch(_units, lambda one: one.number, lambda one: one.unit.number)
BRANCHES: Mapping[tuple[str, str], Branch] = {
    ("Things", "Datastreams"): STREAMS_OF_UNITS,
    ("Sensors", "Datastreams"): STREAMS_OF_UNITS,
    ("Things", "Locations"): Branch(_pilots, lambda one: one.pilot_number, lambda one: one.number),
    ("Locations", "Things"): Branch(_pilots, lambda one: one.number, lambda one: one.pilot_number),
    ("ObservedProperties", "Datastreams"): Branch(
        _metrics, lambda one: one.code, lambda one: one.metric.code
    ),
}


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
        """Return the sets there are, and which requirements of the standard are met."""
        return {
            "value": [{"name": one, "url": f"{self.base}/{one}"} for one in ROOTS],
            "serverSettings": {"conformance": CONFORMANCE},
        }

    async def answer(self, place: Place, asked: Asked, path: str) -> Json:
        """Return what is at an address.

        Raises:
            NoSuchPlace: nothing is, or not for this person.
            TooLarge: too much is asked for.
        """
        allowance = Allowance()
        at = await self._followed(place)
        page = await self._page(at, asked, allowance)
        if not place.is_set:
            if not page.items:
                raise nowhere()
            return (await self._written(at.name, page.items, asked, allowance))[0]
        bodies = await self._written(at.name, page.items, asked, allowance)
        body: Json = {"value": self._array(page, bodies, asked) if asked.data_array else bodies}
        if page.count is not None:
            body = {"@iot.count": page.count} | body
        if page.more:
            body["@iot.nextLink"] = self._next(f"{self.base}/{path.strip('/')}", asked, page.after)
        return body

    async def _followed(self, place: Place) -> "_Wanted":
        """Return what an address means, after it was seen that the entity it starts at is there."""
        which = Which(self.organisations)
        if not place.key:
            return _Wanted(place.target, which)
        start = _wanted(place.name, which, place.key)
        found = (await self._page(start, Asked(top=1), Allowance())).items
        if not found:
            raise nowhere()
        branch = BRANCHES.get((place.name, place.link))
        if branch:
            return _Wanted(place.link, branch.which(which, [branch.parent(found[0].what)]))
        if place.link == "ObservedProperty":
            return replace(start, name=place.target, key=start.key[1:2])
        key = start.key if place.link in {"Observations", ""} else ()
        return replace(start, name=place.target, key=key)

    async def _page(self, at: "_Wanted", asked: Asked, allowance: Allowance) -> Page:
        """Return a part of a set: read from its place on, or chosen from all of it."""
        if at.name == "Observations":
            found = await self._read("Datastreams", at.which, most=1)
            if len(at.key) == 5 and found:
                return Page(await _one_reading(found[0].what, at.key))
            pages = [await self._readings(one.what, asked, allowance) for one in found]
            return pages[0] if pages else Page([])
        if asked.condition or asked.order or asked.skip:
            every = await self._every(at.name, at.which, at.key)
            return await asyncio.to_thread(self._chosen, at.name, every, asked)
        items = await self._read(
            at.name, at.which, key=at.key, after=asked.after, most=asked.top + 1
        )
        shown = items[: asked.top]
        count = await self._count(at) if asked.count else None
        return Page(shown, len(items) > len(shown), shown[-1].key if shown else (), count)

    async def _read(
        self, name: str, which: Which, *, key: Key = (), after: Key = (), most: int
    ) -> list[Item]:
        """Return the entities after a place, at most so many."""
        least = after[0] + 1 if after else 0
        if which.metric is not None and which.metric not in by_code():
            return []
        if name in {"Things", "Sensors"}:
            units = await queries.units(which, least=least, most=most)
            return [Item((one.number,), one) for one in units]
        if name == "Locations":
            sites = await queries.sites(which, least=least, most=most)
            return [Item((one.number,), one) for one in sites]
        if name == "ObservedProperties":  # those that any pilot may agree on
            known = sorted(by_code().items())
            wanted = [Item((code,), one) for code, one in known if not key or code == key[-1]]
            return [one for one in wanted if one.key > after][:most]
        begun = (after[0], after[1]) if after else (0, 0)
        streams = await queries.streams(which, after=begun, most=most)
        return [Item(one.key, one) for one in streams]

    async def _every(self, name: str, which: Which, key: Key = ()) -> list[Item]:
        """Return all entities of a set.

        Raises:
            TooLarge: they are too many.
        """
        found: list[Item] = []
        while True:
            after = found[-1].key if found else ()
            more = await self._read(name, which, key=key, after=after, most=READ_AT_ONCE)
            found += more
            if len(found) > MOST_IN_ARRAY:
                raise TooLarge(most=MOST_IN_ARRAY)
            if len(more) < READ_AT_ONCE:
                return found

    def _chosen(self, name: str, items: Sequence[Item], asked: Asked) -> Page:
        return chosen(name, [(one, self._shape(name, one)) for one in items], asked)

    async def _readings(self, stream: Any, asked: Asked, allowance: Allowance) -> Page:
        """Return a page of the readings of a stream."""
        found = await picked(stream, asked, allowance)
        items = [Item(row[2:5], Reading(stream, row)) for row in found.rows]
        count = await count_picked(stream, asked, allowance) if asked.count else None
        return Page(items, found.more, found.last or (), count)

    async def _count(self, at: "_Wanted") -> int:
        if at.name == "ObservedProperties":
            return len(by_code())
        counts = {"Datastreams": queries.count_streams, "Locations": queries.count_sites}
        return await counts.get(at.name, queries.count_units)(at.which)

    def _shape(self, name: str, item: Item) -> Json:
        """Return an entity as it is written, with all its properties."""
        shapers: Mapping[str, Callable[[Any], Json]] = {
            "Things": partial(shapes.thing, self.base),
            "Sensors": partial(shapes.sensor, self.base, self.catalogue),
            "Locations": partial(shapes.location, self.base),
            "ObservedProperties": partial(shapes.observed_property, self.base),
            "Datastreams": partial(shapes.datastream, self.base),
            "Observations": lambda one: shapes.observation(self.base, one.stream, one.row),
        }
        return shapers[name](item.what)

    async def _written(
        self, name: str, items: Sequence[Item], asked: Asked, allowance: Allowance
    ) -> list[Json]:
        """Return entities as they are asked for: what is selected, and what is expanded."""
        allowance.take(len(items))
        if name == "Datastreams" and (not asked.select or {*asked.select} & {*TIMES}):
            spans = await queries.with_spans([one.what for one in items])  # type: ignore[misc]
            items = [Item(one.key, one) for one in spans]
        bodies = [selected(self._shape(name, one), asked.select) for one in items]
        for link, nested in asked.expand:
            if link in KINDS[name].one:
                await self._expand_one(link, items, bodies, nested, allowance)
            else:
                await self._expand(name, link, items, bodies, nested, allowance)
            if link not in asked.select:
                for body in bodies:
                    body.pop(f"{link}@iot.navigationLink", None)
        return bodies

    async def _expand_one(
        self, link: str, items: Sequence[Item], bodies: list[Json], asked: Asked,
        allowance: Allowance,
    ) -> None:  # fmt: skip
        """Put into entities the one to which a link leads; each is read once."""
        there = [_other(one, link) for one in items]
        once = list({one.key: one for one in there}.values())
        name = {"Thing": "Things", "Sensor": "Sensors", "ObservedProperty": "ObservedProperties"}
        written = await self._written(name.get(link, "Datastreams"), once, asked, allowance)
        found = dict(zip((one.key for one in once), written, strict=True))
        for body, one in zip(bodies, there, strict=True):
            body[link] = found[one.key]

    async def _expand(
        self, name: str, link: str, items: Sequence[Item], bodies: list[Json], asked: Asked,
        allowance: Allowance,
    ) -> None:  # fmt: skip
        """Put into entities those of a set to which a link leads."""
        pages = await self._branched(name, link, items, asked, allowance)
        every = [child for page in pages for child in page.items]
        written = iter(await self._written(link, every, asked, allowance))
        for body, item, page in zip(bodies, items, pages, strict=True):
            if page.count is not None:
                body[f"{link}@iot.count"] = page.count
            body[link] = [next(written) for _ in page.items]
            if page.more:
                key = item.key[0] if len(item.key) == 1 else shapes.name_of(item.key)
                here = f"{address(self.base, name, key)}/{link}"
                body[f"{link}@iot.nextLink"] = self._next(here, asked, page.after)

    async def _branched(
        self, name: str, link: str, items: Sequence[Item], asked: Asked, allowance: Allowance
    ) -> list[Page]:
        """Return a page of the entities of a link, for each entity."""
        if link == "Observations":
            allowance.take(STREAM_COST * len(items))
            return [await self._readings(one.what, asked, allowance) for one in items]
        branch = BRANCHES[name, link]
        parents = [branch.parent(one.what) for one in items]
        wanted = branch.which(Which(self.organisations), sorted({*parents}))
        grouped: dict[int, list[Item]] = {}
        for one in await self._every(link, wanted) if parents else ():
            grouped.setdefault(branch.child(one.what), []).append(one)
        # A thousand devices of one pilot lead to its devices once, not a thousand times.
        once = sorted({*parents})
        pages = await asyncio.to_thread(
            lambda: {one: self._chosen(link, grouped.get(one, []), asked) for one in once}
        )
        return [pages[one] for one in parents]

    def _array(self, page: Page, bodies: list[Json], asked: Asked) -> list[Json]:
        """Return readings as rows without names, which come once (``dataArray``)."""
        if not page.items:
            return []
        has = ("id", *KINDS["Observations"].has)
        names = [one for one in asked.select or has if one in has]
        stream: Any = page.items[0].what
        here = address(self.base, "Datastreams", shapes.name_of(stream.stream.key))
        rows = [[body["@iot.id" if one == "id" else one] for one in names] for body in bodies]
        return [{
            "Datastream@iot.navigationLink": here, "components": names,
            "dataArray@iot.count": len(rows), "dataArray": rows,
        }]  # fmt: skip

    def _next(self, here: str, asked: Asked, after: Key) -> str:
        kept = [pair for pair in asked.given if pair[0] not in {"$skiptoken", "$skip"}]
        begins = [("$skiptoken", shapes.name_of(after))] if after else []
        query = urlencode([*kept, *begins], safe="$,:'()", quote_via=quote)
        return f"{here}?{query}"


@dataclass(frozen=True)
class _Wanted:
    """Of which set which entities are wanted."""

    name: str
    which: Which
    key: Key = ()


def _wanted(name: str, which: Which, key: Key) -> _Wanted:
    if name in {"Things", "Sensors"}:
        return _Wanted(name, replace(which, units=key), key)
    if name == "Locations":
        return _Wanted(name, replace(which, pilots=key), key)
    if name == "ObservedProperties":
        return _Wanted(name, replace(which, metric=key[0]), key)
    return _Wanted(name, replace(which, units=key[:1], metric=key[1]), key)


async def _one_reading(stream: Any, key: Key) -> list[Item]:
    """Return the reading after the number before its own, if it is the one that is named."""
    asked = Stretch(key[0], key[1], key[2], key[2] + 1)
    rows = await piece_of(asked, 1, after=(key[2], key[3], key[4] - 1))
    return [Item(row[2:5], Reading(stream, row)) for row in rows if row[:5] == key]


def _other(item: Item, link: str) -> Item:
    """Return the one entity to which a link leads."""
    what: Any = item.what
    if link == "Datastream":
        return Item(what.stream.key, what.stream)
    if link == "ObservedProperty":
        return Item((what.metric.code,), what.metric)
    return Item((what.unit.number,), what.unit)
