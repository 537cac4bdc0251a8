"""Reading query options, also those of links that are expanded; the rest is refused. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from telemetry_ingest.sensorthings import splitting
from telemetry_ingest.sensorthings.conditions import (
    Condition,
    NotACondition,
    Span,
    Test,
    is_stretch,
    reach,
    read,
    span_of,
)
from telemetry_ingest.sensorthings.errors import OptionNotOffered, OptionNotReadable, TooDeep
from telemetry_ingest.sensorthings.kinds import KINDS
from telemetry_ingest.sensorthings.places import LENGTHS, Place, fits, numbers

USUAL, MOST = 100, 1_000
MOST_IN_ARRAY = 10_000
MOST_SKIPPED = 100_000
MOST_SORTED = 8  # properties to sort by: each sorts the whole set once more
DEEPEST = 4
TIMES = ("phenomenonTime", "resultTime")
TOKEN = re.compile(r"[0-9]{1,19}(?:-[0-9]{1,19}){0,2}")
NUMBER = re.compile("[0-9]{1,6}")
ORDER = re.compile(r"([A-Za-z][A-Za-z0-9_/]*)(?:\s+(asc|desc))?")
TO_ONE = ("$select", "$expand")
IN_SET = ("$top", "$skip", "$count", "$select", "$filter", "$orderby", "$expand")
IN_READINGS = tuple(one for one in IN_SET if one != "$skip")
EXAMPLES = {
    "$top": f"$top=100 (1–{MOST})",
    "$skip": f"$skip=100 (0–{MOST_SKIPPED})",
    "$skiptoken": "@iot.nextLink",
    "$count": "$count=true",
    "$select": "$select=name,description",
    "$orderby": "$orderby=name desc",
    "$filter": "$filter=name eq 'SN-1' or id gt 3",
    "$expand": "$expand=Datastreams($select=name;$expand=Observations($top=1))",
    "$resultFormat": "$resultFormat=dataArray",
}
OF_READINGS = {
    "$select": "$select=phenomenonTime,result",
    "$orderby": "$orderby=phenomenonTime desc",
    "$filter": "$filter=phenomenonTime ge 2026-03-01T08:00:00Z and "
    "phenomenonTime lt 2026-03-01T09:00:00Z and result gt 90",
    "$expand": "$expand=Datastream($select=name)",
}


@dataclass(frozen=True)
class Asked:
    """The query options.

    Attributes:
        after: place of the last entity of the page before.
        order: properties to sort by, each with « from the end ».
        expand: links whose entities are wanted too, with the options for each.
    """

    top: int = USUAL
    skip: int = 0
    after: tuple[int, ...] = ()
    count: bool = False
    select: tuple[str, ...] = ()
    condition: Condition | None = None
    order: tuple[tuple[str, bool], ...] = ()
    expand: tuple[tuple[str, "Asked"], ...] = ()
    data_array: bool = False
    # The options as they came, for the link to the next page.
    given: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def newest_first(self) -> bool:
        """Say whether readings are wanted from the end."""
        return bool(self.order) and self.order[0][1]

    @property
    def span(self) -> Span:
        """Return when readings can be that meet the condition: µs since 1970, without the end."""
        return reach(self.condition, said_of_time)

    @property
    def is_span(self) -> bool:
        """Say whether all readings of that span meet it."""
        return is_stretch(self.condition)


def asked(at: Place, given: Iterable[tuple[str, str]]) -> Asked:
    """Read the query options of an address.

    Raises:
        OptionNotOffered: this address does not have one of them.
        OptionNotReadable: one cannot be read, or is there twice.
        TooDeep: a link of a link of a link … is wanted.
    """
    offered = offered_at(at.target, is_set=at.is_set)
    return _asked(at.target, tuple(given), offered, 0)


def offered_at(target: str, *, is_set: bool) -> tuple[str, ...]:
    """Return the names of the options of an address."""
    if not is_set:
        return TO_ONE
    return (
        (*IN_READINGS, "$resultFormat", "$skiptoken")
        if target == "Observations"
        else (*IN_SET, "$skiptoken")
    )


def _asked(
    target: str, given: tuple[tuple[str, str], ...], offered: tuple[str, ...], depth: int
) -> Asked:
    found = Asked(given=given)
    names = [name for name, _text in given]
    for name, text in given:
        if name not in offered:
            raise OptionNotOffered(option=name[:40], offered=", ".join(offered))
        if names.count(name) > 1:
            raise unreadable(name, target)
        if name == "$expand":
            found = replace(found, expand=tuple(_expand(target, text, depth + 1)))
        else:
            found = READ[name](target, found, text)
    if found.top > (MOST_IN_ARRAY if found.data_array else MOST):
        raise unreadable("$top", target)
    if found.data_array and found.expand:
        raise unreadable("$resultFormat", target)
    return found


def _expand(target: str, text: str, depth: int) -> Iterable[tuple[str, Asked]]:
    """Yield the links that are expanded with their options."""
    if depth > DEEPEST:
        raise TooDeep(most=DEEPEST)
    try:
        named = splitting.links(text)
    except splitting.NotLinks:
        raise unreadable("$expand", target) from None
    kind = KINDS[target]
    for link, options in named.items():
        there = kind.one.get(link) or (link if link in kind.many else "")
        if not there:
            links = ",".join((*kind.one, *kind.many))
            raise OptionNotReadable(option="$expand", example=f"$expand={links}")
        whole = IN_READINGS if there == "Observations" else IN_SET
        yield link, _asked(there, options, whole if link in kind.many else TO_ONE, depth)


def unreadable(name: str, target: str) -> OptionNotReadable:
    """Return the refusal of an option that cannot be read."""
    return OptionNotReadable(option=name, example=example(name, target))


def example(name: str, target: str) -> str:
    """Return how an option is written."""
    own = OF_READINGS if target == "Observations" else {}
    if name == "$expand" and not own:
        kind = KINDS[target]
        return f"$expand={(*kind.one, *kind.many)[-1]}($select=id)"
    return own.get(name) or EXAMPLES[name]


def said_of_time(one: Test) -> Span | None:
    """Return when readings can be for which a test holds."""
    if one.path in TIMES and isinstance(one.value, int):
        return span_of(one.operator, one.value)
    if one.path == "id" and one.operator == "eq":
        key = numbers(str(one.value), LENGTHS["Observations"])
        return (key[2], key[2] + 1) if key else (0, 0)
    return None


def _top(target: str, found: Asked, text: str) -> Asked:
    if not (NUMBER.fullmatch(text) and int(text)):
        raise unreadable("$top", target)
    return replace(found, top=int(text))


def _skip(target: str, found: Asked, text: str) -> Asked:
    if not (NUMBER.fullmatch(text) and int(text) <= MOST_SKIPPED):
        raise unreadable("$skip", target)
    return replace(found, skip=int(text))


def _token(target: str, found: Asked, text: str) -> Asked:
    count = {"Observations": 3, "Datastreams": 2}.get(target, 1)
    parts = tuple(map(int, text.split("-"))) if TOKEN.fullmatch(text) else ()
    good = fits((0, 0, *parts)) if count == 3 else fits(parts)
    if len(parts) != count or not good:
        raise unreadable("$skiptoken", target)
    return replace(found, after=parts)


def _count(target: str, found: Asked, text: str) -> Asked:
    if text not in {"true", "false"}:
        raise unreadable("$count", target)
    return replace(found, count=text == "true")


def _select(target: str, found: Asked, text: str) -> Asked:
    names = tuple(one.strip().removeprefix("@iot.") for one in text.split(","))
    offered = KINDS[target].names
    if not set(names) <= set(offered):
        raise OptionNotReadable(option="$select", example=f"$select={','.join(offered)}")
    return replace(found, select=tuple(dict.fromkeys(names)))


def _orderby(target: str, found: Asked, text: str) -> Asked:
    order = []
    parts = text.split(",")
    if len(parts) > MOST_SORTED:
        raise unreadable("$orderby", target)
    for part in parts:
        match = ORDER.fullmatch(part.strip())
        if match is None or not KINDS[target].sort_of(match[1]):
            raise unreadable("$orderby", target)
        order.append((match[1], match[2] == "desc"))
    # Readings stand in the index by time and then by id: in both directions, and in no other way.
    if target == "Observations" and (
        order[0][0] not in TIMES or {*order} - {(name, order[0][1]) for name in (*TIMES, "id")}
    ):
        raise unreadable("$orderby", target)
    return replace(found, order=tuple(order))


def _filter(target: str, found: Asked, text: str) -> Asked:
    try:
        return replace(found, condition=read(text, KINDS[target].sorts))
    except NotACondition:
        known = example("$filter", target)
        names = ", ".join(KINDS[target].sorts)
        raise OptionNotReadable(option="$filter", example=f"{known} ({names})") from None


def _format(target: str, found: Asked, text: str) -> Asked:
    if text != "dataArray":
        raise unreadable("$resultFormat", target)
    return replace(found, data_array=True)


READ: dict[str, Callable[[str, Asked, str], Asked]] = {
    "$top": _top,
    "$skip": _skip,
    "$skiptoken": _token,
    "$count": _count,
    "$select": _select,
    "$orderby": _orderby,
    "$filter": _filter,
    "$resultFormat": _format,
}
