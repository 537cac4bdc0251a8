"""What the sources are turned into: neutral, checked records, ready to be written."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from catalog.importers.opening import Part
from catalog.importers.reasons import Reason, Refusal, Refused
from catalog.states import Agency, RiskClass, Source


class Term(msgspec.Struct, frozen=True):
    """One code of the EMDN with its name in the languages of the file."""

    code: str
    parent: str
    level: int
    terminal: bool | None
    names: dict[str, str]


class Pack(msgspec.Struct, frozen=True):
    """One packaging of a device."""

    level: int
    contains: int
    udi_di: str
    agency: Agency
    name: str = ""


class Variant(msgspec.Struct, frozen=True):
    """One identifier under which a device is sold, with the boxes that hold it."""

    udi_di: str
    agency: Agency
    name: str = ""
    reference: str = ""
    sizes: str = ""
    quantity: int = 1
    packs: tuple[Pack, ...] = ()


class ReferenceDevice(msgspec.Struct, frozen=True):
    """One device of a foreign register; ``key`` identifies it there."""

    source: Source
    key: str
    maker: str
    names: dict[str, str]
    summary_en: str = ""
    brand: str = ""
    reference: str = ""
    emdn: str = ""
    gmdn: str = ""
    risk_class: RiskClass = RiskClass.UNKNOWN
    basic_udi: str = ""
    country: str = ""
    flags: dict[str, bool | None] = {}
    variants: tuple[Variant, ...] = ()


Record = Term | ReferenceDevice
Item = tuple[int, Record] | Refusal  # a record with the line it starts on, or why there is none
Reader = Callable[[Part], Iterator[Item]]


R = TypeVar("R")


def guarded(line: int, key: str, make: Callable[[], R]) -> tuple[int, R] | Refusal:
    """Return the line and what ``make`` makes of it, or why the row is refused."""
    try:
        return line, make()
    except Refused as refused:
        return Refusal(line, refused.reason, key, refused.field, refused.value)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError, RecursionError) as error:
        # A shape nobody foresaw costs one row, not the file; the report shows what it was.
        return Refusal(line, Reason.NOT_A_RECORD, key, "", f"{type(error).__name__}: {error}"[:200])
