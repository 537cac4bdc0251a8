"""Reading an address below the root: which set, which entity, where its link leads. Pure."""

import re
from dataclasses import dataclass

from telemetry_ingest.sensorthings.conditions import LAST
from telemetry_ingest.sensorthings.errors import NoSuchPlace
from telemetry_ingest.sensorthings.kinds import KINDS, ROOTS
from telemetry_ingest.wire.messages import LARGEST_BOOT, LARGEST_SEQ

PLACE = re.compile(r"([A-Za-z]+)(?:\((?:([0-9]{1,10})|'([0-9-]{1,80})')\))?(?:/([A-Za-z]+))?")
LENGTHS = {"Datastreams": 2, "Observations": 5}  # the numbers of an id


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
    key = numbers(wanted, LENGTHS.get(name, 1)) if wanted else ()
    given = bool(whole or text)
    links = link in {*kind.one, *kind.many}
    if given != bool(key) or (link and not (links and key)) or (name not in ROOTS and not key):
        raise nowhere()
    return Place(name, key, link)


def numbers(text: str, count: int) -> tuple[int, ...]:
    """Return the numbers of an id, or nothing when they cannot be one."""
    parts = text.split("-")
    plain = all(one.isascii() and one.isdecimal() and len(one) <= 19 for one in parts)
    if len(parts) != count or not plain:
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
