"""Re-computing a pack from nothing but itself and its readings: no database, no settings.

What is found is a list of findings, empty when all holds. Figures may differ in their tenth digit:
other versions of numpy add up in another order. Everything else is compared exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import isclose
from typing import Any

import msgspec

from telemetry_ingest import protocol as protocols
from telemetry_ingest.evidence import sealed, signing
from telemetry_ingest.evidence.judging import judged, overall
from telemetry_ingest.evidence.observed import Window, moment, units
from telemetry_ingest.evidence.pack import SECTIONS, Contents, Pack, computed
from telemetry_ingest.evidence.readings import OutOfOrder, Readings, parsed
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import ProtocolRefused

CLOSE = 1e-9
# What reading the parts of a pack raises where one is missing or is something else.
FORMLESS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration)


class NotAPack(ValueError):
    """The file is no pack; ``place`` is the byte from which on it is not written as one, if so."""

    def __init__(self, place: int | None = None) -> None:
        super().__init__(place)
        self.place = place


class Finding(msgspec.Struct, frozen=True):
    """What does not hold: chain, signature, key, protocol, form, readings or figures; and where."""

    what: str
    where: str = ""


def loaded(content: bytes) -> Pack:
    """Read the file of a pack.

    Raises:
        NotAPack: it is none.
    """
    try:
        data = json.loads(content, parse_float=_no_float, object_pairs_hook=_once)
        pack = Pack(data)
        known = data["format"] == sealed.FORMAT and set(data) == {
            "format", "sections", "head", "signature",
        }  # fmt: skip
        if not known or tuple(one["name"] for one in data["sections"]) != SECTIONS:
            raise NotAPack
        contents_of(pack)
    except NotAPack:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, ProtocolRefused) as error:
        raise NotAPack from error
    if (place := _differs(content, pack.written())) is not None:
        raise NotAPack(place)
    return pack


def _differs(one: bytes, other: bytes) -> int | None:
    """Return the first place at which two texts differ."""
    if one == other:
        return None
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _no_float(_text: str) -> None:
    raise NotAPack


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAPack
    return found


def contents_of(pack: Pack) -> Contents:
    """Return what a pack says it was made from."""
    parts = pack.sections
    return Contents(
        parts["pilot"],
        pack.protocol,
        msgspec.convert(parts["window"], Window),
        units(parts["devices"]),
    )


def check(pack: Pack, lines: Iterable[bytes] | None = None, key: str = "") -> list[Finding]:
    """Find what does not hold.

    Args:
        pack: what ``loaded`` returned.
        lines: the lines of its readings; without them only the seal and the judgements are checked.
        key: the public key that must have signed, in hexadecimal; any when left out.
    """
    found = [*_seal(pack, key), *_judgements(pack)]
    if lines is not None:
        found += _recomputed(pack, lines)
    return found


def _seal(pack: Pack, key: str) -> Iterator[Finding]:
    before = ""
    chain, head = sealed.chained(pack.sections)
    for one, again in zip(pack.data["sections"], chain, strict=True):
        if one != again and not before:
            before = one["name"]
    if before or head != pack.head:
        yield Finding("chain", before or "head")
    if not signing.signed(pack.head, pack.data["signature"]):
        yield Finding("signature")
    elif key and pack.data["signature"]["public_key"] != key.lower():
        yield Finding("key", pack.data["signature"]["public_key"])
    protocol = pack.sections["protocol"]
    if protocols.digest(pack.protocol) != protocol["digest"]:
        yield Finding("protocol")


def _judgements(pack: Pack) -> Iterator[Finding]:
    """Judge the pack's figures again."""
    try:
        judgements = judged(pack.protocol, pack.sections["figures"])
    except FORMLESS:
        yield Finding("form", "figures")  # of another version, or a forger left something out
        return
    again = {"all": msgspec.to_builtins(judgements), "overall": overall(judgements)}
    yield from _different("judgements", pack.sections["judgements"], again)


def _recomputed(pack: Pack, lines: Iterable[bytes]) -> Iterator[Finding]:
    """Compute every section again from the readings."""
    readings = Readings()
    try:
        readings.add(parsed(one) for one in lines)
    except OutOfOrder as error:
        yield Finding("readings", str(error.args[0] + 2))  # of the file: a header, counted from 1
        return
    except (ValueError, OSError, EOFError):
        yield Finding("readings", str(readings.tree.count + 2))
        return
    again = computed(contents_of(pack), readings)
    try:
        yield from _days(pack.sections, again)
    except (LookupError, TypeError, ValueError, OverflowError):
        yield Finding("readings", "readings.days")  # a forger wrote something else there
    for name in SECTIONS:
        if name in again:
            what = "readings" if name == "readings" else "figures"
            for one in _different(name, pack.sections[name], again[name]):
                yield Finding(what, one.where)


def _days(parts: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the days of which the readings are not those of the pack, in words."""
    serials = {one["number"]: one["serial"] for one in parts["devices"]}
    codes = {one.code: refid for refid, one in metrics().items()}
    kept, found = (
        {tuple(one[:3]): one[3:] for one in each["readings"]["days"]} for each in (parts, again)
    )
    for day in sorted(kept.keys() | found.keys()):
        if kept.get(day) != found.get(day):
            device, metric, at = day
            where = (serials.get(device, device), codes.get(metric, metric), moment(at).date())
            yield Finding("readings", ", ".join(map(str, where)))


def _different(path: str, one: Any, other: Any) -> Iterator[Finding]:
    """Yield the places where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from _different(f"{path}.{name}", one.get(name), other.get(name))
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            yield Finding("figures", path)
            return
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _different(f"{path}[{place}]", first, second)
    elif one != other and not _near(one, other):
        yield Finding("figures", path)


def _near(one: Any, other: Any) -> bool:
    """Say whether two texts are the same measured number."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    try:
        return isclose(float(one), float(other), rel_tol=CLOSE, abs_tol=CLOSE)
    except ValueError:
        return False
