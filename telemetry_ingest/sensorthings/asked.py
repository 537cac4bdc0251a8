"""Reading an address and its query options; whatever is not offered is refused by name. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.sensorthings.errors import NoSuchPlace, OptionNotOffered, OptionNotReadable
from telemetry_ingest.sensorthings.kinds import KINDS, ROOTS
from telemetry_ingest.wire.messages import LARGEST_BOOT, LARGEST_SEQ

USUAL, MOST = 100, 1_000
LAST = 4_102_444_800_000_000  # 2100: no device may say a later time
PLACE = re.compile(r"([A-Za-z]+)(?:\((?:([0-9]{1,10})|'([0-9-]{1,80})')\))?(?:/([A-Za-z]+))?")
TOKEN = re.compile(r"[0-9]{1,19}(?:-[0-9]{1,19}){0,2}")
TOP = re.compile("[0-9]{1,4}")
TERM = re.compile(r"phenomenonTime\s+(eq|ge|gt|le|lt)\s+(\S+)")
ORDER = re.compile(r"phenomenonTime(?:\s+(asc|desc))?")
TO_ONE, TO_SET = ("$select",), ("$top", "$skiptoken", "$count", "$select")
TO_READINGS = (*TO_SET, "$filter", "$orderby")
EXAMPLES = {
    "$top": f"$top=100 (1–{MOST})",
    "$skiptoken": "@iot.nextLink",
    "$count": "$count=true",
    "$select": "$select=phenomenonTime,result",
    "$orderby": "$orderby=phenomenonTime desc",
    "$filter": "$filter=phenomenonTime ge 2026-03-01T08:00:00Z and "
    "phenomenonTime lt 2026-03-01T09:00:00Z",
}


@dataclass(frozen=True)
class Place:
    """What an address means: a set, one of its entities, or where a link of that one leads."""

    name: str
    key: tuple[int, ...] = ()
    link: str = ""

    @property
    def target(self) -> str:
        """Return the set of which something is answered."""
        return KINDS[self.name].one.get(self.link, self.link) if self.link else self.name

    @property
    def is_set(self) -> bool:
        """Say whether the answer is a set."""
        return self.link in KINDS[self.name].many if self.link else not self.key


@dataclass(frozen=True)
class Asked:
    """The query options.

    Attributes:
        after: place of the last entity of the page before.
        start: first moment of phenomenonTime, µs since 1970.
        end: the moment after the last.
    """

    top: int = USUAL
    after: tuple[int, ...] = ()
    count: bool = False
    select: tuple[str, ...] = ()
    newest_first: bool = False
    start: int = 0
    end: int = LAST
    # The options as they came, for the link to the next page.
    given: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def place(path: str) -> Place:
    """Read an address below the root.

    Raises:
        NoSuchPlace: nothing can be there.
    """
    found = PLACE.fullmatch(path.strip("/"))
    if found is None or found[1] not in KINDS:
        raise nowhere()
    name, whole, text, link = found[1], found[2], found[3], found[4] or ""
    kind = KINDS[name]
    wanted = text if kind.key["type"] == "string" else whole
    key = numbers(wanted, {"Datastreams": 2, "Observations": 5}.get(name, 1)) if wanted else ()
    given = bool(whole or text)
    links = link in {*kind.one, *kind.many}
    if given != bool(key) or (link and not (links and key)) or (name not in ROOTS and not key):
        raise nowhere()
    return Place(name, key, link)


def numbers(text: str, count: int) -> tuple[int, ...]:
    """Return the numbers of an id, or nothing when they cannot be one."""
    parts = text.split("-")
    if len(parts) != count or not all(one.isdecimal() and len(one) <= 19 for one in parts):
        return ()
    found = tuple(map(int, parts))
    return found if fits(found) else ()


def fits(found: tuple[int, ...]) -> bool:
    """Say whether numbers are those of a device, a metric, a moment, a start and a sequence."""
    limits = (LARGEST_BOOT, LARGEST_BOOT, LAST, LARGEST_BOOT, LARGEST_SEQ)
    return all(one <= most for one, most in zip(found, limits, strict=False))


def nowhere() -> NoSuchPlace:
    """Return the refusal of an address that names the addresses there are."""
    return NoSuchPlace(offered=", ".join(f"/{one}" for one in ROOTS))


def asked(at: Place, given: Iterable[tuple[str, str]]) -> Asked:
    """Read the query options of an address.

    Raises:
        OptionNotOffered: this address does not have one of them.
        OptionNotReadable: one cannot be read, or is there twice.
    """
    pairs = tuple(given)
    readings = at.is_set and at.target == "Observations"
    offered = TO_READINGS if readings else TO_SET if at.is_set else TO_ONE
    found = Asked(given=pairs)
    seen = set()
    for name, text in pairs:
        if name not in offered:
            raise OptionNotOffered(option=name[:40], offered=", ".join(offered))
        if name in seen:
            raise unreadable(name)
        seen.add(name)
        found = READ[name](at, found, text)
    return found


def unreadable(name: str) -> OptionNotReadable:
    """Return the refusal of an option that cannot be read."""
    return OptionNotReadable(option=name, example=EXAMPLES[name])


def _top(_at: Place, found: Asked, text: str) -> Asked:
    if not (TOP.fullmatch(text) and 1 <= int(text) <= MOST):
        raise unreadable("$top")
    return replace(found, top=int(text))


def _token(at: Place, found: Asked, text: str) -> Asked:
    count = {"Observations": 3, "Datastreams": 2}.get(at.target, 1)
    parts = tuple(map(int, text.split("-"))) if TOKEN.fullmatch(text) else ()
    good = fits((0, 0, *parts)) if count == 3 else fits(parts)
    if len(parts) != count or not good:
        raise unreadable("$skiptoken")
    return replace(found, after=parts)


def _count(_at: Place, found: Asked, text: str) -> Asked:
    if text not in {"true", "false"}:
        raise unreadable("$count")
    return replace(found, count=text == "true")


def _select(at: Place, found: Asked, text: str) -> Asked:
    names = tuple(one.strip() for one in text.split(","))
    offered = KINDS[at.target].names
    if not set(names) <= set(offered):
        raise OptionNotReadable(option="$select", example=f"$select={','.join(offered)}")
    return replace(found, select=names)


def _orderby(_at: Place, found: Asked, text: str) -> Asked:
    match = ORDER.fullmatch(text.strip())
    if match is None:
        raise unreadable("$orderby")
    return replace(found, newest_first=match[1] == "desc")


def _filter(_at: Place, found: Asked, text: str) -> Asked:
    for part in re.split(r"\s+and\s+", text.strip()):
        term = TERM.fullmatch(part)
        if term is None:
            raise unreadable("$filter")
        at = _moment(term[2])
        if term[1] in {"eq", "ge", "gt"}:
            found = replace(found, start=max(found.start, at + (term[1] == "gt")))
        if term[1] in {"eq", "le", "lt"}:
            found = replace(found, end=min(found.end, at + (term[1] != "lt")))
    return found


def _moment(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise unreadable("$filter")
        return max(-1, min(LAST, micros(at)))
    except (ValueError, OverflowError):
        raise unreadable("$filter") from None


READ = {
    "$top": _top,
    "$skiptoken": _token,
    "$count": _count,
    "$select": _select,
    "$orderby": _orderby,
    "$filter": _filter,
}
