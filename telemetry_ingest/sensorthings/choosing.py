"""Choosing from a set that was read whole: what meets a condition, sorted, a page of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry_ingest.evidence.readings import Row
from telemetry_ingest.metrics import Metric
from telemetry_ingest.queries.things import Site, Stream, Unit
from telemetry_ingest.sensorthings.asked import Asked, unreadable
from telemetry_ingest.sensorthings.conditions import Value, holds
from telemetry_ingest.sensorthings.kinds import Json

Key = tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """A reading and the stream it is of."""

    stream: Stream
    row: Row


@dataclass(frozen=True)
class Item:
    """What is written as an entity, and its place in its set."""

    key: Key
    what: Unit | Site | Metric | Stream | Reading


@dataclass(frozen=True)
class Page:
    """A part of a set.

    Attributes:
        more: the set goes on.
        after: where the next page begins; nothing when it begins as this one.
        count: how many there are in all, if that was asked.
    """

    items: Sequence[Item]
    more: bool = False
    after: Key = ()
    count: int | None = None


def chosen(target: str, shaped: Sequence[tuple[Item, Json]], asked: Asked) -> Page:
    """Return the page that is asked for.

    Raises:
        OptionNotReadable: the page before ended with an entity that is not there.
    """
    met = [
        (item, body)
        for item, body in shaped
        if asked.condition is None or holds(asked.condition, lambda path: value(body, path))  # noqa: B023
    ]
    for path, from_end in reversed(asked.order):
        met.sort(key=lambda one: ranked(value(one[1], path)), reverse=from_end)
    items = [item for item, _body in met]
    rest = items[_begin(target, items, asked) :]
    shown = rest[: asked.top]
    count = len(items) if asked.count else None
    return Page(shown, len(rest) > len(shown), shown[-1].key if shown else (), count)


def _begin(target: str, items: Sequence[Item], asked: Asked) -> int:
    if not asked.after:
        return asked.skip
    if not asked.order:
        return sum(item.key <= asked.after for item in items)
    keys = [item.key for item in items]
    if asked.after not in keys:
        raise unreadable("$skiptoken", target)
    return keys.index(asked.after) + 1


def value(body: Json, path: str) -> Value:
    """Return a property of an entity; nothing where there is none, or a thing of several."""
    found: object = body
    for name in ("@iot.id" if path == "id" else path).split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str | int | float | bool) else None


def ranked(found: Value) -> tuple[int, str | float]:
    """Return a value so that values of all kinds have an order; nothing comes first."""
    if found is None:
        return 0, 0
    return (2, found) if isinstance(found, str) else (1, found)
